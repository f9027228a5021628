"""The sequential monitor: each unit against comparable others in the same month, at a known price in false alarms a year.

In a month with N events in a unit and its comparators together, of which O are the unit's, q is the unit's part of what case mix
expects. If nobody differs, O given N is binomial(N, q) whatever the common level of that month. The likelihood ratio of "the unit's
rate is `ratio` times the others'" is

    ratio^O / (1 + q (ratio - 1))^N,

whose mean is 1 when nobody differs and at most 1 however unequal the risks of single sessions are: with c = 1 + q (ratio - 1) each
session multiplies the mean by 1 + risk (ratio / c - 1), or 1 + risk (1 / c - 1) elsewhere, and log(1 + x) <= x. Evidence is
started afresh every month, with a starting capital (`mass`), and every start is kept:

    R(t) = (R(t - 1) + mass(t)) x likelihood ratio(t),   R before the first month = 0.

The mean of R(t) is at most the capital put in so far. With a capital of 1 a year over all units and lines, the chance that any R
reaches a limit within a year of its start is at most 1 / limit, however often one looks (Doob's inequality for their sum): an
e-detector of Shiryaev-Roberts type, Shin, Ramdas and Rinaldo (2023), New Engl J Stat Data Sci 2:229-260. Whole counts and monthly
looks leave that bound far from reached; the limit in use is set by simulation.
"""

import numpy as np
import numpy.typing as npt

from analysis.monitoring.points import Floats

MONTHS_A_YEAR = 12
_MOST, _LARGE = 1e300, 600.0
"""The most evidence that is given; the sum of logarithms from which on it may be more."""


def evidence(
    observed: Floats, expected: Floats, others_observed: Floats, others_expected: Floats, *, mass: Floats, ratio: float
) -> Floats:
    """R of every unit after every month; months run along the last axis, all arrays have one shape.

    A month in which the unit or its comparators have nothing expected says nothing: it puts in nothing and changes nothing.
    `mass` is the starting capital of the month. Unit: none (1 means no evidence). Needs counts, not rates. A large store has months
    whose ratio no number can hold: there logarithms are added up, so that what follows still counts against it. At most 1e300 is given.
    """
    weight = log_ratio(observed, expected, others_observed, others_expected, ratio=ratio)
    speaks = ~np.isnan(weight)
    gain, capital = np.where(speaks, weight, 0.0), np.where(speaks, mass, 0.0)
    if np.abs(gain).sum(axis=-1).max(initial=0.0) > _LARGE:
        return _by_logarithms(gain, capital)
    factor = np.exp(gain)
    found, total = np.zeros(weight.shape), np.zeros(weight.shape[:-1])
    for month in range(weight.shape[-1]):
        total = (total + capital[..., month]) * factor[..., month]
        found[..., month] = total
    return found


def _by_logarithms(gain: Floats, capital: Floats) -> Floats:
    put_in = np.full(gain.shape, -np.inf)
    np.log(capital, out=put_in, where=capital > 0)
    found, total = np.empty(gain.shape), np.full(gain.shape[:-1], -np.inf)
    for month in range(gain.shape[-1]):
        total = np.logaddexp(total, put_in[..., month]) + gain[..., month]
        found[..., month] = total
    return np.asarray(np.exp(np.minimum(found, np.log(_MOST))))


def log_ratio(
    observed: Floats, expected: Floats, others_observed: Floats, others_expected: Floats, *, ratio: float
) -> Floats:
    """Logarithm of the likelihood ratio of each month; missing where the unit or its comparators have nothing expected."""
    both = expected + others_expected
    part = np.where((expected > 0) & (others_expected > 0), expected / np.where(both > 0, both, 1.0), np.nan)
    return observed * np.log(ratio) - (observed + others_observed) * np.log1p(part * (ratio - 1))


def comparators(values: Floats, clinic: npt.NDArray, comparable: npt.NDArray[np.bool_]) -> Floats:
    """For each unit the sum over all other units of the clinics that its clinic may be compared with.

    `values` is units x months, `clinic` the number of each unit's clinic, `comparable` clinics x clinics with true on the diagonal.
    """
    by_clinic = np.zeros((len(comparable), values.shape[1]))
    np.add.at(by_clinic, clinic, values)
    others = (comparable.astype(np.float64) @ by_clinic)[clinic] - values
    return np.where(others > 1e-9 * np.abs(values), others, 0.0)  # what is left of a subtraction of equals is nothing


def other_clinics(values: Floats, comparable: npt.NDArray[np.bool_]) -> Floats:
    """For each clinic (row of `values`) the sum over the other clinics it may be compared with."""
    return np.asarray((comparable & ~np.eye(len(comparable), dtype=bool)).astype(np.float64) @ values)


def starting_mass(expected: Floats, *, share: float) -> Floats:
    """The capital each unit starts with in each month: a twelfth of the share, split as the expected counts are.

    It depends on nothing but exposure, so a unit without sessions takes none away from the others.
    """
    total = expected.sum(axis=0)
    return share / MONTHS_A_YEAR * expected / np.where(total > 0, total, 1.0)
