"""Calendar months, as text `YYYY-MM`, and dates as people read them. No pandas."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from analysis.errors import UsageError

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z")
_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def parse_month(text: str) -> str:
    """Return `text` if it is a month `YYYY-MM`; raise UsageError otherwise."""
    if not _MONTH.match(text):
        raise UsageError(f"{text!r} is not a month. Write it as YYYY-MM, for example 2026-10.")
    return text


def parse_day(text: str) -> date:
    """The date that `text` (YYYY-MM-DD) says; raise UsageError otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date. Write it as YYYY-MM-DD, for example 2026-10-31.") from None


def month_of(day: date) -> str:
    """Month of a date."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(month: str) -> date:
    """First day of a month."""
    year, number = map(int, month.split("-"))
    return date(year, number, 1)


def last_day(month: str) -> date:
    """Last day of a month."""
    year, number = map(int, month.split("-"))
    return date(year, number, monthrange(year, number)[1])


def shift(month: str, by: int) -> str:
    """The month `by` months later (earlier when negative)."""
    year, number = map(int, month.split("-"))
    index = year * 12 + number - 1 + by
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_range(first: str, last: str) -> Iterator[str]:
    """Every month from `first` to `last`, both included; none when `last` is earlier."""
    while first <= last:
        yield first
        first = shift(first, 1)


def newest_ended_month(data_cut: date) -> str:
    """The last calendar month that ended on or before the data cut: what a report is made for by default."""
    this = month_of(data_cut)
    return this if last_day(this) == data_cut else shift(this, -1)


def is_provisional(month: str, *, follow_up_days: int, data_cut: date) -> bool:
    """True while `month_end + follow_up_days` lies after the data cut: events of that month may still arrive."""
    return (data_cut - last_day(month)).days < follow_up_days


def say_month(month: str) -> str:
    """`2026-10` as `October 2026`."""
    return f"{_NAMES[int(month[5:]) - 1]} {month[:4]}"


def say_date(day: date) -> str:
    """A date as `3 March 2026`."""
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"
