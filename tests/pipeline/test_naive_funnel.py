"""The funnel of a month's page against Poisson limits by their definition, and who may never see it."""

import math
from typing import Any

import pytest

from analysis.counting.disclosure import CONTENTS
from analysis.schemas import MonthContext

Record = dict[str, Any]


def pmf(k: int, mean: float) -> float:
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))


def limit(mean: float, p: float) -> float:
    """The first count with more than p below or at it, drawn back within its step; over the mean and never under 0."""
    below, k = 0.0, -1
    while below <= p:
        k += 1
        below += pmf(k, mean)
    return max(k - (below - p) / pmf(k, mean), 0.0) / mean


def test_the_funnel_is_that_of_plain_sums(larger_month: MonthContext) -> None:
    units, oe = larger_month.frames["funnel_by_injector"], larger_month.frames["oe_by_injector"]
    shown = oe[oe["ratio"].notna()]
    assert len(units) == len(shown) >= 3
    assert list(zip(units["measure"], units["code"], strict=True)) == list(
        zip(shown["measure"], shown["code"], strict=True)
    )
    assert (units["expected"] >= 5).all()
    assert "position" not in units
    for row in units.to_dict("records"):
        assert row["method"] == "exact"
        assert row["ratio"] == pytest.approx(row["observed"] / row["expected"])
        for name, level in (("95", 0.95), ("998", 0.998)):
            for side, p in (("lower", (1 - level) / 2), ("upper", (1 + level) / 2)):
                assert row[f"{side}{name}"] == pytest.approx(limit(row["expected"], p), abs=1e-9)


def test_the_lines_run_past_every_unit(larger_month: MonthContext) -> None:
    units, lines = larger_month.frames["funnel_by_injector"], larger_month.frames["funnel_limits"]
    for measure, own in units.groupby("measure"):
        drawn = lines[lines["measure"] == measure]
        assert drawn["expected"].min() < own["expected"].min()
        assert drawn["expected"].max() > own["expected"].max()
        for row in drawn.iloc[::13].to_dict("records"):
            assert row["upper95"] == pytest.approx(limit(row["expected"], 0.975), abs=1e-9)


@pytest.mark.parametrize("audience", CONTENTS)
def test_files_that_are_passed_on_hold_no_funnel_and_no_table_of_injectors(audience: str) -> None:
    names = set(CONTENTS[audience].frames)
    assert not {
        name
        for name in names
        if "funnel" in name or name in ("oe_by_injector", "rates_by_injector", "followup_by_injector")
    }
