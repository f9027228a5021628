import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, optimize, stats

from analysis.monitoring.sequential import poisson_eprocess

EVENTS = [0, 2, 1, 4, 0, 3, 6, 5]
EXPECTED = [1.2, 0.9, 1.1, 1.3, 0.8, 1.0, 1.2, 1.1]


@pytest.mark.parametrize("shape", [0.5, 1.0, 5.0])
def test_evidence_is_the_mixture_over_ratios(shape):
    found = poisson_eprocess(EVENTS, EXPECTED, shape=shape)
    for count, mean, log_e in zip(np.cumsum(EVENTS), np.cumsum(EXPECTED), found["log_e"], strict=True):

        def mixed(ratio, count=count, mean=mean):
            return stats.poisson.pmf(count, ratio * mean) * stats.gamma.pdf(ratio, shape, scale=1 / shape)

        mixture = (
            integrate.quad(mixed, 0, 1, epsabs=0, epsrel=1e-11)[0] + integrate.quad(mixed, 1, np.inf, epsabs=1e-16)[0]
        )
        assert_allclose(log_e, np.log(mixture / stats.poisson.pmf(count, mean)), rtol=1e-7, atol=1e-9)


def test_evidence_with_shape_one_in_closed_form():
    # Gamma(1, 1) mixture: e = c! exp(E) / E^c x E^c / (1 + E)^(c + 1)
    found = poisson_eprocess([4, 2], [2.0, 3.0])
    expected = [np.log(24) + 2 - 5 * np.log(3), np.log(720) + 5 - 7 * np.log(6)]
    assert_allclose(found["log_e"], expected, rtol=1e-12)


@pytest.mark.parametrize(("shape", "level"), [(1.0, 0.95), (0.5, 0.9), (20.0, 0.998)])
def test_limits_are_the_ratios_whose_own_evidence_reaches_the_bound(shape, level):
    found = poisson_eprocess(EVENTS, EXPECTED, shape=shape, level=level)
    for count, mean, row in zip(np.cumsum(EVENTS), np.cumsum(EXPECTED), found.itertuples(), strict=True):
        mixture = stats.nbinom.logpmf(count, shape, shape / (shape + mean))

        def short(ratio, count=count, mean=mean, mixture=mixture):
            return mixture - stats.poisson.logpmf(count, ratio * mean) + np.log(1 - level)

        point = max(count / mean, 1e-12)
        assert_allclose(row.ratio_upper, optimize.brentq(short, point, 1000, xtol=1e-14), rtol=1e-9)
        if count:
            assert_allclose(row.ratio_lower, optimize.brentq(short, 1e-12, point, xtol=1e-16), rtol=1e-9)
        else:
            assert row.ratio_lower == 0


def test_limits_exclude_one_exactly_when_the_evidence_reaches_the_bound():
    found = poisson_eprocess([0, 2, 9, 9, 9], [1.0] * 5)
    excluded = (found["ratio_lower"] > 1) | (found["ratio_upper"] < 1)
    assert (excluded == (found["log_e"] >= np.log(20))).all()
    assert excluded.any()


def test_false_alarms_over_all_looks_stay_below_the_bound():
    rng = np.random.default_rng(7)
    alarms = sum(poisson_eprocess(rng.poisson(2.0, 60), 2.0)["log_e"].max() >= np.log(20) for _ in range(400))
    assert alarms / 400 <= 0.05
