"""The chance that a ratio would have been seen, against every count tried in turn."""

import numpy as np
from scipy import stats

from analysis.counting.clustering import chance_seen, ratio_limits

EXPECTED = np.array([0.3, 2.0, 5.5, 17.0, 160.0, np.nan])
REFERENCE = np.array([40.0, 8.0, 12.5, 300.0, 900.0, 10.0])
EFFECT = np.array([1.0, 1.0, 1.7, 1.2, 3.0, 1.0])


def tried_in_turn(mean: float, cases: float, effect: float, ratio: float) -> float:
    for count in range(2_000):
        if ratio_limits(count, mean, cases, effect)[0] > 1:
            return float(stats.poisson.sf(np.ceil(count / effect) - 1, mean * ratio / effect))
    return 0.0


def test_the_smallest_count_that_shows_is_the_one_found_by_trying_all() -> None:
    for ratio in (2.0, 3.0):
        found = chance_seen(EXPECTED, REFERENCE, EFFECT, ratio=ratio)
        naive = [tried_in_turn(*one, ratio) for one in zip(EXPECTED[:-1], REFERENCE[:-1], EFFECT[:-1], strict=True)]
        np.testing.assert_array_equal(found[:-1], naive)
        assert np.isnan(found[-1])
        assert 0 < found[0] < found[3] < 1
