"""One parser over a column, called once for each different cell."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.columnar.coded import coded


def distinct(cells: pd.Series, parse: Callable[[str], Any], *, dtype: str = "str") -> pd.Series:
    """`parse` of every cell, with the index of `cells`; a missing cell, or one `parse` gives nothing for, is missing.

    `dtype` is that of the result; one that cannot hold missing values needs cells without any.
    """
    of = coded(cells)
    return of.spread(pd.Series([parse(cell) for cell in of.values], dtype=dtype)).column(cells.index)
