import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.monitoring.cusum import bernoulli_cusum, poisson_cusum, poisson_limit, poisson_run_length
from analysis.monitoring.run_length import bernoulli_limit, bernoulli_run_length

# spc 0.6.7 (Knoth), pois.cusum.arl, signal on C > limit: mean, reference value, limit, steps, run length
SPC = [
    (0.25, 0.25, 2.5, 4, 41.952304258018636),
    (1.0, 2.0, 5.0, 1, 6713.234661889352),
    (2.0, 2.0, 5.0, 1, 26.56759692860443),
    (1.0, 1.5, 6.0, 2, 889.8105511983856),
    (4.0, 5.0, 10.0, 1, 655.475180705064),
]


@pytest.mark.parametrize(("mean", "reference_value", "limit", "steps", "run_length"), SPC)
def test_published_run_lengths(mean, reference_value, limit, steps, run_length):
    found = poisson_run_length(mean, reference_value=reference_value, limit=limit, steps=steps)
    assert_allclose(found, run_length, rtol=1e-9)


def test_run_length_by_the_other_convention():
    # Lucas (1985), Technometrics 27:129-144, signals on C >= 5, which on whole steps is C > 4: about 1,904
    assert round(poisson_run_length(1.0, reference_value=2, limit=4)) == 1904


def test_run_length_agrees_with_the_chart_itself():
    mean, ratio, steps = 2.2, 1.8, 400
    reference_value = mean * (ratio - 1) / np.log(ratio)
    stated = poisson_run_length(mean, reference_value=reference_value, limit=2.0, steps=steps)
    events = np.random.default_rng(1).poisson(mean, 60_000)
    signals = np.flatnonzero(poisson_cusum(events, mean, ratio=ratio, limit=2.0 * np.log(ratio))["signal"])
    gaps = np.diff(np.concatenate([[-1], signals]))
    assert abs(gaps.mean() - stated) < 4 * gaps.std() / np.sqrt(len(gaps)) + 0.02 * stated


def test_the_alarm_value_is_kept_and_the_next_point_starts_from_zero():
    found = poisson_cusum([1, 5, 3, 0], [1, 1, 1, 1], ratio=2, limit=2)
    one = np.log(2)
    first = 5 * one - 1  # 1 x log 2 - 1 is negative, so the sum before it is 0
    assert_allclose(found["cusum"], [0, first, 3 * one - 1, 3 * one - 2])
    assert found["signal"].tolist() == [False, True, False, False]


def test_reference_bernoulli(reference):
    rows = reference("09_cusum/expected_bernoulli.csv")
    given = reference("09_cusum/input_bernoulli.csv")
    for (odds_ratio, limit), expected in rows.groupby(["odds_ratio", "limit"]):
        found = bernoulli_cusum(given["y"], given["risk"], odds_ratio=odds_ratio, limit=limit)
        at_signal_zero = found["cusum"].mask(found["signal"], 0.0)  # the reference resets at the signal itself
        assert_allclose(at_signal_zero, expected["cusum_reset"], rtol=1e-9, atol=1e-12)
        assert (found["signal"].to_numpy() == expected["signal_reset"].to_numpy(dtype=bool)).all()
        unlimited = bernoulli_cusum(given["y"], given["risk"], odds_ratio=odds_ratio)
        assert_allclose(unlimited["cusum"], expected["cusum_no_reset"], rtol=1e-9, atol=1e-12)


def test_reference_bernoulli_signals(reference):
    given = reference("09_cusum/input_bernoulli.csv")
    for row in reference("09_cusum/expected_bernoulli_summary.csv").itertuples():
        found = bernoulli_cusum(given["y"], given["risk"], odds_ratio=row.odds_ratio, limit=row.limit)
        positions = "" if pd.isna(row.signal_positions) else str(row.signal_positions)
        assert [str(at + 1) for at in np.flatnonzero(found["signal"])] == [at for at in positions.split(";") if at]
        unlimited = bernoulli_cusum(given["y"], given["risk"], odds_ratio=row.odds_ratio)["cusum"]
        assert_allclose([unlimited.max(), unlimited.iloc[-1]], [row.max_no_reset, row.final_no_reset], rtol=1e-9)


def test_reference_run_lengths(reference):
    for row in reference("09_cusum/expected_poisson_arl.csv").itertuples():
        found = poisson_run_length(row.mu0 * row.shift, reference_value=row.k, limit=row.h, steps=row.m)
        assert_allclose(found, row.arl, rtol=1e-9)


def test_reference_limits(reference):
    for row in reference("09_cusum/expected_poisson_crit.csv").itertuples():
        limit = poisson_limit(row.mu0, reference_value=row.k, run_length=row.target_arl, steps=row.m)
        assert_allclose(limit, row.h, rtol=1e-12)
        assert_allclose(
            poisson_run_length(row.mu0, reference_value=row.k, limit=limit, steps=row.m), row.arl, rtol=1e-9
        )


def test_reference_bernoulli_limits(reference):
    mix = reference("09_cusum/input_riskmix.csv")
    for row in reference("09_cusum/expected_racusum_crit.csv").itertuples():
        ours = {"odds_ratio": row.odds_ratio, "limit": row.h}
        # both lay the sum on a grid of 1/600; theirs rounds the limit, ours cuts it
        steady = bernoulli_run_length(mix["risk_h0"], mix["weight"], **ours)
        assert_allclose(steady, row.target_arl, rtol=2e-3)
        doubled = bernoulli_run_length(mix["risk_h0"], mix["weight"], true_odds_ratio=2, **ours)
        assert_allclose(doubled, row.arl_or2, rtol=1e-3)


def test_reference_bernoulli_limit_found(reference):
    mix = reference("09_cusum/input_riskmix.csv")
    row = reference("09_cusum/expected_racusum_crit.csv").iloc[0]
    found = bernoulli_limit(mix["risk_h0"], mix["weight"], odds_ratio=row["odds_ratio"], run_length=row["target_arl"])
    assert_allclose(found, row["h"], atol=2 / 600)


def test_bernoulli_run_length_agrees_with_the_chart_itself():
    stated = bernoulli_run_length([0.02, 0.1], [3, 1], odds_ratio=2, limit=1.5)
    rng = np.random.default_rng(2)
    risk = rng.choice([0.02, 0.02, 0.02, 0.1], 60_000)
    signals = np.flatnonzero(bernoulli_cusum(rng.random(60_000) < risk, risk, odds_ratio=2, limit=1.5)["signal"])
    gaps = np.diff(np.concatenate([[-1], signals]))
    assert abs(gaps.mean() - stated) < 4 * gaps.std() / np.sqrt(len(gaps))
