"""Rows of a large frame in another order, several columns at once: Arrow and NumPy leave the interpreter free while they copy."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

_WORTH_THREADS = 100_000
_AT_ONCE = 2


def taken(frame: pd.DataFrame, positions: np.ndarray) -> pd.DataFrame:
    """The rows at these positions, in their order, with a 0-based index."""
    if len(positions) < _WORTH_THREADS:
        return frame.take(positions).reset_index(drop=True)
    columns = {name: frame[name].array for name in frame.columns}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda column: column.take(positions), columns.values())
        return pd.DataFrame({name: pd.Series(column) for name, column in zip(columns, found, strict=True)})
