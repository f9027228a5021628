"""One file × sheet as it goes through intake."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from analysis.intake.find import RawFile


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
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: pd.DataFrame = field(default_factory=pd.DataFrame)
    nil_months: tuple[tuple[str, str], ...] = ()
    """Clinic-months for which the sheet states that there was nothing to report."""
    refused: str | None = None
    remarks: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """Words of columns that are not read (`unread_remarks`), for triage only."""
    corrects: "dict[int, Correction]" = field(default_factory=dict)
    """For a sheet of corrected rows: which row each of its rows corrects, by row number."""


@dataclass(frozen=True)
class Correction:
    """What a row of a set-aside workbook corrects: place, the mark the row had there, and whether its cells are as they were."""

    path: str
    sheet: str
    row: int
    mark: str
    unchanged: bool
