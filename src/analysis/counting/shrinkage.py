"""Shrinkage: each unit's ratio pulled towards the group's by as much as its own evidence is thin."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special, stats

from analysis.counting.inversion import Floats, root_between

# The spread of a gamma with shape a is 1 / sqrt(a) of its mean; past the last shape it is under 0.4 % of the mean.
_LOG_SHAPES: Floats = np.linspace(np.log(1e-5), np.log(1e5), 70)


def gamma_poisson(observed: npt.ArrayLike, expected: npt.ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """Empirical-Bayes ratios: observed ~ Poisson(expected x ratio), ratio ~ Gamma(shape, rate), by maximum likelihood.

    Given the fitted shape a and rate b (mean a / b), the ratio of a unit is Gamma(a + observed, b + expected):
    `shrunken` is its mean, `lower` and `upper` its equal-tailed limits at `level`, `prob_above_1_5` the probability
    that the ratio is above 1.5. `ratio` is plainly observed / expected. `.attrs["shape"]` and `.attrs["rate"]` hold a
    and b.

    The limits take a and b as known, so with fewer than about 20 units they are too narrow. A unit with expected 0 or a
    missing value has no part in the fit and missing answers. If the counts vary no more than chance alone would make
    them, or there is one unit or no event, no spread can be fitted: shape and rate are missing, `shrunken` is the
    pooled ratio, its limits and the probability are missing, and `.attrs["reason"]` says so. Clayton and Kaldor (1987),
    Biometrics 43:671-681.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    index = observed.index if isinstance(observed, pd.Series) else None
    count, mean = (np.atleast_1d(np.asarray(values, dtype=np.float64)) for values in (observed, expected))
    if np.any(count < 0) or np.any(mean < 0):
        raise ValueError("observed and expected must not be negative")
    known = np.isfinite(count) & np.isfinite(mean) & (mean > 0)
    count, mean = np.where(known, count, np.nan), np.where(known, mean, np.nan)
    shape, rate = _fit(count[known], mean[known])
    posterior = stats.gamma(shape + count, scale=1 / (rate + mean))
    pooled = count[known].sum() / mean[known].sum() if known.any() else np.nan
    fitted = np.isfinite(shape)
    frame = pd.DataFrame(
        {
            "ratio": count / mean,
            "shrunken": posterior.mean() if fitted else np.where(known, pooled, np.nan),
            "lower": posterior.ppf((1 - level) / 2),
            "upper": posterior.isf((1 - level) / 2),
            "prob_above_1_5": posterior.sf(1.5),
        },
        index=index,
    )
    frame.attrs = {"shape": shape, "rate": rate, "reason": "" if fitted else "no spread beyond chance to fit"}
    return frame


def _fit(count: Floats, mean: Floats) -> tuple[float, float]:
    """Shape and rate of largest likelihood; both missing when the likelihood still rises at the largest shape."""
    if len(count) < 2 or count.sum() == 0:
        return np.nan, np.nan
    order = np.lexsort((mean, count))  # so that rounding is the same whatever the order of the units
    count, mean = count[order], mean[order]
    best = int(_log_likelihood(_LOG_SHAPES, count, mean).argmax())
    ends = _LOG_SHAPES[[max(best - 1, 0), min(best + 1, len(_LOG_SHAPES) - 1)]]
    rising, falling = _slope(ends, count, mean)
    if best in (0, len(_LOG_SHAPES) - 1) or not rising > 0 > falling:
        return np.nan, np.nan
    log_shape = optimize.brentq(lambda at: float(_slope(np.array([at]), count, mean)[0]), *ends, xtol=1e-13)
    shape = float(np.exp(log_shape))
    return shape, shape / float(_best_ratio(np.array([shape]), count, mean)[0])


def _best_ratio(shapes: Floats, count: Floats, mean: Floats) -> Floats:
    """For each shape the mean ratio m of largest likelihood: sum of (count - m x mean) / (shape + m x mean) is 0."""

    def score(ratio: Floats, shape: Floats) -> Floats:
        fitted = ratio[..., None] * mean
        return np.asarray(((count - fitted) * shape[..., None] / (shape[..., None] + fitted)).sum(axis=-1))

    top = np.full_like(shapes, (count / mean).max() * 1.001)
    return root_between(score, np.zeros_like(shapes), top, shapes)


def _log_likelihood(log_shapes: Floats, count: Floats, mean: Floats) -> Floats:
    """Log-likelihood of each shape at its best mean ratio, without the terms that do not depend on either."""
    shapes = np.exp(log_shapes)
    fitted, shape = _best_ratio(shapes, count, mean)[:, None] * mean, shapes[:, None]
    gammas = special.gammaln(shape + count) - special.gammaln(shape)
    chances = special.xlogy(count, fitted / (shape + fitted)) - shape * np.log1p(fitted / shape)
    return np.asarray((gammas + chances).sum(axis=1))


def _slope(log_shapes: Floats, count: Floats, mean: Floats) -> Floats:
    """Derivative of `_log_likelihood` by the shape (at the best mean ratio only the direct part is left)."""
    shapes = np.exp(log_shapes)
    fitted, shape = _best_ratio(shapes, count, mean)[:, None] * mean, shapes[:, None]
    gammas = special.digamma(shape + count) - special.digamma(shape)
    return np.asarray((gammas - np.log1p(fitted / shape) + (fitted - count) / (shape + fitted)).sum(axis=1))
