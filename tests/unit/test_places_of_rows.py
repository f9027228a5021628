"""Months and places of rows by whole columns, against the same done row by row."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.columnar.calendar import month_names
from analysis.schemas.order import positions

DAYS = st.lists(st.one_of(st.none(), st.dates(date(1969, 1, 1), date(2031, 12, 31))), max_size=8)
KEYS = st.tuples(st.sampled_from("ab"), st.one_of(st.none(), st.sampled_from("xyz")))


@pytest.mark.parametrize("held", ["python", "pyarrow"])
@settings(max_examples=25, deadline=None)
@given(days=DAYS)
def test_months_are_what_a_calendar_says(held: str, days: list[date | None]) -> None:
    with pd.option_context("mode.string_storage", held):
        column = pd.Series(days, dtype="datetime64[us]", name="day", index=range(3, 3 + len(days)))
        wanted = pd.Series([day and f"{day:%Y-%m}" for day in days], dtype="str", name="day", index=column.index)
        pd.testing.assert_series_equal(month_names(column), wanted)


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(KEYS, max_size=6), among=st.lists(KEYS.filter(all), max_size=6, unique=True))
def test_positions_are_those_of_the_same_keys(rows: list[tuple], among: list[tuple]) -> None:
    frames = [pd.DataFrame(own, columns=["clinic", "session_id"], dtype="str") for own in (rows, among)]
    found = positions(*frames, ["clinic", "session_id"])
    assert found.tolist() == [among.index(row) if row in among else -1 for row in rows]
