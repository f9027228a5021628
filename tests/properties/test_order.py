"""Order and sameness of rows through whole numbers, against pandas' own sorting and grouping."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.columnar.coded import coded
from analysis.schemas import order

_ROW = st.tuples(
    st.sampled_from(["", "a", "b", "B", "é", "𐀀", "￿", None]),
    st.sampled_from([0.5, 1.0, -2.0, float("nan")]),
    st.sampled_from([pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01"), pd.NaT]),
    st.booleans(),
)
_KEY = ["text", "number", "day", "truth"]


def frame_of(rows: list[tuple]) -> pd.DataFrame:
    types = {"text": "str", "number": "float64", "day": "datetime64[us]", "truth": "bool"}
    return pd.DataFrame(rows, columns=_KEY).astype(types)


def by_hand(row: tuple) -> tuple:
    """Missing first, text by code point: what the functions promise, in plain Python."""
    return tuple(
        (value == value and value is not None, value if value == value and value is not None else 0) for value in row
    )


@given(st.lists(_ROW, max_size=30), st.integers(1, 4))
@settings(deadline=None)
def test_order_is_that_of_plain_python(rows, columns):
    frame, key = frame_of(rows), _KEY[:columns]
    naive = sorted(range(len(rows)), key=lambda n: by_hand(rows[n][:columns]))
    assert order.order_of(frame, key).tolist() == naive
    finer = sorted(range(len(rows)), key=lambda n: by_hand(rows[n]))
    assert order.order_of(frame, key, then=_KEY[columns:]).tolist() == finer
    alike = {by_hand(row[:columns]) for row in rows}
    keys = [by_hand(row[:columns]) for row in rows]
    assert order.ascend(frame, key) == (keys == sorted(alike))


@given(st.lists(_ROW, max_size=30))
@settings(deadline=None)
def test_rows_alike_share_a_number_and_no_others_do(rows):
    frame = frame_of(rows)
    same = [[by_hand(a) == by_hand(b) for b in rows] for a in rows]
    columns = [coded(frame[name]) for name in _KEY]
    for found in (
        order.groups(frame, _KEY), order.repeats(frame, _KEY), order.places(frame, _KEY), order.combined(columns, len(rows))
    ):  # fmt: skip
        assert [[a == b for b in found] for a in found.tolist()] == same
    assert order.groups(frame, _KEY).tolist() == frame.groupby(_KEY, dropna=False, sort=False).ngroup().tolist()


def test_numbers_too_large_to_combine_are_made_smaller_first(monkeypatch):
    monkeypatch.setattr(order, "_MOST", 4)
    frame = pd.DataFrame({"a": [3, 1, 2, 1, 3], "b": [1, 2, 1, 1, 0], "c": [0, 0, 0, 0, 0]})
    assert order.order_of(frame, ["a", "b", "c"]).tolist() == [3, 1, 2, 4, 0]


def test_a_value_the_table_does_not_have_takes_the_default():
    values = pd.Series(["x", None, "y", "x"], dtype="str")
    assert np.array_equal(order.looked_up(values, {"x": 2}, 9), [2, 9, 9, 2])


_ID = st.sampled_from(["", "a", "b", "B", "é", "𐀀", "￿"])


@given(st.lists(st.tuples(_ID, _ID), max_size=12, unique=True), st.lists(st.integers(0, 3), max_size=12), st.booleans())
@settings(deadline=None)
def test_a_row_is_found_among_others_whether_or_not_they_lie_side_by_side(pairs, times, turned):
    """Each of `pairs` some times over (0 also), in its place or the other way round; one value missing in a row of its own."""
    rows = [pair for pair, many in zip(pairs, times, strict=False) for _ in range(many)]
    rows = rows[::-1] if turned else rows
    for asked in (rows, [*rows, ("a", None)]):
        frames = [pd.DataFrame(own, columns=["x", "y"]).astype("str") for own in (asked, pairs)]
        found = order.positions(*frames, ["x", "y"])
        assert found.tolist() == [pairs.index(row) if row in pairs else -1 for row in asked]
