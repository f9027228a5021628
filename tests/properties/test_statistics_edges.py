"""Nothing, one, all zero, missing: a row with a missing value, never an exception or an infinite number."""

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.counting.intervals import proportion_interval, rate_interval, rate_ratio, risk_difference
from analysis.counting.shrinkage import gamma_poisson
from analysis.counting.standardise import indirect
from analysis.monitoring.cusum import bernoulli_cusum, poisson_cusum
from analysis.monitoring.funnel import funnel, probability_of_so_few
from analysis.monitoring.multiplicity import benjamini_hochberg
from analysis.monitoring.sequential import poisson_eprocess
from analysis.monitoring.spc import anhoej, control_chart

PROPORTION = ["clopper_pearson", "wilson", "mid_p", "jeffreys"]
RATE = ["garwood", "mid_p", "byar"]
pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("method", PROPORTION)
def test_proportion_without_cases_is_missing(method):
    lower, upper = proportion_interval([0, 0, np.nan, 5, 2], [0, 5, 5, 5, np.nan], method=method)
    assert np.isnan(lower).tolist() == [True, False, True, False, True]
    assert np.isnan(upper).tolist() == [True, False, True, False, True]
    assert (lower[1], upper[3]) == (0, 1)


@pytest.mark.parametrize("method", RATE)
def test_rate_without_exposure_is_missing(method):
    lower, upper = rate_interval([0, 3, np.nan, 4], [0, 0, 5, np.nan], method=method)
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


def test_ratio_and_difference_without_cases_are_missing():
    for method in ("exact", "mid_p"):
        assert np.isnan(rate_ratio([0, 1, 1], [5, 0, 5], [0, 1, 1], [5, 5, 0], method=method)).all()
    for method in ("newcombe", "miettinen_nurminen"):
        assert np.isnan(risk_difference([0, 0, np.nan], [5, 0, 3], [0, 0, 1], [0, 5, 3], method=method)).all()


@pytest.mark.parametrize("method", PROPORTION)
def test_more_events_than_cases_is_an_error(method):
    with pytest.raises(ValueError, match="events must not be larger than n"):
        proportion_interval([1, 6], [5, 5], method=method)
    with pytest.raises(ValueError, match="events"):
        proportion_interval(-1, 5, method=method)


def test_unknown_method_and_level_name_what_is_allowed():
    calls = [
        lambda: proportion_interval(1, 5, method="wald"),
        lambda: rate_interval(1, 5, method="wald"),
        lambda: rate_ratio(1, 5, 1, 5, method="wald"),
        lambda: risk_difference(1, 5, 1, 5, method="wald"),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="unknown method 'wald'; use"):
            call()
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        proportion_interval(1, 5, level=95)


def test_empty_columns_give_empty_answers():
    for method in PROPORTION:
        assert [len(part) for part in proportion_interval([], [], method=method)] == [0, 0]
    for method in RATE:
        assert [len(part) for part in rate_interval([], [], method=method)] == [0, 0]
    for method in ("newcombe", "miettinen_nurminen"):
        assert [len(part) for part in risk_difference([], [], [], [], method=method)] == [0, 0, 0]
    empty = pd.DataFrame({"unit": [], "stratum": [], "events": [], "exposure": [], "observed": [], "expected": []})
    assert len(indirect(empty, unit="unit", strata="stratum")) == 0
    assert len(funnel(empty)) == len(gamma_poisson([], [])) == len(benjamini_hochberg([])) == 0
    assert len(poisson_cusum([], [], ratio=2)) == len(bernoulli_cusum([], [], odds_ratio=2)) == 0
    assert len(poisson_eprocess([], [])) == 0
    for kind in ("run", "u", "p", "up", "pp", "c"):
        assert len(control_chart(empty, kind=kind)) == 0
    for kind in ("g", "t"):
        assert len(control_chart(pd.DataFrame({"between": []}), kind=kind)) == 0


def test_columns_with_missing_integers_are_taken():
    events = pd.array([1, pd.NA], dtype="Int64")
    frame = pd.DataFrame({"events": events, "exposure": [10, 10], "observed": events, "expected": [6.0, 7.0]})
    assert np.isnan(proportion_interval(frame["events"], frame["exposure"])[0]).tolist() == [False, True]
    assert funnel(frame)["position"].tolist() == ["low95", "too_few"]
    assert control_chart(frame, kind="u")["value"].isna().tolist() == [False, True]
    assert poisson_cusum(frame["events"], 1.0, ratio=2)["cusum"].isna().tolist() == [False, True]
    assert gamma_poisson(frame["observed"], frame["expected"])["ratio"].isna().tolist() == [False, True]


@pytest.mark.parametrize("kind", ["run", "u", "p", "up", "pp", "c"])
@pytest.mark.parametrize(
    "events", [[0], [3], [0] * 12, [0] * 11 + [1], [2] * 12, [np.nan] * 4, [0, np.nan, 5, 0, 1]], ids=str
)
def test_charts_of_next_to_nothing(kind, events):
    frame = pd.DataFrame({"events": events, "exposure": [0 if value == 5 else 30 for value in events]})
    for screened, baseline in itertools.product((True, False), (None, 1)):
        found = control_chart(frame, kind=kind, screened=screened, baseline=baseline)
        assert len(found) == len(events)
        assert not np.isinf(found[["value", "centre", "lower", "upper"]].to_numpy(dtype=float)).any()
        assert found["signal"].dtype == bool


def test_one_unit_and_units_without_exposure():
    one = pd.DataFrame({"unit": ["a"], "stratum": ["x"], "events": [2], "exposure": [50]})
    alone = indirect(one, unit="unit", strata="stratum", leave_one_out=True).loc["a"]
    assert alone[["ratio", "lower", "upper"]].isna().all()
    assert (alone["exposure_without_comparator"], alone["events_without_comparator"]) == (50, 2)
    assert indirect(one, unit="unit", strata="stratum").loc["a", "ratio"] == 1
    shrunk = gamma_poisson([3, 0], [2.0, 0.0])
    assert shrunk["ratio"].isna().tolist() == [False, True]
    assert shrunk["shrunken"].isna().tolist() == [False, True]


def test_all_zero():
    frame = pd.DataFrame({"unit": list("abc"), "stratum": "x", "events": 0, "exposure": [10, 20, 0]})
    case_mix = indirect(frame, unit="unit", strata="stratum")
    assert case_mix["ratio"].isna().all()
    assert case_mix["observed"].eq(0).all()
    assert funnel(case_mix)["position"].eq("too_few").all()
    shrunk = gamma_poisson([0, 0, 0], [1.0, 2.0, 3.0])
    assert shrunk["shrunken"].eq(0).all()
    assert shrunk["upper"].isna().all()


def test_a_missing_count_is_not_zero():
    frame = pd.DataFrame({"unit": list("ab"), "stratum": "x", "events": [np.nan, 4], "exposure": [100, 100]})
    found = indirect(frame, unit="unit", strata="stratum")
    assert found.loc["b", "expected"] == 4
    assert np.isnan(found.loc["a", "ratio"])


def test_points_without_an_expected_count_are_missing_and_change_nothing():
    for found in (poisson_cusum([1, 2, 1], [1, 0, 1], ratio=2), poisson_eprocess([1, 2, 1], [1, 0, 1])):
        assert found.iloc[1].drop("signal", errors="ignore").isna().all()
        assert not np.isinf(found.to_numpy(dtype=float)).any()
    first = poisson_eprocess([0, 0], [0, 1]).iloc[0]
    assert (first["log_e"], first["ratio_lower"]) == (0, 0)
    assert np.isnan(first["ratio_upper"])
    assert np.isnan(probability_of_so_few(0, 0))
    assert bernoulli_cusum([1, 0], [0.0, 0.2], odds_ratio=2)["cusum"].isna().tolist() == [True, False]


def test_an_extreme_count_stays_finite():
    found = poisson_eprocess([0, 1, 5000], [1000.0, 1e-6, 1e7], shape=300)
    assert np.isfinite(found.to_numpy()).all()
    assert np.isfinite(np.array(rate_interval([1, 10**6], [1e-6, 1e9], method="mid_p"))).all()


def test_mid_p_of_a_count_that_is_not_whole_is_missing_on_both_sides():
    limits = rate_interval([2.5, 2], [10, 10], method="mid_p")
    assert np.isnan(limits).tolist() == [[True, False], [True, False]]
    shares = proportion_interval([2.5, 2, 2], [10, 10, 10.5], method="mid_p")
    assert np.isnan(shares).tolist() == [[True, False, True], [True, False, True]]


def test_days_between_may_be_differences_of_dates():
    days = [3.0, 10.0, 0.0, 25.0, 4.0]
    as_days = control_chart(pd.DataFrame({"between": days}), kind="t")
    as_dates = control_chart(pd.DataFrame({"between": pd.to_timedelta(days, unit="D")}), kind="t")
    drawn = ["value", "centre", "lower", "upper", "signal"]
    pd.testing.assert_frame_equal(as_days[drawn], as_dates[drawn])


def test_a_run_chart_in_two_phases_is_judged_by_the_centre_of_each():
    first, second = [1.0, 3, 1, 3, 1, 3], [11.0, 13, 11, 13, 11, 13]
    phased = anhoej([*first, *second], [2.0] * 6 + [12.0] * 6)
    shifted = anhoej([*first, *first], 2)
    assert phased == shifted
    assert anhoej([*first, *second], 7).signal
    assert anhoej(first, [2.0, 2, 2, 2, np.nan, np.nan]).n_useful == 4
