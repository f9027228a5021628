"""Interval estimates for counts: proportions, rates, rate ratios and risk differences.

Arguments may be numbers, arrays or columns; they are broadcast against each other and the answers are NumPy arrays of
the common shape. Proportions and rates are fractions (0-1, or events per unit of exposure), never percentages. `level`
is the two-sided confidence level. A missing argument, or a denominator of zero, gives a missing (NaN) answer in its
place; a negative number, or more events than cases, is an error.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.counting.inversion import Floats, mid_p_count, mid_p_proportion, score_difference

ProportionMethod = Literal["clopper_pearson", "wilson", "mid_p", "jeffreys"]
RateMethod = Literal["garwood", "mid_p", "byar"]
RatioMethod = Literal["exact", "mid_p"]
DifferenceMethod = Literal["newcombe", "miettinen_nurminen"]

_STATSMODELS_NAME = {"clopper_pearson": "beta", "wilson": "wilson", "jeffreys": "jeffreys"}


def proportion_interval(
    events: npt.ArrayLike, n: npt.ArrayLike, *, level: float = 0.95, method: ProportionMethod = "clopper_pearson"
) -> tuple[Floats, Floats]:
    """Lower and upper limit of a proportion events / n.

    - `clopper_pearson`: the proportions at which a one-sided exact binomial test at (1 - level) / 2 just does not
      reject. Covers at least `level` for every true proportion. Clopper and Pearson (1934), Biometrika 26:404-413.
    - `wilson`: the proportions whose score test does not reject; mean coverage near `level`, can fall below it at
      proportions near 0. Wilson (1927), J Am Stat Assoc 22:209-212.
    - `mid_p`: Clopper-Pearson with half the probability of the observed count in each tail; mean coverage near `level`.
      Lancaster (1961), J Am Stat Assoc 56:223-234.
    - `jeffreys`: equal tails of Beta(events + 1/2, n - events + 1/2). Brown, Cai and DasGupta (2001), Stat Sci
      16:101-133.

    Units: both limits are fractions. Valid for whole counts with 0 <= events <= n (`mid_p`: missing otherwise). At no
    events the lower limit is exactly 0 and at events = n the upper limit exactly 1, in every method; n = 0 gives
    missing limits; events > n is an error.
    """
    count, size = _checked(level, events=events, n=n)
    if np.any(count > size):
        raise ValueError("events must not be larger than n")
    size = np.where(size > 0, size, np.nan)
    if method == "mid_p":
        return mid_p_proportion(count, size, (1 - level) / 2)
    if method not in _STATSMODELS_NAME:
        raise ValueError(f"unknown method {method!r}; use clopper_pearson, wilson, mid_p or jeffreys")
    from statsmodels.stats.proportion import proportion_confint  # late: a page is shown without it

    lower, upper = proportion_confint(count, size, alpha=1 - level, method=_STATSMODELS_NAME[method])
    return np.where(count == 0, 0.0 * size, lower), np.where(count == size, 1.0, upper)


def rate_interval(
    events: npt.ArrayLike, exposure: npt.ArrayLike, *, level: float = 0.95, method: RateMethod = "garwood"
) -> tuple[Floats, Floats]:
    """Lower and upper limit of a rate events / exposure, the events being a Poisson count.

    - `garwood`: exact; half of a chi-square quantile with 2 x events (lower) and 2 x events + 2 (upper) degrees of
      freedom, over the exposure. Covers at least `level`. Garwood (1936), Biometrika 28:437-442.
    - `mid_p`: as `garwood`, with half the probability of the observed count in each tail. Cohen and Yang (1994), Stat
      Med 13:2189-2203.
    - `byar`: x (1 - 1 / 9x - z / 3 sqrt(x))^3 with x = events for the lower and events + 1 (and + z) for the upper
      limit. Close to `garwood` from about 5 events. Breslow and Day (1987), IARC Sci Publ 82.

    Units: events per unit of exposure. At no events the lower limit is 0 (`byar`: missing, as it is where the formula
    would be negative), and `mid_p` is missing for a count that is not whole. Zero exposure gives missing limits. With
    an expected count as exposure the limits are those of O/E.
    """
    count, amount = _checked(level, events=events, exposure=exposure)
    amount = np.where(amount > 0, amount, np.nan)
    if method == "garwood":
        from statsmodels.stats.rates import confint_poisson

        lower, upper = confint_poisson(count, 1.0, method="exact-c", alpha=1 - level)
        lower = np.where(count > 0, lower, 0.0 * count)
    elif method == "mid_p":
        lower, upper = mid_p_count(count, (1 - level) / 2)
    elif method == "byar":
        lower, upper = _byar(count, level)
    else:
        raise ValueError(f"unknown method {method!r}; use garwood, mid_p or byar")
    return np.asarray(lower / amount), np.asarray(upper / amount)


def rate_ratio(
    events1: npt.ArrayLike,
    exposure1: npt.ArrayLike,
    events2: npt.ArrayLike,
    exposure2: npt.ArrayLike,
    *,
    level: float = 0.95,
    method: RatioMethod = "exact",
) -> tuple[Floats, Floats, Floats]:
    """Ratio of two rates, (events1 / exposure1) / (events2 / exposure2), with lower and upper limit.

    Given the total, events1 is binomial with share p; the Clopper-Pearson (`exact`) or mid-p (`mid_p`) limits of p
    become limits of the ratio through p / (1 - p) x exposure2 / exposure1. `exact` covers at least `level`.
    Przyborowski and Wilenski (1940), Biometrika 31:313-323; Fay (2010), R J 2:53-58.

    A ratio has no unit. No events in group 1: estimate and lower limit 0. No events in group 2 only: the estimate and
    the upper limit are infinite, that is to say the data set no upper limit (print it so, not as a number). No events
    at all, or an exposure of zero: all three missing.
    """
    count1, amount1, count2, amount2 = _checked(
        level, events1=events1, exposure1=exposure1, events2=events2, exposure2=exposure2
    )
    if method not in ("exact", "mid_p"):
        raise ValueError(f"unknown method {method!r}; use exact or mid_p")
    total = count1 + count2
    known = (total > 0) & (amount1 > 0) & (amount2 > 0)
    scale = np.where(known, amount2, np.nan) / np.where(known, amount1, np.nan)
    share = proportion_interval(count1, total, level=level, method="clopper_pearson" if method == "exact" else "mid_p")
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = count1 / count2 * scale
        lower, upper = (limit / (1 - limit) * scale for limit in share)
    return np.asarray(estimate), np.asarray(lower), np.asarray(upper)


def risk_difference(
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    *,
    level: float = 0.95,
    method: DifferenceMethod = "newcombe",
) -> tuple[Floats, Floats, Floats]:
    """Difference of two independent proportions, events1 / n1 - events2 / n2, with lower and upper limit.

    - `newcombe`: the distances from each proportion to its Wilson limits, joined by Pythagoras. Newcombe (1998), Stat
      Med 17:873-890, method 10.
    - `miettinen_nurminen`: the differences a score test (with its N / (N - 1) correction) does not reject. Miettinen
      and Nurminen (1985), Stat Med 4:213-226.

    Units: a difference of fractions, from -1 to 1. Both are approximate with mean coverage near `level`. Two zeros give
    an estimate of 0 with limits on both sides; n = 0 in either group gives missing values; events > n is an error.
    """
    count1, size1, count2, size2 = _checked(level, events1=events1, n1=n1, events2=events2, n2=n2)
    if np.any(count1 > size1) or np.any(count2 > size2):
        raise ValueError("events must not be larger than n")
    known = (size1 > 0) & (size2 > 0)
    size1, size2 = np.where(known, size1, np.nan), np.where(known, size2, np.nan)
    p1, p2 = count1 / size1, count2 / size2
    if method == "miettinen_nurminen":
        lower, upper = score_difference(count1, size1, count2, size2, float(stats.norm.isf((1 - level) / 2)))
    elif method == "newcombe":
        lower1, upper1 = proportion_interval(count1, size1, level=level, method="wilson")
        lower2, upper2 = proportion_interval(count2, size2, level=level, method="wilson")
        lower = p1 - p2 - np.hypot(p1 - lower1, upper2 - p2)
        upper = p1 - p2 + np.hypot(upper1 - p1, p2 - lower2)
    else:
        raise ValueError(f"unknown method {method!r}; use newcombe or miettinen_nurminen")
    return np.asarray(p1 - p2), np.asarray(lower), np.asarray(upper)


def _byar(count: Floats, level: float) -> tuple[Floats, Floats]:
    z = stats.norm.isf((1 - level) / 2)
    some, more = np.where(count > 0, count, np.nan), count + 1
    root = 1 - 1 / (9 * some) - z / (3 * np.sqrt(some))
    lower = some * np.where(root >= 0, root, np.nan) ** 3
    return lower, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def _checked(level: float, **numbers: npt.ArrayLike) -> list[Floats]:
    """The arguments as float arrays of one shape, after checking that none is negative or infinite."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    arrays = [np.asarray(values, dtype=np.float64) for values in numbers.values()]
    for name, values in zip(numbers, arrays, strict=True):
        if np.any(values < 0) or np.any(np.isinf(values)):
            raise ValueError(f"{name} must be 0 or a positive finite number")
    return [np.array(values) for values in np.broadcast_arrays(*arrays)]
