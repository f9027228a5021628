"""What is remembered of a column is true of it, and forgotten with it."""

import gc

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.columnar import coded, taking

_TEXTS = st.lists(st.sampled_from(["", "a", "b", "é", None]), min_size=1, max_size=12)
_FEW = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def remembers_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "_WORTH_KEEPING", 1)
    monkeypatch.setattr(taking, "_WORTH_THREADS", 8)


def _text(cells: list) -> pd.Series:
    return pd.Series(cells, dtype="str")


def _said(of: coded.Coded) -> list:
    return [None if code < 0 else of.values[code] for code in of.codes.tolist()]


@given(st.lists(_TEXTS, min_size=1, max_size=3), st.lists(st.booleans(), min_size=3, max_size=3))
@_FEW
def test_columns_below_each_other_hold_what_they_held(remembers_all, parts, known):
    frames = [pd.DataFrame({"text": _text(cells)}) for cells in parts]
    for frame, told in zip(frames, known, strict=False):
        if told:
            coded.coded(frame["text"])
    whole = coded.stacked(frames)
    every = [cell for cells in parts for cell in cells]
    assert whole["text"].astype(object).where(whole["text"].notna(), None).tolist() == every
    assert _said(coded.coded(whole["text"])) == every
    assert not coded.coded(whole["text"]).values.duplicated().any()


@given(_TEXTS, st.data())
@_FEW
def test_rows_taken_are_those_of_pandas(remembers_all, cells, data):
    frame = pd.DataFrame({"known": _text(cells), "new": _text(cells[::-1]), "number": np.arange(len(cells)) / 2})
    coded.coded(frame["known"])
    positions = np.array(data.draw(st.lists(st.integers(0, len(cells) - 1), max_size=15)), dtype=np.int64)
    found = taking.taken(frame, positions)
    pd.testing.assert_frame_equal(found, frame.take(positions).reset_index(drop=True))
    assert _said(coded.coded(found["known"])) == [cells[n] for n in positions]


@given(_TEXTS)
@_FEW
def test_a_column_read_by_its_values_is_known_at_once(remembers_all, cells):
    of = coded.coded(_text(cells)).spread(_text([value.upper() or None for value in coded.coded(_text(cells)).values]))
    column = of.column(pd.RangeIndex(len(cells)))
    wanted = [(cell or "").upper() or None for cell in cells]
    assert column.astype(object).where(column.notna(), None).tolist() == wanted == _said(coded.coded(column))


def test_a_column_that_is_written_into_is_looked_at_anew(remembers_all):
    column = _text(["a", "b", "a"])
    before = coded.coded(column)
    column.iloc[0] = "c"
    assert _said(before) == ["a", "b", "a"]
    assert _said(coded.coded(column)) == ["c", "b", "a"]


def test_what_is_known_goes_with_its_column(remembers_all):
    gc.collect()
    before = len(coded._known)
    column = _text(["a", "b"])
    coded.coded(column)
    assert len(coded._known) == before + 1
    del column
    assert len(coded._known) == before
