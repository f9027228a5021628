import numpy as np
import pandas as pd
import pytest
from sample_context import block

from analysis.report import numbers
from analysis.report.rates import Rate


def test_counts_dates_and_months():
    assert numbers.count(0) == "0"
    assert numbers.count(5210) == "5,210"
    assert numbers.count(pd.NA) == "[x]"
    assert numbers.of(31, 5210) == "31 of 5,210"
    assert numbers.day("2026-03-03") == "3 March 2026"
    assert numbers.day(None) == numbers.day("soon") == "[x]"
    assert numbers.month("2026-10") == "October 2026"
    assert numbers.month(np.nan) == numbers.month("x") == "[x]"
    assert numbers.short_month("2026-10") == "Oct 2026"


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.0, "0.0"),
        (0.00001, "under 0.1"),
        (0.0122, "12.2"),
        (0.09994, "99.9"),
        (0.09999, "100"),
        (0.25, "250"),
        (1.0, "1,000"),
    ],
)
def test_per_thousand(rate, said):
    assert numbers.per_thousand(rate) == said


def test_a_share_says_all_or_none_only_when_it_is():
    assert numbers.percent(0, 10) == "0 %"
    assert numbers.percent(1, 10_000) == "1 %"
    assert numbers.percent(9_999, 10_000) == "99 %"
    assert numbers.percent(10, 10) == "100 %"
    assert [numbers.share(value) for value in (0.0, 0.004, 0.52, 0.9966, 1.0)] == [
        "0 %",
        "1 %",
        "52 %",
        "99 %",
        "100 %",
    ]
    assert numbers.percent(1, 0) == numbers.percent(None, 3) == "[x]"


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.41, "about 4 times in 10"),
        (0.083, "about 1 time in 12"),
        (0.99, "more than 9 times in 10"),
        (0.001, "less than 1 time in 100"),
    ],
)
def test_chance_in_natural_frequencies(probability, said):
    assert numbers.chance(probability) == said


def test_the_five_ways_a_rate_is_said():
    assert Rate.of(block(0, 300)).said == "0 of 300; up to 12.2 per 1,000"
    assert Rate.of(block(3, 42)).said == "3 of 42"
    assert Rate.of(block(31, 5210)).said == "31 of 5,210; 6.0 per 1,000 (4.0 to 8.4)"
    assert Rate.of(block(None, None)).said == "no rate: events log of Northgate not received"
    ranged = Rate.of(block(10, 1000, if_unlinked_counted=0.0126))
    assert ranged.kind == "range"
    assert ranged.said == "10 of 1,000 linked; 10.0 to 12.6 per 1,000 with and without unlinked entries"
    assert Rate.of(block(10, 1000, if_unlinked_counted=0.0125)).kind == "point"


def test_a_rate_is_never_invented():
    assert Rate.of({}).said == "no rate: number of sessions not known"
    assert Rate.of(block(2, 0, reason="no sessions")).said == "2 of 0; no rate: no sessions"
    assert Rate.of(block(0, 0)).kind == "none"
    kept = Rate.of({**block(4, 300), "reason": "events log of Harbour not received"})
    assert kept.said == "4 of 300; no rate: events log of Harbour not received"
    assert not kept.drawn
    assert kept.interval == "[z]"


def test_zero_linked_but_some_unlinked_is_a_range():
    assert Rate.of(block(0, 300, if_unlinked_counted=1 / 300)).value == "0.0 to 3.3"
