"""What must hold of every statistic whatever the numbers: order, nesting, symmetry, and a naive second opinion."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import optimize, stats

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
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.998])
TINY = 1e-9
PATIENT = settings(deadline=None)  # a busy machine is not a failure


@st.composite
def shares(draw, largest=2000):
    n = draw(st.integers(1, largest))
    return draw(st.integers(0, n)), n


def root(function, low, high):
    return optimize.brentq(function, low, high, xtol=1e-15, rtol=1e-13)


# Intervals


@pytest.mark.parametrize("method", PROPORTION)
@PATIENT
@given(share=shares(), level=LEVELS)
def test_proportion_interval_holds_the_point_and_grows_with_the_level(method, share, level):
    events, n = share
    lower, upper = proportion_interval(events, n, level=level, method=method)
    assert 0 <= lower <= events / n + TINY
    assert events / n - TINY <= upper <= 1
    wider = proportion_interval(events, n, level=(1 + level) / 2, method=method)
    assert wider[0] <= lower + TINY
    assert wider[1] >= upper - TINY


@pytest.mark.parametrize("method", PROPORTION)
@PATIENT
@given(share=shares(), level=LEVELS)
def test_proportion_interval_mirrors(method, share, level):
    events, n = share
    lower, upper = proportion_interval(events, n, level=level, method=method)
    assert_allclose(
        proportion_interval(n - events, n, level=level, method=method), (1 - upper, 1 - lower), rtol=1e-8, atol=1e-12
    )


@pytest.mark.parametrize("method", RATE)
@PATIENT
@given(events=st.integers(0, 3000), exposure=st.floats(0.01, 1e5), level=LEVELS)
def test_rate_interval_holds_the_point_scales_and_grows(method, events, exposure, level):
    lower, upper = rate_interval(events, exposure, level=level, method=method)
    assert upper >= events / exposure - TINY
    assert np.isnan(lower) or lower <= events / exposure + TINY
    assert_allclose(
        rate_interval(events, 1, level=level, method=method), (lower * exposure, upper * exposure), rtol=1e-9
    )
    wider = rate_interval(events, exposure, level=(1 + level) / 2, method=method)
    assert wider[1] >= upper * (1 - TINY)
    assert np.isnan(wider[0]) or wider[0] <= lower * (1 + TINY)


@PATIENT
@given(share=shares(300), level=LEVELS)
def test_exact_proportion_limits_by_root_finding(share, level):
    events, n = share
    tail = (1 - level) / 2
    lower, upper = proportion_interval(events, n, level=level)
    mid_lower, mid_upper = proportion_interval(events, n, level=level, method="mid_p")
    if events > 0:
        assert_allclose(lower, root(lambda p: stats.binom.sf(events - 1, n, p) - tail, 0, 1), rtol=1e-9)
        found = root(lambda p: stats.binom.sf(events, n, p) + stats.binom.pmf(events, n, p) / 2 - tail, 0, 1 - 1e-16)
        assert_allclose(mid_lower, found, rtol=1e-9)
    if events < n:
        assert_allclose(upper, root(lambda p: stats.binom.cdf(events, n, p) - tail, 0, 1), rtol=1e-9)
        found = root(lambda p: stats.binom.cdf(events, n, p) - stats.binom.pmf(events, n, p) / 2 - tail, 1e-300, 1)
        assert_allclose(mid_upper, found, rtol=1e-9)


@PATIENT
@given(share=shares(300), level=LEVELS)
def test_wilson_limits_by_root_finding(share, level):
    events, n = share
    z = stats.norm.isf((1 - level) / 2)
    lower, upper = proportion_interval(events, n, level=level, method="wilson")
    for limit in (lower, upper):
        assert_allclose(n * (events / n - limit) ** 2, z**2 * limit * (1 - limit), rtol=1e-7, atol=1e-9)


@PATIENT
@given(events=st.integers(0, 300), level=LEVELS)
def test_rate_limits_by_root_finding(events, level):
    tail = (1 - level) / 2
    lower, upper = rate_interval(events, 1, level=level)
    assert_allclose(upper, root(lambda m: stats.poisson.cdf(events, m) - tail, 0, 2000), rtol=1e-9)
    mid_lower, mid_upper = rate_interval(events, 1, level=level, method="mid_p")
    half = lambda m: stats.poisson.pmf(events, m) / 2  # noqa: E731
    assert_allclose(mid_upper, root(lambda m: stats.poisson.cdf(events, m) - half(m) - tail, 0, 2000), rtol=1e-9)
    if events > 0:
        assert_allclose(lower, root(lambda m: stats.poisson.sf(events - 1, m) - tail, 0, 2000), rtol=1e-9)
        assert_allclose(mid_lower, root(lambda m: stats.poisson.sf(events, m) + half(m) - tail, 0, 2000), rtol=1e-9)


@PATIENT
@given(share=shares(40), level=LEVELS)
def test_clopper_pearson_covers(share, level):
    events, n = share
    p = (events + 0.5) / (n + 1)
    lower, upper = proportion_interval(np.arange(n + 1), n, level=level)
    covered = stats.binom.pmf(np.arange(n + 1), n, p)[(lower <= p) & (p <= upper)].sum()
    assert covered >= level - TINY


@pytest.mark.parametrize("method", ["exact", "mid_p"])
@PATIENT
@given(one=st.integers(0, 300), two=st.integers(0, 300), t1=st.floats(0.1, 1e4), t2=st.floats(0.1, 1e4), level=LEVELS)
def test_rate_ratio_inverts_when_the_groups_change_places(method, one, two, t1, t2, level):
    assume(one > 0 and two > 0)
    estimate, lower, upper = rate_ratio(one, t1, two, t2, level=level, method=method)
    assert lower < estimate * (1 + TINY)
    assert upper > estimate * (1 - TINY)
    assert_allclose(
        rate_ratio(two, t2, one, t1, level=level, method=method), (1 / estimate, 1 / upper, 1 / lower), rtol=1e-8
    )


@pytest.mark.parametrize("method", ["newcombe", "miettinen_nurminen"])
@PATIENT
@given(one=shares(500), two=shares(500), level=LEVELS)
def test_risk_difference_changes_sign_when_the_groups_change_places(method, one, two, level):
    estimate, lower, upper = risk_difference(*one, *two, level=level, method=method)
    assert -1 <= lower <= estimate + TINY
    assert estimate - TINY <= upper <= 1
    assert_allclose(
        risk_difference(*two, *one, level=level, method=method), (-estimate, -upper, -lower), rtol=1e-8, atol=1e-10
    )


def fitted_variance(d, x1, n1, x2, n2):
    """Variance under the difference d, with the likelihood maximised by a bounded search instead of a cubic."""
    low, high = max(0.0, -d), min(1.0, 1 - d)

    def slope(p2):
        p1 = p2 + d
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = (x1, p1), (-(n1 - x1), 1 - p1), (x2, p2), (-(n2 - x2), 1 - p2)
            return sum(np.divide(count, p) for count, p in parts if count)

    inset = (high - low) * 1e-14
    ends = slope(low + inset), slope(high - inset)
    p2 = low if ends[0] <= 0 else high if ends[1] >= 0 else root(slope, low + inset, high - inset)
    p1 = p2 + d
    return (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1)


@settings(max_examples=60, deadline=None)
@given(one=shares(400), two=shares(400))
def test_miettinen_nurminen_limits_are_at_the_critical_score(one, two):
    estimate, lower, upper = (float(v) for v in risk_difference(*one, *two, method="miettinen_nurminen"))
    for limit in (lower, upper):
        if abs(limit) < 1:
            score = abs(estimate - limit) / np.sqrt(fitted_variance(limit, *one, *two))
            assert_allclose(score, 1.959963984540054, rtol=1e-5)


@PATIENT
@given(st.lists(shares(), min_size=1, max_size=8), st.randoms())
def test_intervals_of_a_column_are_those_of_its_rows(rows, random):
    random.shuffle(rows)
    events, n = np.array(rows).T
    for method in PROPORTION:
        together = np.array(proportion_interval(events, n, method=method))
        alone = np.array([proportion_interval(*row, method=method) for row in rows]).T
        assert_allclose(together, alone, rtol=1e-12)


# Case mix, shrinkage, funnel

CELLS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz"), st.integers(0, 9), st.integers(0, 80)),
    min_size=1,
    max_size=25,
)


def as_cells(rows):
    frame = pd.DataFrame(rows, columns=["unit", "stratum", "events", "exposure"])
    return frame.assign(exposure=frame["exposure"] + frame["events"])


@PATIENT
@given(rows=CELLS, leave_one_out=st.booleans())
def test_indirect_by_a_plain_loop(rows, leave_one_out):
    frame = as_cells(rows)
    found = indirect(frame, unit="unit", strata="stratum", leave_one_out=leave_one_out)
    assert found["unit"].tolist() == sorted(frame["unit"].unique())
    for unit, row in found.iterrows():
        observed, expected = 0, 0.0
        for _, own in frame[frame["unit"] == unit].groupby("stratum"):
            stratum = frame[frame["stratum"] == own["stratum"].iloc[0]]
            others = stratum[stratum["unit"] != unit] if leave_one_out else stratum
            if others["exposure"].sum() > 0:
                observed += own["events"].sum()
                expected += own["exposure"].sum() * others["events"].sum() / others["exposure"].sum()
        assert row["observed"] == observed
        assert_allclose(row["expected"], expected, rtol=1e-12)
    if not leave_one_out:
        assert_allclose(found["observed"].sum(), found["expected"].sum(), rtol=1e-9, atol=1e-12)


@PATIENT
@given(rows=CELLS, leave_one_out=st.booleans(), random=st.randoms())
def test_indirect_does_not_depend_on_order_splitting_or_idle_units(rows, leave_one_out, random):
    options = {"unit": "unit", "strata": "stratum", "leave_one_out": leave_one_out}
    before = indirect(as_cells(rows), **options)
    shuffled = rows.copy()
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(indirect(as_cells(shuffled), **options), before, rtol=1e-12)
    idle = indirect(as_cells([*rows, ("idle", "x", 0, 0)]), **options)
    assert idle.loc["idle", ["ratio", "lower", "upper"]].isna().all()
    pd.testing.assert_frame_equal(idle.drop(index="idle"), before, rtol=1e-12)


UNITS = st.lists(st.tuples(st.integers(0, 60), st.floats(0.5, 60)), min_size=2, max_size=30)


@PATIENT
@given(units=UNITS, random=st.randoms(), overdispersion=st.sampled_from(["auto", "none", "additive"]))
def test_funnel_does_not_depend_on_order_or_idle_units(units, random, overdispersion):
    frame = pd.DataFrame(units, columns=["observed", "expected"])
    before = funnel(frame, overdispersion=overdispersion)
    order = list(frame.index)
    random.shuffle(order)
    after = funnel(frame.loc[order], overdispersion=overdispersion).loc[frame.index]
    pd.testing.assert_frame_equal(after, before, rtol=1e-9)
    idle = pd.concat([frame, pd.DataFrame({"observed": [0], "expected": [0.0]}, index=["idle"])])
    after = funnel(idle, overdispersion=overdispersion)
    assert after.loc["idle", "position"] == "too_few"
    pd.testing.assert_frame_equal(after.drop(index="idle").reset_index(drop=True), before, rtol=1e-12)


@PATIENT
@given(units=UNITS, overdispersion=st.sampled_from(["none", "additive"]))
def test_funnel_limits_nest_about_one(units, overdispersion):
    found = funnel(pd.DataFrame(units, columns=["observed", "expected"]), overdispersion=overdispersion)
    enough = found[found["position"] != "too_few"]
    assert (enough["lower998"] <= enough["lower95"]).all()
    assert (enough["lower95"] < 1).all()
    assert (enough["upper95"] > 1).all()
    assert (enough["upper95"] <= enough["upper998"]).all()
    assert (found.loc[found["expected"] < 5, "position"] == "too_few").all()


@settings(max_examples=40, deadline=None)
@given(units=UNITS, random=st.randoms())
def test_shrinkage_pulls_towards_the_group_and_does_not_depend_on_order(units, random):
    frame = pd.DataFrame(units, columns=["observed", "expected"])
    found = gamma_poisson(frame["observed"], frame["expected"])
    shape, rate = found.attrs["shape"], found.attrs["rate"]
    if np.isfinite(shape):
        group = shape / rate
        between = np.sort(np.column_stack([found["ratio"], np.full(len(found), group)]))
        assert (found["shrunken"] >= between[:, 0] - TINY).all()
        assert (found["shrunken"] <= between[:, 1] + TINY).all()
    order = list(frame.index)
    random.shuffle(order)
    after = gamma_poisson(frame.loc[order, "observed"], frame.loc[order, "expected"]).loc[frame.index]
    pd.testing.assert_frame_equal(after, found, rtol=1e-5, atol=1e-9)


# Sequences

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=40)


@PATIENT
@given(events=COUNTS, ratio=st.sampled_from([0.5, 1.5, 2.0, 3.0]), limit=st.sampled_from([1.0, 3.0]))
def test_cusum_is_the_largest_sum_of_any_stretch_ending_here(events, ratio, limit):
    found = poisson_cusum(events, 2.5, ratio=ratio)
    weights = np.array(events) * np.log(ratio) - 2.5 * (ratio - 1)
    naive = [max(0.0, max(weights[start : end + 1].sum() for start in range(end + 1))) for end in range(len(events))]
    assert_allclose(found["cusum"], naive, atol=1e-9)
    limited = poisson_cusum(events, 2.5, ratio=ratio, limit=limit)
    assert (limited["signal"] == (limited["cusum"] > limit)).all()
    after = np.flatnonzero(limited["signal"])
    for at in after[after < len(events) - 1]:
        assert_allclose(limited["cusum"][at + 1], max(0.0, weights[at + 1]), atol=1e-9)


@PATIENT
@given(outcome=st.lists(st.booleans(), min_size=1, max_size=60), risk=st.floats(0.001, 0.5))
def test_bernoulli_cusum_with_one_risk_by_likelihoods(outcome, risk):
    changed = 2 * risk / (1 - risk + 2 * risk)
    gains = [np.log((changed if happened else 1 - changed) / (risk if happened else 1 - risk)) for happened in outcome]
    total, naive = 0.0, []
    for gain in gains:
        total = max(0.0, total + gain)
        naive.append(total)
    assert_allclose(bernoulli_cusum(outcome, risk, odds_ratio=2)["cusum"], naive, atol=1e-9)


@PATIENT
@given(events=COUNTS)
def test_eprocess_limits_hold_the_ratio_and_missing_months_change_nothing(events):
    found = poisson_eprocess(events, 2.0)
    ratio = np.cumsum(events) / (2.0 * np.arange(1, len(events) + 1))
    assert (found["ratio_lower"] <= ratio + TINY).all()
    assert (found["ratio_upper"] >= ratio - TINY).all()
    with_gap = poisson_eprocess([events[0], np.nan, *events[1:]], 2.0)
    assert with_gap.iloc[1].isna().all()
    assert_allclose(with_gap.drop(index=1), found, rtol=1e-9)


def plain_runs(values, centre):
    sides = [value > centre for value in values if value != centre]
    longest = run = crossings = 0
    for at, side in enumerate(sides):
        run = run + 1 if at and side == sides[at - 1] else 1
        longest = max(longest, run)
        crossings += bool(at) and side != sides[at - 1]
    return len(sides), longest, crossings


@PATIENT
@given(values=COUNTS, centre=st.sampled_from([2.0, 2.5, 6.0]))
def test_runs_by_a_plain_loop(values, centre):
    found = anhoej(values, centre)
    assert (found.n_useful, found.longest_run or 0, found.crossings or 0) == plain_runs(values, centre)
    assert found.signal == anhoej(values[::-1], centre).signal


@PATIENT
@given(events=COUNTS, kind=st.sampled_from(["u", "p", "up", "pp", "run", "c"]), gap=st.integers(0, 40))
def test_a_month_without_data_is_drawn_and_changes_no_limit_of_unprimed_charts(events, kind, gap):
    frame = pd.DataFrame({"events": events, "exposure": 50})
    gap = min(gap, len(events))
    missing = pd.DataFrame({"events": [np.nan], "exposure": [0]})
    longer = pd.concat([frame[:gap], missing, frame[gap:]], ignore_index=True)
    found, before = control_chart(longer, kind=kind), control_chart(frame, kind=kind)
    assert pd.isna(found.loc[gap, "value"])
    assert not found.loc[gap, "signal"]
    rest = found.drop(index=gap).reset_index(drop=True)
    columns = ["value", "centre"] if kind in ("up", "pp") else ["value", "centre", "lower", "upper", "signal"]
    assert_allclose(rest[columns].astype(float), before[columns].astype(float), rtol=1e-12)


@PATIENT
@given(events=COUNTS, more=COUNTS)
def test_points_after_the_baseline_do_not_move_its_limits(events, more):
    frame = pd.DataFrame({"events": events + more, "exposure": 50})
    for kind in ("u", "up", "c", "run"):
        whole = control_chart(frame, kind=kind, baseline=len(events)).head(len(events))
        masked = control_chart(frame, kind=kind, baseline=np.arange(len(frame)) < len(events)).head(len(events))
        alone = control_chart(frame.head(len(events)), kind=kind)
        pd.testing.assert_frame_equal(whole, alone)
        pd.testing.assert_frame_equal(masked, alone)


@PATIENT
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_p_by_the_definition(p):
    ranked = sorted(p)
    naive = [min(min(1.0, q * len(p) / (ranked.index(q) + ranked.count(q))) for q in ranked if q >= own) for own in p]
    assert_allclose(benjamini_hochberg(p), naive, rtol=1e-9)


@PATIENT
@given(events=st.integers(0, 200), expected=st.floats(0.1, 200))
def test_probability_of_so_few_by_adding_up(events, expected):
    naive = sum(stats.poisson.pmf(count, expected) for count in range(events + 1))
    assert_allclose(probability_of_so_few(events, expected), naive, rtol=1e-9)
