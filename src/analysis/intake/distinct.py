"""A column by its different cells, so that each of them is looked at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def distinct(cells: pd.Series, parse: Callable[[str], Any], *, dtype: str = "str") -> pd.Series:
    """`parse` of every cell, with the index of `cells`; a missing cell, or one `parse` gives nothing for, is missing.

    `dtype` is that of the result; one that cannot hold missing values needs cells without any.
    """
    codes, found = pd.factorize(cells)
    table = pd.array([parse(cell) for cell in found], dtype=dtype)
    may_miss = bool((codes < 0).any()) if len(codes) else False
    return pd.Series(table.take(codes, allow_fill=may_miss), index=cells.index)


def different(cells: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """For each cell the place of its text among the different ones, and those. No cell may be missing."""
    codes, found = pd.factorize(cells)
    return codes, pd.Series(found, dtype="str")
