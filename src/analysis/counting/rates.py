"""Counts to rates: never a bare rate, always numerator, denominator, per, limits and method together."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.clinics import marked
from analysis.counting.intervals import proportion_interval
from analysis.measures import Measure
from analysis.periods import is_provisional
from analysis.schemas.order import firsts, groups, looked_up, ranks

PER = 1000
_FEW = 10
BLOCK = [
    "numerator", "denominator", "rate", "lower", "upper", "per", "method", "linked_only", "if_unlinked_counted", "provisional",
    "basis", "reason",
]  # fmt: skip


def rates(
    grid: pd.DataFrame, measures: Mapping[str, Measure], *, by: list[str], data_cut: date | None = None
) -> pd.DataFrame:
    """Rates per session for each measure and value of `by`, from the counts of `exposure.grid`.

    Only clinic-months whose two logs were received are counted. The rate is affected sessions ÷ sessions (0–1) with two-sided
    95 % limits by the measure's rule: Clopper–Pearson when events or non-events are under 10, else Wilson (or always the former).
    A zero or missing denominator keeps its row with a missing rate and the `reason`. `if_unlinked_counted` adds counted episodes
    that no session was found for. With `data_cut` and a month among `by`, `provisional` says that events may still arrive.
    """
    keys = ["measure", *by]
    sums = _sums(grid, keys)
    exact = sums["measure"].map({m.id: m.interval == "clopper_pearson" for m in measures.values()})
    table = pd.concat([sums, _estimates(sums, np.asarray(exact, dtype=bool))], axis=1).assign(per=PER)
    table["reason"] = _reasons(table)
    table = table.rename(columns={"affected": "numerator", "sessions": "denominator"})
    table["provisional"] = _provisional(table, measures, data_cut)
    table["label"] = table["measure"].map({m.id: m.label for m in measures.values()})
    for column in ("numerator", "denominator"):
        table[column] = table[column].astype("Int64")
    order = looked_up(table["measure"], {name: n for n, name in enumerate(measures)}, len(measures))
    rows = np.lexsort([*(ranks(table[column]) for column in reversed(by)), order])
    return table[["measure", "label", *by, *BLOCK]].take(rows).reset_index(drop=True)


def _sums(grid: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """`keys`, sessions, affected and unlinked of covered months (missing where none is) and the basis they rest on."""
    group = groups(grid, keys)
    table = grid[keys].take(firsts(group)).reset_index(drop=True).infer_objects()
    covered, count = grid["covered"].to_numpy(dtype=bool), len(table)
    used, basis = group[covered], grid["basis"].to_numpy(dtype=object)[covered]
    there = np.bincount(used, minlength=count) > 0
    for column in ("sessions", "affected", "unlinked"):
        sums = np.bincount(used, grid[column].to_numpy(dtype=np.float64)[covered], count)
        table[column] = np.where(there, sums, np.nan)
    session, total = (marked(used[basis == kind], count).astype(np.intp) for kind in ("session", "total"))
    words = pd.Series(["session", "session", "total", "session+total"], dtype="str")
    return table.assign(basis=words.take(session + 2 * total).array)


def _estimates(sums: pd.DataFrame, exact: npt.NDArray[np.bool_]) -> pd.DataFrame:
    n = sums["sessions"].to_numpy(dtype=float)
    n = np.where(n > 0, n, np.nan)
    # a session may have several measures but counts once for each, so affected never exceeds sessions where both are linked;
    # where numerators come from entries without sessions they can, and then there is no proportion to estimate
    k = np.where(sums["affected"].to_numpy(dtype=float) <= n, sums["affected"].to_numpy(dtype=float), np.nan)
    few = (k < _FEW) | (n - k < _FEW) | exact
    exact_low, exact_high = proportion_interval(k, n, method="clopper_pearson")
    wilson_low, wilson_high = proportion_interval(k, n, method="wilson")
    method = pd.Series(np.where(few, "clopper_pearson", "wilson"), index=sums.index, dtype="str").mask(np.isnan(k))
    return pd.DataFrame(
        {
            "rate": k / n, "lower": np.where(few, exact_low, wilson_low), "upper": np.where(few, exact_high, wilson_high),
            "method": method, "linked_only": k / n,
            "if_unlinked_counted": (k + sums["unlinked"].to_numpy(dtype=float)) / n,
        },
        index=sums.index,
    )  # fmt: skip


def _reasons(table: pd.DataFrame) -> pd.Series:
    unknown = table["sessions"].isna()
    none = table["sessions"] == 0
    odd = table["rate"].isna() & ~unknown & ~none
    reason = np.select(
        [unknown, none, odd], ["logs not received", "no sessions", "more entries than sessions"], default=""
    )
    return pd.Series(reason, index=table.index, dtype="str").replace("", None)


def _provisional(table: pd.DataFrame, measures: Mapping[str, Measure], data_cut: date | None) -> pd.Series:
    if data_cut is None or "month" not in table:
        return pd.Series(False, index=table.index)
    open_months = [
        is_provisional(month, follow_up_days=measures[measure].follow_up_days, data_cut=data_cut)
        for measure, month in zip(table["measure"], table["month"], strict=True)
    ]
    return pd.Series(open_months, index=table.index, dtype=bool)
