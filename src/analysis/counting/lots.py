"""Lots and injectors told apart: each lot against the same injectors' other lots, each injector against others with the same lot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columnar.coded import coded
from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics, Marks, Places
from analysis.counting.clustering import design_effect, ratio_limits
from analysis.counting.courses import in_covered, of_measure, units
from analysis.counting.inversion import Floats
from analysis.counting.once import once
from analysis.measures import Measure
from analysis.schemas.order import combined, firsts, groups, places

FEWEST_EXPECTED = 5.0
CASE_REVIEW = "under 5 expected: case review, no verdict"
NO_COMPARATOR = "nothing to compare with: case review, no verdict"
ALL = "all"
COLUMNS = [
    "measure", "label", "lot", "clinic", "injector", "sessions", "observed", "judged", "observed_judged", "expected_lot",
    "expected_injector", "ratio", "lower", "upper", "method", "reason",
]  # fmt: skip
_TABLE = ["place", "clinic"]
"""What is compared with each other: the sessions of one measure (by its place) in one clinic."""
_WITHIN_INJECTOR = (("injector", "asked", "area_group"), ("injector", "asked"))
_WITHIN_LOT = (("lot", "asked", "area_group"), ("lot", "asked"))
_LADDERS = ((_WITHIN_INJECTOR, "lot"), (_WITHIN_LOT, "injector"))
_UNITS = (("lot",), ("injector",), ("lot", "injector"))


def lots(
    counted: Clinics, measures: Mapping[str, Measure], *, months: Iterable[str], level: float = 0.95
) -> pd.DataFrame:
    """Table of lot × injector with both margins, per measure and clinic, over covered `months`.

    `expected_lot`: what the same injector's sessions with other lots lead to expect, asked and not asked apart (by area group,
    then over all areas); `expected_injector`: what other injectors' sessions with the same lot do. A lot or its dilution shows
    in many observed beside the first and not the second, an injector the other way round. Rows with injector 'all' are lots,
    with lot 'all' injectors; only these carry `ratio`, `lower`, `upper` (observed over the expectation of their own kind,
    `clustering.ratio_limits`) or the `reason` why not. A session of several lots stands under each. Expected counts only
    sessions that have a comparator, and is missing where none has. A rung holds with 30 sessions and 5 affected ones outside
    the unit. `judged` sessions have the comparator of the row's own kind, `observed_judged` of them were affected: the ratio is of
    these; both are missing for a lot × injector.
    """
    chosen = tuple(measures.values())
    laid = _laid(counted, chosen)
    wanted = frozenset(months)
    rows = laid.rows(np.isin(laid.month, [n for n, name in enumerate(laid.months) if name in wanted]))
    if not len(rows.hit):
        return pd.DataFrame(columns=COLUMNS)
    table = _of_all(rows, chosen, level)
    texts = ("measure", "label", "lot", "clinic", "injector", "method", "reason")
    whole = dict.fromkeys(("sessions", "observed"), "int64") | dict.fromkeys(("judged", "observed_judged"), "Int64")
    return table.astype(dict.fromkeys(texts, "str") | whole)


@dataclass(frozen=True, eq=False)
class _Laid:
    """Sessions of all measures with each of their lots, by numbers, in order of measure (its place), clinic, lot, injector and id.

    `units` and `strata` tell the rows apart by the columns that are their names; equal numbers are equal values, those of `units` in
    order. `table` has the words.
    """

    place: Places
    patient: Places
    month: Places
    hit: Floats
    units: Mapping[tuple[str, ...], Places]
    strata: Mapping[tuple[str, ...], Places]
    months: list[str]
    table: pd.DataFrame

    def rows(self, chosen: Marks) -> "_Laid":
        """Some of the rows."""
        units, strata = ({name: own[chosen] for name, own in of.items()} for of in (self.units, self.strata))
        own = self.table.take(np.flatnonzero(chosen))
        return _Laid(
            self.place[chosen],
            self.patient[chosen],
            self.month[chosen],
            self.hit[chosen],
            units,
            strata,
            self.months,
            own,
        )


@once
def _laid(counted: Clinics, measures: tuple[Measure, ...]) -> _Laid:
    lot = counted.treatment_lines[["clinic", "session_id", "lot"]].dropna()
    lot = lot.take(firsts(groups(lot, list(lot.columns)))).rename(columns={"session_id": "unit_id"})
    parts = []
    for place, measure in enumerate(measures):
        rows = of_measure(counted, replace(measure, asks=True))  # asked and not asked apart, whatever is counted
        rows = taken(rows, np.flatnonzero(in_covered(counted, rows)))
        parts.append(rows.merge(lot, on=["clinic", "unit_id"]).assign(place=place))
    rows = (
        pd.concat(parts, ignore_index=True)
        if parts
        else units(counted, "sessions")[:0].assign(place=0, lot="", affected=False)
    )
    rows = taken(rows, np.argsort(places(rows, [*_TABLE, "lot", "injector", "unit_id"]), kind="stable"))
    month, columns = (
        coded(rows["month"]),
        {name: coded(rows[name]) for name in (*_TABLE, "lot", "injector", "asked", "area_group")},
    )

    def told_apart(names: Sequence[str]) -> Places:
        return combined([columns[name] for name in (*_TABLE, *names)], len(rows))

    strata = [(*rung, *unit) for rungs, own in _LADDERS for rung in rungs for unit in ((), (own,))]
    return _Laid(
        rows["place"].to_numpy(), coded(rows["patient"]).codes, month.codes, rows["affected"].to_numpy(dtype=np.float64),
        {unit: places(rows, [*_TABLE, *unit]) for unit in _UNITS}, {names: told_apart(names) for names in strata},
        list(month.values), rows[[*_TABLE, "lot", "injector"]],
    )  # fmt: skip


def _of_all(rows: _Laid, measures: Sequence[Measure], level: float) -> pd.DataFrame:
    """The tables of all measures (by their `place`) and clinics, worked out together: lots, injectors, then lot × injector of each."""
    fewest = [
        np.array([getattr(measure, name) for measure in measures])[rows.place]
        for name in ("rung_sessions", "rung_events")
    ]
    risks = {unit: others_risk(rows, unit, ladder, fewest) for ladder, unit in _LADDERS}
    kinds = [
        _margin(rows, ("lot",), risks, level).assign(injector=ALL),
        _margin(rows, ("injector",), risks, level).assign(lot=ALL),
        _sums(rows, ("lot", "injector"), risks)[0],
    ]
    table = pd.concat([kind.assign(kind=n) for n, kind in enumerate(kinds)], ignore_index=True)
    table = table.sort_values([*_TABLE, "kind"], kind="stable", ignore_index=True)
    named = {
        name: [getattr(measures[at], of) for at in table["place"]]
        for name, of in (("measure", "id"), ("label", "label"))
    }
    return table.assign(**named).reindex(columns=COLUMNS)


def others_risk(
    rows: _Laid, unit: str, ladder: Sequence[Sequence[str]], fewest: Sequence[npt.NDArray]
) -> tuple[Floats, Floats]:
    """Risk of each row's stratum outside its own `unit`, on the first rung that holds, and the cases it rests on.

    Both missing where no rung has the `fewest` rows and events (of each row's measure) outside the unit.
    """
    risk, known = np.full(len(rows.hit), np.nan), np.full(len(rows.hit), np.nan)
    for rung in ladder:
        all_, own = (
            (np.bincount(group)[group], np.bincount(group, rows.hit)[group])
            for group in (rows.strata[tuple(rung)], rows.strata[(*rung, unit)])
        )
        sessions, cases = all_[0] - own[0], all_[1] - own[1]
        holds = np.isnan(risk) & (sessions >= fewest[0]) & (cases >= fewest[1])
        risk[holds], known[holds] = cases[holds] / sessions[holds], cases[holds]
    return risk, known


def _sums(
    rows: _Laid, unit: tuple[str, ...], risks: Mapping[str, tuple[Floats, Floats]]
) -> tuple[pd.DataFrame, Places]:
    """A row for each unit in order, and each session's row in it."""
    _, first, number = np.unique(rows.units[unit], return_index=True, return_inverse=True)
    expected = pd.DataFrame({kind: risk for kind, (risk, _) in risks.items()}).groupby(number).sum(min_count=1)
    table = rows.table[[*_TABLE, *unit]].take(first).reset_index(drop=True)
    return table.assign(
        sessions=np.bincount(number, minlength=len(table)), observed=np.bincount(number, rows.hit, len(table)),
        expected_lot=expected["lot"], expected_injector=expected["injector"],
    ), number  # fmt: skip


def _margin(
    rows: _Laid, unit: tuple[str], risks: Mapping[str, tuple[Floats, Floats]], level: float
) -> pd.DataFrame:  # fmt: skip
    table, number = _sums(rows, unit, risks)
    risk, cases = risks[unit[0]]
    judged = ~np.isnan(risk)
    own = pd.DataFrame({"expected": risk[judged], "reference": cases[judged]}).groupby(number[judged])
    sums = own.agg({"expected": "sum", "reference": "mean"}).reindex(table.index)
    seen = np.bincount(number[judged], rows.hit[judged], len(table))
    effect = (
        design_effect(number[judged], rows.patient[judged], rows.hit[judged], risk[judged])
        .reindex(table.index)
        .fillna(1.0)
    )
    alone, few = sums["expected"].isna(), sums["expected"] < FEWEST_EXPECTED
    expected = sums["expected"].mask(alone | few)
    lower, upper = ratio_limits(np.where(alone, np.nan, seen), expected, sums["reference"], effect, level=level)
    reason = pd.Series("", index=table.index, dtype="str").mask(few, CASE_REVIEW).mask(alone, NO_COMPARATOR)
    return table.assign(
        judged=np.bincount(number[judged], minlength=len(table)).astype(np.float64), observed_judged=seen,
        ratio=seen / expected, lower=lower, upper=upper, reason=reason.replace("", None),
        method=pd.Series("exact_ratio", index=table.index, dtype="str").where(expected.notna()),
    )  # fmt: skip
