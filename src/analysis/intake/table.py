"""A sheet and its layout to one frame of text cells, with the lines that are no data rows told apart."""

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd

from analysis.errors import InputRefused, Place
from analysis.intake import services
from analysis.intake.dates import from_1904
from analysis.intake.distinct import distinct
from analysis.intake.header_words import asks_whether
from analysis.intake.layout import SEVERAL, Layout
from analysis.intake.lines import Line, Lines
from analysis.intake.sheet import Rows, Sheet
from analysis.intake.spread import OTHER, absence, absent, by_area, is_no, reaction, ticked
from analysis.intake.words import cell_errors, fold, visible, vocabulary

_FILLED_DOWN = {
    "patient_key", "treatment_id", "treatment_date", "reported_date", "injector", "clinic", "treatment_type", "area", "product", "lot",
    "month",
}  # fmt: skip
"""Columns in which a merged cell says the same of each of its rows. A dose or a text belongs to the first row only."""


@dataclass(frozen=True)
class Fault:
    """A cell that holds an error instead of a value; it is blank in the table's cells. `position` is the 0-based data row."""

    position: int
    column: str
    address: str
    what: str


@dataclass(frozen=True)
class Table:
    """Data rows as text: `cells` has `row` and one text column per canonical name. `lines` are the rows that are none of those.

    `lines`: row, disposition, reason, mend, nil_return (the cells of a statement that there was nothing to report, else none),
    words (for triage only).
    """

    layout: Layout
    cells: pd.DataFrame
    lines: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows_read(self) -> int:
        """Every row of the sheet but the header itself."""
        return len(self.cells) + len(self.lines)


def to_table(sheet: Sheet, layout: Layout, place: Place) -> Table:
    """Split the rows of a sheet into data rows and other lines. Nothing is dropped: every row is in one of the two.

    Raises InputRefused when two columns of one name contradict each other.
    """
    merged, told = _merged_cells(sheet, layout)
    sheet = replace(sheet, rows=sheet.rows.with_cells(merged)) if merged else sheet
    reader = Lines(sheet, layout)
    numbers, lines = _entries(sheet, layout, reader)
    remarks = [*sheet.remarks, *told, *(("column_unnamed", remark) for remark in reader.remarks)]
    columns, told = _settle_rivals(sheet.rows, layout, numbers, place)
    cells = pd.DataFrame({"row": pd.Series(numbers + 1, dtype="int64")})
    faults: list[Fault] = []
    for canonical, positions in columns.items():
        taken = []
        for p in positions:
            text, found = _without_faults(canonical, p, sheet, numbers)
            faults += found
            taken.append(text)
        cells[canonical] = _column(canonical, positions, taken, layout)
        if sheet.from_1904 and canonical.endswith(("_date", "_at")):
            cells[canonical] = cells[canonical].map(from_1904).astype("str")
    return Table(layout, cells, _frame(lines), faults, [*remarks, *told])


def _entries(sheet: Sheet, layout: Layout, reader: Lines) -> tuple[np.ndarray, list[tuple[int, Line]]]:
    """Positions of the rows that are entries, and the other rows by number, each with what it is."""
    width = len(layout.headers)
    faulty = {row for row, column in sheet.faults if column < width and row > layout.header_row}
    plain = reader.plain_entries()
    is_plain = np.zeros(len(sheet.rows), dtype=bool)
    is_plain[plain] = True
    is_plain[list(faulty)] = True
    is_plain[layout.header_row : layout.header_row + 1] = True
    lines: list[tuple[int, Line]] = []
    done, each = -1, False
    while (doubtful := done + 1 + np.flatnonzero(~is_plain[done + 1 :])).size:
        for position, row in zip(doubtful.tolist(), sheet.rows.at(doubtful.tolist()), strict=True):
            done, verdict = position, reader.judge(row, position + 1)
            if verdict is None:
                is_plain[position] = True
            else:
                lines.append((position + 1, verdict))
            if reader.below_other_header and not each:
                is_plain[position + 1 :], each = False, True
                break
    is_plain[layout.header_row : layout.header_row + 1] = False
    return np.flatnonzero(is_plain), lines


def _frame(lines: list[tuple[int, Line]]) -> pd.DataFrame:
    rows = [(n, li.disposition, li.reason, li.mend, list(li.nil_return), li.words) for n, li in lines]
    return pd.DataFrame(rows, columns=["row", "disposition", "reason", "mend", "nil_return", "words"])


def _merged_cells(sheet: Sheet, layout: Layout) -> tuple[dict[tuple[int, int], str], list[tuple[str, str]]]:
    """What each row of a merged cell says, by position and column, where the cell is true of each row; and a remark on each."""
    meaning = {p: c for c, positions in layout.columns.items() for p in positions}
    found: dict[tuple[int, int], str] = {}
    told = []
    for top, column, bottom, _ in sheet.merged:
        known = meaning.get(column) in _FILLED_DOWN and top > layout.header_row
        if bottom == top or not known or top >= len(sheet.rows):
            continue
        cell = sheet.rows[top][column]
        for position, row in enumerate(sheet.rows[top + 1 : bottom + 1], start=top + 1):
            if cell.strip() and not row[column].strip() and any(c.strip() for c in row):
                found[(position, column)] = cell
        told.append(
            ("merged_cell", f"Rows {top + 1} to {bottom + 1} share a merged {meaning[column]} cell; it was read for each of them.")
        )  # fmt: skip
    return found, told


def _settle_rivals(
    rows: Rows, layout: Layout, numbers: np.ndarray, place: Place
) -> tuple[dict[str, list[int]], list[tuple[str, str]]]:
    """One column per canonical name: of two with the same header the filled one if they agree; contradictions are refused."""
    columns = {
        c: positions if c in SEVERAL else [*positions[:1], *(p for p in positions[1:] if absence(layout.headers[p]))]
        for c, positions in layout.columns.items()
    }
    told = []
    for canonical, others in layout.rivals.items():
        for other in others:
            ours = columns[canonical][0]
            own, rival = (distinct(rows.cells(p, numbers), visible) for p in (ours, other))
            differ = int((own != rival).sum())
            if not differ or not (rival != "").any():
                continue
            same = fold(layout.headers[ours]) == fold(layout.headers[other]) or other in layout.columns[canonical]
            if same and not (own != "").any():
                columns[canonical] = [other]
            elif same:
                raise InputRefused(
                    Place(place.path, place.sheet, layout.header_row + 1, layout.headers[other][:40]),
                    f"two columns stand for {canonical} and differ in {differ} row(s).",
                    "Rename or delete one of them, or map one to ignore under [file.columns] in clinic.toml.",
                )  # fmt: skip
            else:
                told.append(
                    ("column_collision", f"Column {other + 1} may also mean {canonical} and differs in {differ} row(s); "
                     f"column {ours + 1} was read. Map the right one under [file.columns] in clinic.toml.")
                )  # fmt: skip
    return columns, told


def _without_faults(canonical: str, position: int, sheet: Sheet, numbers: np.ndarray) -> tuple[pd.Series, list[Fault]]:
    """One column's cells, those that hold an error blanked and named, so that no error passes for a value."""
    cells = sheet.rows.cells(position, numbers)
    if not sheet.may_hold_errors:
        return cells, []
    marked = cells[cells.str.match("[#Ee]")]
    found = {
        place: f"the error {cell.strip()}" for place, cell in marked.items() if cell.strip().casefold() in cell_errors()
    }
    at = {number: place for place, number in enumerate(numbers.tolist())} if sheet.faults else {}
    found |= {at[row]: what for (row, column), what in sheet.faults.items() if column == position and row in at}
    if not found:
        return cells, []
    places = sorted(found)
    cells = cells.copy()
    cells.iloc[places] = ""
    return cells, [Fault(n, canonical, f"{_letters(position)}{numbers[n] + 1}", found[n]) for n in places]


def _letters(position: int) -> str:
    name, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _column(canonical: str, positions: list[int], taken: list[pd.Series], layout: Layout) -> pd.Series:
    if canonical == "service_status":
        return _came([layout.headers[p] for p in positions], taken)
    if canonical == "area_units":
        heads = [layout.headers[p] for p in positions]
        return pd.Series([by_area(heads, row) for row in zip(*taken, strict=True)], dtype="str")
    if canonical not in SEVERAL or (
        len(positions) == 1 and not (canonical == "text" and reaction(layout.headers[positions[0]]))
    ):
        return taken[0]
    by_position = dict(zip(positions, (cells.tolist() for cells in taken), strict=True))
    if canonical == "seriousness":
        # yes/no columns, one per criterion ("Died", "Hospitalised"): a yes is written as its header
        rows = zip(
            *([_criterion(cell, layout.headers[p]) for cell in cells] for p, cells in by_position.items()), strict=True
        )
        return pd.Series([";".join(part for part in row if part) for row in rows], dtype="str")
    if canonical == "person_name":
        ordered = [by_position[p] for p in sorted(positions)]
        return pd.Series([" ".join(cell.strip() for cell in row) for row in zip(*ordered, strict=True)], dtype="str")
    return _description(by_position, layout)


def _description(by_position: dict[int, list[str]], layout: Layout) -> pd.Series:
    """Text of several columns: the first as it stands, others after their header, and a reaction that is ticked by its header.

    An entry of an events log in which every reaction is denied and nothing is said reads `none`.
    """
    heads = {p: layout.headers[p] for p in sorted(by_position)}
    ticks = [p for p, head in heads.items() if reaction(head)]
    named = [p for p in ticks if reaction(heads[p]) != OTHER]
    worded = [p for p in heads if p not in ticks]
    joined = []
    for row in zip(*(by_position[p] for p in heads), strict=True):
        cells = dict(zip(heads, row, strict=True))
        said = [cells[p] for p in worded[:1]]
        said += [f"{heads[p]}: {cells[p].strip()}" for p in worded[1:] if cells[p].strip()]
        said += [ticked(heads[p], cells[p]) for p in ticks]
        denied = layout.kind == "events" and bool(named) and all(is_no(cells[p]) for p in named)
        joined.append("\n".join(part for part in said if part) or ("none" if denied else ""))
    return pd.Series(joined, dtype="str")


def _came(heads: list[str], taken: list[pd.Series]) -> pd.Series:
    """What became of the appointment: of several columns the one that says that nobody came or that it was cancelled."""
    read = [distinct(cells, partial(_presence, head)) for head, cells in zip(heads, taken, strict=True)]
    found = read[0]
    for other in read[1:]:
        missed = distinct(other, services.status).isin(["no_show", "cancelled", "refunded"])
        found = other.where(missed | (found == ""), found)
    return found


def _presence(head: str, cell: str) -> str:
    if absence(head):
        return absent(head, cell)
    return _attendance(cell) if asks_whether(head) else cell


def _criterion(cell: str, header: str) -> str:
    said = vocabulary("yes_no").get(fold(cell))
    return header if said == "true" else "" if said == "false" else cell.strip()


def _attendance(cell: str) -> str:
    """Yes and no under a header that asks whether the patient came."""
    return {"true": "attended", "false": "did not attend"}.get(vocabulary("yes_no").get(fold(cell), ""), cell)
