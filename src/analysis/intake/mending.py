"""Rows set aside, out to a workbook where a person corrects them, and how such a workbook is known when it comes back."""

import hashlib
import json
import re
from dataclasses import dataclass

import pandas as pd

from analysis.intake.part import Correction, Part
from analysis.intake.sheet import Row, Sheet
from analysis.intake.words import canonical_columns
from analysis.schemas.config import FilePart
from analysis.xlsx import Cell, workbook_bytes

FILE, SHEET, ROW, WHY, MEND, MARK = (
    f"Set aside: {what}" for what in ("file", "sheet", "row", "why", "how to mend", "mark")
)
_KIND = "Set aside: kind"
_PLACE = (ROW, FILE, SHEET, WHY, MEND)
_SAY = (
    "Correct the cells from the column clinic on and put a copy of this workbook into the clinic's folder of raw files. Leave the "
    "columns that begin with 'Set aside' as they are: they say which row is corrected. Rows left unchanged stay set aside."
)
_FIRST = {
    "events": (
        "clinic", "event_id", "patient_key", "treatment_date", "onset_date", "reported_date", "text", "severity", "outcome", "injector",
    ),
    "totals": ("clinic", "month", "treatment_type", "injector", "sessions"),
}  # fmt: skip
_SESSION_FIRST = (
    "clinic", "patient_key", "treatment_date", "injector", "treatment_type", "area", "product", "dose_units", "lot", "text",
)  # fmt: skip
MOST_ROWS = 50_000
_HEAD = 2
"""Rows of a sheet before the first one held back."""
_LONGEST = 32_000
"""A spreadsheet cell holds 32,767 characters."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_TITLE = re.compile(r"[^\w .()-]")


def cells_of(raw: str) -> dict[str, str]:
    """The cells of a row set aside as a workbook can hold them; none when one of them is too long for it."""
    cells = {column: _writable(str(value)) for column, value in json.loads(raw).items()}
    return (
        {}
        if any(len(cell) > _LONGEST for cell in cells.values())
        else {c: cell for c, cell in cells.items() if cell.strip()}
    )


def _writable(text: str) -> str:
    return _NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _hash(cells: dict[str, str]) -> str:
    cells = {column: cell.strip() for column, cell in cells.items()}
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def mark_of(clinic: str, cells: dict[str, str], words: str, fingerprint: str) -> str:
    """What tells a row set aside from another that may come to stand at its place: its cells, its words, and the key used."""
    told = hashlib.sha256(words.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    return f"{fingerprint}-{_hash({**cells, 'clinic': clinic})}-{told}"


@dataclass(frozen=True)
class Grid:
    """The rows held back of one file × sheet, as they stand in the workbook: the sentence, the headers, the rows."""

    path: str
    sheet: str
    rows: list[list[Cell]]
    fixed: int
    """Columns that are there whether anything stands in them or not, from the left; the last two columns are fixed as well."""


def grids(parts: list[Part], fingerprint: str) -> list[Grid]:
    """Rows held back, per file × sheet that has any; at most MOST_ROWS of each."""
    found = []
    for part in parts:
        held = _held(part)
        if len(held):
            fixed = len(_PLACE) + len(_FIRST.get(part.kind, _SESSION_FIRST))
            found.append(Grid(part.file.name, part.sheet, _grid(part, held.head(MOST_ROWS), fingerprint), fixed))
    return found


def set_aside_workbook(held: list[Grid]) -> bytes:
    """A workbook with one sheet per file and sheet that has rows held back. The same rows give the same bytes.

    Patients are keyed; nothing is a formula. At most MOST_ROWS rows: the rest comes once these are mended.
    """
    sheets: list[tuple[str, list[list[Cell]]]] = []
    left = MOST_ROWS
    for grid in sorted(held, key=lambda grid: (grid.path, grid.sheet)):
        if left > 0:
            sheets.append((_title(grid, len(sheets) + 1), _first_rows(grid, left)))
            left -= len(grid.rows) - _HEAD
    if not sheets:
        sheets = [("Nothing set aside", [["No row is set aside."], [*_PLACE, _KIND, MARK]])]
    return workbook_bytes(sheets, guarded=True)


def _first_rows(grid: Grid, most: int) -> list[list[Cell]]:
    """The first rows, without columns that only the others fill."""
    say, header, *rows = grid.rows
    shown = rows[:most]
    if len(shown) == len(rows):
        return grid.rows
    last = len(header) - 2
    keep = [n for n in range(len(header)) if n < grid.fixed or n >= last or any(row[n] for row in shown)]
    return [say, *([row[n] for n in keep] for row in (header, *shown))]


def _held(part: Part) -> pd.DataFrame:
    if part.refused is not None or not len(part.aside):
        return part.aside.iloc[:0]
    return part.aside[part.aside["disposition"] == "quarantined"].sort_values("row")


def _title(grid: Grid, number: int) -> str:
    name = grid.path.rsplit("/", 1)[-1] + (f" {grid.sheet}" if grid.sheet else "")
    return f"{number} {_NO_TITLE.sub(' ', name)}"[:31].strip()


def _grid(part: Part, held: pd.DataFrame, fingerprint: str) -> list[list[Cell]]:
    known = [{**cells_of(raw), "clinic": _writable(c)} for raw, c in zip(held["raw"], held["clinic"], strict=True)]
    first = _FIRST.get(part.kind, _SESSION_FIRST)
    others = sorted({column for cells in known for column in cells} - set(first))
    columns = [*first, *others]
    grid: list[list[Cell]] = [[_SAY], [*_PLACE, *columns, _KIND, MARK]]
    for row, cells in zip(held.itertuples(), known, strict=True):
        place = [int(row.row), part.file.name, part.sheet, row.reason, row.mend if isinstance(row.mend, str) else ""]
        mark = mark_of(row.clinic, cells_of(row.raw), row.words, fingerprint)
        grid.append([*map(_shown, place), *(cells.get(column, "") for column in columns), part.kind, mark])
    return grid


def _shown(value: Cell) -> Cell:
    return _writable(value)[:_LONGEST] if isinstance(value, str) else value


@dataclass(frozen=True)
class Corrected:
    """A sheet of corrected rows: the file they were set aside from, how to read the sheet, and what each row corrects."""

    path: str
    options: FilePart
    rows: dict[int, Correction]


def recognise(sheet: Sheet) -> Corrected | None:
    """What a sheet of a set-aside workbook corrects; nothing for any other sheet."""
    for number, row in enumerate(sheet.rows[:5]):
        header = [cell.strip() for cell in row]
        if {FILE, ROW, MARK, _KIND} <= set(header):
            return _read(sheet, number, header)
    return None


def _read(sheet: Sheet, number: int, header: list[str]) -> Corrected | None:
    ours = [column for column in header if column in canonical_columns()]
    at = {name: header.index(name) for name in (*_PLACE, _KIND, MARK, *ours) if name in header}
    rows: dict[int, Correction] = {}
    kind = path = ""
    for position, row in enumerate(sheet.rows[number + 1 :], start=number + 2):
        place = {name: _at(row, at.get(name)) for name in (FILE, SHEET, ROW, MARK, _KIND)}
        if place[FILE] and place[ROW].isdigit() and place[MARK]:
            cells = {column: cell for column in ours if (cell := _writable(_at(row, at[column])).strip())}
            clinic = cells.pop("clinic", "")
            same = _hash({**cells, "clinic": clinic}) in place[MARK].split("-")
            rows[position] = Correction(place[FILE], place[SHEET], int(place[ROW]), place[MARK], same)
            kind, path = kind or place[_KIND], path or place[FILE]
    if not any(cell.strip() for row in sheet.rows[number + 1 :] for cell in row):  # dropped back with nothing in it
        return Corrected("", FilePart(match="*", kind="ignore", header_row=number + 1), {})
    if kind not in ("events", "treatments", "combined", "totals", "process") or not rows:
        return None
    columns = {name: name if name in ours else "ignore" for name in header if name}
    return Corrected(path, FilePart(match="*", kind=kind, header_row=number + 1, columns=columns, decimal="."), rows)


def _at(row: Row, position: int | None) -> str:
    return row[position].strip() if position is not None and position < len(row) else ""
