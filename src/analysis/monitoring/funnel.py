"""Funnel: how far units spread about their expected counts, and how far chance alone would spread them.

A description, not a signal: about one unit in twenty lies outside the 95 % lines when all are alike.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.monitoring.points import Floats

Overdispersion = Literal["auto", "none", "additive"]

MINIMUM_EXPECTED = 5.0
"""Below this expected count a unit has no position: its cases are reviewed one by one."""
MINIMUM_UNITS = 20
"""Below this number of units the spread cannot be told from one remarkable unit, so none is estimated on its own."""


def funnel(
    frame: pd.DataFrame,
    *,
    observed: str = "observed",
    expected: str = "expected",
    winsorise: float = 0.1,
    overdispersion: Overdispersion = "auto",
) -> pd.DataFrame:
    """Observed / expected of every unit with 95 % and 99.8 % limits about 1 at its own expected count.

    - `none`: quantiles of a Poisson count with mean E, made continuous: (r - (F(r) - p) / f(r)) / E with r the first
      count whose F(r) is above p, not below 0. Spiegelhalter (2005), Stat Med 24:1185-1202.
    - `additive`: (1 -+ z sqrt(1 / 4E + tau2))^2, the bracket not below 0; see `spread` for tau2 and `winsorise`.
      Spiegelhalter (2005), Qual Saf Health Care 14:347-351.
    - `auto`: `additive` from 20 units on, `none` below. It depends on the number of units, never on their results.

    Returns the frame with `ratio, lower95, upper95, lower998, upper998, position` (`high998 high95 inside low95 low998
    too_few`) set; every row stays. A unit with expected below 5, or missing, is `too_few`, which is not `inside`; with
    expected 0 its numbers are missing. `.attrs`: `phi`, the mean squared winsorised deviation (1 under chance alone);
    `tau2`, the variance added to the limits (0 under `none`); `overdispersion`, the choice that was applied. Ratios and
    limits have no unit. `expected` must not have been fitted so that the unit is its own standard (leave it out).
    """
    if overdispersion not in ("auto", "none", "additive"):
        raise ValueError(f"unknown overdispersion {overdispersion!r}; use auto, none or additive")
    count = frame[observed].to_numpy(dtype=np.float64, na_value=np.nan)
    mean = frame[expected].to_numpy(dtype=np.float64, na_value=np.nan)
    if np.any(count < 0) or np.any(mean < 0):
        raise ValueError(f"{observed} and {expected} must not be negative")
    mean = np.where((mean > 0) & np.isfinite(mean), mean, np.nan)
    usable = ~np.isnan(count) & ~np.isnan(mean)
    additive = overdispersion == "additive" or (overdispersion == "auto" and usable.sum() >= MINIMUM_UNITS)
    phi, tau2 = spread(count[usable], mean[usable], winsorise=winsorise)
    result = frame.assign(ratio=count / mean)
    for name, level in (("95", 0.95), ("998", 0.998)):
        lower, upper = _additive_limits(mean, level, tau2) if additive else _exact_limits(mean, level)
        result[f"lower{name}"], result[f"upper{name}"] = lower, upper
    result["position"] = _position(result, mean)
    applied = "additive" if additive else "none"
    result.attrs = {**frame.attrs, "phi": phi, "tau2": tau2 if additive else 0.0, "overdispersion": applied}
    return result


def limits(expected: npt.ArrayLike, *, tau2: float | None = None) -> pd.DataFrame:
    """The lines of a funnel at any expected counts: `expected, lower95, upper95, lower998, upper998`; exact, or additive with `tau2`.

    Same formulas as `funnel`; missing where the expected count is not positive.
    """
    mean = np.asarray(expected, dtype=np.float64)
    mean = np.where((mean > 0) & np.isfinite(mean), mean, np.nan)
    table = pd.DataFrame({"expected": mean})
    for name, level in (("95", 0.95), ("998", 0.998)):
        found = _exact_limits(mean, level) if tau2 is None else _additive_limits(mean, level, tau2)
        table[f"lower{name}"], table[f"upper{name}"] = found
    return table


def spread(count: Floats, mean: Floats, *, winsorise: float = 0.1) -> tuple[float, float]:
    """How much more than chance the units spread: `phi` and the between-unit variance `tau2` on the square-root scale.

    z = (sqrt(O / E) - 1) x 2 sqrt(E); z outside its quantiles at `winsorise` and 1 - `winsorise` is drawn in to them;
    phi = mean of z squared. tau2 = (k phi - (k - 1)) / (W - sum of w squared / W) with k units, w = 4E and W their sum;
    0 when phi is no more than chance makes it. No unit: phi is missing and tau2 0; one unit: tau2 is 0. It needs 20
    units or more: with few, it takes in the very unit one looks for. DerSimonian and Laird (1986), Control Clin Trials
    7:177-188, with 1 as the mean; Spiegelhalter (2005), Qual Saf Health Care 14:347-351.
    """
    if not 0 <= winsorise < 0.5:
        raise ValueError(f"winsorise must lie between 0 and 0.5, not {winsorise}")
    units = len(count)
    if units == 0:
        return np.nan, 0.0
    z = (np.sqrt(count / mean) - 1) * 2 * np.sqrt(mean)
    z = np.clip(z, *np.quantile(z, [winsorise, 1 - winsorise]))
    phi = float((z**2).mean())
    weight = 4 * mean
    if units == 1 or units * phi <= units - 1:
        return phi, 0.0
    return phi, float((units * phi - (units - 1)) / (weight.sum() - (weight**2).sum() / weight.sum()))


def probability_of_so_few(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """Chance of the observed count or fewer when the expected count is right (lower tail of a Poisson distribution).

    For pooled reactions only: a small value is a question about reporting. Unit: a probability, 0-1. Expected 0 or a
    missing value gives a missing answer.
    """
    count, mean = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return np.asarray(stats.poisson.cdf(count, np.where(mean > 0, mean, np.nan)))


def _additive_limits(mean: Floats, level: float, tau2: float) -> tuple[Floats, Floats]:
    reach = stats.norm.isf((1 - level) / 2) * np.sqrt(1 / (4 * mean) + tau2)
    return np.maximum(1 - reach, 0) ** 2, (1 + reach) ** 2


def _exact_limits(mean: Floats, level: float) -> tuple[Floats, Floats]:
    lower, upper = (_interpolated_quantile(mean, p) for p in ((1 - level) / 2, (1 + level) / 2))
    return np.maximum(lower, 0) / mean, np.maximum(upper, 0) / mean


def _interpolated_quantile(mean: Floats, p: float) -> Floats:
    """The Poisson quantile of p, drawn back from the first count r with F(r) above p by (F(r) - p) / f(r)."""
    first = stats.poisson.ppf(p, mean)
    first = np.where(stats.poisson.cdf(first, mean) > p, first, first + 1)
    above = stats.poisson.cdf(first, mean) - p
    return np.asarray(first - above / stats.poisson.pmf(first, mean))


def _position(limits: pd.DataFrame, mean: Floats) -> pd.Series:
    ratio = limits["ratio"]
    enough = (mean >= MINIMUM_EXPECTED) & ratio.notna()
    cases = [
        (~enough, "too_few"),
        (ratio > limits["upper998"], "high998"),
        (ratio < limits["lower998"], "low998"),
        (ratio > limits["upper95"], "high95"),
        (ratio < limits["lower95"], "low95"),
    ]
    words = np.select([test for test, _ in cases], [word for _, word in cases], default="inside")
    return pd.Series(words, index=limits.index, dtype="str")
