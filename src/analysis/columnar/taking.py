"""Rows of a large frame in another order, several columns at once: Arrow and NumPy leave the interpreter free while they copy."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from analysis.columnar.coded import Coded, known_of

_WORTH_THREADS = 100_000
_AT_ONCE = 2


def taken(frame: pd.DataFrame, positions: np.ndarray) -> pd.DataFrame:
    """The rows at these positions, in their order, with a 0-based index.

    A column whose different values are known is put together from those: its rows lie all over memory, they do not.
    """
    index = pd.RangeIndex(len(positions))

    def of(column: pd.Series) -> pd.Series:
        known = known_of(column)
        if known is not None:
            return Coded(known.codes[positions], known.values).column(index)
        return pd.Series(column.array.take(positions), index=index)

    columns = {name: frame[name] for name in frame.columns}
    if len(positions) < _WORTH_THREADS:
        return pd.DataFrame({name: of(column) for name, column in columns.items()}, index=index)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return pd.DataFrame(dict(zip(columns, pool.map(of, columns.values()), strict=True)), index=index)
