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


def of_measure(clinics: Clinics, measure: Measure, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `units` that are at risk, with `affected`: a counted episode of the measure in one of their sessions.

    Outside measures that depend on asking `asked` is False throughout, so that it makes no strata.
    """
    sessions = _numbered(clinics, measure.unit)
    unit = sessions.units.get_indexer(_pairs(table, "unit_id"))
    episodes = clinics.episodes[clinics.episodes["counted"]]
    hit = sessions.marked(_pairs(episodes[are_of(episodes, measure)], "session_id"))
    found = table.assign(affected=hit[unit])
    if measure.areas:
        lines = clinics.treatment_lines[clinics.treatment_lines["area"].isin(measure.areas)]
        found = found[sessions.marked(_pairs(lines, "session_id"))[unit]]
    return found if measure.asks else found.assign(asked=False)


@dataclass(frozen=True)
class _Sessions:
    """All sessions, all units, and the number of each session's unit."""

    sessions: pd.MultiIndex
    units: pd.MultiIndex
    unit: npt.NDArray[np.intp]

    def marked(self, some: pd.MultiIndex) -> npt.NDArray[np.bool_]:
        """For each unit (and, last, for none): is one of its sessions among these."""
        found = np.zeros(len(self.units) + 1, dtype=bool)
        place = self.sessions.get_indexer(some)
        found[self.unit[place[place >= 0]]] = True
        return found


@once
def _numbered(clinics: Clinics, unit: str) -> _Sessions:
    own = clinics.treatments
    units = pd.MultiIndex.from_frame(own[["clinic", "course_id" if unit == "courses" else "session_id"]])
    number, known = units.factorize()
    return _Sessions(pd.MultiIndex.from_frame(own[["clinic", "session_id"]]), known, number)


@once
def covered_of(clinics: Clinics) -> pd.MultiIndex:
    """`covered` clinic-months of these clinics."""
    return covered(clinics.coverage)


def covered(coverage: pd.DataFrame) -> pd.MultiIndex:
    """Clinic-months whose two logs were received whole: only these are counted."""
    both = (coverage["treatments"] == "received") & coverage["events"].isin(["received", "nil_return"])
    return pd.MultiIndex.from_frame(coverage.loc[both, ["clinic", "month"]])


def cells(clinics: Clinics, measure: Measure, table: pd.DataFrame) -> pd.DataFrame:
    """`sessions` and `observed` of covered clinic-months by clinic, injector, month, asked, area group and treatment type.

    Clinics that send monthly totals are among them, under the area of their totals or 'unknown', as not asked.
    """
    rows = of_measure(clinics, measure, table)
    summed = rows.groupby(CELL, sort=True)["affected"].agg(sessions="size", observed="sum").reset_index()
    parts = [part for part in (summed, _of_totals(clinics, measure)) if len(part)]
    both = pd.concat(parts or [summed], ignore_index=True)
    kept = both[pd.MultiIndex.from_frame(both[["clinic", "month"]]).isin(covered_of(clinics))]
    return kept.astype({"sessions": "int64", "observed": "int64", "asked": "bool"}).reset_index(drop=True)


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
    return pd.MultiIndex.from_frame(frame[["clinic", column]].dropna())


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
