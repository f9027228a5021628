"""Order and sameness of rows by several columns, through whole numbers: text is compared once for each different value."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def ranks(values: pd.Series) -> np.ndarray:
    """Place of each value among the different values in ascending order, from 0; missing is -1. Text is ordered by code point."""
    codes, known = pd.factorize(values)
    if isinstance(known.dtype, pd.StringDtype):
        order = pc.sort_indices(pa.array(known)).to_numpy()  # UTF-8 bytes sort as code points do
    else:
        order = np.argsort(np.asarray(known), kind="stable")
    place = np.empty(len(known) + 1, dtype=np.int64)
    place[order] = np.arange(len(known))
    place[-1] = -1
    return place[codes]


def groups(frame: pd.DataFrame, columns: Iterable[Hashable]) -> np.ndarray:
    """For each row the number of its combination of values, in order of first appearance; missing equals missing."""
    found = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        codes, known = pd.factorize(frame[column])
        found = pd.factorize(found * (len(known) + 1) + codes + 1)[0]
    return found


def repeats(frame: pd.DataFrame, columns: Iterable[Hashable]) -> np.ndarray:
    """Like `groups`, with arbitrary numbers: a column is looked at only for the rows that the columns before left alike."""
    found = np.zeros(len(frame), dtype=np.int64)
    alike, used = np.arange(len(frame)), 1
    for column in columns:
        codes, known = pd.factorize(frame[column].iloc[alike])
        finer, kinds = pd.factorize(found[alike] * (len(known) + 1) + codes + 1)
        found[alike] = used + finer
        used += len(kinds)
        alike = alike[np.bincount(finer, minlength=1)[finer] > 1]
        if not len(alike):
            break
    return found


def order_of(frame: pd.DataFrame, columns: Sequence[Hashable], *, then: Sequence[Hashable] = ()) -> np.ndarray:
    """Positions of the rows in ascending order of `columns`, missing first; `then` decides only between rows that are alike."""
    keys = [ranks(frame[column]) for column in columns]
    order = np.lexsort(keys[::-1]) if keys else np.arange(len(frame))
    if not len(order) or not then:
        return order
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0) if keys else False
    run = np.cumsum(new)
    tied = np.bincount(run)[run] > 1
    if tied.any():
        among = order[tied]
        finer = [ranks(frame[column].iloc[among]) for column in then]
        order[tied] = among[np.lexsort([*finer[::-1], run[tied]])]
    return order


def looked_up(values: pd.Series, table: Mapping[Any, float], default: float) -> np.ndarray:
    """The number `table` has for each value; `default` for values it does not have and for missing ones."""
    codes, known = pd.factorize(values)
    return np.array([*(table.get(value, default) for value in known), default])[codes]
