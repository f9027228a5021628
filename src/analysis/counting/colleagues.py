"""Injectors and their colleagues in numbers: courses laid once for all months, and the risk of each among the others of its clinic."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columnar.coded import coded, stacked
from analysis.counting.cells import totals_rows
from analysis.counting.clinics import Clinics, Marks, Places
from analysis.counting.courses import marks, units
from analysis.counting.covered import in_covered
from analysis.counting.inversion import Floats
from analysis.counting.once import once
from analysis.measures import Measure
from analysis.schemas.order import firsts, groups, places

UNIT = ["clinic", "injector"]


@dataclass(frozen=True, eq=False)
class Courses:
    """Courses in order of clinic, injector and id, by numbers: of clinic, injector (`who`), patient and stratum of each rung.

    `hit` is 1 where one was affected, else 0.
    """

    clinic: Places
    who: Places
    patient: Places
    strata: tuple[Places, ...]
    hit: Floats

    def rows(self, chosen: slice | Places) -> "Courses":
        """Some of them."""
        strata = tuple(one[chosen] for one in self.strata)
        return Courses(self.clinic[chosen], self.who[chosen], self.patient[chosen], strata, self.hit[chosen])


@dataclass(frozen=True, eq=False)
class Compared:
    """The courses of a measure in covered clinic-months, whatever the month; its place in `months`; clinic and injector of each `who`."""

    courses: Courses
    month: Places
    months: list[str]
    people: list[tuple[str, str]]

    def within(self, months: Collection[str]) -> Courses:
        """The courses of some months."""
        wanted = np.array([*(name in months for name in self.months), False], dtype=bool)
        return self.courses.rows(np.flatnonzero(wanted[self.month]))


@once
def compared(counted: Clinics, measure: Measure) -> Compared:
    """The courses of a measure, laid once for all months."""
    there, affected = marks(counted, measure)
    totals = totals_rows(counted, measure)
    if len(totals):
        every = stacked([units(counted, measure.unit)[_NEEDED], totals[_NEEDED]])
        there, affected = (
            np.append(own, more) for own, more in ((there, totals["affected"] | True), (affected, totals["affected"]))
        )
        rows, order = _numbered(counted, every, measure.asks, measure.ladder)
    else:
        rows, order = _units_numbered(counted, measure.unit, measure.asks, measure.ladder)
    own = np.flatnonzero(there[order])
    found = rows.courses.rows(own)
    hit = affected[order[own]].astype(np.float64)
    return replace(rows, courses=replace(found, hit=hit), month=rows.month[own])


_NEEDED = [*UNIT, "patient", "month", "asked", "area_group", "treatment_type"]


@once
def _units_numbered(
    counted: Clinics, unit: str, asks: bool, ladder: tuple[tuple[str, ...], ...]
) -> tuple[Compared, Places]:
    return _numbered(counted, units(counted, unit), asks, ladder)


def _numbered(
    counted: Clinics, rows: pd.DataFrame, asks: bool, ladder: tuple[tuple[str, ...], ...]
) -> tuple[Compared, Places]:
    """Courses of covered clinic-months by numbers, nobody affected, in order of clinic and injector; and which of `rows` each is."""
    place = places(rows, UNIT)
    order = np.argsort(place, kind="stable")
    order = order[in_covered(counted, rows)[order]]
    who = np.cumsum(np.diff(place[order], prepend=place[order[:1]]) != 0)
    people = rows[UNIT].take(order[firsts(who)])
    month, first = coded(rows["month"]), ["asked"] if asks else []
    strata = tuple(groups(rows, [*first, *columns])[order] for columns in ladder)
    courses = Courses(
        coded(rows["clinic"]).codes[order], who, coded(rows["patient"]).codes[order], strata, np.zeros(len(order))
    )
    return Compared(
        courses, month.codes[order], list(month.values), list(people.itertuples(index=False, name=None))
    ), order


def scopes(courses: Courses, measure: Measure) -> list[Courses]:
    """Who is compared with each other: the injectors of a clinic, or all."""
    edges = np.flatnonzero(np.diff(courses.clinic)) + 1
    edges = edges if measure.comparator == "clinic" else edges[:0]
    bounds = zip([0, *edges], [*edges, len(courses.who)], strict=True)
    return [courses.rows(slice(a, b)) for a, b in bounds if b > a]


@dataclass(frozen=True, eq=False)
class Risk:
    """Each course's `risk` among the colleagues, the `rung` (0 finest) and `stratum` it comes from and its `cases` and `courses`.

    Risk missing and rung -1 where no rung holds.
    """

    risk: Floats
    rung: Places
    stratum: Places
    cases: Floats
    courses: Floats


def risks(rows: Courses, who: Places, beside: Marks, measure: Measure) -> Risk:
    """The risk of each course in the finest rung of the ladder that holds; `beside` says who of `who` stands beside whom."""
    n, people = len(who), len(beside)
    found = Risk(np.full(n, np.nan), np.full(n, -1), np.full(n, -1), np.zeros(n), np.zeros(n))
    for rung, stratum in enumerate(rows.strata):
        size = int(stratum.max()) + 1
        cell = who * size + stratum
        courses, cases = (
            (beside @ np.bincount(cell, weights, people * size).reshape(people, size)).ravel()[cell]
            for weights in (None, rows.hit)
        )
        holds = np.isnan(found.risk) & (courses >= measure.rung_sessions) & (cases >= measure.rung_events)
        found.risk[holds] = cases[holds] / courses[holds]
        found.cases[holds], found.courses[holds] = cases[holds], courses[holds]
        found.rung[holds], found.stratum[holds] = rung, stratum[holds]
    return found


def reference_events(risk: Risk, who: Places, n: int) -> Floats:
    """Expected squared over its variance, the colleagues' cases being Poisson: a reference of as many cases is as uncertain."""
    judged = ~np.isnan(risk.risk)
    rung, stratum = risk.rung[judged], risk.stratum[judged]
    span = int(stratum.max(initial=0)) + 1
    cell, kinds = pd.factorize((who[judged] * (int(rung.max(initial=0)) + 1) + rung) * span + stratum)
    cases, unit = np.zeros(len(kinds)), np.zeros(len(kinds), dtype=np.intp)
    cases[cell], unit[cell] = risk.cases[judged], who[judged]
    weight = np.bincount(cell, 1 / risk.courses[judged], len(kinds))  # own courses over those of the colleagues
    mean, variance = np.bincount(unit, weight * cases, n), np.bincount(unit, weight**2 * cases, n)
    return share_of(mean**2, variance)


def share_of(part: npt.NDArray, whole: npt.NDArray) -> Floats:
    """Part over whole, missing where the whole is 0."""
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=np.asarray(whole) > 0)
