"""The sequential monitor against plain loops, and the property that its price rests on."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from analysis.monitoring import detector
from analysis.monitoring.detector import comparators, evidence, log_ratio, other_clinics, starting_mass
from analysis.monitoring.power import chance_noticed

PATIENT = settings(deadline=None)


@PATIENT
@given(
    events=st.integers(0, 40), part=st.floats(0.01, 0.99), ratio=st.sampled_from([0.2, 0.5, 1.5, 2.5, 4.0])
)  # fmt: skip
def test_the_ratio_of_a_month_is_one_on_average_when_nobody_differs(events, part, ratio):
    own = np.arange(events + 1.0)
    factor = np.exp(log_ratio(own, np.full(events + 1, part), events - own, np.full(events + 1, 1 - part), ratio=ratio))
    assert_allclose((factor * stats.binom.pmf(own, events, part)).sum(), 1, rtol=1e-9)


@PATIENT
@given(
    risks=st.lists(st.floats(0.01, 0.6), min_size=2, max_size=9), split=st.integers(1, 8), ratio=st.sampled_from([0.2, 2.5])
)  # fmt: skip
def test_and_no_more_than_one_whatever_the_risks_of_single_sessions(risks, split, ratio):
    split = min(split, len(risks) - 1)
    own, others = np.array(risks[:split]), np.array(risks[split:])
    mean = 0.0
    for a, p in enumerate(chances_of_counts(own)):
        for b, q in enumerate(chances_of_counts(others)):
            values = (np.array([float(value)]) for value in (a, own.sum(), b, others.sum()))
            mean += p * q * float(np.exp(log_ratio(*values, ratio=ratio)[0]))
    assert mean <= 1 + 1e-9


def chances_of_counts(risks):
    found = np.ones(1)
    for risk in risks:
        found = np.convolve(found, [1 - risk, risk])
    return found


def test_evidence_by_plain_loops_over_every_start():
    rng = np.random.default_rng(3)
    observed, others = rng.poisson(1.5, (3, 9)).astype(float), rng.poisson(6, (3, 9)).astype(float)
    expected, beside = rng.uniform(0.5, 2, (3, 9)), rng.uniform(4, 8, (3, 9))
    mass = rng.uniform(0, 0.1, (3, 9))
    found = evidence(observed, expected, others, beside, mass=mass, ratio=2.5)
    for unit in range(3):
        for now in range(9):
            total = 0.0
            for start in range(now + 1):
                product = mass[unit, start]
                for month in range(start, now + 1):
                    part = expected[unit, month] / (expected[unit, month] + beside[unit, month])
                    n = observed[unit, month] + others[unit, month]
                    product *= 2.5 ** observed[unit, month] / (1 + part * 1.5) ** n
                total += product
            assert_allclose(found[unit, now], total, rtol=1e-9)


@pytest.mark.filterwarnings("error")
def test_evidence_that_no_number_holds_is_lost_again_by_what_follows():
    """A month of a large store: ratio 2.5^2000 / 1.15^2100. Its like the other way round leaves as much as plain whole numbers say."""
    seen, due = np.array([[2000.0, 0, 2000]]), np.full((1, 3), 100.0)
    around, around_due = np.array([[100.0, 11000, 100]]), np.full((1, 3), 900.0)
    found = evidence(seen, due, around, around_due, mass=np.full((1, 3), 0.01), ratio=2.5)[0]
    factors = [
        Fraction(5, 2) ** int(own) / Fraction(23, 20) ** int(own + others)
        for own, others in zip(seen[0], around[0], strict=True)
    ]
    exact, total = [], Fraction(0)
    for factor in factors:
        total = (total + Fraction(1, 100)) * factor
        exact.append(total)
    assert [float(min(one, Fraction(10) ** 300)) for one in exact] == pytest.approx(found.tolist(), rel=1e-9)
    assert exact[0] > 10**400
    assert 1e-10 < exact[1] < 1e300


@PATIENT
@given(seed=st.integers(0, 10**6), size=st.floats(0.5, 20))
def test_both_ways_of_adding_evidence_up_say_the_same(seed, size):
    rng = np.random.default_rng(seed)
    gain, capital = rng.normal(0, size, (4, 12)), rng.uniform(0, 0.1, (4, 12)) * (rng.random((4, 12)) > 0.2)
    total, found = np.zeros(4), detector._by_logarithms(gain, capital)
    for month in range(12):
        total = (total + capital[:, month]) * np.exp(gain[:, month])
        assert_allclose(found[:, month], total, rtol=1e-9)


def test_months_without_sessions_or_comparators_change_nothing():
    mass = np.full((1, 3), 0.1)
    quiet = evidence(
        np.array([[1.0, 0, 2]]),
        np.array([[0.5, 0, 0.5]]),
        np.array([[3.0, 4, 3]]),
        np.ones((1, 3)),
        mass=mass,
        ratio=2.5,
    )
    assert quiet[0, 1] == quiet[0, 0]
    alone = evidence(np.array([[5.0, 5, 5]]), np.ones((1, 3)), np.zeros((1, 3)), np.zeros((1, 3)), mass=mass, ratio=2.5)
    assert (alone == 0).all()


def test_comparators_by_plain_loops():
    rng = np.random.default_rng(4)
    values, clinic = rng.poisson(4, (7, 5)).astype(float), np.array([0, 0, 1, 1, 1, 2, 3])
    similar = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], dtype=bool)
    found = comparators(values, clinic, similar)
    for unit in range(7):
        others = [one for one in range(7) if one != unit and similar[clinic[unit], clinic[one]]]
        assert_allclose(found[unit], sum((values[one] for one in others), np.zeros(5)))
    assert (found[5] == 0).all()
    by_clinic = np.array([values[clinic == n].sum(axis=0) for n in range(4)])
    assert_allclose(other_clinics(by_clinic, similar)[0], by_clinic[1])
    assert (other_clinics(by_clinic, similar)[2] == 0).all()


def test_the_capital_of_a_month_is_split_by_exposure_and_adds_up():
    mass = starting_mass(np.array([[1.0, 0], [3, 0], [0, 0]]), share=0.6)
    assert_allclose(mass.sum(axis=0), [0.05, 0])
    assert_allclose(mass[:, 0], [0.0125, 0.0375, 0])


def test_the_mean_of_the_evidence_is_the_capital_put_in():
    rng = np.random.default_rng(11)
    shape = (60_000, 6)
    own, others = rng.poisson(0.6, shape).astype(float), rng.poisson(4.0, shape).astype(float)
    paths = evidence(own, np.full(shape, 0.6), others, np.full(shape, 4.0), mass=np.full(shape, 1 / 12), ratio=2.0)
    error = paths.std(axis=0) / np.sqrt(shape[0])
    assert (np.abs(paths.mean(axis=0) - np.arange(1, 7) / 12) < 4 * error).all()


def test_power_by_a_second_simulation_and_its_edges():
    args = {"factor": 3.0, "ratio": 2.5, "limit": 10.0}
    printed = chance_noticed(
        np.array([1.0, 0.0, 1.0]), np.array([8.0, 8.0, 0.0]), np.array([0.01, 0.01, 0.01]), draws=4000, **args
    )
    assert np.isnan(printed[1:]).all()
    rng, hits = np.random.default_rng(99), 0
    for _ in range(1500):
        total, best = 0.0, 0.0
        for _ in range(12):
            seen, beside = rng.poisson(3.0), rng.poisson(8.0)
            total = (total + 0.01) * 2.5**seen / (1 + 1.5 / 9) ** (seen + beside)
            best = max(best, total)
        hits += best >= 10.0
    # volumes are rounded to steps of 10 %: the two may differ by what that is worth besides chance
    assert printed[0] == pytest.approx(hits / 1500, abs=0.06)
    assert chance_noticed(np.array([1.0]), np.array([8.0]), np.array([0.01]), **args) == chance_noticed(
        np.array([1.0]), np.array([8.0]), np.array([0.01]), **args
    )
