"""Parts of all folders to typed, resolved rows: events, lines and totals with one spelling per injector, and the row account."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.columnar.coded import stacked
from analysis.intake.identity import Resolved, resolve_events, resolve_lines, resolve_totals
from analysis.intake.part import Part, in_runs
from analysis.intake.session_ids import add_session_ids, derived_event_id
from analysis.intake.spelling import one_spelling
from analysis.intake.values import injector_key, is_blank, says_none

_LINE_COLUMNS = [
    "clinic", "treatment_date", "patient_key", "treatment_id", "injector", "treatment_type", "area", "product", "lot", "dose_units",
    "area_doses", "followup_kind", "contact_date", "blood_thinner", "stopped_7d", "prior_toxin", "injector_credential", "simulated",
]  # fmt: skip
_EVENT_COLUMNS = [
    "clinic", "event_id", "event_version", "updated_at", "patient_key", "treatment_id", "treatment_date", "onset_date",
    "reported_date", "resolved_date", "treatment_type", "area", "injector", "product", "dose_units", "lot", "text",
    "event_category_raw", "severity", "severity_raw", "seriousness", "seriousness_raw", "outcome", "outcome_raw", "laterality",
    "laterality_raw", "causality", "action_taken", "reported_to", "simulated",
]  # fmt: skip
_TOTAL_COLUMNS = ["clinic", "month", "treatment_type", "injector", "area", "product", "sessions", "said", "simulated"]
_SAID = [
    "clinic",
    "patient_key",
    "treatment_date",
    "onset_date",
    "reported_date",
    "injector",
    "text",
    "event_category_raw",
]
_PLACE = ["path", "sheet", "row", "as_of"]


@dataclass(frozen=True)
class Rows:
    """Rows that stand, and those that do not with the reason (`others`)."""

    events: pd.DataFrame
    lines: pd.DataFrame
    totals: pd.DataFrame
    others: pd.DataFrame


def combine(parts: list[Part]) -> Rows:
    """Resolve repeats and versions over everything that was delivered; injectors take their most frequent spelling."""
    read = [part for part in parts if part.refused is None]
    lines = _gather(read, ("treatments", "combined"), _LINE_COLUMNS)
    totals = _gather(read, ("totals",), _TOTAL_COLUMNS)
    events = pd.concat([_gather(read, ("events",), _EVENT_COLUMNS), _combined_events(read)], ignore_index=True)
    for frame in (lines, totals, events):
        frame["injector"] = frame["injector"].fillna("unknown")
        frame["treatment_type"] = frame["treatment_type"].fillna("unknown" if frame is not events else None)
    one_spelling(events, lines, totals)
    lines["followup_kind"] = lines["followup_kind"].fillna("unknown")
    unnamed = events["event_id"].isna()
    events.loc[unnamed, "event_id"] = _ids(events[unnamed])
    resolved_lines, resolved_totals = resolve_lines(lines), resolve_totals(totals)
    resolved_events = resolve_events(events)
    kept_lines = add_session_ids(resolved_lines.kept)
    return Rows(
        resolved_events.kept,
        kept_lines,
        resolved_totals.kept,
        _others(resolved_events, resolved_lines, resolved_totals, kept_lines),
    )


def _gather(parts: list[Part], kinds: tuple[str, ...], columns: list[str]) -> pd.DataFrame:
    """The rows of all parts of these kinds one below the other, with their place."""
    own = [part for part in parts if part.kind in kinds]
    if not own:
        return _blank([*columns, *_PLACE])
    runs = in_runs(part.held for part in own)
    rows = stacked([rows[[c for c in (*columns, "row") if c in rows.columns]] for rows in runs])
    lengths = [len(part.held) for part in own]
    told = pd.DataFrame({
        "path": pd.array([part.file.name for part in own], dtype="str"), "sheet": pd.array([part.sheet for part in own], dtype="str"),
        "as_of": pd.array([pd.Timestamp(part.as_of) if part.as_of else pd.NaT for part in own], dtype="datetime64[us]"),
        "simulated": [part.simulated for part in own],
    })  # fmt: skip
    file = np.repeat(np.arange(len(own)), lengths)
    return rows.assign(**{name: column.array.take(file) for name, column in told.items()}).reindex(
        columns=[*columns, *_PLACE]
    )


def _blank(columns: list[str]) -> pd.DataFrame:
    types = {"dose_units": "float64", "row": "int64", "simulated": "bool", "sessions": "Int64"}
    dates = {c: "datetime64[us]" for c in columns if c.endswith("_date") or c in ("as_of", "updated_at")}
    truths = dict.fromkeys(("blood_thinner", "stopped_7d", "prior_toxin"), "boolean")
    kinds = {**types, **dates, **truths}
    return pd.DataFrame({c: pd.Series(dtype=kinds.get(c, "str")) for c in columns})


def _combined_events(parts: list[Part]) -> pd.DataFrame:
    """Events of session rows with an outcome cell: words that say nothing happened are a documented follow-up instead."""
    rows = _gather(parts, ("combined",), _EVENT_COLUMNS)
    is_event = {t: not says_none(t) and not is_blank(t) for t in rows["text"].unique() if isinstance(t, str)}
    return rows[rows["text"].map(is_event).eq(True)]  # a dash or "n/a" is a blank outcome: nobody knows


def _ids(events: pd.DataFrame) -> pd.Series:
    """Ids for entries without one, from what they say; the injector's name by its folded form, which no other row changes."""
    names = events["injector"].map({name: injector_key(name) for name in events["injector"].unique()})
    said = events[_SAID].assign(injector=names)
    return pd.Series(
        [derived_event_id(map(str, row)) for row in said.itertuples(index=False)], index=events.index, dtype="str"
    )


def _others(events: Resolved, lines: Resolved, totals: Resolved, kept_lines: pd.DataFrame) -> pd.DataFrame:
    """Rows that do not stand. A row of a combined log counts once, by its session line."""
    place = ["path", "sheet", "row"]
    said_twice = events.others["path"].unique()
    by_line = pd.concat([frame.loc[frame["path"].isin(said_twice), place] for frame in (kept_lines, lines.others)])
    of_events = events.others.merge(by_line.drop_duplicates(), on=place, how="left", indicator=True)
    of_events = of_events[of_events["_merge"] == "left_only"].drop(columns="_merge")
    return pd.concat([of_events, lines.others, totals.others], ignore_index=True)
