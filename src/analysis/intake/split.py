"""Delimited text to columns, where the text itself proves that it can be cut simply; else nothing, and the careful reader goes on.

Simple is text whose quotation marks, if any, all stand where RFC 4180 puts them, and whose lines end in LF or CRLF. It then says
the same to every reader, so a fast one may be used. Rows of another width than most are read one by one.
"""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from analysis.columnar.text import from_arrow
from analysis.intake.rows import Row, Rows

_QUOTE, _LINE_FEED, _RETURN = 0x22, 0x0A, 0x0D
_BLOCK = 1 << 25
_LONGEST_LINE = 1_000_000
_MOST_COLUMNS = 16_384


class _NotSimple(Exception):
    """The text has to be read carefully."""


def split(content: bytes, delimiter: str) -> Rows | None:
    """Rows of UTF-8 text, or nothing when it is not simple. `content` has no byte-order mark."""
    mark = delimiter.encode()
    if len(mark) != 1 or delimiter in '"\r\n\0' or b"\0" in content:
        return None
    if b"\r" in content and content.count(b"\r") != content.count(b"\r\n"):
        return None
    if b'"' not in content and (rows := _even(content, delimiter)) is not None:
        return rows
    try:
        return _split(content if not content or content.endswith(b"\n") else content + b"\n", mark[0])
    except (_NotSimple, csv.Error, pa.ArrowInvalid):
        return None


def _even(content: bytes, delimiter: str) -> Rows | None:
    """Rows of text without quotation marks of which every line has as many cells as the first; nothing for any other text."""
    width = content[: content.find(b"\n")].count(delimiter.encode()) + 1
    if not 1 < width <= _MOST_COLUMNS:
        return None
    try:
        table = _columns(content, delimiter, width, breaks=False)
    except pa.ArrowInvalid:
        return None
    first = pc.binary_length(table.column(0))
    may_be_blank = pc.min(first).as_py() == 0
    if may_be_blank and (content.startswith((b"\n", b"\r\n")) or b"\n\n" in content or b"\n\r\n" in content):
        return None
    longest = max(pc.max(pc.binary_length(column)).as_py() for column in table.columns)
    return _rows(table, [np.arange(len(table))], {}) if longest < _LONGEST_LINE else None


def _split(content: bytes, mark: int) -> Rows:
    width, done = 0, 0
    usual: list[np.ndarray] = []
    odd: dict[int, Row] = {}
    tables: list[pa.Table] = []
    for block, ends, widths in _blocks(content, mark):
        width = width or int(np.bincount(widths, minlength=2)[1:].argmax()) + 1
        other = np.flatnonzero(widths != width)
        starts = np.concatenate(([0], ends[:-1] + 1))
        for line in other.tolist():
            text = bytes(block[starts[line] : ends[line] + 1]).decode()
            odd[done + line] = next(csv.reader(io.StringIO(text, newline=""), delimiter=chr(mark), strict=True))
        usual.append(done + np.flatnonzero(widths == width))
        tables.append(_columns(_without(block, starts, ends, other), chr(mark), width))
        done += len(widths)
    return _rows(pa.concat_tables(tables) if tables else pa.table({}), usual, odd)


def _rows(table: pa.Table, usual: list[np.ndarray], odd: dict[int, Row]) -> Rows:
    return Rows(
        [from_arrow(column) for column in table.columns],
        np.concatenate(usual) if usual else np.array([], dtype=np.int64),
        odd,
    )


def _blocks(content: bytes, mark: int) -> Iterator[tuple[memoryview, np.ndarray, np.ndarray]]:
    """Stretches of whole rows, each with where its rows end and how many cells each has (0: a blank line)."""
    view, start = memoryview(content), 0
    while start < len(view):
        block = np.frombuffer(view[start : start + _BLOCK], dtype=np.uint8)
        quotes = np.flatnonzero(block == _QUOTE)
        ends = _outside(np.flatnonzero(block == _LINE_FEED), quotes)
        if not len(ends):
            raise _NotSimple
        block = block[: ends[-1] + 1]
        quotes = quotes[quotes <= ends[-1]]
        _check_quotes(block, quotes, mark)
        marks = _outside(np.flatnonzero(block == mark), quotes)
        widths = 1 + np.diff(np.searchsorted(marks, ends), prepend=0)
        lengths = np.diff(ends, prepend=-1) - 1
        returns = block[np.maximum(ends - 1, 0)] == _RETURN
        widths[(lengths == 0) | ((lengths == 1) & returns)] = 0
        if lengths.max() > _LONGEST_LINE or widths.max() > _MOST_COLUMNS:
            raise _NotSimple
        yield view[start : start + len(block)], ends, widths
        start += len(block)


def _outside(positions: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """Those of the positions that stand outside quotation marks: an even number of marks comes before them."""
    return positions[np.searchsorted(quotes, positions) % 2 == 0] if len(quotes) else positions


def _check_quotes(block: np.ndarray, quotes: np.ndarray, mark: int) -> None:
    """Each opening mark follows a separator (or doubles the mark before), each closing one comes before one (or is doubled)."""
    if not len(quotes):
        return
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening > 0, block[np.maximum(opening - 1, 0)], _LINE_FEED)
    after = block[np.minimum(closing + 1, len(block) - 1)]
    outside = np.array([mark, _LINE_FEED, _QUOTE], dtype=np.uint8)
    if len(quotes) % 2 or not (np.isin(before, outside).all() and np.isin(after, [*outside, _RETURN]).all()):
        raise _NotSimple


def _without(block: memoryview, starts: np.ndarray, ends: np.ndarray, lines: np.ndarray) -> bytes | memoryview:
    if not len(lines):
        return block
    cuts = [0, *(edge for line in lines.tolist() for edge in (int(starts[line]), int(ends[line]) + 1)), len(block)]
    return b"".join(block[a:b] for a, b in zip(cuts[0::2], cuts[1::2], strict=True))


def _columns(content: bytes | memoryview, delimiter: str, width: int, *, breaks: bool = True) -> pa.Table:
    names = [str(n) for n in range(width)]
    if not width or not len(content):
        return pa.table({name: pa.array([], pa.large_string()) for name in names})
    return arrow_csv.read_csv(
        pa.py_buffer(content),
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=not breaks, block_size=_BLOCK + 1 if breaks else _BLOCK // 4),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, quote_char='"' if breaks else False, newlines_in_values=breaks, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, quoted_strings_can_be_null=False
        ),
    )  # fmt: skip
