"""Readings of texts of earlier runs: a text read before in the same context by the same program is not read again.

Kept are keyed hashes of the texts with their findings, as the store holds those; never the texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.beside import allowed, beside
from analysis.coding.lexicon import load_lexicon
from analysis.coding.texts import code_texts
from analysis.columnar.coded import coded
from analysis.columnar.hashed import as_rows, in_digits, joined
from analysis.columnar.packed import pack, unpack
from analysis.keys import Key
from analysis.pipeline.cache import Cache
from analysis.pipeline.program import stamp
from analysis.schemas.order import firsts, groups

_Said = Sequence[str | None]
_WORTH_A_COPY = 5_000
"""Texts to be read from which on it pays to copy this process."""
_ASKED = ["text", "area", "treatment_type", "severity"]


@dataclass(frozen=True)
class KnownTexts:
    """Reads texts as `code_texts` does, with what is kept under `name`."""

    cache: Cache
    name: str
    key: Key

    def __call__(self, texts: _Said, *, area: _Said, treatment_type: _Said, severity: _Said) -> pd.DataFrame:
        """See `code_texts`; one context per text."""
        columns = (pd.Series(list(column), dtype="str") for column in (texts, area, treatment_type, severity))
        said = pd.DataFrame(dict(zip(_ASKED, columns, strict=True)))
        code = groups(said, _ASKED)
        each = said.take(firsts(code)).reset_index(drop=True)
        marks = self._marks(each)
        before = self._before()
        kept = pd.Index(marks).get_indexer(before["mark"])
        new = np.setdiff1d(np.arange(len(each)), kept)
        found, at = before[kept >= 0], kept[kept >= 0]
        if len(new):
            read, of = self._read(each.take(new))
            found, at = pd.concat([found, read.assign(mark=marks.take(new[of]).array)]), np.concatenate([at, new[of]])
        if len(new) or len(found) < len(before):
            self.cache.put(self.name, pack({"stamp": stamp()}, {"readings": found}))
        return _spread(found, at, code)

    def _marks(self, each: pd.DataFrame) -> pd.Series:
        """Keyed hash of each text in its context."""
        parts = [pd.Series("text", index=each.index, dtype="str"), *(("=" + each[name]).fillna("-") for name in _ASKED)]
        return in_digits(as_rows(self.key.of_each("mark", joined(parts))))

    def _read(self, new: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
        """Findings, those of one text together, and the row of `new` that each is of. Many texts are shared with a copy of this process."""
        if len(new) < _WORTH_A_COPY or not allowed():
            return _findings(new, np.arange(len(new)))
        text = coded(new["text"]).codes  # the contexts of one text stay together: it is cut and searched once
        others = text > text.max() // 2
        load_lexicon(None)  # once for both
        self.cache.settle()  # what is being packed meanwhile might hold a lock that the copy would wait for
        with beside(lambda: _findings(new, np.flatnonzero(others))) as fetch:
            own, theirs = _findings(new, np.flatnonzero(~others)), fetch()
        return pd.concat([own[0], theirs[0]], ignore_index=True), np.concatenate([own[1], theirs[1]])

    def _before(self) -> pd.DataFrame:
        try:
            said, frames = unpack(self.cache.get(self.name) or b"")
            if said["stamp"] == stamp():
                return frames["readings"]
        except (ValueError, KeyError, TypeError, pa.ArrowException):
            pass
        return code_texts([]).drop(columns="row").assign(mark=pd.Series(dtype="str"))


def _findings(asked: pd.DataFrame, which: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Findings in those rows, and the row that each is of."""
    rows = asked.take(which)
    texts, area, kind, severity = (
        rows[name].astype(object).where(rows[name].notna(), None).tolist() for name in _ASKED
    )
    read = code_texts(texts, area=area, treatment_type=kind, severity=severity)
    return read.drop(columns="row"), which[read["row"].to_numpy()]


def _spread(found: pd.DataFrame, at: np.ndarray, code: np.ndarray) -> pd.DataFrame:
    """The findings of each text, in the order of the texts. `at` tells of which different text each row of `found` is, `code` which
    of those each text is."""
    order = np.argsort(at, kind="stable")
    counts = np.bincount(at, minlength=int(code.max(initial=-1)) + 1)
    starts = np.cumsum(counts) - counts
    lengths = counts[code]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    taken = order[np.repeat(starts[code], lengths) + within]
    spread = found.drop(columns="mark").take(taken).reset_index(drop=True)
    spread.insert(0, "row", np.repeat(np.arange(len(code), dtype=np.int64), lengths))
    return spread
