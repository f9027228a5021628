import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.counting.intervals import rate_interval

COLUMN = {"garwood": "garwood", "mid_p": "midp", "byar": "byar"}

# Garwood (1936), Biometrika 28:437-442, 95 % limits of a Poisson mean: events, lower, upper
GARWOOD_1936 = [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)]


@pytest.mark.parametrize(("events", "lower", "upper"), GARWOOD_1936)
def test_published_table(events, lower, upper):
    assert_allclose(rate_interval(events, 1), (lower, upper), atol=5.001e-4)
    assert_allclose(rate_interval(events, 250), (lower / 250, upper / 250), atol=5.001e-4 / 250)


def test_no_events_in_closed_form():
    assert_allclose(rate_interval(0, 1, method="garwood"), (0, -np.log(0.025)), rtol=1e-12)
    assert_allclose(rate_interval(0, 1, method="mid_p"), (0, -np.log(0.05)), rtol=1e-12)
    lower, upper = rate_interval(0, 1, method="byar")
    assert np.isnan(lower)
    assert_allclose(upper, (1 - 1 / 9 + 1.959963984540054 / 3) ** 3, rtol=1e-12)


def test_byar_lower_is_missing_where_its_formula_is_negative():
    assert np.isnan(rate_interval(1, 1, level=0.998, method="byar")[0])


@pytest.mark.parametrize("method", COLUMN)
def test_reference_set(reference, method):
    for level, rows in reference("02_poisson_ci/expected.csv").groupby("level"):
        lower, upper = rate_interval(rows["x"], rows["t"], level=float(level), method=method)
        expected = rows[f"{COLUMN[method]}_lower"]
        if method == "mid_p":  # NA in the reference, 0 by definition
            expected = expected.mask(rows["x"] == 0, 0.0)
        assert_allclose(lower, expected, rtol=1e-9, atol=1e-12)
        assert_allclose(upper, rows[f"{COLUMN[method]}_upper"], rtol=1e-9, atol=1e-12)
