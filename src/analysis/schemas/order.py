"""Order and sameness of rows by several columns, through whole numbers: text is compared once for each different value."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from analysis.columnar.coded import Coded, coded, stacked
from analysis.columnar.text import as_arrow


def ranked(values: pd.Series) -> tuple[np.ndarray, Any]:
    """Place of each value among the different values in ascending order, from 0, missing -1; and those values.

    Text is ordered by code point.
    """
    of = coded(values)
    known = of.values
    if isinstance(known.dtype, pd.StringDtype):
        order = pc.sort_indices(as_arrow(known)).to_numpy()  # UTF-8 bytes sort as code points do
    else:
        order = np.argsort(known.to_numpy(), kind="stable")
    place = np.empty(len(known) + 1, dtype=np.int64)
    place[order] = np.arange(len(known))
    place[-1] = -1
    return place[of.codes], known.array.take(order)


def ranks(values: pd.Series) -> np.ndarray:
    """Numbers from 0 that order the rows as their values do; missing is -1. Equal values have the same, and numbers may be left out."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iub":
        whole = values.to_numpy().astype(np.int64)
        return whole - whole.min(initial=0)
    return ranked(values)[0]


def groups(frame: pd.DataFrame, columns: Iterable[Hashable]) -> np.ndarray:
    """For each row the number of its combination of values, in order of first appearance; missing equals missing."""
    found, span = np.zeros(len(frame), dtype=np.int64), 1
    for column in columns:
        of = coded(frame[column])
        size = len(of.values) + 1
        if span > _MOST // size:
            found, kinds = pd.factorize(found)
            span = len(kinds)
        found = found * size + of.codes + 1
        span *= size
    return pd.factorize(found)[0]


def combined(columns: Sequence[Coded], rows: int) -> np.ndarray:
    """A number for each of `rows` rows, the same where all columns have the same values; small numbers, some of them left out."""
    found, span = np.zeros(rows, dtype=np.int64), 1
    for of in columns:
        size = len(of.values) + 1
        if span * size > _SPARSE * (rows + size):
            found, kinds = pd.factorize(found)
            span = len(kinds)
        found = found * size + of.codes + 1
        span *= size
    return found if span <= _SPARSE * (rows + 1) else pd.factorize(found)[0]


_SPARSE = 4
"""So many numbers for each row take less time to count by than closing the gaps between those in use would."""


def firsts(group: np.ndarray) -> np.ndarray:
    """Position of the first row of each group, of groups numbered in order of first appearance."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(group), prepend=-1))


def positions(rows: pd.DataFrame, among: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """For each of `rows` the position in `among` of the row with the same values of `columns`; -1 where there is none or one is missing.

    No two rows of `among` are alike.
    """
    keys = list(columns)
    if (same := _side_by_side(rows, among, keys)) is not None:
        return same
    group = groups(stacked([among[keys], rows[keys]]), keys)
    place = np.full(int(group.max(initial=-1)) + 1, -1, dtype=np.intp)
    place[group[: len(among)]] = np.arange(len(among))
    return place[group[len(among) :]]


def _side_by_side(rows: pd.DataFrame, among: pd.DataFrame, columns: list[str]) -> np.ndarray | None:
    """`positions` where `rows` are those of `among` in their order, each some times over: seen at a glance, without a table of values.

    Nothing where they are not, or where a value is missing.
    """
    if len(rows) < max(len(among), 1) or not len(among):
        return None
    starts = np.zeros(len(rows), dtype=bool)
    starts[0] = True
    for column in columns:
        starts[1:] |= unlike(rows[column].iloc[1:], rows[column].iloc[:-1])
    heads = np.flatnonzero(starts)
    if len(heads) != len(among) or any(unlike(rows[name].take(heads), among[name]).any() for name in columns):
        return None
    return np.cumsum(starts) - 1


def unlike(one: pd.Series, other: pd.Series) -> np.ndarray:
    """Where two columns of as many rows differ, or a value is missing."""
    same = one.array == other.array
    return ~np.asarray(same if isinstance(same, np.ndarray) else same.fillna(False), dtype=bool)


def repeats(frame: pd.DataFrame, columns: Iterable[Hashable]) -> np.ndarray:
    """Like `groups`, with arbitrary numbers: a column is looked at only for the rows that the columns before left alike."""
    found = np.zeros(len(frame), dtype=np.int64)
    alike, used = np.arange(len(frame)), 1
    for column in columns:
        of = coded(frame[column] if len(alike) == len(frame) else frame[column].iloc[alike])
        finer, kinds = pd.factorize(found[alike] * (len(of.values) + 1) + of.codes + 1)
        found[alike] = used + finer
        used += len(kinds)
        alike = alike[np.bincount(finer, minlength=1)[finer] > 1]
        if not len(alike):
            break
    return found


def places(frame: pd.DataFrame, columns: Iterable[Hashable]) -> np.ndarray:
    """A whole number for each row that orders the rows as `columns` do, missing first; rows alike have the same."""
    found = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        here = ranks(frame[column]) + 1
        span = int(here.max(initial=0)) + 1
        if int(found.max(initial=0)) > _MOST // span:
            found = np.unique(found, return_inverse=True)[1].astype(np.int64)
        found = found * span + here
    return found


_MOST = 1 << 62


def order_of(frame: pd.DataFrame, columns: Sequence[Hashable], *, then: Sequence[Hashable] = ()) -> np.ndarray:
    """Positions of the rows in ascending order of `columns`, missing first; `then` decides only between rows that are alike."""
    if ascend(frame, columns):
        return np.arange(len(frame))
    place = places(frame, columns)
    order = np.argsort(place, kind="stable")
    if then:
        run = np.cumsum(np.diff(place[order], prepend=-1) != 0)
        tied = np.bincount(run)[run] > 1
        if tied.any():
            among = order[tied]
            order[tied] = among[np.lexsort([places(frame.iloc[among], then), run[tied]])]
    return order


def ascend(frame: pd.DataFrame, columns: Iterable[Hashable]) -> bool:
    """Whether each row comes after the one before it by `columns`, missing first, and no two rows are alike."""
    alike = np.ones(max(len(frame) - 1, 0), dtype=bool)
    for column in columns:
        values, there = frame[column], frame[column].notna().to_numpy()
        if not there.all():
            values = values.ffill().bfill()  # any value will do: whether one is there is compared first
        both = there[1:] & there[:-1]
        more = np.where(both, (values.iloc[1:].array > values.iloc[:-1].array), there[1:] & ~there[:-1])
        same = np.where(both, (values.iloc[1:].array == values.iloc[:-1].array), there[1:] == there[:-1])
        if (alike & ~more.astype(bool) & ~same.astype(bool)).any():
            return False
        alike &= same.astype(bool)
    return not alike.any()


def looked_up(values: pd.Series, table: Mapping[Any, float], default: float) -> np.ndarray:
    """The number `table` has for each value; `default` for values it does not have and for missing ones."""
    of = coded(values)
    return np.array([*(table.get(value, default) for value in of.values), default])[of.codes]


def among(values: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Whether each text is one of those wanted; a missing one is not."""
    found = pc.is_in(as_arrow(values), value_set=as_arrow(wanted.dropna()))
    return found.to_numpy(zero_copy_only=False)
