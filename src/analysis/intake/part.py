"""One file × sheet as it goes through intake."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from analysis.intake.find import RawFile


@dataclass(frozen=True)
class Trace:
    """What a reading rested on besides the file itself: it holds while the folder tells the same."""

    proven: tuple[str, ...] = ()
    """Orders of dates that the sheet proves or declares."""
    known_order: str | None = None
    """The order that the folder's other files were taken to prove."""
    tells_places: bool = False
    """A log of sessions that names clinics: events without a clinic may be given theirs from it."""
    asks_places: bool = False
    """An events log that names no clinic."""
    day_matters: bool = False
    """Something in it lay in the future on the day it was read."""


@dataclass(frozen=True)
class Stretch:
    """Rows `start` to `stop` of a frame that several parts share."""

    frame: pd.DataFrame
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def rows(self) -> pd.DataFrame:
        """The rows by themselves, 0-based index."""
        return self.frame.iloc[self.start : self.stop].reset_index(drop=True)


def in_runs(held: Iterable[pd.DataFrame | Stretch]) -> list[pd.DataFrame]:
    """Frames one after the other; stretches that adjoin come as one, so that many small parts cost what a few large ones do."""
    found: list[pd.DataFrame | Stretch] = []
    for one in held:
        last = found[-1] if found else None
        if (
            isinstance(one, Stretch)
            and isinstance(last, Stretch)
            and (last.frame is one.frame and last.stop == one.start)
        ):
            found[-1] = Stretch(one.frame, last.start, one.stop)
        else:
            found.append(one)
    return [one.rows() if isinstance(one, Stretch) else one for one in found]


Span = tuple[str, str, date, date]
"""Clinic, log (`treatments` or `events`), first and last day that a sheet speaks for."""


@dataclass
class Part:
    """One file × sheet as understood; `rows` are the typed rows that may be used, the rest is in `aside`.

    `as_of` orders versions (the file's own, else the folder's); `delivered_to` is the folder's, and speaks for its newest file.
    """

    file: RawFile
    sheet: str
    kind: str
    clinic: str
    as_of: date | None
    delivered_to: date | None
    simulated: bool
    rows_read: int = 0
    held: pd.DataFrame | Stretch = field(default_factory=pd.DataFrame)
    """The typed rows, perhaps among those of other parts."""
    spans: tuple[Span, ...] | None = None
    """Where it was worked out already."""
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: pd.DataFrame = field(default_factory=pd.DataFrame)
    nil_months: tuple[tuple[str, str], ...] = ()
    """Clinic-months for which the sheet states that there was nothing to report."""
    refused: str | None = None
    remarks: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Words of columns that are not read (`unread_remarks`), for triage only."""
    corrects: "dict[int, Correction]" = field(default_factory=dict)
    """For a sheet of corrected rows: which row each of its rows corrects, by row number."""
    trace: Trace = Trace()

    @property
    def rows(self) -> pd.DataFrame:
        """The typed rows by themselves."""
        return self.held.rows() if isinstance(self.held, Stretch) else self.held

    @rows.setter
    def rows(self, rows: pd.DataFrame) -> None:
        self.held, self.spans = rows, None


@dataclass(frozen=True)
class Correction:
    """What a row of a set-aside workbook corrects: place, the mark the row had there, and whether its cells are as they were."""

    path: str
    sheet: str
    row: int
    mark: str
    unchanged: bool
