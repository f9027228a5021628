"""Cumulative sums: evidence for a stated change, added up point by point and never below zero.

The limit sets how often a monitor alarms when nothing has changed. `poisson_run_length` gives the exact mean time to an
alarm for a constant expected count, `poisson_limit` the limit for a wanted mean time; a limit on the counting scale of
these two times log(ratio) is the limit of `poisson_cusum`.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.monitoring.points import Floats, aligned


def poisson_cusum(
    events: npt.ArrayLike, expected: npt.ArrayLike, *, ratio: float, limit: float | None = None
) -> pd.DataFrame:
    """Cumulative log-likelihood ratio of "the rate is `ratio` times expected" against "as expected".

    Each point adds events x log(ratio) - expected x (ratio - 1), and the sum starts at 0 and is never below it. A ratio
    above 1 watches for more events, below 1 for fewer. A point signals when its sum is above `limit`; its value is kept
    and the next point starts from 0. Without a limit nothing signals.

    Units: natural log-likelihood. Valid for Poisson counts whose expected was fixed beforehand. A point with a missing
    value, or with expected 0 and yet events, is missing and leaves the sum as it was. Lucas (1985), Technometrics
    27:129-144; Hohle and Paul (2008), Comput Stat Data Anal 52:4357-4368.
    """
    if not (ratio > 0 and ratio != 1):
        raise ValueError(f"ratio must be positive and not 1, not {ratio}")
    index, (count, mean) = aligned(events=events, expected=expected)
    weight = count * np.log(ratio) - mean * (ratio - 1)
    return _accumulate(np.where((mean == 0) & (count > 0), np.nan, weight), limit=limit, index=index)


def bernoulli_cusum(
    outcome: npt.ArrayLike, risk: npt.ArrayLike, *, odds_ratio: float, limit: float | None = None
) -> pd.DataFrame:
    """Risk-adjusted cumulative log-likelihood ratio of "every odds is `odds_ratio` times its own risk's".

    Each session adds outcome x log(odds_ratio) - log(1 - risk + odds_ratio x risk); otherwise as `poisson_cusum`.
    `risk` is each session's probability of the event before it happens (0-1), `outcome` is 1 or 0. A missing value, or
    an outcome that its risk of 0 or 1 rules out, gives a missing point that leaves the sum as it was. Steiner et al.
    (2000), Biostatistics 1:441-452.
    """
    if not (odds_ratio > 0 and odds_ratio != 1):
        raise ValueError(f"odds_ratio must be positive and not 1, not {odds_ratio}")
    index, (happened, chance) = aligned(outcome=outcome, risk=risk)
    if np.any(chance > 1) or np.any((happened != 0) & (happened != 1) & ~np.isnan(happened)):
        raise ValueError("outcome must be 0 or 1 and risk must lie between 0 and 1")
    weight = happened * np.log(odds_ratio) - np.log(1 - chance + odds_ratio * chance)
    impossible = ((chance == 0) & (happened == 1)) | ((chance == 1) & (happened == 0))
    return _accumulate(np.where(impossible, np.nan, weight), limit=limit, index=index)


def poisson_run_length(mean: float, *, reference_value: float, limit: float, steps: int = 1) -> float:
    """Mean number of points until C = max(0, C + events - reference_value) first exceeds `limit`, from C = 0.

    `mean` is the true mean count per point. For a change to `ratio` times an expected e the reference value is e (ratio
    - 1) / log(ratio), for which C x log(ratio) is the sum of `poisson_cusum`. Exact (a Markov chain on multiples of 1 /
    steps) when reference value and limit are such multiples; otherwise the reference value is rounded to the nearest
    multiple and the limit down. Unit: points. A mean of 0 never signals: missing. Brook and Evans (1972), Biometrika
    59:539-549.
    """
    if not (mean >= 0 and reference_value > 0 and limit >= 0 and steps >= 1):
        raise ValueError("mean and limit must not be negative, reference_value and steps must be positive")
    drop, top = round(reference_value * steps), int(np.floor(limit * steps + 1e-9))
    if mean == 0:
        return float("nan")
    states = np.arange(top + 1)
    needed = states[None, :] - states[:, None] + drop  # steps by which the events must lift row to reach column
    whole = (needed % steps == 0) & (needed >= 0)
    moves = np.where(whole, stats.poisson.pmf(needed // steps, mean), 0.0)
    moves[:, 0] = stats.poisson.cdf((drop - states) // steps, mean)
    return float(np.linalg.solve(np.eye(top + 1) - moves, np.ones(top + 1))[0])


def poisson_limit(mean: float, *, reference_value: float, run_length: float, steps: int = 1) -> float:
    """The smallest limit, in multiples of 1 / steps, whose mean run length at `mean` is at least `run_length`.

    The chart is that of `poisson_run_length`. Missing when no limit below 2,000 steps reaches the wanted run length.
    """
    low, high = -1, 1
    while poisson_run_length(mean, reference_value=reference_value, limit=high / steps, steps=steps) < run_length:
        low, high = high, 2 * high
        if high > 2000:
            return float("nan")
    while high - low > 1:
        middle = (low + high) // 2
        enough = (
            poisson_run_length(mean, reference_value=reference_value, limit=middle / steps, steps=steps) >= run_length
        )
        low, high = (low, middle) if enough else (middle, high)
    return high / steps


def _accumulate(weight: Floats, *, limit: float | None, index: pd.Index | None) -> pd.DataFrame:
    """Running sum from 0, never below it, starting again after each point above the limit."""
    values, signals = np.full(len(weight), np.nan), np.zeros(len(weight), dtype=bool)
    total = 0.0
    for point, step in enumerate(weight):
        if np.isnan(step):
            continue
        total = max(0.0, total + float(step))
        values[point] = total
        if limit is not None and total > limit:
            signals[point], total = True, 0.0
    return pd.DataFrame({"cusum": values, "signal": signals}, index=index)
