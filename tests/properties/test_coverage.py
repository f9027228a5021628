"""Coverage of the intervals, exact by summation over all counts; `make calibrate` prints the whole of it."""

import numpy as np
import pytest
from calibration.intervals import MEANS, SIZES, observed_over_expected, proportions, rates


@pytest.mark.parametrize("n", SIZES[:-1])
def test_clopper_pearson_holds_everywhere(n):
    assert proportions("clopper_pearson", n).min() >= 0.95


def test_garwood_holds_everywhere():
    assert rates("garwood").min() >= 0.95
    assert rates("mid_p")[MEANS >= 1].mean() == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("method", ["wilson", "mid_p", "jeffreys"])
def test_the_others_hold_on_average(method):
    assert np.concatenate([proportions(method, n) for n in SIZES]).mean() == pytest.approx(0.95, abs=0.01)


def test_limits_for_chance_on_both_sides_hold_where_those_for_a_known_expectation_do_not():
    found = observed_over_expected(runs=300, seed=5, cases=((30.0, 1.0, 3),)).iloc[0]
    assert found["ours"] > 0.93
    assert found["garwood"] < 0.9
