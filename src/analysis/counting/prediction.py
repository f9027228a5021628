"""What would be usual next month or of one injector among alike ones, and whether a doubled rate would have been noticed."""

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.counting.inversion import Floats


def usual_range(events: int, sessions: int, *, next_sessions: int, level: float = 0.95) -> tuple[int, int] | None:
    """Prediction range of the number of affected sessions among `next_sessions`, after `events` of `sessions`.

    Beta-binomial with Jeffreys' prior (Beta(1/2, 1/2)): allows for chance in the past counts and in the next. Equal tails of
    `level`. Missing when either number of sessions is 0. Source: Krishnamoorthy and Peng (2011), J Stat Plan Inference 141.
    """
    if sessions <= 0 or next_sessions <= 0:
        return None
    spread = stats.betabinom(next_sessions, events + 0.5, sessions - events + 0.5)
    tail = (1 - level) / 2
    return int(spread.ppf(tail)), int(spread.ppf(1 - tail))


def chance_noticed(upper: int, *, sessions: int, rate: float, ratio: float) -> float:
    """Chance that a month of `sessions` at `ratio` times `rate` has more affected sessions than `upper` (binomial)."""
    return float(stats.binom.sf(upper, sessions, min(1.0, rate * ratio)))


def expected_spread(
    expected: npt.ArrayLike, reference: npt.ArrayLike, effect: npt.ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Where observed / expected would lie by chance alone if everybody were alike, the expectation resting on `reference` cases.

    Quantiles of `_next_count`, over the expectation. With a large reference and effect 1 these are quantiles of a Poisson count.
    No unit; missing where the expectation or the reference is 0 or missing.
    """
    mean, size, share = _known(expected, reference, effect)
    lower, upper = (_next_count(mean, size, share).ppf(tail) * share for tail in ((1 - level) / 2, (1 + level) / 2))
    return np.asarray(lower / mean), np.asarray(upper / mean)


def chance_of_so_few(
    observed: npt.ArrayLike, expected: npt.ArrayLike, reference: npt.ArrayLike, effect: npt.ArrayLike
) -> Floats:
    """Chance of the observed count or fewer by chance alone, the expectation resting on `reference` cases (0-1; else missing)."""
    mean, size, share = _known(expected, reference, effect)
    return np.asarray(_next_count(mean, size, share).cdf(np.asarray(observed, dtype=np.float64) / share))


def _next_count(mean: Floats, size: Floats, share: Floats) -> "stats.distributions.rv_frozen":
    """A count about `mean` that `size` cases lead to expect: negative binomial, both divided by the design effect.

    Poisson about a rate of which only `size` Poisson cases are known (Gamma(size + 1/2)), as `lag.still_to_come`.
    """
    return stats.nbinom(size / share + 0.5, 1 / (1 + mean / size))


def _known(*values: npt.ArrayLike) -> list[Floats]:
    mean, size, share = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    there = (mean > 0) & (size > 0)
    return [np.where(there, array, np.nan) for array in (mean, size, share)]
