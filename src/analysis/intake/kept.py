"""Typed rows of files that were read before: a folder with one new file costs that file.

What is kept of a file holds for the same bytes under the same name, `clinic.toml`, key and program, and only while the rest of the
folder tells its dates and clinics as it did then. Kept are typed rows, rows set aside and notes as the store holds them: patients
keyed, no identifying column, no words that are read for triage only. A file that cannot be kept so is read anew each time.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from analysis.columnar.packed import pack, unpack
from analysis.intake.account import spans_of
from analysis.intake.aside import words_in
from analysis.intake.find import RawFile
from analysis.intake.part import Part, Stretch, Trace, in_runs


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
    _before: dict[str, tuple[list[Part], "_Told"]] = field(default_factory=dict)
    """Of each file read before its parts, and what is kept of them."""
    _frames: "_Frames" = field(default_factory=dict)

    def find(self, files: Iterable[RawFile]) -> dict[str, list[Part]]:
        """Parts of the files that were read before, by file name."""
        try:
            said, self._frames = unpack(self.shelf.get(self.name) or b"")
            for file in files:
                if file.name in said and self._holds(file, said[file.name]):
                    told = said[file.name]["parts"]
                    self._before[file.name] = _parts(file, told, self._frames), told
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, pa.ArrowException):
            self._before = {}
        return {name: parts for name, (parts, _) in self._before.items()}

    def keep(self, read: dict[RawFile, list[Part]]) -> None:
        """Keep these files' parts in place of what was kept of the folder. Those that `find` gave are as they were."""
        said: dict[str, Any] = {}
        held: dict[str, list[pd.DataFrame | Stretch]] = {}
        for file, parts in read.items():
            before, known = self._before.get(file.name, (None, []))
            if parts is before:
                told = [_told_again(one, self._frames, held) for one in known]
            elif parts and all(map(_may_be_kept, parts)):
                told = [_told(part, held) for part in parts]
            else:
                continue
            said[file.name] = {"mark": self._mark(file), "day": self.today.isoformat(), "parts": told}
        whole = {name: pd.concat(in_runs(own), ignore_index=True) for name, own in held.items()}
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


def _told(part: Part, held: "_Held") -> dict[str, Any]:
    """Facts of a part, with where its rows stand among the frames."""
    frames = {f"rows {part.kind}": part.held, "aside": _without_words(part.aside), "notes": part.notes}
    whole = {name: one for name, one in frames.items() if isinstance(one, Stretch) or len(one.columns)}
    days = {name: day.isoformat() if (day := getattr(part, name)) else None for name in _DAYS}
    facts = {name: getattr(part, name) for name in _FACTS}
    part.spans = spans_of(part)
    spans = [(clinic, log, first.isoformat(), last.isoformat()) for clinic, log, first, last in part.spans]
    said = {"nil_months": part.nil_months, "trace": asdict(part.trace), "spans": spans, "places": _places(whole, held)}
    return {**facts, **days, **said}


def _told_again(told: dict[str, Any], frames: "_Frames", held: "_Held") -> dict[str, Any]:
    """The facts of a part that was kept before, with where its rows stand now."""
    own = {name: Stretch(frames[name], *place) for name, place in told["places"].items()}
    return {**told, "places": _places(own, held)}


def _places(frames: "Mapping[str, pd.DataFrame | Stretch]", held: "_Held") -> dict[str, list[int]]:
    """Put what belongs to one part behind what is held already; first row and end of each."""
    places = {}
    for name, frame in frames.items():
        own = held.setdefault(name, [])
        start = sum(map(len, own))
        own.append(frame)
        places[name] = [start, start + len(frame)]
    return places


def _without_words(aside: pd.DataFrame) -> pd.DataFrame:
    return aside.assign(words=aside["words"].ne("")) if len(aside.columns) else aside


def _with_words(aside: pd.DataFrame) -> pd.DataFrame:
    words = [
        words_in(json.loads(raw)) if spoken else "" for raw, spoken in zip(aside["raw"], aside["words"], strict=True)
    ]
    return aside.assign(words=pd.Series(words, index=aside.index, dtype="str"))


def _parts(file: RawFile, told: "_Told", frames: "_Frames") -> list[Part]:
    parts, day = [], date.fromisoformat
    for one in told:
        places = {name: Stretch(frames[name], *place) for name, place in one["places"].items()}
        aside, notes = (_rows_of(places.get(name)) for name in ("aside", "notes"))
        as_of, delivered_to = (day(one[name]) if one[name] else None for name in _DAYS)
        parts.append(
            Part(
                file, one["sheet"], one["kind"], one["clinic"], as_of, delivered_to, one["simulated"], rows_read=one["rows_read"],
                held=places.get(f"rows {one['kind']}", pd.DataFrame()), aside=_with_words(aside) if len(aside) else aside, notes=notes,
                spans=tuple((clinic, log, day(first), day(last)) for clinic, log, first, last in one["spans"]),
                nil_months=tuple((clinic, month) for clinic, month in one["nil_months"]),
                trace=Trace(**{**one["trace"], "proven": tuple(one["trace"]["proven"])}),
            )
        )  # fmt: skip
    return parts


def _rows_of(stretch: Stretch | None) -> pd.DataFrame:
    """The rows by themselves; where there are none nothing is cut out."""
    return stretch.rows() if stretch else _NONE


_NONE = pd.DataFrame()
_Told = list[dict[str, Any]]
_Frames = dict[str, pd.DataFrame]
_Held = dict[str, list[pd.DataFrame | Stretch]]
