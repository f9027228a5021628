"""Run charts and days since last on pages: the guards of what is rare, short, or not there."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.monitoring.spc import anhoej
from analysis.monitoring.timeline import days_since_last, run_charts
from analysis.periods import month_range

MONTHS = list(month_range("2025-01", "2026-06"))


def monthly(counts, sessions=100, provisional=2):
    n = len(counts)
    exposure = np.broadcast_to(np.asarray(sessions, dtype=float), n)
    frame = pd.DataFrame({
        "measure": "m", "label": "Measure", "month": MONTHS[:n], "numerator": pd.array(counts, dtype="Int64"),
        "denominator": pd.array(exposure.astype(int), dtype="Int64"), "provisional": [i >= n - provisional for i in range(n)],
    })  # fmt: skip
    return frame.assign(
        rate=np.where(exposure > 0, np.asarray(counts, dtype=float) / np.where(exposure > 0, exposure, 1), np.nan)
    )


def run(frame, month="2026-06", starts=None):
    points, tests = run_charts(frame, month=month, starts=starts or {})
    return points, tests.iloc[0]


def test_the_centre_is_the_median_of_the_first_twelve_closed_months_and_stays():
    counts = [4, 6, 5, 7, 3, 5, 6, 4, 5, 6, 4, 5, 20, 20, 20, 20, 1, 1]
    points, test = run(monthly(counts))
    assert points["centre"].eq(0.05).all()
    assert points["in_baseline"].sum() == 12
    assert (test["baseline_first"], test["baseline_last"], test["months"]) == ("2025-01", "2025-12", 16)
    own = anhoej(np.array(counts[:16]) / 100, 0.05)
    assert (test["n_useful"], test["longest_run"], test["crossings"]) == (own.n_useful, own.longest_run, own.crossings)
    assert bool(test["unusual"]) == own.signal


def test_a_long_run_is_unusual_and_provisional_months_are_left_out():
    _, test = run(monthly([5, 4] * 6 + [9] * 6, provisional=0))
    assert not bool(test["unusual"])
    shifted = [2, 8, 2, 8, 2, 8, 2, 8, 2, 8, 2, 8] + [9] * 6
    _, test = run(monthly(shifted, provisional=0))
    assert test["longest_run"] == 7
    _, test = run(monthly(shifted, provisional=6))
    assert test["months"] == 12


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (monthly([5] * 11, provisional=0), "11 closed months"),
        (monthly([0] * 11 + [1] + [0] * 6, provisional=0), "usual month has none"),
        (monthly([0] * 18), "usual month has none"),
        (monthly([5] * 18), "on the centre line"),
        (monthly([0] * 18, sessions=0), "0 closed months"),
    ],
    ids=["short", "rare", "all zero", "flat", "no sessions"],
)
def test_the_rules_are_not_applied_where_they_would_mislead(frame, reason):
    points, test = run(frame)
    assert len(points) == len(frame)
    assert reason in test["reason"]
    assert pd.isna(test["unusual"])


def test_months_without_sessions_keep_their_point():
    sessions = [100] * 18
    sessions[5] = 0
    counts = [4, 6, 5, 7, 3, 0, 6, 4, 5, 6, 4, 5, 7, 3, 6, 4, 5, 5]
    points, test = run(monthly(counts, sessions=sessions))
    assert np.isnan(points.loc[5, "rate"])
    assert test["months"] == 15
    assert not points.loc[5, "in_baseline"]


def test_a_re_based_measure_starts_anew():
    frame = monthly([4] * 6 + [8] * 12, provisional=0)
    points, test = run(frame, starts={"m": "2025-07"})
    assert test["baseline_first"] == "2025-07"
    assert points["centre"].eq(0.08).all()


def test_no_month_at_all():
    points, tests = run_charts(monthly([4]).iloc[:0], month="2026-06", starts={})
    assert points.empty
    assert tests.empty


def since(*days, until=date(2026, 6, 30)):
    frame = pd.DataFrame({"measure": "m", "day": pd.to_datetime(list(days))})
    return days_since_last(frame, {"m": "Measure"}, until=until).iloc[0]


def test_days_since_last():
    days = pd.date_range("2025-01-01", periods=13, freq="30D")
    row = since(*days)
    assert (row["events"], row["last_day"], row["days_since"]) == (13, "2025-12-27", 185)
    assert row["median_between"] == 30
    assert pd.isna(row["longer_than_usual"])  # gaps all alike give no limit
    mixed = [
        pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(n))
        for n in np.cumsum([0, 20, 31, 25, 40, 28, 33, 22, 37, 30, 26, 35])
    ]
    row = since(*mixed)
    assert row["upper_between"] > 40
    assert row["longer_than_usual"]
    assert not since(*mixed, until=date(2025, 12, 1))["longer_than_usual"]


def test_two_on_one_day_are_two():
    row = since("2026-01-01", "2026-01-01", "2026-01-11")
    assert row["events"] == 3
    assert row["median_between"] == pytest.approx((0.5 + 10) / 2)


def test_none_one_and_later_ones():
    assert "does not mean" in since()["reason"]
    assert pd.isna(since()["days_since"])
    assert since("2026-06-01")["days_since"] == 29
    assert "one event" in since("2026-06-01")["reason"]
    assert since("2026-06-01", "2026-07-15")["events"] == 1


def test_the_expected_spread_against_a_sum_of_terms():
    points, _ = run(monthly([4, 6, 5, 7, 3, 5, 6, 4, 5, 6, 4, 5, 20, 1], sessions=[100] * 12 + [37, 0]))
    centre = points["centre"].iloc[0]
    for row in points.to_dict("records"):
        n = int(row["denominator"])
        if n == 0:
            assert np.isnan(row["spread_lower"])
            assert np.isnan(row["spread_upper"])
            continue
        terms = [math.comb(n, k) * centre**k * (1 - centre) ** (n - k) for k in range(n + 1)]
        sums = np.cumsum(terms)
        assert round(row["spread_lower"] * n) == int(np.argmax(sums >= 0.025))
        assert round(row["spread_upper"] * n) == int(np.argmax(sums >= 0.975))


def test_no_spread_without_a_centre_or_with_a_centre_of_nought():
    for counts in ([5] * 11, [0] * 18):
        points, _ = run(monthly(counts))
        assert points["spread_upper"].isna().all()
