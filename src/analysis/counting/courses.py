"""What injectors are compared by: courses (or sessions) with what they were exposed to, and which of them were affected."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from analysis.columnar.calendar import month_names
from analysis.columnar.coded import Coded, coded
from analysis.columnar.runs import Runs
from analysis.columnar.taking import taken
from analysis.counting.attribution import are_of
from analysis.counting.clinics import (
    AsKnown,
    Clinics,
    Marks,
    Places,
    at_risk,
    linked,
    marked,
    of_episodes,
    of_lines,
    parts,
)
from analysis.counting.once import once
from analysis.measures import Measure
from analysis.resources import read_rows, resource
from analysis.schemas.order import among, ascend, looked_up, places, positions, unlike

CONTACT_DAYS = (10, 28)
"""Only a scheduled contact on these days after treatment counts as having been asked."""
CELL = ["clinic", "injector", "month", "asked", "area_group", "treatment_type"]
OF_UNIT = ["clinic", "unit_id", "patient", *CELL[1:]]


def asked(treatments: pd.DataFrame) -> pd.Series:
    """True where a scheduled contact on days 10-28 is documented; where no date of contact was recorded its kind alone counts."""
    scheduled = treatments["followup_kind"] == "scheduled"
    if "contact_date" not in treatments:
        return scheduled
    day = (treatments["contact_date"] - treatments["treatment_date"]).dt.days
    return scheduled & (day.isna() | day.between(*CONTACT_DAYS))


@dataclass(frozen=True, eq=False)
class _Laid:
    """Units in order of clinic and id (`table`, without what more sessions may change), and for each session the row of its unit.

    `first` is the row of each unit's first session in `treatments`.
    """

    table: pd.DataFrame
    unit: Places
    first: Places

    def any_of(self, sessions: Places) -> Marks:
        """Units of at least one of the sessions."""
        return marked(self.unit[sessions], len(self.first))


def units(clinics: Clinics, unit: str) -> pd.DataFrame:
    """One row per course (or session): clinic, unit_id, patient, injector, month, asked, area_group, treatment_type.

    A course takes injector, month and type of its first session, the areas of all of them, and was asked if any of them was.
    `area_group`: distinct groups of areas.csv in order, joined by '+'. A unit without a patient is its own patient.
    """
    return known_units(clinics, unit)


@once
def known_units(counted: Clinics | AsKnown, unit: str) -> pd.DataFrame:
    """`units` of the sessions that were known; a unit none of whose sessions was stands there without area and asked."""
    known = parts(counted)
    laid, seen = _laid(known.all, unit), np.flatnonzero(known.seen)
    was_asked = laid.any_of(seen[_asked(known.all)[seen]])
    groups_of = _area_groups(known, laid)
    return laid.table.assign(asked=was_asked, area_group=groups_of)[OF_UNIT]


@once
def _asked(clinics: Clinics) -> Marks:
    return asked(clinics.treatments).to_numpy(dtype=bool)


@once
def _laid(clinics: Clinics, unit: str) -> _Laid:
    own = clinics.treatments
    name = "course_id" if unit == "courses" else "session_id"
    for column in ("clinic", "injector", "treatment_type"):
        coded(own[column])  # known from now on, whatever rows are taken
    order, place = _in_order(own, name)
    runs = Runs.of(place[order])
    first = order[runs.first]
    each = np.empty(len(own), dtype=np.intp)
    each[order] = runs.numbers()
    days = own["treatment_date"].take(first).reset_index(drop=True)
    table = taken(own[["clinic", name, "injector", "treatment_type"]], first).rename(columns={name: "unit_id"})
    patient = own["patient_key"]
    known = runs.least(np.where(patient.notna().to_numpy()[order], np.arange(len(own)), len(own)))
    there = order[known[known < len(own)]]
    patients = table["unit_id"].copy()
    patients[known < len(own)] = patient.take(there).array
    return _Laid(table.assign(patient=patients, month=month_names(days)), each, first)


def _in_order(own: pd.DataFrame, name: str) -> tuple[Places, Places]:
    """Sessions by unit and, within one, by day and id; and of each session a number that orders the units by clinic and id.

    A store holds sessions by clinic and id, and a course bears the id of its first session: then no text needs to be ordered.
    """
    keys, n = ["clinic", "session_id"], len(own)
    day = own["treatment_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    if not ascend(own, keys):
        place = places(own, ["clinic", name])
        return np.lexsort([places(own, ["treatment_date", "session_id"]), place]), place
    if name == "session_id":
        return np.arange(n), np.arange(n)
    place = np.arange(n)
    later = np.flatnonzero(unlike(own["course_id"], own["session_id"]))
    index = own[["clinic", "course_id"]].take(later).set_axis(keys, axis=1)
    led = np.flatnonzero(among(own["session_id"], index["session_id"]))
    place[later] = np.append(led, -1)[positions(index, own[keys].take(led), keys)]
    if (place < 0).any():
        place = places(own, ["clinic", name])
    return np.lexsort([day, place]), place


def unit_rows(clinics: Clinics, unit: str) -> Places:
    """For each session the row of its course (or its own) in `units`."""
    return _laid(clinics, unit).unit


def session_rows(clinics: Clinics) -> Places:
    """For each row of `units(clinics, "sessions")` its row in `treatments`."""
    return np.argsort(_laid(clinics, "sessions").unit)


def of_measure(clinics: Clinics, measure: Measure) -> pd.DataFrame:
    """The rows of `units` that are at risk, with `affected`: a counted episode of the measure in one of their sessions.

    Outside measures that depend on asking `asked` is False throughout, so that it makes no strata.
    """
    table, there, affected = units(clinics, measure.unit), *marks(clinics, measure)
    found = table if there.all() else taken(table, np.flatnonzero(there))
    found = found.assign(affected=affected[there])
    return found if measure.asks else found.assign(asked=False)


def marks(counted: Clinics | AsKnown, measure: Measure) -> tuple[Marks, Marks]:
    """For each unit: is it at risk, and is it affected."""
    there = units_at_risk(counted, measure.unit, measure.areas)
    return there, marked(units_affected(counted, measure), len(there))


@once
def units_at_risk(counted: Clinics | AsKnown, unit: str, areas: frozenset[str]) -> Marks:
    """Which units had a session at risk (see `at_risk`) that was known."""
    known = parts(counted)
    return _laid(known.all, unit).any_of(np.flatnonzero(at_risk(known.all, areas) & known.seen))


def units_affected(counted: Clinics | AsKnown, measure: Measure) -> Places:
    """The units with a counted episode of the measure."""
    known = parts(counted)
    episodes = known.own.episodes
    own = _linked(counted)[episodes["counted"].to_numpy() & are_of(episodes, measure)]
    return np.unique(_laid(known.all, measure.unit).unit[own[own >= 0]])


@once
def _linked(counted: Clinics | AsKnown) -> Places:
    """For each episode the row of its session, -1 where it is linked to none that was known."""
    if not isinstance(counted, AsKnown):
        return of_episodes(counted)
    place = linked(counted.own.episodes, counted.all)
    return np.where(np.append(counted.seen, False)[place], place, -1)


@cache
def _group_of_area() -> dict[str, str]:
    return {row["area"]: row["group"] for row in read_rows(resource("intake/areas.csv"))}


def _area_groups(known: AsKnown, laid: _Laid) -> pd.Series:
    """Of each unit the groups of its areas, of the sessions that were known."""
    named, of_session = _areas(known.all)
    held = np.zeros(len(laid.first), dtype=np.int64)
    for place in range(len(named)):
        held |= (
            laid.any_of(np.flatnonzero((of_session >> place & 1).astype(bool) & known.seen)).astype(np.int64) << place
        )
    sets, code = np.unique(held, return_inverse=True)
    words = ["+".join(name for place, name in enumerate(named) if one >> place & 1) or "unknown" for one in sets]
    return Coded(code.astype(np.int32), pd.Series(words, dtype="str")).column(pd.RangeIndex(len(held)))


@once
def _areas(clinics: Clinics) -> tuple[list[str], Places]:
    """The groups of areas in order, and of each session a number with a bit for each of them."""
    known = _group_of_area()
    named = sorted(set(known.values()))
    group = looked_up(clinics.treatment_lines["area"], {area: named.index(own) for area, own in known.items()}, -1)
    session, held = of_lines(clinics), np.zeros(len(clinics.treatments), dtype=np.int64)
    for place in range(len(named)):
        own = session[(group == place) & (session >= 0)]
        held |= marked(own, len(held)).astype(np.int64) << place
    return named, held
