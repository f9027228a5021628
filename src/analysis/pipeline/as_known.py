"""The frames of a store as they were known on an earlier day: what came later neither is there nor has left its mark."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.columnar.taking import taken
from analysis.counting.closing import with_closed
from analysis.counting.episodes import build_episodes
from analysis.review.apply import closed_entries, merge_decisions
from analysis.schemas.conform import shaped
from analysis.schemas.order import positions


def joined(
    findings: pd.DataFrame, events: pd.DataFrame, reviews: pd.DataFrame, *, data_cut: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Episodes and tagged findings, with what reviewers decided on merges and open entries."""
    episodes, tagged = build_episodes(findings, events, data_cut=data_cut, merges=merge_decisions(reviews))
    return with_closed(episodes, tagged, events, closed_entries(reviews)), tagged


def cut_to(frames: dict[str, pd.DataFrame], day: date, *, built_on: date | None) -> None:
    """Narrow `frames` in place to what was treated, reported and covered by `day`.

    An entry without a date of report is known from its onset on, else from its treatment on; one that nothing dates stays. A
    recovery dated later was not known yet. Episodes say what their entries said by then; they are put together again only
    when they were `built_on` a later day. A person's corrections hold for every day: they say what had happened.
    """
    when, month = pd.Timestamp(day), f"{day:%Y-%m}"
    frames["events"] = _known(frames["events"], frames["treatments"], when)
    later = frames["treatments"]["treatment_date"] > when
    if later.any():
        frames["treatments"] = taken(frames["treatments"], np.flatnonzero(~later))
    for name, keys in (("treatment_lines", "treatments"), ("findings", "events")):
        column = "session_id" if keys == "treatments" else "event_id"
        there = positions(frames[name], frames[keys], ["clinic", column]) >= 0
        frames[name] = frames[name] if there.all() else taken(frames[name], np.flatnonzero(there))
    for name in ("coverage", "exposure_totals", "process_counts"):  # what nothing dates stays
        frames[name] = frames[name][frames[name]["month"].fillna("") <= month].reset_index(drop=True)
    if built_on is not None and day < built_on:
        episodes, findings = joined(frames["findings"], frames["events"], frames["reviews"], data_cut=day)
        frames |= {"episodes": shaped("episodes", episodes), "findings": shaped("findings", findings)}


def _known(events: pd.DataFrame, treatments: pd.DataFrame, when: pd.Timestamp) -> pd.DataFrame:
    known = first_known(events, treatments)
    own = taken(events, np.flatnonzero(~(known > when)))
    later = own["resolved_date"] > when
    return own.assign(resolved_date=own["resolved_date"].mask(later), outcome=own["outcome"].mask(later))


def first_known(rows: pd.DataFrame, treatments: pd.DataFrame) -> pd.Series:
    """Day of report, else of onset, else of the stated treatment, else of the linked session; missing when nothing dates a row."""
    place = positions(rows, treatments, ["clinic", "session_id"])
    linked = pd.Series(treatments["treatment_date"].array.take(place, allow_fill=True), index=rows.index)
    return rows["reported_date"].fillna(rows["onset_date"]).fillna(rows["treatment_date"]).fillna(linked)
