"""Sheets of rows, each row with what it truly is, and the two ways they are written: CSV and XLSX, always the same bytes."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from analysis.xlsx import Cell, workbook_bytes


@dataclass(slots=True)
class Row:
    """One delivered row. `disposition` is what a reader should do with it; `dirt` names what was planted in it;
    `in_window` tells whether an entry as written lies within the link window of its sub-code.
    """

    cells: list[Cell]
    what: str
    clinic: str = ""
    session_key: str = ""
    event_id: str = ""
    episodes: str = ""
    status: str = ""
    subcodes: str = ""
    triage: str = ""
    dirt: set[str] = field(default_factory=set)
    disposition: str = "accepted"
    in_window: bool = True


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook, or one CSV file (`sheet` is empty): titles above the header, the header, the rows."""

    path: str
    sheet: str
    kind: str
    header: list[str]
    rows: list[Row]
    titles: list[list[Cell]] = field(default_factory=list)
    delimiter: str = ","
    encoding: str = "utf-8"

    def numbered(self) -> list[tuple[int, Row]]:
        """Rows with the row number a spreadsheet shows: the first line of the sheet is 1."""
        return list(enumerate(self.rows, start=len(self.titles) + 2))

    def grid(self) -> list[list[Cell]]:
        """Every line of the sheet, titles and header included."""
        return [*self.titles, list(self.header), *(row.cells for row in self.rows)]


def write_sheets(raw: Path, sheets: list[Sheet]) -> None:
    """Write every file below `raw`; sheets with the same path become one workbook."""
    books: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        books.setdefault(sheet.path, []).append(sheet)
    for path, members in books.items():
        target = raw.joinpath(*path.split("/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(".xlsx"):
            target.write_bytes(workbook_bytes([(member.sheet, member.grid()) for member in members]))
        else:
            target.write_bytes(_csv_bytes(members[0]))


def _csv_bytes(sheet: Sheet) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=sheet.delimiter, lineterminator="\r\n")
    writer.writerows([[_text(cell) for cell in line] for line in sheet.grid()])
    return buffer.getvalue().encode(sheet.encoding)


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else units_text(cell) if isinstance(cell, float) else str(cell)


def units_text(value: float) -> str:
    """`20.0` as `20`, `12.5` as `12.5`."""
    return str(int(value)) if value.is_integer() else repr(value)
