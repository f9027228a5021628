"""Many comparisons at once: how many would be remarkable by chance alone."""

import numpy as np
import numpy.typing as npt
from scipy import stats


def benjamini_hochberg(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Adjusted p-values: rejecting those at or below q keeps the expected share of false rejections at q or less.

    With the m values in rising order, each becomes the smallest of p x m / rank over itself and all larger ones, at
    most 1. Valid for independent or positively dependent tests. A missing p stays missing and is not counted in m; no p
    gives an empty answer; a p outside 0-1 is an error. Benjamini and Hochberg (1995), J R Stat Soc B 57:289-300.
    """
    values = np.asarray(p, dtype=np.float64)
    adjusted = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    if known.any():
        adjusted[known] = stats.false_discovery_control(values[known], method="bh")
    return adjusted
