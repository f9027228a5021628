"""Ids that are hashes of what a row says, for whole columns at once: the same id whatever other rows there are."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.columnar.text import as_bytes, from_arrow

_DIGITS = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_SHOWN = 10
"""Bytes of a hash that an id shows, two digits each."""


def joined(columns: Sequence[pd.Series]) -> list[bytes]:
    """Each row's texts joined by a zero byte, in UTF-8. No value may be missing."""
    parts = [as_bytes(column) for column in columns]
    rows: list[bytes] = pc.binary_join_element_wise(*parts, pa.scalar(b"\0", pa.large_binary())).to_pylist()
    return rows


def hashed(columns: Sequence[pd.Series]) -> np.ndarray:
    """SHA-256 of each row's texts joined by a zero byte, without missing values: one row of 10 bytes each, the hash's first."""
    return as_rows([sha256(row).digest() for row in joined(columns)])[:, :_SHOWN]


def as_rows(hashes: Sequence[bytes]) -> np.ndarray:
    """Hashes of 32 bytes as rows of an array of bytes."""
    return np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(len(hashes), 32)


def ids_of(prefix: str, hashes: np.ndarray) -> pd.Series:
    """`S-0123456789abcdef0123`: the prefix, a dash and the hash in hexadecimal. `hashes` as `hashed` gives them."""
    return in_digits(hashes, head=f"{prefix}-")


def in_digits(hashes: np.ndarray, *, head: str = "") -> pd.Series:
    """Each row of bytes in hexadecimal, behind `head`."""
    width = len(head) + 2 * hashes.shape[1]
    text = np.empty((len(hashes), width), dtype=np.uint8)
    text[:, : len(head)] = np.frombuffer(head.encode("ascii"), dtype=np.uint8)
    text[:, len(head) :: 2] = _DIGITS[hashes >> 4]
    text[:, len(head) + 1 :: 2] = _DIGITS[hashes & 15]
    ends = np.arange(len(hashes) + 1, dtype=np.int64) * width
    return from_arrow(pa.LargeStringArray.from_buffers(len(hashes), pa.py_buffer(ends), pa.py_buffer(text)))


def order_of_hashes(hashes: np.ndarray, *, within: np.ndarray) -> np.ndarray:
    """Positions in order of `within` and, where that is alike, of the hashes (and so of their ids)."""
    first = np.ascontiguousarray(hashes[:, :8]).view(np.dtype(">u8")).ravel().astype(np.uint64)
    rest = hashes[:, 8].astype(np.uint64) << 8 | hashes[:, 9]
    return np.lexsort((rest, first, within))
