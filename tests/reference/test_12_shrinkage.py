import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, stats

from analysis.counting.shrinkage import gamma_poisson

OBSERVED = [3, 11, 0, 7, 25, 4, 9, 2, 14, 1, 6, 30]
EXPECTED = [4.2, 5.1, 2.0, 7.7, 12.5, 6.1, 3.3, 5.0, 9.4, 4.8, 6.6, 11.9]


def test_against_a_direct_search_of_the_negative_binomial_likelihood():
    def loss(logs):
        shape, rate = np.exp(logs)
        return -stats.nbinom.logpmf(OBSERVED, shape, rate / (rate + np.array(EXPECTED))).sum()

    best = optimize.minimize(
        loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-14, "maxiter": 4000}
    )
    shape, rate = np.exp(best.x)
    found = gamma_poisson(OBSERVED, EXPECTED)
    assert_allclose([found.attrs["shape"], found.attrs["rate"]], [shape, rate], rtol=1e-5)
    assert_allclose(found["shrunken"], (shape + np.array(OBSERVED)) / (rate + np.array(EXPECTED)), rtol=1e-5)


def test_counts_no_more_spread_than_chance_have_no_shape():
    found = gamma_poisson([5, 4, 6, 5], [5, 5, 5, 5])
    assert np.isnan(found.attrs["shape"])
    assert found.attrs["reason"]
    assert_allclose(found["shrunken"], 1.0)
    assert found[["lower", "upper", "prob_above_1_5"]].isna().all(axis=None)


@pytest.mark.parametrize("data", ["scotland", "medpar"])
def test_reference_set(reference, data):
    given = reference("12_empirical_bayes/input.csv").query("dataset == @data")
    units = reference("12_empirical_bayes/expected_units.csv").query("dataset == @data")
    fitted = reference("12_empirical_bayes/expected_hyper.csv").query("dataset == @data").iloc[0]
    found = gamma_poisson(given["y"], given["e"])
    assert_allclose([found.attrs["shape"], found.attrs["rate"]], [fitted["ml_shape"], fitted["ml_rate"]], rtol=1e-5)
    assert_allclose(found["ratio"], units["sir"], rtol=1e-9)
    columns = {"shrunken": "eb_mean", "lower": "eb_lower95", "upper": "eb_upper95", "prob_above_1_5": "p_gt_1_5"}
    for ours, theirs in columns.items():
        assert_allclose(found[ours], units[theirs], rtol=1e-5, atol=1e-12)
    narrow = gamma_poisson(given["y"], given["e"], level=0.9)
    assert_allclose(narrow["lower"], units["eb_lower90"], rtol=1e-5)
    assert_allclose(narrow["upper"], units["eb_upper90"], rtol=1e-5)


@pytest.mark.parametrize("data", ["scotland", "medpar"])
def test_no_lower_likelihood_than_the_reference(reference, data):
    given = reference("12_empirical_bayes/input.csv").query("dataset == @data")
    fitted = reference("12_empirical_bayes/expected_hyper.csv").query("dataset == @data").iloc[0]
    found = gamma_poisson(given["y"], given["e"])
    shape, rate = found.attrs["shape"], found.attrs["rate"]
    height = stats.nbinom.logpmf(given["y"], shape, rate / (rate + given["e"])).sum()
    assert_allclose(-height, fitted["ml_negloglik"], rtol=1e-9)
