from datetime import date

import pytest

from analysis import periods
from analysis.errors import UsageError


@pytest.mark.parametrize("text", ["2026-10", "2024-02", "0001-01"])
def test_a_month_is_taken_as_written(text: str) -> None:
    assert periods.parse_month(text) == text


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", " 2026-10", "2026-10\n", "oct", ""]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="2026-10"):
        periods.parse_month(text)


def test_months_are_counted_across_years() -> None:
    assert periods.shift("2025-11", 3) == "2026-02"
    assert periods.shift("2026-02", -14) == "2024-12"
    assert list(periods.month_range("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(periods.month_range("2026-02", "2026-01")) == []


def test_first_and_last_day_know_leap_years() -> None:
    assert periods.first_day("2024-02") == date(2024, 2, 1)
    assert periods.last_day("2024-02") == date(2024, 2, 29)
    assert periods.last_day("2100-02") == date(2100, 2, 28)


@pytest.mark.parametrize(
    ("cut", "month"),
    [("2026-10-31", "2026-10"), ("2026-10-30", "2026-09"), ("2026-11-01", "2026-10"), ("2026-01-15", "2025-12")],
)
def test_the_newest_ended_month_ended_on_or_before_the_data_cut(cut: str, month: str) -> None:
    assert periods.newest_ended_month(date.fromisoformat(cut)) == month


@pytest.mark.parametrize(("cut", "provisional"), [("2026-12-25", True), ("2026-12-26", False), ("2026-10-31", True)])
def test_a_month_is_provisional_while_its_follow_up_lies_after_the_data_cut(cut: str, provisional: bool) -> None:
    # 31 October and 56 days: 26 December
    assert periods.is_provisional("2026-10", follow_up_days=56, data_cut=date.fromisoformat(cut)) is provisional


def test_months_and_days_read_as_people_write_them() -> None:
    assert periods.say_month("2026-03") == "March 2026"
    assert periods.say_date(date(2026, 3, 3)) == "3 March 2026"
    assert periods.month_of(date(2026, 3, 3)) == "2026-03"
