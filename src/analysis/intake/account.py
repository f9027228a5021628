"""The row account: for every file × sheet, rows read = accepted + duplicate + superseded + quarantined + ignored."""

import json
from datetime import date
from typing import Any

import pandas as pd

from analysis.intake.aside import is_serious
from analysis.intake.opening import period_in_name
from analysis.intake.part import Part, Span
from analysis.schemas.vocabulary import DISPOSITIONS


def set_aside(parts: list[Part], others: pd.DataFrame) -> pd.DataFrame:
    """Frame `set_aside` without triage: every raw row that is not accepted, with the reason.

    For triage only: `words`, `serious` (some criterion of ICH E2A is stated) and, of a version that was replaced, `event_id`.
    """
    held = [part.aside for part in parts if part.refused is None and len(part.aside)]
    raw = _raw(others, {(p.file.name, p.sheet): p for p in parts if p.refused is None})
    said = [json.loads(cells) for cells in raw]
    replaced = (others["disposition"] == "superseded").tolist()
    moved = others.assign(
        raw=raw, column=None, mend=None,
        words=[_words(row) if old else "" for row, old in zip(said, replaced, strict=True)],
        serious=[old and is_serious(row) for row, old in zip(said, replaced, strict=True)],
        event_id=[row.get("event_id") for row in said],
    )  # fmt: skip
    return pd.concat([*held, moved], ignore_index=True) if held or len(moved) else moved


def _words(said: dict[str, Any]) -> str:
    """What a replaced version said: it may be the urgent one."""
    return "\n".join(str(said[c]) for c in ("text", "event_category_raw") if c in said)


def _raw(others: pd.DataFrame, parts: dict[tuple[str, str], Part]) -> list[str]:
    found: dict[tuple[str, str, int], str] = {}
    for (path, sheet), wanted in others.groupby(["path", "sheet"]):
        typed = parts[(path, sheet)].rows.set_index("row").loc[wanted["row"]].dropna(axis=1, how="all")
        for number, row in zip(typed.index, typed.to_dict("records"), strict=True):
            kept = {name: _plain(value) for name, value in row.items() if value is not None and value == value}
            found[(path, sheet, int(number))] = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return [found[(p, s, int(r))] for p, s, r in zip(others["path"], others["sheet"], others["row"], strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value if isinstance(value, str | bool | int | float) else str(value)


def account(parts: list[Part], aside: pd.DataFrame) -> pd.DataFrame:
    """Frame `files`. What was read and is not set aside was accepted; a file that does not add up is our own bug (ValueError)."""
    counted = aside.groupby(["path", "sheet", "disposition"]).size().unstack(fill_value=0)
    records = []
    for part in parts:
        key = (part.file.name, part.sheet)
        found = {d: int(counted.at[key, d]) if key in counted.index and d in counted else 0 for d in DISPOSITIONS}
        twice = found["duplicate"] + found["superseded"] - _left_before(part)
        accepted = 0 if part.kind == "ignore" else len(part.held) - twice
        if part.refused is None and accepted + sum(found.values()) != part.rows_read:
            raise ValueError(f"row account of {part.file.name} {part.sheet!r} does not add up")
        records.append(
            {
                "clinic": part.clinic, "path": part.file.name, "sheet": part.sheet, "sha256": part.file.sha256, "kind": part.kind,
                "as_of": pd.Timestamp(part.as_of) if part.as_of else pd.NaT, "rows_read": part.rows_read,
                "accepted": accepted if part.refused is None else 0, "refused_reason": part.refused,
                "simulated": part.simulated, **found,
            }
        )  # fmt: skip
    return pd.DataFrame(records)


def _left_before(part: Part) -> int:
    """Rows of a workbook of corrections that count at the row they correct, and so are not among the part's own rows."""
    return int(part.aside["disposition"].isin(["duplicate", "superseded"]).sum()) if len(part.aside) else 0


def log_spans(parts: list[Part]) -> pd.DataFrame:
    """What period each file speaks for: clinic, log, first, last, as_of.

    A file's own as-of speaks for that file; the folder's speaks for the newest file of each log, since a delivery is whole. A
    file named after a month or quarter, whose rows mostly lie there, speaks for that period alone: a late row in it says
    nothing of the months between.
    """
    found = []
    for part in parts:
        own = part.as_of if part.as_of != part.delivered_to else None
        spans = spans_of(part) if part.spans is None else part.spans
        found += [(*span, own, part.delivered_to) for span in spans]
    spans = pd.DataFrame(found, columns=["clinic", "log", "first", "last", "as_of", "delivered_to"])
    newest = spans.sort_values(["last", "first"]).drop_duplicates(["clinic", "log"], keep="last").index
    spans.loc[newest, "as_of"] = spans.loc[newest, "as_of"].fillna(spans.loc[newest, "delivered_to"])
    return spans.drop(columns="delivered_to")


def spans_of(part: Part) -> tuple[Span, ...]:
    """The period that a sheet speaks for, by clinic and log."""
    if part.refused is not None or part.corrects or part.kind not in ("events", "treatments", "combined", "totals"):
        return ()
    rows, found = part.rows, []
    for log in {"events": ["events"], "combined": ["treatments", "events"]}.get(part.kind, ["treatments"]):
        for clinic, days in _days(rows, part.kind, log).groupby(rows["clinic"]):
            days = days.dropna()
            if len(days):
                found.append((str(clinic), log, *_spoken_for(part, days)))
    return tuple(found)


_MOSTLY = 0.8


def _spoken_for(part: Part, days: pd.Series) -> tuple[date, date]:
    """First and last day a file speaks for: its named period where its rows mostly lie there, else its first row to its last."""
    first, last = days.min().date(), days.max().date()
    period = period_in_name(part.file.name)
    if period and days.between(pd.Timestamp(period[0]), pd.Timestamp(period[1])).mean() >= _MOSTLY:
        return max(first, period[0]), min(last, period[1])
    return first, last


def _days(rows: pd.DataFrame, kind: str, log: str) -> pd.Series:
    if kind == "totals":
        ends = pd.to_datetime(rows["month"], format="%Y-%m") + pd.offsets.MonthEnd(0)
        return ends.astype("datetime64[us]")
    if log == "treatments" or kind == "combined":
        return rows["treatment_date"]
    return rows["reported_date"].fillna(rows["onset_date"]).fillna(rows["treatment_date"])


def nil_returns(parts: list[Part]) -> pd.DataFrame:
    """Clinic-months for which a file states that there was nothing to report."""
    found = [stated for part in parts if part.refused is None for stated in part.nil_months]
    return pd.DataFrame(found, columns=["clinic", "month"])
