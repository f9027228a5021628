"""Ids that are hashes of what a row says, for whole columns at once: the same id whatever other rows there are."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.schemas.text import as_bytes, from_arrow

_DIGITS = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_SHOWN = 10
"""Bytes of a hash that an id shows, two digits each."""


def hashed(columns: Sequence[pd.Series]) -> np.ndarray:
    """SHA-256 of each row's texts joined by a zero byte, without missing values: one row of 10 bytes each, the hash's first."""
    parts = [as_bytes(column) for column in columns]
    said = pc.binary_join_element_wise(*parts, pa.scalar(b"\0", pa.large_binary())).to_pylist()
    whole = np.frombuffer(b"".join([sha256(row).digest() for row in said]), dtype=np.uint8)
    return whole.reshape(len(said), -1)[:, :_SHOWN] if said else np.empty((0, _SHOWN), dtype=np.uint8)


def ids_of(prefix: str, hashes: np.ndarray) -> pd.Series:
    """`S-0123456789abcdef0123`: the prefix, a dash and the hash in hexadecimal. `hashes` as `hashed` gives them."""
    head = f"{prefix}-".encode()
    width = len(head) + 2 * hashes.shape[1]
    text = np.empty((len(hashes), width), dtype=np.uint8)
    text[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    text[:, len(head) :: 2] = _DIGITS[hashes >> 4]
    text[:, len(head) + 1 :: 2] = _DIGITS[hashes & 15]
    ends = np.arange(len(hashes) + 1, dtype=np.int64) * width
    return from_arrow(pa.LargeStringArray.from_buffers(len(hashes), pa.py_buffer(ends), pa.py_buffer(text)))


def order_of_hashes(hashes: np.ndarray, *, within: np.ndarray) -> np.ndarray:
    """Positions in order of `within` and, where that is alike, of the hashes (and so of their ids)."""
    first = np.ascontiguousarray(hashes[:, :8]).view(np.dtype(">u8")).ravel().astype(np.uint64)
    rest = hashes[:, 8].astype(np.uint64) << 8 | hashes[:, 9]
    return np.lexsort((rest, first, within))
