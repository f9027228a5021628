"""What is usual: the counts to expect at a known exposure from those of the months before."""

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.monitoring.points import Floats, aligned


def usual_range(
    events: npt.ArrayLike, exposure: npt.ArrayLike, next_exposure: npt.ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Lowest and highest count to expect in a next period of exposure `next_exposure`, given past events and exposure.

    The rate is uncertain too: with the Jeffreys prior it is Gamma(events + 1/2, exposure), so the next count is negative
    binomial with that shape, and the range runs between its quantiles at (1 - level) / 2 and (1 + level) / 2. Being whole
    counts they hold the next count with probability near `level` or above. It assumes one steady rate: a trend or
    clustering makes the true range wider. Units: counts. Past or next exposure 0, or a missing value: missing. No past
    event: the range starts at 0 and still has an upper end. Box and Tiao (1973), Bayesian Inference in Statistical Analysis.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    _, (count, past, coming) = aligned(events=events, exposure=exposure, next_exposure=next_exposure)
    known = (past > 0) & (coming > 0) & ~np.isnan(count)
    share = np.where(known, past, np.nan) / np.where(known, past + coming, np.nan)
    shape = np.where(known, count, np.nan) + 0.5
    lower, upper = (stats.nbinom.ppf(p, shape, share) for p in ((1 - level) / 2, (1 + level) / 2))
    return np.asarray(lower), np.asarray(upper)
