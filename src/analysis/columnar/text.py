"""Columns of text as Arrow holds them, where whole columns are worked on at once."""

import numpy as np
import pandas as pd
import pyarrow as pa

_TEXT = pd.StringDtype(na_value=np.nan)


def as_arrow(text: pd.Series) -> pa.Array:
    """A column of text as one Arrow array of `large_string`, copied only where it lies in pieces or is not held by Arrow."""
    found = pa.array(text, pa.large_string(), from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def as_bytes(text: pd.Series) -> pa.Array:
    """A column of text as its UTF-8 bytes."""
    return as_arrow(text).cast(pa.large_binary())


def from_arrow(text: pa.Array | pa.ChunkedArray) -> pd.Series:
    """A column of text (`str`, 0-based index) of an Arrow array of strings."""
    return pd.Series(_TEXT.__from_arrow__(text))
