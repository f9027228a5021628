"""Sequences of points as the monitors of this room take them: equally long columns, in order of time."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


def aligned(**columns: npt.ArrayLike) -> tuple[pd.Index | None, list[Floats]]:
    """The columns as float arrays of one length, and the index of the first that is a pandas column."""
    index = next((values.index for values in columns.values() if isinstance(values, pd.Series)), None)
    arrays = [np.atleast_1d(np.asarray(values, dtype=np.float64)) for values in columns.values()]
    for name, values in zip(columns, arrays, strict=True):
        if np.any(values < 0) or np.any(np.isinf(values)):
            raise ValueError(f"{name} must be 0 or a positive finite number")
    return index, [np.array(values) for values in np.broadcast_arrays(*arrays)]
