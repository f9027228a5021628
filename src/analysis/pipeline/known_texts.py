"""Readings of texts of earlier runs: a text read before in the same context by the same program is not read again.

Kept are keyed hashes of the texts with their findings, as the store holds those; never the texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.coding.texts import code_texts
from analysis.keys import Key
from analysis.pipeline.cache import Cache
from analysis.pipeline.program import stamp
from analysis.schemas.packed import pack, unpack

_Said = Sequence[str | None]


@dataclass(frozen=True)
class KnownTexts:
    """Reads texts as `code_texts` does, with what is kept under `name`."""

    cache: Cache
    name: str
    key: Key

    def __call__(self, texts: _Said, *, area: _Said, treatment_type: _Said, severity: _Said) -> pd.DataFrame:
        """See `code_texts`; one context per text."""
        rows = zip(texts, area, treatment_type, severity, strict=True)
        said = [tuple(part if isinstance(part, str) else None for part in row) for row in rows]
        code, each = pd.factorize(pd.Series(said, dtype=object))
        marks = [self.key.mark("text", *map(_plain, one)) for one in each]
        before = self._before()
        place = dict(zip(before["mark"].drop_duplicates(), range(len(before)), strict=False))
        new = [n for n, mark in enumerate(marks) if mark not in place]
        found = pd.concat([before, self._read([(marks[n], each[n]) for n in new])]) if new else before
        own = found[found["mark"].isin(marks)]
        if new or len(own) < len(found):
            self.cache.put(self.name, pack({"stamp": stamp()}, {"readings": own}))
        return _spread(own, marks, code)

    def _read(self, new: list[tuple[str, tuple[str | None, ...]]]) -> pd.DataFrame:
        marks, said = zip(*new, strict=True)
        texts, area, kind, severity = zip(*said, strict=True)
        read = code_texts(texts, area=area, treatment_type=kind, severity=severity)
        return read.drop(columns="row").assign(mark=pd.array(marks, dtype="str").take(read["row"]))

    def _before(self) -> pd.DataFrame:
        try:
            said, frames = unpack(self.cache.get(self.name) or b"")
            if said["stamp"] == stamp():
                return frames["readings"]
        except (ValueError, KeyError, TypeError, pa.ArrowException):
            pass
        return code_texts([]).drop(columns="row").assign(mark=pd.Series(dtype="str"))


def _plain(value: str | None) -> str:
    return "-" if value is None else f"={value}"


def _spread(found: pd.DataFrame, marks: list[str], code: np.ndarray) -> pd.DataFrame:
    """The findings of each text, in the order of the texts; `code` is the position of a text's mark among `marks`."""
    found = found.reset_index(drop=True)
    of_mark = pd.Index(marks).get_indexer(found["mark"])
    order = np.argsort(of_mark, kind="stable")
    counts = np.bincount(of_mark, minlength=len(marks))
    starts = np.cumsum(counts) - counts
    lengths = counts[code]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    taken = order[np.repeat(starts[code], lengths) + within]
    spread = found.drop(columns="mark").take(taken).reset_index(drop=True)
    spread.insert(0, "row", np.repeat(np.arange(len(code), dtype=np.int64), lengths))
    return spread
