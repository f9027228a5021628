"""Frames as Parquet, with fixed writer options: the same rows give the same bytes, however they are cut into pieces."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

_ROWS = 262_144
"""Rows of a row group."""


@dataclass(frozen=True)
class Encoded:
    """A frame that was made into Parquet already, and its number of rows."""

    content: bytes
    rows: int


Stored: TypeAlias = pd.DataFrame | Iterable[pd.DataFrame] | Encoded
"""A frame to be stored: whole, in pieces one after the other (at least one), or ready."""


def parquet_of(frame: Stored) -> tuple[bytes, int]:
    """A frame as Parquet, and the number of rows."""
    if isinstance(frame, Encoded):
        return frame.content, frame.rows
    sink, rows = pa.BufferOutputStream(), 0
    groups = _row_groups([frame] if isinstance(frame, pd.DataFrame) else frame)
    first = next(groups)
    with pq.ParquetWriter(sink, first.schema, compression="zstd", version="2.6") as writer:
        for table in itertools.chain([first], groups):
            writer.write_table(table, row_group_size=_ROWS)
            rows += len(table)
    return sink.getvalue().to_pybytes(), rows


def _row_groups(pieces: Iterable[pd.DataFrame]) -> Iterator[pa.Table]:
    """Tables of a row group each, in one chunk, the last one with what is left; an empty one when there is no row."""
    waiting: list[pa.Table] = []
    whole = False
    for piece in pieces:
        table = pa.Table.from_pandas(piece, preserve_index=False)
        start = 0
        while start < len(table) or not (waiting or whole):
            part = table.slice(start, _ROWS - sum(map(len, waiting)))
            waiting.append(part)
            start += len(part)
            if sum(map(len, waiting)) == _ROWS:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting, whole = [], True
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def held_as_now(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame, its words held as pandas is told to hold them now: in columns of their own, or by Python."""
    found = frame.copy(deep=False)
    for place, kind in enumerate(frame.dtypes):
        if isinstance(kind, pd.StringDtype):  # column by column: `astype` with a type for each takes twice as long
            words = frame.iloc[:, place].array
            found.isetitem(place, pd.array(words, dtype=pd.StringDtype(na_value=kind.na_value)))  # type: ignore[call-overload]
    found.columns = found.columns.astype("str")
    return found
