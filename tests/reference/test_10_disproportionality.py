"""PRR, ROR and IC against R's pvda, and small published cases."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.counting.disproportionality import COLUMNS, disproportionality

THEIRS = {
    "expected": "expected", "prr": "prr", "prr_lower": "prr_lower", "prr_upper": "prr_upper", "ror": "ror",
    "ror_lower": "ror_lower", "ror_upper": "ror_upper", "ic": "ic", "ic_lower": "ic025", "ic_upper": "ic975", "chi2_yates": "chisq_yates",
}  # fmt: skip


def test_all_pairs_of_the_reference_set(reference):
    table = reference("10_disproportionality/input_2x2.csv")
    wanted = reference("10_disproportionality/expected_2x2.csv")
    found = disproportionality(table)
    assert len(found) == len(wanted) > 100
    for ours, theirs in THEIRS.items():
        finite = np.isfinite(wanted[theirs])
        assert finite.sum() > 100
        assert_allclose(found.loc[finite, ours], wanted.loc[finite, theirs], rtol=1e-9, atol=1e-12, err_msg=ours)
        # zero cells: 0, Inf and NaN as the reference has them
        pd.testing.assert_series_equal(found.loc[~finite, ours], wanted.loc[~finite, theirs], check_names=False)


def test_a_worked_pair():
    # 2 of 8 reports of one product against 54 of 3,348 others (R package pvda on CAERS data)
    row = disproportionality(pd.DataFrame({"n11": [2], "n_drug": [8], "n_event": [56], "n_total": [3356]})).iloc[0]
    assert row["prr"] == pytest.approx(15.5, rel=1e-12)
    assert row["ror"] == pytest.approx(20.3333333333, rel=1e-9)
    assert row["ic"] == pytest.approx(1.9805292137960808, rel=1e-9)
    assert (row["ic_lower"], row["ic_upper"]) == pytest.approx((-0.6081111646111957, 3.3403316985235625), rel=1e-9)


def test_empty_cells_are_as_in_r_empty_margins_missing_and_impossible_tables_an_error():
    table = pd.DataFrame(
        {"n11": [0, 3, np.nan, 0], "n_drug": [5, 3, 4, 0], "n_event": [9, 3, 4, 0], "n_total": [50, 50, 50, 0]}
    )
    found = disproportionality(table)
    assert list(found.columns) == COLUMNS
    assert found.loc[0, ["prr", "prr_lower"]].tolist() == [0, 0]
    assert found.loc[1, ["prr", "prr_upper", "ror", "ror_upper"]].tolist() == [np.inf] * 4
    assert found.loc[[0, 2], "prr_upper"].isna().all()
    assert found.loc[1, ["prr_lower", "ror_lower"]].isna().all()
    assert found.iloc[2:].drop(columns=["method", "expected"]).isna().all(axis=None)
    assert len(disproportionality(table[:0])) == 0
    with pytest.raises(ValueError, match="do not fit"):
        disproportionality(pd.DataFrame({"n11": [4], "n_drug": [3], "n_event": [9], "n_total": [50]}))
