"""What a published month counted, and why it counts otherwise now: late entries, corrections, entries read anew, sessions."""

import hashlib
from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.columnar.calendar import month_names
from analysis.counting.attribution import of_subcodes
from analysis.counting.clinics import Clinics, at_risk
from analysis.counting.totals import unlinked_of
from analysis.measures import Measure

REASONS = ("late", "corrected", "read_anew", "sessions_changed")
"""The entry was not known then; its content was another; it was read otherwise; its session, link or its clinic's logs changed."""
COUNTS = ["measure", "month", "numerator", "denominator"]
CHANGES = [*COUNTS, "numerator_before", "denominator_before", *REASONS]
_CELL = ["measure", "month"]
_ENTRY = ["clinic", "event_id"]
# what links an entry, names a person or is derived; the rest is what the log says
_NOT_CONTENT = {"session_id", "link_method", "link_days", "patient_key", "injector", "coded", "simulated"}


def month_counts(grid: pd.DataFrame) -> pd.DataFrame:
    """Affected sessions (numerator) and sessions (denominator) by measure and month of treatment, of clinic-months with both logs.

    `grid` as `exposure.grid` makes it; a month of which no log is there has no row.
    """
    sums = grid[grid["covered"]].groupby(_CELL)[["affected", "sessions"]].sum().reset_index()
    return sums.set_axis(COUNTS, axis=1)


def contributions(clinics: Clinics, measures: Iterable[Measure]) -> pd.DataFrame:
    """Which entry stands behind which numerator: clinic, event_id, measure, month of treatment, one row each.

    An entry counts where an episode it is part of counts, in clinic-months of which both logs were received.
    """
    own = clinics.findings.loc[clinics.findings["final"], [*_ENTRY, "episode_id"]].dropna().drop_duplicates()
    counted = clinics.episodes[clinics.episodes["counted"] & clinics.episodes["session_id"].notna()]
    days = clinics.treatments[["clinic", "session_id", "treatment_date"]]
    linked = counted.merge(days, on=["clinic", "session_id"])
    linked = linked.assign(month=month_names(linked["treatment_date"]))
    loose = unlinked_of(clinics)
    loose = loose[loose["clinic"].isin(set(clinics.exposure_totals["clinic"]))]
    columns = ["clinic", "episode_id", "session_id", "subcode", "severity", "status", "month"]
    rows = pd.concat([linked[columns], loose.reindex(columns=columns)], ignore_index=True)
    parts = []
    for measure in measures:
        hits = of_subcodes(rows, measure)
        if measure.areas:
            there = clinics.treatments["session_id"][at_risk(clinics, measure.areas)]
            hits = hits[hits["session_id"].isna() | hits["session_id"].isin(there)]
        parts.append(hits.assign(measure=measure.id))
    found = pd.concat(parts, ignore_index=True) if parts else rows.assign(measure="")
    cover = clinics.coverage
    received = (cover["treatments"] == "received") & cover["events"].isin(["received", "nil_return"])
    found = found.merge(cover.loc[received, ["clinic", "month"]], on=["clinic", "month"])
    return found.merge(own, on=["clinic", "episode_id"])[[*_ENTRY, *_CELL]].drop_duplicates(ignore_index=True)


def entry_marks(events: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Each entry by short hashes: `entry` (which one), `content` (what the log says), `reading` (what is made of it).

    Hashes only, so that a ledger can keep what an entry was without keeping a word of it.
    """
    content = _lines(events[sorted(set(events.columns) - _NOT_CONTENT - set(_ENTRY))])
    final = findings[findings["final"]]
    read = final[_ENTRY].assign(read=_lines(final[["subcode", "status", "severity"]]))
    told = {key: "\x1e".join(sorted(own)) for key, own in read.groupby(_ENTRY)["read"]}
    keys = pd.MultiIndex.from_frame(events[_ENTRY])
    return events[_ENTRY].assign(
        entry=pd.Series([_digest("\x1f".join(key), 12) for key in keys], index=events.index, dtype="str"),
        content=content.map(lambda one: _digest(one, 8)).astype("str"),
        reading=pd.Series([_digest(told.get(key, ""), 8) for key in keys], index=events.index, dtype="str"),
    )


def _lines(frame: pd.DataFrame) -> pd.Series:
    """Each row as one text, missing values included."""
    rows = ["\x1f".join(map(str, row)) for row in frame.itertuples(index=False, name=None)]
    return pd.Series(rows, index=frame.index, dtype="str")


def marked(shares: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """`contributions` with the hash of the entry instead of its id: entry, measure, month."""
    return shares.merge(marks[[*_ENTRY, "entry"]], on=_ENTRY)[["entry", *_CELL]]


def changes(
    before: Mapping[str, pd.DataFrame], now: Mapping[str, pd.DataFrame], *, cells: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Cells (measure, month) of `before` that count otherwise `now`, with the number of entries behind each reason.

    Both hold `counts` (as `month_counts`), `marks` (entry, content, reading) and `shares` (entry, measure, month). A numerator
    can change by one while two entries came, when both tell of the same session.
    """
    both = before["counts"].merge(now["counts"], on=_CELL, how="left", suffixes=("_before", ""))
    for name in ("numerator", "denominator"):
        both[name] = both[name].fillna(0).astype("int64")
    if cells is not None:
        both = both.merge(cells[_CELL].drop_duplicates(), on=_CELL)
    moved = (both["numerator"] != both["numerator_before"]) | (both["denominator"] != both["denominator_before"])
    both = both[moved]
    behind = _behind(before, now)
    table = both.merge(behind, on=_CELL, how="left").reindex(columns=CHANGES)
    return table.fillna(dict.fromkeys(REASONS, 0)).astype(dict.fromkeys(REASONS, "int64")).reset_index(drop=True)


def _behind(before: Mapping[str, pd.DataFrame], now: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Entries whose share in a cell came or went, by reason."""
    moved = before["shares"].merge(now["shares"], on=["entry", *_CELL], how="outer", indicator="where")
    moved = moved[moved["where"] != "both"][["entry", *_CELL]]
    known = before["marks"].merge(now["marks"], on="entry", how="outer", suffixes=("_before", ""), indicator="where")
    moved = moved.merge(known.drop(columns=["clinic", "event_id"], errors="ignore"), on="entry", how="left")
    reason = pd.Series("sessions_changed", index=moved.index, dtype="str")
    reason = reason.mask(moved["reading"] != moved["reading_before"], "read_anew")
    reason = reason.mask((moved["content"] != moved["content_before"]) | (moved["where"] == "left_only"), "corrected")
    reason = reason.mask(moved["where"] == "right_only", "late")
    counted = moved.assign(reason=reason).groupby([*_CELL, "reason"]).size().unstack(fill_value=0)
    return counted.reindex(columns=list(REASONS), fill_value=0).reset_index()


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
