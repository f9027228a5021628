import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.counting.intervals import rate_ratio, risk_difference

# Newcombe (1998), Stat Med 17:873-890, table II: events1, n1, events2, n2, then method 10 and Miettinen-Nurminen limits
NEWCOMBE_1998 = [
    ((56, 70, 48, 80), (0.0524, 0.3339), (0.0528, 0.3382)),
    ((9, 10, 3, 10), (0.1705, 0.8090), (0.1700, 0.8406)),
    ((6, 7, 2, 7), (0.0582, 0.8062), (0.0342, 0.8534)),
    ((5, 56, 0, 29), (-0.0381, 0.1926), (-0.0326, 0.1933)),
    ((0, 10, 0, 20), (-0.1611, 0.2775), (-0.1658, 0.2844)),
    ((0, 10, 0, 10), (-0.2775, 0.2775), (-0.2879, 0.2879)),
    ((10, 10, 0, 20), (0.6791, 1.0000), (0.7156, 1.0000)),
    ((10, 10, 0, 10), (0.6075, 1.0000), (0.6636, 1.0000)),
]


@pytest.mark.parametrize(("counts", "newcombe", "miettinen_nurminen"), NEWCOMBE_1998)
def test_published_differences(counts, newcombe, miettinen_nurminen):
    assert_allclose(risk_difference(*counts, method="newcombe")[1:], newcombe, atol=5.001e-5)
    assert_allclose(risk_difference(*counts, method="miettinen_nurminen")[1:], miettinen_nurminen, atol=5.001e-5)


def test_published_rate_ratios():
    # Fay (2010), R J 2:53-58: 2 in 17,877 against 9 in 16,660
    assert_allclose(rate_ratio(2, 17877, 9, 16660), (0.2071, 0.0218, 1.0005), atol=5e-5)
    # Help page of poisson.test in R (eba1977 data): 11 in 800 against 21 in 3,011
    assert_allclose(rate_ratio(11, 800, 21, 3011), (1.971488, 0.8584264, 4.2772659), rtol=5e-7)


def test_nothing_in_the_comparator_sets_no_upper_limit():
    estimate, lower, upper = rate_ratio(2, 10, 0, 80)
    assert np.isinf(estimate)
    assert np.isinf(upper)
    # both events in group 1: share >= sqrt(.025)
    assert_allclose(lower, np.sqrt(0.025) / (1 - np.sqrt(0.025)) * 80 / 10, rtol=1e-12)


@pytest.mark.parametrize("method", ["exact", "mid_p"])
def test_reference_ratios(reference, method):
    column = method.replace("_", "")
    for level, rows in reference("03_rate_ratio/expected.csv").groupby("level"):
        found = rate_ratio(rows["x1"], rows["t1"], rows["x2"], rows["t2"], level=float(level), method=method)
        assert_allclose(found, rows[["rr", f"{column}_lower", f"{column}_upper"]].T, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("method", "column"), [("newcombe", "newcombe"), ("miettinen_nurminen", "mn_rd")])
def test_reference_differences(reference, method, column):
    for level, rows in reference("03_rate_ratio/expected_2x2.csv").groupby("level"):
        found = risk_difference(rows["x1"], rows["t1"], rows["x2"], rows["t2"], level=float(level), method=method)
        assert_allclose(found, rows[["rd", f"{column}_lower", f"{column}_upper"]].T, rtol=1e-9, atol=1e-12)
