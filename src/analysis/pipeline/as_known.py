"""The frames of a store as they were known on an earlier day: what came later neither is there nor has left its mark."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columnar.taking import taken
from analysis.counting.closing import with_closed
from analysis.counting.episodes import build_episodes
from analysis.review.apply import closed_entries, merge_decisions
from analysis.schemas.conform import shaped
from analysis.schemas.order import positions

_SESSION = ["clinic", "session_id"]


def joined(
    findings: pd.DataFrame, events: pd.DataFrame, reviews: pd.DataFrame, *, data_cut: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Episodes and tagged findings, with what reviewers decided on merges and open entries."""
    episodes, tagged = build_episodes(findings, events, data_cut=data_cut, merges=merge_decisions(reviews))
    return with_closed(episodes, tagged, events, closed_entries(reviews)), tagged


def cut_to(frames: dict[str, pd.DataFrame], day: date, *, built_on: date | None) -> None:
    """Narrow `frames` in place to what was treated, reported and covered by `day`."""
    events, treatments = frames["events"], frames["treatments"]
    nothing = pd.Series(pd.NaT, index=events.index, dtype=treatments["treatment_date"].dtype)
    undated = first_known(events, nothing).isna().any()  # only then does the linked session say when
    treated = treated_on(treatments, positions(events, treatments, _SESSION)) if undated else nothing
    later = treatments["treatment_date"] > pd.Timestamp(day)
    if later.any():
        frames["treatments"] = taken(treatments, np.flatnonzero(~later))
        there = positions(frames["treatment_lines"], frames["treatments"], _SESSION) >= 0
        frames["treatment_lines"] = taken(frames["treatment_lines"], np.flatnonzero(there))
    cut_entries(frames, day, built_on=built_on, treated=treated)


def cut_entries(
    frames: dict[str, pd.DataFrame], day: date, *, built_on: date | None, treated: pd.Series
) -> npt.NDArray[np.intp]:
    """`cut_to` for all frames but sessions and their lines; the rows of the events that stay. `treated`: of each event's session.

    An entry without a date of report is known from its onset on, else from its treatment on; one that nothing dates stays. A
    recovery dated later was not known yet. Episodes say what their entries said by then; they are put together again only
    when they were `built_on` a later day. A person's corrections hold for every day: they say what had happened.
    """
    when, month = pd.Timestamp(day), f"{day:%Y-%m}"
    known = np.flatnonzero(~(first_known(frames["events"], treated) > when))
    frames["events"] = _told_by(taken(frames["events"], known), when)
    there = positions(frames["findings"], frames["events"], ["clinic", "event_id"]) >= 0
    if not there.all():
        frames["findings"] = taken(frames["findings"], np.flatnonzero(there))
    for name in ("coverage", "exposure_totals", "process_counts"):  # what nothing dates stays
        frames[name] = frames[name][frames[name]["month"].fillna("") <= month].reset_index(drop=True)
    if built_on is not None and day < built_on:
        episodes, findings = joined(frames["findings"], frames["events"], frames["reviews"], data_cut=day)
        frames |= {"episodes": shaped("episodes", episodes), "findings": shaped("findings", findings)}
    return known


def _told_by(events: pd.DataFrame, when: pd.Timestamp) -> pd.DataFrame:
    later = events["resolved_date"] > when
    return events.assign(resolved_date=events["resolved_date"].mask(later), outcome=events["outcome"].mask(later))


def treated_on(treatments: pd.DataFrame, session: npt.NDArray[np.intp]) -> pd.Series:
    """Day of treatment of each session, by its row in `treatments`; missing for -1."""
    return pd.Series(treatments["treatment_date"].array.take(session, allow_fill=True))


def first_known(events: pd.DataFrame, treated: pd.Series) -> pd.Series:
    """Day of report, else of onset, else of the stated treatment, else of the linked session (`treated`, one for each event).

    Missing when nothing dates an entry.
    """
    stated = events["reported_date"].fillna(events["onset_date"]).fillna(events["treatment_date"])
    return stated.fillna(treated.set_axis(events.index))
