"""What injectors are compared by: courses (or sessions) with what they were exposed to, and which of them were affected."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.attribution import are_of
from analysis.counting.exposure import Clinics, totals_counts
from analysis.counting.once import once
from analysis.measures import Measure
from analysis.resources import read_rows, resource

CONTACT_DAYS = (10, 28)
"""Only a scheduled contact on these days after treatment counts as having been asked."""
CELL = ["clinic", "injector", "month", "asked", "area_group", "treatment_type"]
_PLAIN = ["clinic", "unit_id", "patient", *CELL[1:]]


def asked(treatments: pd.DataFrame) -> pd.Series:
    """True where a scheduled contact on days 10-28 is documented; where no date of contact was recorded its kind alone counts."""
    scheduled = treatments["followup_kind"] == "scheduled"
    if "contact_date" not in treatments:
        return scheduled
    day = (treatments["contact_date"] - treatments["treatment_date"]).dt.days
    return scheduled & (day.isna() | day.between(*CONTACT_DAYS))


@once
def units(clinics: Clinics, unit: str) -> pd.DataFrame:
    """One row per course (or session): clinic, unit_id, patient, injector, month, asked, area_group, treatment_type.

    A course takes injector, month and type of its first session, the areas of all of them, and was asked if any of them was.
    `area_group`: distinct groups of areas.csv in order, joined by '+'. A unit without a patient is its own patient.
    """
    own = clinics.treatments.assign(asked=asked(clinics.treatments))
    own["unit_id"] = own["course_id"] if unit == "courses" else own["session_id"]
    own = own.sort_values(["clinic", "unit_id", "treatment_date", "session_id"])
    groups = own.groupby(["clinic", "unit_id"], sort=True)
    table = groups.agg(
        injector=("injector", "first"), day=("treatment_date", "first"), treatment_type=("treatment_type", "first"),
        asked=("asked", "max"), patient=("patient_key", "first"),
    ).reset_index()  # fmt: skip
    table["month"] = table["day"].dt.strftime("%Y-%m").astype("str")
    table["patient"] = table["patient"].fillna(table["unit_id"])
    table["asked"] = table["asked"].astype(bool)
    table["area_group"] = (
        _groups(own, clinics.treatment_lines).reindex(pd.MultiIndex.from_frame(table[_PLAIN[:2]])).to_numpy()
    )
    table["area_group"] = table["area_group"].fillna("unknown").astype("str")
    return table[_PLAIN]


def of_measure(clinics: Clinics, measure: Measure) -> pd.DataFrame:
    """The rows of `units` that are at risk, with `affected`: a counted episode of the measure in one of their sessions.

    Outside measures that depend on asking `asked` is False throughout, so that it makes no strata.
    """
    at_risk, hit = _marks(clinics, measure)
    found = units(clinics, measure.unit).assign(affected=hit)
    found = found[at_risk] if measure.areas else found
    return found if measure.asks else found.assign(asked=False)


Marks = npt.NDArray[np.bool_]


def _marks(clinics: Clinics, measure: Measure) -> tuple[Marks, Marks]:
    """For each row of `units`: whether it is at risk, and whether it was affected."""
    unit = _numbered(clinics, measure.unit)
    rows = unit.of_rows
    episodes, places = _hits(clinics)
    hit = unit.marked(places[are_of(episodes, measure)])[rows]
    if not measure.areas:
        return np.ones(len(rows), dtype=bool), hit
    treated = clinics.treatment_lines["area"].isin(measure.areas).to_numpy(dtype=bool)
    return unit.marked(_lines(clinics)[treated])[rows], hit


@dataclass(frozen=True)
class _Numbered:
    """The number of each session's unit, that of the unit in each row of `units`, and how many units there are."""

    of_sessions: npt.NDArray[np.intp]
    of_rows: npt.NDArray[np.intp]
    count: int

    def marked(self, places: npt.NDArray[np.intp]) -> Marks:
        """For each unit (and, last, for none): is one of its sessions at these places; -1 is no session."""
        found = np.zeros(self.count + 1, dtype=bool)
        found[self.of_sessions[places[places >= 0]]] = True
        return found


@once
def _numbered(clinics: Clinics, unit: str) -> _Numbered:
    own, table = clinics.treatments, units(clinics, unit)
    number, known = _pairs(own, "course_id" if unit == "courses" else "session_id").factorize()
    return _Numbered(number, known.get_indexer(_pairs(table, "unit_id")), len(known))


@once
def _sessions(clinics: Clinics) -> pd.MultiIndex:
    return _pairs(clinics.treatments, "session_id")


@once
def _hits(clinics: Clinics) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """Counted episodes that have a session, and the place of it."""
    own = clinics.episodes[clinics.episodes["counted"] & clinics.episodes["session_id"].notna()]
    return own, _sessions(clinics).get_indexer(_pairs(own, "session_id"))


@once
def _lines(clinics: Clinics) -> npt.NDArray[np.intp]:
    """The place of each treatment line's session."""
    return _sessions(clinics).get_indexer(_pairs(clinics.treatment_lines, "session_id"))


@once
def covered_of(clinics: Clinics) -> pd.MultiIndex:
    """`covered` clinic-months of these clinics."""
    return covered(clinics.coverage)


def covered(coverage: pd.DataFrame) -> pd.MultiIndex:
    """Clinic-months whose two logs were received whole: only these are counted."""
    both = (coverage["treatments"] == "received") & coverage["events"].isin(["received", "nil_return"])
    return pd.MultiIndex.from_frame(coverage.loc[both, ["clinic", "month"]])


def cells(clinics: Clinics, measure: Measure) -> pd.DataFrame:
    """`sessions` and `observed` of covered clinic-months by clinic, injector, month, asked, area group and treatment type.

    Clinics that send monthly totals are among them, under the area of their totals or 'unknown', as not asked.
    """
    names, place = _cells(clinics, measure.unit, measure.asks)
    at_risk, hit = _marks(clinics, measure)
    at_risk = at_risk & (place >= 0)
    sessions, observed = (np.bincount(place[own], minlength=len(names)) for own in (at_risk, at_risk & hit))
    there = (sessions > 0) & names["covered"].to_numpy()
    summed = names.loc[there, CELL].assign(sessions=sessions[there], observed=observed[there])
    totals = _of_totals(clinics, measure)
    totals = totals[_pairs(totals, "month").isin(covered_of(clinics))] if len(totals) else totals
    both = pd.concat([part for part in (summed, totals) if len(part)] or [summed], ignore_index=True)
    return both.astype({"sessions": "int64", "observed": "int64", "asked": "bool"})


@once
def _cells(clinics: Clinics, unit: str, asks: bool) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """Every cell there is, with `covered`, and the number of the cell that each row of `units` is in (-1: in none)."""
    table = units(clinics, unit) if asks else units(clinics, unit).assign(asked=False)
    groups = table.groupby(CELL, sort=True)
    names = groups.size().reset_index()[CELL]
    return names.assign(covered=_pairs(names, "month").isin(covered_of(clinics))), groups.ngroup().to_numpy()


def _of_totals(clinics: Clinics, measure: Measure) -> pd.DataFrame:
    counts = totals_counts(clinics, measure, ["clinic", "month", "treatment_type", "injector"])
    counts = counts.reset_index().rename(columns={"affected": "observed"})
    # where entries name more patients than the totals hold sessions, the totals are not what the entries are of
    counts = counts[(counts["sessions"] > 0) & (counts["observed"] <= counts["sessions"])] if len(counts) else counts
    return counts.assign(asked=False, area_group="unknown")


def totals_rows(clinics: Clinics, measure: Measure) -> pd.DataFrame:
    """The sessions of clinics that send monthly totals as rows of `of_measure`, each its own patient."""
    counts = _of_totals(clinics, measure)
    counts = counts.assign(cell=range(len(counts)))
    rows = counts.loc[counts.index.repeat(counts["sessions"].astype("int64"))].reset_index(drop=True)
    nth = rows.groupby("cell").cumcount()
    names = "total " + rows["cell"].astype("str") + " " + nth.astype("str")
    rows = rows.assign(affected=nth < rows["observed"], unit_id=names, patient=names)
    return rows[[*_PLAIN, "affected"]]


def _pairs(frame: pd.DataFrame, column: str) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["clinic", column]])


@cache
def _group_of_area() -> dict[str, str]:
    return {row["area"]: row["group"] for row in read_rows(resource("intake/areas.csv"))}


def _groups(own: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    named = lines[["clinic", "session_id"]].assign(group=lines["area"].map(_group_of_area()))
    named = named.dropna().merge(own[["clinic", "session_id", "unit_id"]], on=["clinic", "session_id"])
    named = named.drop_duplicates(["clinic", "unit_id", "group"]).sort_values(["clinic", "unit_id", "group"])
    joined: dict[tuple[str, str], str] = {}
    for clinic, unit, group in named[["clinic", "unit_id", "group"]].itertuples(index=False):
        joined[clinic, unit] = f"{joined[clinic, unit]}+{group}" if (clinic, unit) in joined else group
    index = (
        pd.MultiIndex.from_tuples(list(joined), names=["clinic", "unit_id"]) if joined else _pairs(own[:0], "unit_id")
    )
    return pd.Series(list(joined.values()), index=index, dtype="str")
