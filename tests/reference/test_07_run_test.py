import numpy as np
import pandas as pd
import pytest

from analysis.monitoring.spc import anhoej

# Anhoej (2015), PLoS One 10:e0121349: useful points, longest run allowed, fewest crossings allowed
ANHOEJ_2015 = [(10, 6, 2), (12, 7, 3), (16, 7, 4), (20, 7, 6), (24, 8, 8)]


@pytest.mark.parametrize(("n", "longest", "crossings"), ANHOEJ_2015)
def test_published_limits(n, longest, crossings):
    found = anhoej(np.arange(n) % 2, 0.5)
    assert (found.longest_run_max, found.crossings_min) == (longest, crossings)
    assert (found.longest_run, found.crossings, found.signal) == (1, n - 1, False)


def test_points_on_the_centre_neither_break_nor_extend_a_run():
    found = anhoej([3, 2, 3, np.nan, 3, 1, 2, 1], 2)
    assert (found.n_useful, found.longest_run, found.crossings) == (5, 3, 1)


def test_no_point_off_the_centre():
    found = anhoej([4.0] * 12, 4.0)
    assert (found.n_useful, found.longest_run, found.crossings_min, found.signal) == (0, None, None, False)


def _as_none(value):
    return None if pd.isna(value) else int(value)


def test_reference_set(reference):
    given = reference("07_anhoej_runs/input.csv")
    rows = reference("07_anhoej_runs/expected.csv").query("method == 'anhoej'")
    assert len(rows) == 28
    for row in rows.itertuples():
        found = anhoej(given.loc[given["series"] == row.series, "value"], row.cl)
        expected = [row.n_useful, row.longest_run, row.longest_run_max, row.n_crossings, row.n_crossings_min]
        ours = [found.n_useful, found.longest_run, found.longest_run_max, found.crossings, found.crossings_min]
        assert ours == [_as_none(value) for value in expected], row.series
        assert found.signal == row.runs_signal, row.series


def test_reference_limits_by_n(reference):
    for row in reference("07_anhoej_runs/expected_limits_by_n.csv").itertuples():
        found = anhoej(np.arange(row.n_useful) % 2, 0.5)
        assert (found.longest_run_max, found.crossings_min) == (row.longest_run_max, row.n_crossings_min)
