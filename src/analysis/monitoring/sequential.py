"""Evidence that may be looked at as often as one likes: the gamma-mixture e-process of a Poisson count."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats
from scipy.optimize import elementwise

from analysis.monitoring.points import Floats, aligned


def poisson_eprocess(
    events: npt.ArrayLike, expected: npt.ArrayLike, *, shape: float = 1.0, level: float = 0.95
) -> pd.DataFrame:
    """Running evidence against "the rate is as expected", with limits for observed over expected valid at every look.

    `events` and `expected` are those of each point (month); they are added up here. With c events and E expected so
    far, e = P(c under a Gamma(shape, shape) mixture of ratios) / P(c at ratio 1), and `log_e` is its natural logarithm.
    If the expected counts were fixed beforehand and are right, e ever reaching 1 / (1 - level) has a chance of at most
    1 - level, however often one looks. `ratio_lower` and `ratio_upper` enclose the ratios r whose own e, against r
    instead of 1, is below that bound: together over all looks they hold the true ratio with probability `level` or
    more.

    No events so far: the lower limit is 0. Nothing expected so far: log_e is 0 and the upper limit missing. A point
    with a missing value, or with expected 0 and yet events, is missing and is not added. Expected counts must not come
    from the same data. Ville (1939), Etude critique de la notion de collectif; Robbins (1970), Ann Math Stat
    41:1397-1409; Howard et al. (2021), Ann Stat 49:1055-1080.
    """
    if not (shape > 0 and 0 < level < 1):
        raise ValueError("shape must be positive and level must lie between 0 and 1")
    index, (count, mean) = aligned(events=events, expected=expected)
    known = ~np.isnan(count) & ~np.isnan(mean) & ~((mean == 0) & (count > 0))
    total = np.where(known, np.cumsum(np.where(known, count, 0.0)), np.nan)
    due = np.where(known, np.cumsum(np.where(known, mean, 0.0)), np.nan)
    log_mixture = stats.nbinom.logpmf(total, shape, shape / (shape + due))
    lower, upper = _limits(total, -np.log1p(-level) - log_mixture - special.gammaln(total + 1))
    started = np.where(due > 0, due, np.nan)
    return pd.DataFrame(
        {
            "log_e": np.where(due > 0, log_mixture - stats.poisson.logpmf(total, due), 0.0 * due),
            "ratio_lower": np.where(due > 0, lower / started, 0.0 * due),
            "ratio_upper": upper / started,
        },
        index=index,
    )


def _limits(total: Floats, bound: Floats) -> tuple[Floats, Floats]:
    """The two means u with u - total x log(u) = bound, one on each side of the total; 0 and `bound` at no events."""

    def excess(log_mean: Floats, count: Floats, height: Floats) -> Floats:
        return np.asarray(np.exp(log_mean) - count * log_mean - height)

    count = np.where(total > 0, total, np.nan)
    # excess is lowest at log(count), and positive at both of these outer ends.
    left = np.minimum(-bound / count, np.log(count)) - 1
    right = np.log(2 * (np.maximum(bound, 0) + count * np.log(2 * count)) + 2)
    lower = elementwise.find_root(excess, (left, np.log(count)), args=(count, bound)).x
    upper = elementwise.find_root(excess, (np.log(count), np.maximum(right, np.log(count) + 1)), args=(count, bound)).x
    return np.where(total == 0, 0.0, np.exp(lower)), np.where(total == 0, bound, np.exp(upper))
