"""Injectors of one month's page: observed and expected over the closed months, what chance would spread and, where allowed, shrinkage."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.counting.casemix import observed_expected
from analysis.counting.followup import completeness
from analysis.counting.prediction import chance_of_so_few, expected_spread
from analysis.counting.shrinkage import gamma_poisson
from analysis.counting.summaries import with_codes
from analysis.measures import POOLED, Measure
from analysis.monitoring.funnel import MINIMUM_UNITS, funnel, limits
from analysis.pipeline.selection import Selection

_WHO = ["measure", "label", "clinic", "code", "name", "observed", "expected"]
_SPREAD = ["lower95", "upper95"]
_SHRUNKEN = {
    "shrunken": "shrunken",
    "lower": "shrunken_lower",
    "upper": "shrunken_upper",
    "prob_above_1_5": "prob_above_1_5",
}


def injector_frames(
    chosen: Selection, measures: Mapping[str, Measure], window: Sequence[str], *, names: bool
) -> dict[str, pd.DataFrame]:
    """`oe_by_injector` (measure × injector code), its funnel and `followup_by_injector`, of the closed months in `window`."""
    counted = chosen.counted()
    compared = {name: measure for name, measure in measures.items() if measure.compared}
    table = observed_expected(counted, compared, months=window)
    table = table.merge(
        pd.DataFrame({"measure": list(compared), "label": [m.label for m in compared.values()]}), on="measure"
    )
    injectors = chosen.frames["injectors"]
    asked = completeness(counted, months=window).assign(measure="followup")
    described_table = with_codes(described(table), injectors, names=names)
    units, lines = funnels(described_table)
    return {
        "oe_by_injector": described_table,
        "funnel_by_injector": units,
        "funnel_limits": lines,
        "followup_by_injector": with_codes(asked, injectors, names=names).drop(columns="measure"),
    }


def funnels(oe: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who has a ratio, with the limits of chance at their own expected count, and the lines between the least and the most expected.

    `method` is `exact` (Poisson about the expected count) under 20 units, `additive` from then on; it depends on the number of units
    alone. No word of position: a funnel describes.
    """
    units, lines = [], []
    for measure, own in oe[oe["ratio"].notna()].groupby("measure", sort=False):
        found = funnel(own[_WHO])
        tau2 = float(found.attrs["tau2"]) if found.attrs["overdispersion"] == "additive" else None
        method = "exact" if tau2 is None else "additive"
        units.append(found.drop(columns="position").assign(method=method))
        grid = np.geomspace(max(1.0, 0.8 * own["expected"].min()), 1.25 * own["expected"].max(), 40)
        lines.append(limits(grid, tau2=tau2).assign(measure=str(measure), method=method))
    shape = funnel(oe.iloc[:0][_WHO]).drop(columns="position").assign(method=pd.Series(dtype="str"))
    empty_lines = limits([]).assign(measure=pd.Series(dtype="str"), method=pd.Series(dtype="str"))
    return pd.concat(units or [shape], ignore_index=True), pd.concat(lines or [empty_lines], ignore_index=True)


def described(table: pd.DataFrame) -> pd.DataFrame:
    """Add the expected spread, shrinkage from 20 units on, and the chance of so few for pooled reactions.

    All three only for rows with a ratio; nothing here is a signal. `lower95` and `upper95` are what chance alone would spread, in
    the injector's count and in those of the colleagues the expectation comes from; from 20 units on the funnel's, whose variance
    between units holds the latter.
    """
    parts = [_of_measure(own) for _, own in table.groupby("measure", sort=False)]
    columns = [*table.columns, *_SPREAD, *_SHRUNKEN.values(), "so_few"]
    return pd.concat(parts, ignore_index=True) if parts else table.reindex(columns=columns)


def _of_measure(own: pd.DataFrame) -> pd.DataFrame:
    shown = own["ratio"].notna()
    units = own[shown]
    spread = _spread(units).reindex(own.index)
    found = own.assign(**{column: spread[column] for column in _SPREAD})
    shrunk = pd.DataFrame(np.nan, index=own.index, columns=list(_SHRUNKEN))
    if len(units) >= MINIMUM_UNITS:
        shrunk = gamma_poisson(units["observed"], units["expected"]).reindex(own.index)
    found = found.assign(**{name: shrunk[column] for column, name in _SHRUNKEN.items()})
    pooled = own["expected"].where(shown & (own["measure"] == POOLED))
    return found.assign(so_few=chance_of_so_few(own["observed"], pooled, own["reference_events"], own["design_effect"]))


def _spread(units: pd.DataFrame) -> pd.DataFrame:
    if len(units) >= MINIMUM_UNITS:
        return funnel(units, overdispersion="additive")[_SPREAD]
    known = (units["expected"], units["reference_events"], units["design_effect"])
    return pd.DataFrame(dict(zip(_SPREAD, expected_spread(*known), strict=True)), index=units.index)
