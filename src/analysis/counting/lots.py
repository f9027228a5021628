"""Lots and injectors told apart: each lot against the same injectors' other lots, each injector against others with the same lot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columnar.coded import Coded, coded
from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics, Places, of_lines
from analysis.counting.clustering import design_effect, ratio_limits
from analysis.counting.courses import marks, unit_rows, units
from analysis.counting.covered import in_covered
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
_CELL = ["clinic", "lot", "injector", "asked", "area_group"]
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
    laid, wanted = _laid(counted, chosen), frozenset(months)
    in_months = np.array([*(name in wanted for name in laid.months), False], dtype=bool)[laid.month]
    if not in_months.any():
        return pd.DataFrame(columns=COLUMNS)
    table = _of_all(_chosen(laid, np.flatnonzero(in_months)), chosen, level)
    texts = ("measure", "label", "lot", "clinic", "injector", "method", "reason")
    whole = dict.fromkeys(("sessions", "observed"), "int64") | dict.fromkeys(("judged", "observed_judged"), "Int64")
    return table.astype(dict.fromkeys(texts, "str") | whole)


@dataclass(frozen=True, eq=False)
class _Cells:
    """What sessions with a lot are told apart by: measure (its place), clinic, lot, injector, asked and area group; one row for each.

    `units` and `strata` tell the rows apart by the columns that are their names; equal numbers are equal values, those of `units` in
    order. `table` has the words.
    """

    place: Places
    units: Mapping[tuple[str, ...], Places]
    strata: Mapping[tuple[str, ...], Places]
    table: pd.DataFrame

    def rows(self, chosen: Places) -> "_Cells":
        """Some of them."""
        units, strata = ({name: own[chosen] for name, own in of.items()} for of in (self.units, self.strata))
        return _Cells(self.place[chosen], units, strata, taken(self.table, chosen))


@dataclass(frozen=True, eq=False)
class _Laid:
    """Sessions of all measures with each of their lots, in order of measure (its place), clinic, lot, injector and id.

    Each one's row in `cells`, and numbers of its patient and month. `hit` is 1 where it was affected, else 0.
    """

    cell: Places
    patient: Places
    month: Places
    hit: Floats
    months: list[str]
    cells: _Cells


@once
def _laid(counted: Clinics, measures: tuple[Measure, ...]) -> _Laid:
    table, session, lot = units(counted, "sessions"), of_lines(counted), coded(counted.treatment_lines["lot"])
    there = np.flatnonzero((session >= 0) & (lot.codes >= 0))
    pairs = pd.unique(unit_rows(counted, "sessions")[session[there]] * max(len(lot.values), 1) + lot.codes[there])
    row, code = pairs // max(len(lot.values), 1), (pairs % max(len(lot.values), 1)).astype(np.int32)
    known = {name: coded(table[name]) for name in (*_CELL, "month", "patient") if name != "lot"}
    columns = {name: Coded(of.codes[row], of.values) for name, of in known.items()} | {"lot": Coded(code, lot.values)}
    group = pd.factorize(combined([columns[name] for name in (*_CELL, "month")], len(row)))[0]
    first = firsts(group)
    names = pd.DataFrame(
        {name: Coded(of.codes[first], of.values).column(pd.RangeIndex(len(first))) for name, of in columns.items()}
    )
    covered = in_covered(counted, names)[group]
    kinds = names[_CELL]
    number = groups(kinds, _CELL)
    cell, kinds = number[group], kinds.take(firsts(number)).reset_index(drop=True)
    order = np.argsort(places(kinds, ["clinic", "lot", "injector"])[cell], kind="stable")
    order = order[covered[order]]
    at, hit = [], []
    for measure in measures:
        risk, affected = marks(counted, replace(measure, unit="sessions"))
        at.append(order[risk[row[order]]])
        hit.append(affected[row[at[-1]]])
    every = np.concatenate(at) if at else order[:0]
    place = np.repeat(np.arange(len(at)), [len(own) for own in at])
    return _Laid(
        place * len(kinds) + cell[every], columns["patient"].codes[every], columns["month"].codes[every],
        np.concatenate(hit).astype(np.float64) if hit else np.zeros(0), list(columns["month"].values), _cells(kinds, len(measures)),
    )  # fmt: skip


def _cells(kinds: pd.DataFrame, measures: int) -> _Cells:
    """The cells of each of so many measures: `kinds`, as many times over."""
    n = len(kinds)
    place, kind = np.repeat(np.arange(measures), n), np.tile(np.arange(n), measures)
    columns = {name: coded(kinds[name]) for name in _CELL}

    def numbered(numbers: Places) -> Places:
        return (place * (int(numbers.max(initial=0)) + 1) + numbers[kind]).astype(np.intp)

    strata = [(*rung, *unit) for rungs, own in _LADDERS for rung in rungs for unit in ((), (own,))]
    return _Cells(
        place, {unit: numbered(_dense(places(kinds, ["clinic", *unit]))) for unit in _UNITS},
        {names: numbered(_dense(combined([columns[name] for name in ("clinic", *names)], n))) for names in strata},
        taken(kinds[["clinic", "lot", "injector"]], kind).assign(place=place),
    )  # fmt: skip


def _dense(numbers: Places) -> Places:
    """The same order in numbers without gaps."""
    return np.unique(numbers, return_inverse=True)[1]


@dataclass(frozen=True, eq=False)
class _Chosen:
    """The sessions of some months: each one's cell (a row of `cells`, of which all hold some), patient and hit."""

    cell: Places
    patient: Places
    hit: Floats
    cells: _Cells

    def per_cell(self, weights: Floats | None = None) -> Floats:
        """Sessions of each cell, or the sum of their weights."""
        return np.bincount(self.cell, weights, len(self.cells.place)).astype(np.float64)


def _chosen(laid: _Laid, rows: Places) -> _Chosen:
    cell = laid.cell[rows]
    held = np.flatnonzero(np.bincount(cell, minlength=len(laid.cells.place)))
    number = np.zeros(len(laid.cells.place), dtype=np.intp)
    number[held] = np.arange(len(held))
    return _Chosen(number[cell], laid.patient[rows], laid.hit[rows], laid.cells.rows(held))


def _of_all(rows: _Chosen, measures: Sequence[Measure], level: float) -> pd.DataFrame:
    """The tables of all measures (by their `place`) and clinics, worked out together: lots, injectors, then lot × injector of each."""
    fewest = [
        np.array([getattr(measure, name) for measure in measures])[rows.cells.place]
        for name in ("rung_sessions", "rung_events")
    ]
    sizes, hits = rows.per_cell(), rows.per_cell(rows.hit)
    risks = {unit: others_risk(rows.cells, sizes, hits, unit, ladder, fewest) for ladder, unit in _LADDERS}
    kinds = [
        _margin(rows, ("lot",), risks, level).assign(injector=ALL),
        _margin(rows, ("injector",), risks, level).assign(lot=ALL),
        _sums(rows.cells, sizes, hits, ("lot", "injector"), risks)[0],
    ]
    table = pd.concat([kind.assign(kind=n) for n, kind in enumerate(kinds)], ignore_index=True)
    table = table.sort_values([*_TABLE, "kind"], kind="stable", ignore_index=True)
    named = {
        name: [getattr(measures[at], of) for at in table["place"]]
        for name, of in (("measure", "id"), ("label", "label"))
    }
    return table.assign(**named).reindex(columns=COLUMNS)


def others_risk(
    cells: _Cells,
    sizes: Floats,
    hits: Floats,
    unit: str,
    ladder: Sequence[Sequence[str]],
    fewest: Sequence[npt.NDArray],
) -> tuple[Floats, Floats]:
    """Risk of each cell's stratum outside its own `unit`, on the first rung that holds, and the cases it rests on.

    Both missing where no rung has the `fewest` sessions and events (of each cell's measure) outside the unit.
    """
    risk, known = np.full(len(sizes), np.nan), np.full(len(sizes), np.nan)
    for rung in ladder:
        all_, own = (
            (np.bincount(group, sizes)[group], np.bincount(group, hits)[group])
            for group in (cells.strata[tuple(rung)], cells.strata[(*rung, unit)])
        )
        sessions, cases = all_[0] - own[0], all_[1] - own[1]
        holds = np.isnan(risk) & (sessions >= fewest[0]) & (cases >= fewest[1])
        risk[holds], known[holds] = cases[holds] / sessions[holds], cases[holds]
    return risk, known


def _sums(
    cells: _Cells, sizes: Floats, hits: Floats, unit: tuple[str, ...], risks: Mapping[str, tuple[Floats, Floats]]
) -> tuple[pd.DataFrame, Places]:  # fmt: skip
    """A row for each unit in order, and each cell's row in it."""
    _, first, number = np.unique(cells.units[unit], return_index=True, return_inverse=True)
    expected = pd.DataFrame({kind: sizes * risk for kind, (risk, _) in risks.items()}).groupby(number).sum(min_count=1)
    table = cells.table[[*_TABLE, *unit]].take(first).reset_index(drop=True)
    counts = (np.bincount(number, own, len(table)) for own in (sizes, hits))
    return table.assign(
        **dict(zip(("sessions", "observed"), counts, strict=True)),
        expected_lot=expected["lot"], expected_injector=expected["injector"],
    ), number  # fmt: skip


def _margin(
    rows: _Chosen, unit: tuple[str], risks: Mapping[str, tuple[Floats, Floats]], level: float
) -> pd.DataFrame:  # fmt: skip
    sizes, hits = rows.per_cell(), rows.per_cell(rows.hit)
    table, number = _sums(rows.cells, sizes, hits, unit, risks)
    risk, cases = risks[unit[0]]
    judged = ~np.isnan(risk)
    weights = sizes * judged
    count, seen = (np.bincount(number, own * judged, len(table)) for own in (sizes, hits))
    mean = np.bincount(number, weights * np.nan_to_num(cases), len(table))
    reference = np.divide(mean, count, out=np.full(len(table), np.nan), where=count > 0)
    expected = table[f"expected_{unit[0]}"]
    alone, few = expected.isna(), expected < FEWEST_EXPECTED
    own = np.flatnonzero(judged[rows.cell])
    cell = rows.cell[own]
    effect = design_effect(number[cell], rows.patient[own], rows.hit[own], risk[cell]).reindex(table.index).fillna(1.0)
    expected = expected.mask(alone | few)
    lower, upper = ratio_limits(np.where(alone, np.nan, seen), expected, reference, effect, level=level)
    reason = pd.Series("", index=table.index, dtype="str").mask(few, CASE_REVIEW).mask(alone, NO_COMPARATOR)
    return table.assign(
        judged=count, observed_judged=seen,
        ratio=seen / expected, lower=lower, upper=upper, reason=reason.replace("", None),
        method=pd.Series("exact_ratio", index=table.index, dtype="str").where(expected.notna()),
    )  # fmt: skip
