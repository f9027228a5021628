"""A column by its different values, worked out once for as long as the column lives: text is looked at once for each value."""

import weakref
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

_WORTH_KEEPING = 1_000
"""Rows from which on it pays to remember a column's different values."""


@dataclass(frozen=True)
class Coded:
    """For each row the place of its value among the different ones (`codes`, -1 where it is missing), and those (`values`)."""

    codes: np.ndarray
    values: pd.Series

    def column(self, index: pd.Index) -> pd.Series:
        """The column itself."""
        may_miss = bool((self.codes < 0).any()) if len(self.codes) else False
        found = pd.Series(self.values.array.take(self.codes, allow_fill=may_miss), index=index)
        _remember(found, self)
        return found

    def spread(self, each: pd.Series) -> "Coded":
        """The column that holds, for each row, what `each` holds for its value; missing where the value is."""
        own = coded(each)
        return Coded(np.append(own.codes, np.int32(-1))[self.codes], own.values)


_Known = tuple["weakref.ref[pa.ChunkedArray]", Coded]
_known: dict[int, _Known] = {}
"""By the identity of the Arrow column, which nothing can change: pandas makes a new one whenever it writes into one."""


def coded(values: pd.Series) -> Coded:
    """The different values of a column, in no particular order, with the codes of its rows."""
    known = known_of(values)
    if known is not None:
        return known
    codes, found = pd.factorize(values)
    made = Coded(codes.astype(np.int32), pd.Series(found))
    _remember(values, made)
    return made


def known_of(values: pd.Series) -> Coded | None:
    """What is known of a column already."""
    column = _column(values)
    known = _known.get(id(column)) if column is not None else None
    return known[1] if known is not None and known[0]() is column else None


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of the same columns one below the other, with what is known of theirs; 0-based index."""
    whole = frames[0].reset_index(drop=True) if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    for name in whole.columns if len(frames) > 1 else []:
        known = [known for frame in frames if (known := known_of(frame[name])) is not None]
        if len(known) == len(frames):
            every = coded(pd.concat([of.values for of in known], ignore_index=True))
            starts = np.cumsum([0, *(len(of.values) for of in known)])
            codes = [
                np.append(every.codes[a:b], np.int32(-1))[of.codes]
                for of, a, b in zip(known, starts[:-1], starts[1:], strict=True)
            ]
            _remember(whole[name], Coded(np.concatenate(codes), every.values))
    return whole


def _column(values: pd.Series) -> pa.ChunkedArray | None:
    text = isinstance(values.dtype, pd.StringDtype) and values.dtype.storage == "pyarrow"
    return values.array.__arrow_array__() if text and len(values) >= _WORTH_KEEPING else None


def _remember(values: pd.Series, made: Coded) -> None:
    column = _column(values)
    if column is not None:
        place = id(column)
        _known[place] = weakref.ref(column, lambda _: _known.pop(place, None)), made
