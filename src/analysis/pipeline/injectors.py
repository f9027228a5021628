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
_STEPS = 40
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
    there = oe[oe["ratio"].notna()]
    by_measure = there.groupby("measure", sort=False)
    few = bool((by_measure.size() < MINIMUM_UNITS).all())  # then no measure's units have a say in another's limits
    units, lines = [], []
    for own in [there] if few else [own for _, own in by_measure]:
        found = funnel(own[_WHO], overdispersion="none" if few else "auto")
        tau2 = float(found.attrs["tau2"]) if found.attrs["overdispersion"] == "additive" else None
        method = "exact" if tau2 is None else "additive"
        found.attrs = {}
        units.append(found.drop(columns="position").assign(method=method))
        lines.append(_lines(own, tau2).assign(method=method))
    return pd.concat(units, ignore_index=True), pd.concat(lines, ignore_index=True)


def _lines(own: pd.DataFrame, tau2: float | None) -> pd.DataFrame:
    """Limits at `_STEPS` expected counts from the least to the most expected of each measure."""
    ends = own.groupby("measure", sort=False)["expected"].agg(["min", "max"])
    grid = [np.geomspace(max(1.0, 0.8 * least), 1.25 * most, _STEPS) for least, most in ends.itertuples(index=False)]
    found = limits(np.concatenate(grid) if grid else [], tau2=tau2)
    return found.assign(measure=pd.Series(np.repeat(ends.index.to_numpy(dtype=object), _STEPS), dtype="str"))


def described(table: pd.DataFrame) -> pd.DataFrame:
    """Add the expected spread, shrinkage from 20 units on, and the chance of so few for pooled reactions.

    All three only for rows with a ratio; nothing here is a signal. `lower95` and `upper95` are what chance alone would spread, in
    the injector's count and in those of the colleagues the expectation comes from; from 20 units on the funnel's, whose variance
    between units holds the latter.
    """
    shown = table["ratio"].notna()
    known = (table[name].where(shown) for name in ("expected", "reference_events", "design_effect"))
    spread = pd.DataFrame(dict(zip(_SPREAD, expected_spread(*known), strict=True)), index=table.index)
    shrunk = pd.DataFrame(np.nan, index=table.index, columns=list(_SHRUNKEN.values()))
    for _, units in table[shown].groupby("measure", sort=False):
        if len(units) >= MINIMUM_UNITS:
            spread.loc[units.index] = funnel(units, overdispersion="additive")[_SPREAD]
            shrunk.loc[units.index] = gamma_poisson(units["observed"], units["expected"])[list(_SHRUNKEN)].to_numpy()
    pooled = table["expected"].where(shown & (table["measure"] == POOLED))
    few = chance_of_so_few(table["observed"], pooled, table["reference_events"], table["design_effect"])
    return pd.concat([table, spread, shrunk], axis=1).assign(so_few=few)
