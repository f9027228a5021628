"""The frames that are counted together, and sessions as places in them: looked up once for every count of the same clinics."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columnar.coded import coded
from analysis.counting.once import once
from analysis.schemas.order import positions

Places = npt.NDArray[np.intp]
Marks = npt.NDArray[np.bool_]
_SESSION = ["clinic", "session_id"]


@dataclass(frozen=True, eq=False)
class Clinics:
    """The frames of the clinics that are counted together, as the store holds them."""

    treatments: pd.DataFrame
    treatment_lines: pd.DataFrame
    exposure_totals: pd.DataFrame
    events: pd.DataFrame
    findings: pd.DataFrame
    episodes: pd.DataFrame
    coverage: pd.DataFrame


@once
def of_lines(clinics: Clinics) -> Places:
    """For each line the row of its session in `treatments`; -1 where it has none there."""
    return positions(clinics.treatment_lines, clinics.treatments, _SESSION)


@once
def of_events(clinics: Clinics) -> Places:
    """For each event the row of its session in `treatments`; -1 where it is linked to none."""
    return positions(clinics.events, clinics.treatments, _SESSION)


@once
def of_episodes(clinics: Clinics) -> Places:
    """For each episode the row of its session in `treatments`; -1 where it is linked to none."""
    return linked(clinics.episodes, clinics)


def linked(rows: pd.DataFrame, clinics: Clinics) -> Places:
    """For each row the place of the session that its clinic and session_id name, as `of_episodes`: by way of the events linked to it."""
    place = of_events(clinics)
    there = np.flatnonzero(place >= 0)
    one = there[np.unique(place[there], return_index=True)[1]]
    found = np.append(place[one], -1)[positions(rows, clinics.events[_SESSION].take(one), _SESSION)]
    if (rows["session_id"].notna().to_numpy() & (found < 0)).any():  # of an event that is not among these
        return positions(rows, clinics.treatments, _SESSION)
    return found


@dataclass(frozen=True, eq=False)
class AsKnown:
    """Clinics on an earlier day: of the sessions of `all` those that were `seen`, and `own` with what was known of all the rest.

    `own` holds no session: its events, findings, episodes, totals and coverage are those of the day. So nothing is copied or looked
    up anew for each day that is looked at.
    """

    all: Clinics
    own: Clinics
    seen: Marks


def parts(counted: Clinics | AsKnown) -> AsKnown:
    """Either as the latter: clinics as they are known now have seen all their sessions."""
    if isinstance(counted, AsKnown):
        return counted
    return AsKnown(counted, counted, np.ones(len(counted.treatments), dtype=bool))


@once
def at_risk(clinics: Clinics, areas: frozenset[str]) -> Marks:
    """For each session: was at least one of the areas treated; all of them where none is named."""
    if not areas:
        return np.ones(len(clinics.treatments), dtype=bool)
    area = coded(clinics.treatment_lines["area"])
    named = np.array([*area.values.isin(areas), False])[area.codes]
    return marked(of_lines(clinics)[named], len(clinics.treatments))


def marked(places: Places, count: int) -> Marks:
    """Which of `count` rows are among `places`; -1 is none of them."""
    found = np.zeros(count + 1, dtype=bool)
    found[places] = True
    return found[:count]
