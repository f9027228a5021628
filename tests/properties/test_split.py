"""The fast reader of delimited text says what the careful one says, or nothing."""

import csv
import io

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.intake.rows import Rows
from analysis.intake.split import split

_PIECES = st.sampled_from(
    ["a", "bruise", "é", "½", "", " ", ",", ";", '"', '""', "\n", "\r\n", "\r", "\t", "\u2028", "0", "x" * 50]
)
_TEXT = st.lists(_PIECES, max_size=40).map("".join)
_CELL = st.text(alphabet='ab ,;"\n\ré', max_size=6)


def careful(text: str, delimiter: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None


@given(_TEXT, st.sampled_from([",", ";", "\t"]))
@example('a,"b\nc",d\n\n"","",""\n', ",")
@example('"a ""b"" c",d\n"x","y\r\nz"\r\n', ",")
@example('a,b\n"c"x,d\n', ",")
@example("\n\n\n", ",")
@settings(max_examples=400, deadline=None)
def test_any_text_is_cut_as_the_careful_reader_cuts_it_or_left_to_it(text, delimiter):
    found = split(text.encode(), delimiter)
    if found is not None:
        assert list(found) == careful(text, delimiter)


@given(st.lists(st.lists(_CELL, min_size=1, max_size=5), max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_a_program_wrote_is_cut_fast_and_gives_the_cells_back(rows, ending, every):
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    written = io.StringIO()
    quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(written, lineterminator=ending, quoting=quoting).writerows(rows)
    found = split(written.getvalue().encode(), ",")
    assert found is not None
    assert list(found) == careful(written.getvalue(), ",")
    if every:
        assert list(found) == rows


@given(st.lists(st.lists(_CELL, max_size=4), max_size=12), st.data())
def test_rows_by_column_are_the_rows_they_were_made_of(rows, data):
    held = Rows.of(rows)
    assert len(held) == len(rows)
    assert list(held) == rows
    start, step = data.draw(st.integers(-3, 6)), data.draw(st.integers(1, 3))
    assert list(held[start::step]) == rows[start::step]
    if rows:
        where = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1))))
        assert held.at(where) == [rows[n] for n in where]
        column = data.draw(st.integers(0, 5))
        taken = held.cells(column, np.array(where, dtype=np.int64))
        assert taken.tolist() == [rows[n][column] if column < len(rows[n]) else "" for n in where]
        changed = {(n, 0): "new" for n in where if rows[n]}
        expected = [["new", *row[1:]] if (n, 0) in changed else row for n, row in enumerate(rows)]
        assert list(held.with_cells(changed)) == expected
