"""What chance alone would spread, when the expectation is itself made of so many cases: against integration and simulation."""

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.counting.prediction import chance_of_so_few, expected_spread


def test_the_chance_of_so_few_is_a_poisson_count_about_a_rate_known_from_so_many_cases() -> None:
    for observed, expected, cases in ((3, 9.0, 12.0), (0, 6.0, 5.0), (12, 9.0, 400.0)):

        def under(rate: float, count: int = observed, mean: float = expected, size: float = cases) -> float:
            return float(stats.poisson.cdf(count, rate * mean) * stats.gamma.pdf(rate, size + 0.5, scale=1 / size))

        naive = integrate.quad(under, 0, 10, limit=500, epsabs=1e-13)[0]
        assert chance_of_so_few(observed, expected, cases, 1.0) == pytest.approx(naive, rel=1e-6)


def test_a_large_reference_gives_poisson_and_repeat_patients_and_few_cases_widen() -> None:
    lower, upper = expected_spread(20.0, 1e9, 1.0)
    assert (lower * 20, upper * 20) == pytest.approx(stats.poisson.ppf([0.025, 0.975], 20))
    widths = [np.ptp(expected_spread(20.0, *known)) for known in ((1e9, 1.0), (40.0, 1.0), (20.0, 1.0), (20.0, 2.0))]
    assert (np.diff(widths) > 0).all()


@pytest.mark.parametrize("times", [1, 3])
def test_alike_injectors_lie_within_their_spread_as_often_as_it_says(times: int) -> None:
    draw = np.random.default_rng(7)
    own, others = draw.poisson(10, 20_000), draw.poisson(10 * times, 20_000)
    own, others = own[others >= 5], others[others >= 5]
    expected = others / times
    lower, upper = expected_spread(expected, others, 1.0)
    inside = ((own / expected >= lower) & (own / expected <= upper)).mean()
    # between the level and what whole counts add to it
    assert 0.945 < inside < 0.985
    plain = stats.poisson.ppf([[0.025], [0.975]], expected)
    assert ((own >= plain[0]) & (own <= plain[1])).mean() < inside - 0.02


def test_without_an_expectation_there_is_no_spread() -> None:
    for known in ((np.nan, 9.0, 1.0), (0.0, 9.0, 1.0), (5.0, 0.0, 1.0), (5.0, np.nan, 1.0)):
        assert np.isnan(expected_spread(*known)).all()
        assert np.isnan(chance_of_so_few(1, *known))
