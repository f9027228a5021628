"""Corrected rows take the place of the rows they correct, so that they count as if they had been written right."""

from dataclasses import dataclass

import pandas as pd

from analysis.errors import InputRefused, Place
from analysis.intake.mending import cells_of, mark_of
from analysis.intake.opening import as_of_in_name
from analysis.intake.part import Correction, Part

_Place = tuple[str, str, int]
_DATES_AND_CODES = (
    "treatment_date", "onset_date", "reported_date", "resolved_date", "dose_units", "severity", "outcome", "laterality", "area", "product",
    "treatment_type", "month", "sessions",
)  # fmt: skip
_QUOTED = 40


@dataclass
class _Held:
    """A row held back where it was delivered, as it stands after the corrections applied so far."""

    part: Part
    label: int
    mark: str


def mend(parts: list[Part], fingerprint: str) -> None:
    """Apply every corrected row to the row it corrects, in place.

    The corrected row is then accepted (or held, or ignored) at the place of the original, and the row of the workbook is its
    duplicate. A row left unchanged is ignored. A row whose original is not held back any more, or not there, stands for itself.
    """
    corrected = [part for part in parts if part.corrects and part.refused is None]
    for part in corrected:
        if any(told.mark.split("-")[0] != fingerprint for told in part.corrects.values()):
            part.refused, part.rows_read = str(_other_key(part)), 0
    corrected = [part for part in corrected if part.refused is None]
    if not corrected:
        return
    held = _held(parts, fingerprint)
    waiting = [
        (part, row, told)
        for part in sorted(corrected, key=_newest_first)
        for row, told in sorted(part.corrects.items())
    ]
    applied = True
    taken: set[tuple[_Place, str]] = set()
    while applied:
        applied, left = False, []
        for part, row, told in waiting:
            place = (told.path, told.sheet, told.row)
            target = held.get(place)
            if target is not None and target.mark == told.mark:
                if told.unchanged:
                    _set_aside(part, row, "ignored", "not corrected yet")
                else:
                    taken.add((place, told.mark))
                    _apply(part, row, told, target, held, fingerprint)
                    applied = True
            elif (place, told.mark) in taken:
                _set_aside(part, row, "superseded", "another correction of the same row stands")
            else:
                left.append((part, row, told))
        waiting = left


def _other_key(part: Part) -> InputRefused:
    return InputRefused(
        Place(part.file.name, part.sheet or None), "was set aside under another key, so its patients cannot be told.",
        "Restore that key with: ae key import FILE, or correct the rows in the original file.",
    )  # fmt: skip


def _newest_first(part: Part) -> tuple[int, str, str]:
    day = as_of_in_name(part.file.name)
    return -(day.toordinal() if day else 0), part.file.name, part.sheet


def _held(parts: list[Part], fingerprint: str) -> dict[_Place, _Held]:
    found: dict[_Place, _Held] = {}
    for part in parts:
        if part.refused is None and not part.corrects and len(part.aside):
            rows = part.aside[part.aside["disposition"] == "quarantined"]
            for row in rows.itertuples():
                mark = mark_of(row.clinic, cells_of(row.raw), row.words, fingerprint)
                found[part.file.name, part.sheet, int(row.row)] = _Held(part, int(row.Index), mark)
    return found


def _apply(part: Part, row: int, told: Correction, target: _Held, held: dict[_Place, _Held], fingerprint: str) -> None:
    home, label = target.part, target.label
    before = home.aside.loc[label]
    accepted = part.rows["row"] == row if len(part.rows) else pd.Series(dtype=bool)
    where = f"{told.path}{f' [{told.sheet}]' if told.sheet else ''} row {told.row}"
    if accepted.any():
        now = part.rows[accepted].assign(row=told.row)
        changed = _changes(before, now.iloc[0])
        home.rows = _joined(home.rows, now)
        home.aside = home.aside.drop(index=label)
        home.notes = pd.concat([home.notes, _amendments(part, row, home, told.row, changed)], ignore_index=True)
        part.rows = part.rows[~accepted]
        del held[told.path, told.sheet, told.row]
        part.aside = _with(part.aside, part, row, "duplicate", f"counted at {where}, which it corrects")
        return
    theirs = part.aside[part.aside["row"] == row]
    if theirs.empty:  # a blank row of the workbook
        return
    new = theirs.iloc[0]
    for column in ("disposition", "raw", "reason", "column", "mend"):
        home.aside.loc[label, column] = new[column]
    if (
        new["disposition"] == "quarantined"
    ):  # what it said before is read as well: a correction that fails hides nothing
        home.aside.loc[label, "words"] = "\n".join(
            dict.fromkeys(filter(None, (str(new["words"]), str(before["words"]))))
        )
        words = str(home.aside.loc[label, "words"])
        target.mark = mark_of(str(home.aside.loc[label, "clinic"]), cells_of(str(new["raw"])), words, fingerprint)
    else:
        del held[told.path, told.sheet, told.row]
    _set_aside(part, row, "duplicate", f"counted at {where}, which it corrects")


def _joined(rows: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return more.reset_index(drop=True)
    return pd.concat([rows, more], ignore_index=True).sort_values("row", ignore_index=True)


def _changes(before: pd.Series, now: pd.Series) -> list[tuple[str, str | None, str | None]]:
    """Old and new value of each date, number or code that changed; of texts and identifiers only that they did."""
    old = cells_of(str(before["raw"]))
    found: list[tuple[str, str | None, str | None]] = []
    for column in _DATES_AND_CODES:
        value = now.get(column)
        new = None if value is None or pd.isna(value) else str(value.date()) if hasattr(value, "date") else f"{value}"
        was = old.get(column)
        if new is not None and was != new and column == before["column"]:
            found.append((column, was[:_QUOTED] if was else None, new[:_QUOTED]))
    return found


def _amendments(
    part: Part, row: int, home: Part, at: int, changed: list[tuple[str, str | None, str | None]]
) -> pd.DataFrame:
    source = f"{part.file.name}{f' [{part.sheet}]' if part.sheet else ''} row {row}"
    message = f"Held back when it was delivered; corrected by {source}."
    said = pd.DataFrame(changed, columns=["column", "old", "new"])
    said = said if len(said) else pd.DataFrame({"column": [None], "old": [None], "new": [None]})
    return said.assign(
        code="corrected", message=message, row=pd.array([at] * len(said), dtype="Int64"),
        clinic=home.clinic, path=home.file.name,
        sheet=home.sheet,
    )  # fmt: skip


def _set_aside(part: Part, row: int, disposition: str, reason: str) -> None:
    """Give a row of the workbook its end: out of the rows that count, with the reason."""
    if len(part.rows):
        part.rows = part.rows[part.rows["row"] != row]
    if len(part.aside):
        part.aside = part.aside[part.aside["row"] != row]
    part.aside = _with(part.aside, part, row, disposition, reason)


def _with(aside: pd.DataFrame, part: Part, row: int, disposition: str, reason: str) -> pd.DataFrame:
    one = {
        "clinic": part.clinic, "row": row, "disposition": disposition, "raw": "{}", "reason": reason, "column": None, "mend": None,
        "words": "", "path": part.file.name, "sheet": part.sheet,
    }  # fmt: skip
    return pd.concat([aside, pd.DataFrame([one])], ignore_index=True) if len(aside) else pd.DataFrame([one])
