"""Confidence limits without a closed form: the values a test would just not reject, found by bracketed root search.

Every search runs on all elements at once, starts from a bracket that is known to hold the root, and stops at machine
precision. Elements with a missing argument come back missing.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.optimize import elementwise

Floats = npt.NDArray[np.float64]


def root_between(function: Callable[..., Floats], low: Floats, high: Floats, *args: Floats) -> Floats:
    """Where `function(x, *args)` is zero between `low` and `high`; missing where a bracket or an argument is missing."""
    result = elementwise.find_root(function, (low, high), args=args)
    return np.where(result.success, result.x, np.nan)


def mid_p_proportion(events: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Mid-p limits of a proportion: half the probability of the observed count is left out of each tail.

    Each root lies between the Clopper-Pearson limits of the observed count and of the next one. Lower is 0 at no
    events, upper is 1 when every case is an event. Lancaster (1961), J Am Stat Assoc 56:223-234.
    """

    events, n = _whole(events), _whole(n)

    def above(p: Floats, x: Floats, size: Floats) -> Floats:
        return np.asarray(0.5 * (stats.binom.sf(x - 1, size, p) + stats.binom.sf(x, size, p)) - tail)

    def below(p: Floats, x: Floats, size: Floats) -> Floats:
        return np.asarray(0.5 * (stats.binom.cdf(x - 1, size, p) + stats.binom.cdf(x, size, p)) - tail)

    some, not_all = events > 0, events < n
    lower = root_between(
        above,
        stats.beta.ppf(tail, np.where(some, events, np.nan), n - events + 1),
        np.where(not_all, stats.beta.ppf(tail, events + 1, np.where(not_all, n - events, 1.0)), 1.0),
        events,
        n,
    )
    upper = root_between(
        below,
        np.where(some, stats.beta.isf(tail, np.where(some, events, 1.0), n - events + 1), 0.0),
        stats.beta.isf(tail, events + 1, np.where(not_all, n - events, np.nan)),
        events,
        n,
    )
    return np.where(events == 0, 0.0 * n, lower), np.where(events == n, 1.0, upper)


def mid_p_count(events: Floats, tail: float) -> tuple[Floats, Floats]:
    """Mid-p limits of a Poisson mean, built like `mid_p_proportion`; lower is 0 at no events.

    Each root lies between the Garwood limits of the observed count and of the next one.
    """

    events = _whole(events)

    def above(mean: Floats, x: Floats) -> Floats:
        return np.asarray(0.5 * (stats.poisson.sf(x - 1, mean) + stats.poisson.sf(x, mean)) - tail)

    def below(mean: Floats, x: Floats) -> Floats:
        return np.asarray(0.5 * (stats.poisson.cdf(x - 1, mean) + stats.poisson.cdf(x, mean)) - tail)

    some = events > 0
    positive = np.where(some, events, np.nan)
    lower = root_between(above, stats.gamma.ppf(tail, positive), stats.gamma.ppf(tail, events + 1), events)
    low_bracket = np.where(some, stats.gamma.isf(tail, np.where(some, events, 1.0)), 0.0)
    upper = root_between(below, low_bracket, stats.gamma.isf(tail, events + 1), events)
    return np.where(events == 0, 0.0, lower), upper


def _whole(count: Floats) -> Floats:
    """Half the probability of a count that is not whole means nothing: its limits are missing."""
    return np.where(np.floor(count) == count, count, np.nan)


def score_difference(events1: Floats, n1: Floats, events2: Floats, n2: Floats, z: float) -> tuple[Floats, Floats]:
    """Miettinen-Nurminen limits of p1 - p2: the differences d at which |p1 - p2 - d| is z standard errors.

    The standard error is that of the two proportions fitted under the difference d, times sqrt(N / (N - 1)).
    Miettinen and Nurminen (1985), Stat Med 4:213-226.
    """
    estimate = events1 / n1 - events2 / n2

    def excess(d: Floats, x1: Floats, m1: Floats, x2: Floats, m2: Floats) -> Floats:
        variance = _variance_under_difference(d, x1, m1, x2, m2)
        return np.asarray(np.abs(x1 / m1 - x2 / m2 - d) - z * np.sqrt(variance))

    # At the estimate itself the excess is negative, or zero for two proportions at 0 or 1: step aside of it.
    step = 1e-9 / (n1 + n2)
    below, above = np.where(estimate > -1, estimate - step, np.nan), np.where(estimate < 1, estimate + step, np.nan)
    numbers = (events1, n1, events2, n2)
    lower = root_between(excess, np.full_like(estimate, -1.0), below, *numbers)
    upper = root_between(excess, above, np.full_like(estimate, 1.0), *numbers)
    return np.where(estimate <= -1, -1.0, lower), np.where(estimate >= 1, 1.0, upper)


def _variance_under_difference(d: Floats, events1: Floats, n1: Floats, events2: Floats, n2: Floats) -> Floats:
    """Variance of p1 - p2 at the two proportions of largest likelihood with p1 - p2 = d, times N / (N - 1)."""
    p2 = _fitted_second_proportion(d, events1, n1, events2, n2)
    p1 = np.clip(p2 + d, 0.0, 1.0)
    total = n1 + n2
    return np.asarray((p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1))


def _fitted_second_proportion(d: Floats, events1: Floats, n1: Floats, events2: Floats, n2: Floats) -> Floats:
    """The p2 of largest likelihood given p1 = p2 + d: the middle root of a cubic (its three roots are real)."""
    total, events = n1 + n2, events1 + events2
    quadratic = ((n1 + 2 * n2) * d - total - events) / total
    linear = ((n2 * d - total - 2 * events2) * d + events) / total
    constant = events2 * d * (1 - d) / total
    q = quadratic**3 / 27 - quadratic * linear / 6 + constant / 2
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(quadratic**2 / 9 - linear / 3, 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.where(p == 0, 1.0, np.clip(q / p**3, -1, 1))
    root = 2 * p * np.cos((np.pi + np.arccos(cosine)) / 3) - quadratic / 3
    return np.clip(root, np.maximum(0.0, -d), np.minimum(1.0, 1 - d))
