"""How long a risk-adjusted Bernoulli CUSUM runs before it signals, and the limit for a wanted run length.

The Poisson chart's are in `cusum` (`poisson_run_length`, `poisson_limit`), exact there; with a mixture of risks the sum takes too many
values, so here it is laid on a fine grid.
"""

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.monitoring.points import Floats

STEPS = 600


def bernoulli_run_length(
    risk: npt.ArrayLike, weight: npt.ArrayLike, *, odds_ratio: float, limit: float, true_odds_ratio: float = 1.0, steps: int = STEPS
) -> float:  # fmt: skip
    """Mean number of sessions until `bernoulli_cusum` exceeds `limit`, from 0, when risks come as `weight` says.

    `risk`: each kind of session's probability of the event (0-1); `weight`: how often the kind comes (made to add up to 1).
    `odds_ratio` is what the chart looks for, `true_odds_ratio` what is so. A Markov chain on multiples of 1 / steps; a score between
    two of them goes to each with the chance that keeps its mean. Unit: sessions. Steiner et al. (2000), Biostatistics 1:441-452;
    Knoth, Wittenberg and Gan (2019), Stat Med 38:2206-2218.
    """
    size = int(np.floor(limit * steps))
    change = _steps(risk, weight, odds_ratio=odds_ratio, true_odds_ratio=true_odds_ratio, steps=steps)
    offsets, chance = np.array(sorted(change)), np.array([change[one] for one in sorted(change)])
    at = dict(zip(offsets.tolist(), chance.tolist(), strict=True))
    column = np.array([at.get(-n, 0.0) for n in range(size + 1)])
    row = np.array([at.get(n, 0.0) for n in range(size + 1)])
    moves = linalg.toeplitz(column, row)
    moves[:, 0] = [chance[offsets <= -state].sum() for state in range(size + 1)]
    return float(np.linalg.solve(np.eye(size + 1) - moves, np.ones(size + 1))[0])


def bernoulli_limit(
    risk: npt.ArrayLike, weight: npt.ArrayLike, *, odds_ratio: float, run_length: float, steps: int = STEPS
) -> float:
    """The smallest limit, in multiples of 1 / steps, whose mean run length without a change is at least `run_length` sessions."""

    def enough(top: int) -> bool:
        limit = (top + 0.5) / steps
        return bernoulli_run_length(risk, weight, odds_ratio=odds_ratio, limit=limit, steps=steps) >= run_length

    low, high = 0, steps
    while not enough(high):
        low, high = high, 2 * high
        if high > 12 * steps:
            return float("nan")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high / steps


def _steps(
    risk: npt.ArrayLike, weight: npt.ArrayLike, *, odds_ratio: float, true_odds_ratio: float, steps: int
) -> dict[int, float]:
    """Chance of each change of the sum, in grid steps."""
    chance: Floats = np.atleast_1d(np.asarray(risk, dtype=np.float64))
    often = np.atleast_1d(np.asarray(weight, dtype=np.float64)) / np.sum(weight)
    if not (
        odds_ratio > 0
        and odds_ratio != 1
        and true_odds_ratio > 0
        and np.all((chance > 0) & (chance < 1))
        and np.all(often >= 0)
    ):
        raise ValueError(
            "odds ratios must be positive and the first not 1, risks must lie between 0 and 1, weights not be negative"
        )
    happens = true_odds_ratio * chance / (1 - chance + true_odds_ratio * chance)
    without = -np.log(1 - chance + odds_ratio * chance)
    found: dict[int, float] = {}
    for score, share in ((without + np.log(odds_ratio), often * happens), (without, often * (1 - happens))):
        low = np.floor(score * steps)
        upper = score * steps - low
        for place, part in ((low, share * (1 - upper)), (low + 1, share * upper)):
            for one, mass in zip(place.astype(int).tolist(), part.tolist(), strict=True):
                found[one] = found.get(one, 0.0) + mass
    return found
