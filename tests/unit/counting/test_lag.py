"""Delays seen through a closing window, and what is still to come, against plain loops and simulation."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_groups import MONTHS, group, session

from analysis.counting.lag import arrival, lag_by_clinic, provisional_months, still_to_come
from analysis.measures import load_measures

MEASURES = load_measures()
CUT = date(2026, 3, 31)


def naive(delays: list[int], seen: list[int]) -> list[float]:
    """Share within each day by the reverse-time product, one day and one report at a time."""
    longest = max(delays)
    found = []
    for day in range(longest + 1):
        share = 1.0
        for later in range(day + 1, longest + 1):
            at_risk = [d for d, s in zip(delays, seen, strict=True) if d <= later <= s]
            share *= 1 - (sum(d == later for d in at_risk) / len(at_risk) if at_risk else 0)
        found.append(share)
    return found


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40))
def test_the_product_limit_is_that_of_plain_loops(pairs):
    kept = [(d, s) for d, s in pairs if d <= s]
    found = arrival([d for d, _ in pairs], [s for _, s in pairs])
    assert found.events == len(kept)
    if kept:
        assert np.allclose(found.cumulative, naive(*map(list, zip(*kept, strict=True))), atol=1e-12)
        assert (np.diff(found.cumulative) >= -1e-12).all()
        assert found.cumulative[-1] == 1


def test_a_closing_window_does_not_shorten_the_delay():
    draw = np.random.default_rng(4)
    seen = draw.integers(0, 120, 60_000)
    delay = draw.geometric(1 / 20, 60_000) - 1
    there = (delay <= seen) & (delay <= 100)
    found = arrival(delay[there], seen[there])
    truth = (1 - (1 - 1 / 20) ** 11) / (1 - (1 - 1 / 20) ** 101)
    assert found.by(10) == pytest.approx(truth, abs=0.015)
    assert (delay[there] <= 10).mean() > truth + 0.04, "the plain share is too high, or this test shows nothing"


def test_nothing_reported_is_missing_and_not_zero():
    found = arrival([], [])
    assert np.isnan(found.by([0, 5])).all()
    assert np.isnan(found.quantile(0.5))
    assert arrival([3], [10]).by([-1, 2, 3, 900]).tolist() == [0, 0, 1, 1]


def sessions(per_month: int, hits: int, *, lag: int = 20) -> list[dict]:
    return [
        session(1000 * m + i, treatment_date=pd.Timestamp(f"{month}-02"), hit=("B1",) if i < hits else (), category="bruise", lag=lag)
        for m, month in enumerate(MONTHS) for i in range(per_month)
    ]  # fmt: skip


def test_open_months_say_how_much_has_arrived_and_estimate_from_ten_expected_on():
    cut = date(2026, 3, 20)
    told = [
        s for s in sessions(200, 20) if s["treatment_date"] + pd.Timedelta(days=20) <= pd.Timestamp(cut) or not s["hit"]
    ]
    told += [
        {**s, "hit": ()}
        for s in sessions(200, 20)
        if s["treatment_date"] + pd.Timedelta(days=20) > pd.Timestamp(cut) and s["hit"]
    ]
    found = provisional_months(group(told), {"bruise": MEASURES["bruise"]}, months=MONTHS, cut=cut).set_index("month")
    assert list(found.index) == ["2026-03"]
    row = found.loc["2026-03"]
    assert (row["affected"], row["sessions"], row["arrived"]) == (0, 200, 0)
    assert row["estimate"] == pytest.approx(20)
    assert row["lower"] < 20 < row["upper"]


def test_few_expected_are_not_estimated_and_no_reports_teach_nothing():
    few = provisional_months(
        group(sessions(30, 1)), {"bruise": MEASURES["bruise"]}, months=MONTHS, cut=date(2026, 4, 2)
    )
    assert few["reason"].eq("under 10 expected: nothing is estimated").all()
    assert few["estimate"].isna().all()
    assert len(few) == 1
    none = provisional_months(group(sessions(30, 0)), MEASURES, months=MONTHS, cut=CUT)
    assert len(none)
    assert none["reason"].str.startswith("no linked reports").all()
    assert none[["estimate", "arrived"]].isna().all(axis=None)
    for clinics in (group([]), group(sessions(30, 1), covered=False), group(sessions(30, 1), linked=False)):
        found = provisional_months(clinics, MEASURES, months=MONTHS, cut=CUT)
        assert not np.isinf(found.select_dtypes("number").to_numpy(dtype=float)).any()


def test_cases_of_sessions_that_are_not_at_risk_are_in_neither_count() -> None:
    places = [("glabella", 20), ("masseter", 10)]
    told = [
        session(1000 * k + i, areas=area, treatment_date=pd.Timestamp("2026-03-02"), hit=("F1",) if i < 6 else ())
        for k, (area, n) in enumerate(places) for i in range(n)
    ]  # fmt: skip
    droop = {"lid_droop": MEASURES["lid_droop"]}
    found = provisional_months(group(told), droop, months=MONTHS, cut=CUT).set_index("month").loc["2026-03"]
    assert (found["sessions"], found["affected"]) == (20, 6)
    assert lag_by_clinic(group(told), droop, cut=CUT)["reports"].tolist() == [6]


def test_lag_by_clinic_needs_five_reports():
    found = lag_by_clinic(group(sessions(20, 3)), {"bruise": MEASURES["bruise"]}, cut=date(2026, 6, 1)).iloc[0]
    assert (found["reports"], found["median"], found["p90"]) == (9, 20, 20)
    few = lag_by_clinic(group(sessions(20, 1)), {"bruise": MEASURES["bruise"]}, cut=date(2026, 6, 1)).iloc[0]
    assert few["reason"] == "under five linked reports"
    assert np.isnan(few["median"])


def test_cape_cod_by_hand():
    # 60 cases of 900 sessions of which 100 have had half their time: 60 / 850 per session, half of 100 to come
    by_month = pd.DataFrame(
        {"sessions": [800, 100], "arrived": [1.0, 0.5], "affected": [57, 3]}, index=["2026-01", "2026-02"]
    )
    found = still_to_come(by_month, "2026-02")
    assert found["expected"] == pytest.approx(100 * 60 / 850, rel=1e-12)
    assert found["reason"] == "under 10 expected: nothing is estimated"
    larger = still_to_come(by_month.assign(affected=[157, 3]), "2026-02")
    assert larger["estimate"] == pytest.approx(3 + 50 * 160 / 850, rel=1e-12)
