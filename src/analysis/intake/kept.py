"""Typed rows of files that were read before: a folder with one new file costs that file.

What is kept of a file holds for the same bytes under the same name, `clinic.toml`, key and program, and only while the rest of the
folder tells its dates and clinics as it did then. Kept are typed rows, rows set aside and notes as the store holds them: patients
keyed, no identifying column, no words that are read for triage only. A file that cannot be kept so is read anew each time.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from analysis.columnar.packed import pack, unpack
from analysis.intake.aside import words_in
from analysis.intake.find import RawFile
from analysis.intake.part import Part, Trace


class Shelf(Protocol):
    """Where pieces of bytes lie by name. A piece that is missing, damaged or not ours is none."""

    def get(self, name: str) -> bytes | None: ...  # noqa: D102
    def later(self, name: str, make: Callable[[], bytes]) -> None: ...  # noqa: D102


_FACTS = ("sheet", "kind", "clinic", "simulated", "rows_read")
_DAYS = ("as_of", "delivered_to")


@dataclass
class Kept:
    """What is kept of one folder. `stamp` tells everything but the files themselves: program, key, `clinic.toml`."""

    shelf: Shelf
    name: str
    stamp: str
    today: date

    def find(self, files: Iterable[RawFile]) -> dict[str, list[Part]]:
        """Parts of the files that were read before, by file name."""
        try:
            said, frames = unpack(self.shelf.get(self.name) or b"")
            return {
                file.name: _parts(file, said[file.name]["parts"], frames)
                for file in files
                if file.name in said and self._holds(file, said[file.name])
            }
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, pa.ArrowException):
            return {}

    def keep(self, read: dict[RawFile, list[Part]]) -> None:
        """Keep these files' parts in place of what was kept of the folder."""
        said: dict[str, Any] = {}
        frames: dict[str, list[pd.DataFrame]] = {}
        for file, parts in read.items():
            if parts and all(map(_may_be_kept, parts)):
                told = [_told(part, frames) for part in parts]
                said[file.name] = {"mark": self._mark(file), "day": self.today.isoformat(), "parts": told}
        whole = {name: pd.concat(own, ignore_index=True) for name, own in frames.items()}
        self.shelf.later(self.name, lambda: pack(said, whole))

    def _mark(self, file: RawFile) -> str:
        return hashlib.sha256("\0".join([self.stamp, file.name, file.sha256]).encode()).hexdigest()

    def _holds(self, file: RawFile, said: dict[str, Any]) -> bool:
        day = date.fromisoformat(said["day"])
        matters = any(part["trace"]["day_matters"] for part in said["parts"])
        return said["mark"] == self._mark(file) and (day == self.today or (day < self.today and not matters))


def _may_be_kept(part: Part) -> bool:
    """Nothing but what the store holds: no corrections, no refusal, no words that the row's own cells do not give back."""
    if part.refused is not None or part.corrects or part.remarks:
        return False
    return not len(part.aside) or part.aside["words"].equals(_with_words(_without_words(part.aside))["words"])


def _told(part: Part, frames: dict[str, list[pd.DataFrame]]) -> dict[str, Any]:
    """Facts of a part, with where its rows stand among the frames."""
    places = {}
    for name, frame in ((f"rows {part.kind}", part.rows), ("aside", _without_words(part.aside)), ("notes", part.notes)):
        if len(frame.columns):
            before = sum(map(len, frames.setdefault(name, [])))
            frames[name].append(frame)
            places[name] = [before, before + len(frame)]
    days = {name: day.isoformat() if (day := getattr(part, name)) else None for name in _DAYS}
    facts = {name: getattr(part, name) for name in _FACTS}
    return {**facts, **days, "nil_months": part.nil_months, "trace": asdict(part.trace), "places": places}


def _without_words(aside: pd.DataFrame) -> pd.DataFrame:
    return aside.assign(words=aside["words"].ne("")) if len(aside.columns) else aside


def _with_words(aside: pd.DataFrame) -> pd.DataFrame:
    words = [
        words_in(json.loads(raw)) if spoken else "" for raw, spoken in zip(aside["raw"], aside["words"], strict=True)
    ]
    return aside.assign(words=pd.Series(words, index=aside.index, dtype="str"))


def _parts(file: RawFile, told: list[dict[str, Any]], frames: dict[str, pd.DataFrame]) -> list[Part]:
    parts = []
    for one in told:
        rows, aside, notes = (
            frames[name].iloc[slice(*one["places"][name])].reset_index(drop=True)
            if name in one["places"]
            else pd.DataFrame()
            for name in (f"rows {one['kind']}", "aside", "notes")
        )
        as_of, delivered_to = (date.fromisoformat(one[name]) if one[name] else None for name in _DAYS)
        parts.append(
            Part(
                file, one["sheet"], one["kind"], one["clinic"], as_of, delivered_to, one["simulated"], rows_read=one["rows_read"],
                rows=rows, aside=_with_words(aside) if len(aside.columns) else aside, notes=notes,
                nil_months=tuple((clinic, month) for clinic, month in one["nil_months"]),
                trace=Trace(**{**one["trace"], "proven": tuple(one["trace"]["proven"])}),
            )
        )  # fmt: skip
    return parts
