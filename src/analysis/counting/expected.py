"""A frozen expectation: what each clinic's own baseline months say a case mix would have counted, month by month."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.columnar.coded import coded
from analysis.counting.cells import cells
from analysis.counting.clinics import AsKnown, Clinics, parts
from analysis.counting.courses import CELL
from analysis.counting.covered import covered_of
from analysis.measures import Measure
from analysis.schemas.order import firsts, groups, positions, ranks

TABLE = ["measure", "clinic", "asked", "level", "area_group", "treatment_type", "sessions", "events", "risk"]
APPLIED = ["measure", "clinic", "injector", "month", "sessions", "observed", "expected", "without_comparator"]
ALL = "all"
"""Stands in a stratum's column that a coarser rung of the ladder no longer looks at."""
_STRATA = ["area_group", "treatment_type"]


def expected_table(
    counted: Clinics | AsKnown, measures: Mapping[str, Measure], *, months: Iterable[str]
) -> pd.DataFrame:
    """Reference risk per measure × clinic × stratum over the baseline months, to be frozen and applied to later months.

    Every rung of the measure's ladder that holds has a row: `level` 1 is the finest; `sessions` (courses, where the measure
    counts these) and `events` are its evidence, `risk` their ratio (0-1). A rung holds with `rung_sessions` sessions and
    `rung_events` events. `asked` splits measures that depend on asking; elsewhere it is False. A measure compared within the
    group has clinic 'all'. A clinic without any row has no expectation yet.
    """
    chosen = frozenset(months)
    found = []
    for measure, own in _each(counted, measures):
        own = own[own["month"].isin(chosen)]
        if measure.comparator == "group":
            own = own.assign(clinic=ALL)
        for level, rung in enumerate(measure.ladder, start=1):
            keys = ["clinic", "asked", *rung]
            sums = own.groupby(keys)[["sessions", "observed"]].sum().reset_index()
            sums = sums.rename(columns={"observed": "events"})
            holds = (sums["sessions"] >= measure.rung_sessions) & (sums["events"] >= measure.rung_events)
            kept = sums[holds].assign(measure=measure.id, level=level)
            found.append(kept.assign(**{column: ALL for column in _STRATA if column not in rung}))
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=TABLE)
    table = table.assign(risk=table["events"] / table["sessions"])[TABLE]
    kinds = dict.fromkeys(("measure", "clinic", *_STRATA), "str") | dict.fromkeys(
        ("level", "sessions", "events"), "int64"
    )
    table = table.astype({**kinds, "asked": "bool", "risk": "float64"})
    return table.sort_values(TABLE[:6], ignore_index=True)


def apply_expected(counted: Clinics | AsKnown, table: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Observed and expected of every measure × clinic × injector × covered month, by a frozen table.

    `sessions` (courses, where the measure counts these) that some rung speaks for, `observed` affected ones among them,
    `expected` = sum of sessions × risk of the finest rung that is in the table. Sessions no rung speaks for are counted in
    `without_comparator` and leave `sessions` and `observed` too. A covered month without sessions has zeros.
    """
    found = []
    for measure, own in _each(counted, measures):
        risk = _risk(own, table[table["measure"] == measure.id], measure)
        found.append(own[["clinic", "injector", "month", "sessions", "observed"]].assign(measure=measure.id, risk=risk))
    if not found:
        return pd.DataFrame(columns=APPLIED)
    rows = pd.concat(found, ignore_index=True)
    judged = rows["risk"].notna()
    rows = rows.assign(
        expected=(rows["sessions"] * rows["risk"]).fillna(0.0), without_comparator=rows["sessions"].where(~judged, 0),
        sessions=rows["sessions"].where(judged, 0), observed=rows["observed"].where(judged, 0),
    )  # fmt: skip
    kinds = dict.fromkeys(APPLIED[:4], "str") | dict.fromkeys(("sessions", "observed", "without_comparator"), "int64")
    return _by_month(rows, covered_of(parts(counted).own)).astype(kinds)[APPLIED]


def _each(counted: Clinics | AsKnown, measures: Mapping[str, Measure]) -> Iterable[tuple[Measure, pd.DataFrame]]:
    """Each measure with its cells."""
    return ((measure, cells(counted, measure)) for measure in measures.values())


def _risk(own: pd.DataFrame, table: pd.DataFrame, measure: Measure) -> pd.Series:
    """The risk of the finest rung in the table for each cell; missing where there is none."""
    risk = pd.Series(float("nan"), index=own.index)
    if table.empty:  # still learning
        return risk
    place = own[CELL].assign(clinic=ALL) if measure.comparator == "group" else own[CELL]
    for level, rung in enumerate(measure.ladder, start=1):
        keys = ["clinic", "asked", *rung]
        known = table[table["level"] == level].set_index(keys)["risk"]
        risk = risk.fillna(pd.Series(known.reindex(pd.MultiIndex.from_frame(place[keys])).to_numpy(), index=own.index))
    return risk


def _by_month(rows: pd.DataFrame, there: pd.MultiIndex) -> pd.DataFrame:
    """Sums of every covered month of the clinic for each measure and injector, zeros where nothing was done; measures in their order."""
    keys = APPLIED[:4]
    group = groups(rows, keys)
    heads = rows[keys].take(firsts(group))
    ends = [*firsts(coded(rows["measure"]).codes), len(rows)]
    # a measure at a time: the last bit of a sum hangs on what else is summed beside it
    parts = [rows.iloc[a:b].groupby(group[a:b])[APPLIED[4:]].sum() for a, b in pairwise(ends)]
    sums = pd.concat(parts or [rows[APPLIED[4:]]], ignore_index=True)
    people = heads[keys[:3]].take(firsts(groups(heads, keys[:3])))
    every = people.merge(there.to_frame(index=False), on="clinic")
    measure = coded(every["measure"]).codes  # in order of appearance
    every = every.take(np.lexsort([*(ranks(every[key]) for key in ("month", "injector", "clinic")), measure]))
    place = positions(every, heads, keys)
    counts = {name: np.append(sums[name].to_numpy(), 0)[place] for name in APPLIED[4:]}
    return every.reset_index(drop=True).assign(**counts)
