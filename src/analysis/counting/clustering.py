"""Repeat sessions of one patient are not independent: how much wider that makes an interval."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.columnar.coded import coded
from analysis.counting.intervals import rate_ratio
from analysis.counting.inversion import Floats


def design_effect(
    units: npt.ArrayLike, patients: npt.ArrayLike, observed: npt.ArrayLike, expected: npt.ArrayLike
) -> pd.Series:
    """Variance of O/E when a patient's sessions go together, over their variance when all are independent; one value per unit.

    Linearised: the residual of a session is observed - ratio x expected. A patient counts with the square of the sum of
    his residuals, but never with less than the sum of their squares, so that the effect is at least 1: a patient
    with ten sessions widens an interval and never narrows it. A unit without events has effect 1. No unit. Kish (1965),
    Survey Sampling, section 5.6; Williams (2000), Biometrics 56:645-646.
    """
    unit, names = pd.factorize(np.asarray(units), sort=True)
    o, e = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    whose = coded(patients if isinstance(patients, pd.Series) else pd.Series(np.asarray(patients)))
    person = pd.factorize(unit * (len(whose.values) + 1) + whose.codes + 1)[0]
    cases, mean = np.bincount(unit, o, len(names)), np.bincount(unit, e, len(names))
    residual = o - e * np.divide(cases, mean, out=np.zeros(len(names)), where=mean > 0)[unit]
    square = np.bincount(person, residual**2)
    clustered = np.maximum(np.bincount(person, residual) ** 2, square)
    owner = np.zeros(len(square), dtype=np.intp)
    owner[person] = unit
    alone = np.bincount(owner, square, len(names))
    effect = np.divide(np.bincount(owner, clustered, len(names)), alone, out=np.ones(len(names)), where=alone > 0)
    return pd.Series(np.maximum(effect, 1.0), index=names, name="design_effect")


def ratio_limits(
    observed: npt.ArrayLike,
    expected: npt.ArrayLike,
    reference: npt.ArrayLike,
    effect: npt.ArrayLike,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Lower and upper limit of observed / expected, where the expectation rests on `reference` cases itself.

    The exact limits of a ratio of two Poisson counts (`intervals.rate_ratio`), observed over expected against `reference` over
    `reference`; counts are divided by the design effect, which widens both sides. With a large reference and effect 1 they
    become Garwood's limits of O/E. No unit. Missing where the expectation or the reference is 0 or missing.
    """
    count, mean, cases, share = np.broadcast_arrays(
        *(np.asarray(values, dtype=np.float64) for values in (observed, expected, reference, effect))
    )
    known = (mean > 0) & (cases > 0)
    count, mean, cases = (np.where(known, values / share, np.nan) for values in (count, mean, cases))
    return rate_ratio(count, mean, cases, cases, level=level)[1:]


def chance_seen(
    expected: npt.ArrayLike, reference: npt.ArrayLike, effect: npt.ArrayLike, *, ratio: float, level: float = 0.95
) -> Floats:
    """Chance that the lower limit of `ratio_limits` lies above 1 when the true ratio is `ratio`.

    The smallest count whose lower limit is above 1, and the Poisson chance of that many or more, in units of the design
    effect. A probability; missing where the expectation is.
    """
    mean, cases, share = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (expected, reference, effect))
    # the lower limit grows with the count: the smallest count above 1 is found by halving what is left
    below, above = np.full(mean.shape, -1.0), np.full(mean.shape, np.ceil(4 * np.nanmax(mean, initial=0.0) + 40))
    most = above.copy()
    while (above - below > 1).any():
        middle = np.floor((below + above) / 2)
        seen = ratio_limits(np.maximum(middle, 0), mean, cases, share, level=level)[0] > 1
        below, above = np.where(seen, below, middle), np.where(seen, middle, above)
    needed = np.where(above < most, above, np.inf)
    return np.where(np.isnan(mean), np.nan, stats.poisson.sf(np.ceil(needed / share) - 1, mean * ratio / share))
