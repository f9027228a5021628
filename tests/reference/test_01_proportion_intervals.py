import pytest
from numpy.testing import assert_allclose

from analysis.counting.intervals import proportion_interval

COLUMN = {"clopper_pearson": "cp", "wilson": "wilson", "mid_p": "midp", "jeffreys": "jeffreys"}

# Newcombe (1998), Stat Med 17:857-872, table I: events, n, method, lower, upper
NEWCOMBE_1998 = [
    (81, 263, "clopper_pearson", 0.2527, 0.3676),
    (81, 263, "wilson", 0.2553, 0.3662),
    (81, 263, "mid_p", 0.2544, 0.3658),
    (15, 148, "clopper_pearson", 0.0578, 0.1617),
    (15, 148, "wilson", 0.0624, 0.1605),
    (15, 148, "mid_p", 0.0601, 0.1581),
    (0, 20, "clopper_pearson", 0.0, 0.1684),
    (0, 20, "wilson", 0.0, 0.1611),
    (0, 20, "mid_p", 0.0, 0.1391),
    (1, 29, "clopper_pearson", 0.0009, 0.1776),
    (1, 29, "wilson", 0.0061, 0.1718),
    (1, 29, "mid_p", 0.0017, 0.1585),
]


@pytest.mark.parametrize(("events", "n", "method", "lower", "upper"), NEWCOMBE_1998)
def test_published_table(events, n, method, lower, upper):
    assert_allclose(proportion_interval(events, n, method=method), (lower, upper), atol=5.001e-5)


def test_zero_of_three_hundred_in_closed_form():
    lower, upper = proportion_interval(0, 300)
    assert lower == 0
    assert_allclose(upper, 1 - 0.025 ** (1 / 300), rtol=1e-12)
    assert round(1000 * float(upper), 1) == 12.2


def test_jeffreys_at_zero_stays_equal_tailed():
    lower, upper = proportion_interval(0, 10, method="jeffreys")
    assert lower == 0
    assert_allclose(upper, 0.2172, atol=5e-5)


@pytest.mark.parametrize("method", COLUMN)
def test_reference_set(reference, method):
    for level, rows in reference("01_binomial_ci/expected.csv").groupby("level"):
        lower, upper = proportion_interval(rows["x"], rows["n"], level=float(level), method=method)
        assert_allclose(lower, rows[f"{COLUMN[method]}_lower"], rtol=1e-9, atol=1e-12)
        assert_allclose(upper, rows[f"{COLUMN[method]}_upper"], rtol=1e-9, atol=1e-12)
