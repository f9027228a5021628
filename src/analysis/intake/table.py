"""A sheet and its layout to one frame of text cells, with the lines that are no data rows told apart."""

from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import InputRefused, Place
from analysis.intake.dates import from_1904
from analysis.intake.header_words import asks_whether
from analysis.intake.layout import SEVERAL, Layout
from analysis.intake.lines import Line, Lines
from analysis.intake.sheet import Row, Sheet
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
    remarks = [*sheet.remarks, *_fill_merged(sheet, layout)]
    width = len(layout.headers)
    reader = Lines(sheet, layout)
    lines: list[tuple[int, Line]] = []
    data: list[Row] = []
    numbers: list[int] = []
    for number, row in enumerate(sheet.rows, start=1):
        if number - 1 == layout.header_row:
            continue
        at_fault = any((number - 1, p) in sheet.faults for p in range(width)) if sheet.faults else False
        verdict = None if at_fault and number - 1 > layout.header_row else reader.judge(row, number)
        if verdict is not None:
            lines.append((number, verdict))
        else:
            data.append(row if len(row) == width else (row + [""] * width)[:width])
            numbers.append(number)
    remarks += [("column_unnamed", remark) for remark in reader.remarks]
    columns, told = _settle_rivals(layout, data, place)
    remarks += told
    cells = pd.DataFrame({"row": pd.Series(numbers, dtype="int64")})
    faults: list[Fault] = []
    for canonical, positions in columns.items():
        for p in positions:
            faults += _faults(canonical, p, data, numbers, sheet)
        cells[canonical] = _column(canonical, positions, data, layout)
        if sheet.from_1904 and canonical.endswith(("_date", "_at")):
            cells[canonical] = cells[canonical].map(from_1904).astype("str")
    return Table(layout, cells, _frame(lines), faults, remarks)


def _frame(lines: list[tuple[int, Line]]) -> pd.DataFrame:
    rows = [(n, li.disposition, li.reason, li.mend, list(li.nil_return), li.words) for n, li in lines]
    return pd.DataFrame(rows, columns=["row", "disposition", "reason", "mend", "nil_return", "words"])


def _fill_merged(sheet: Sheet, layout: Layout) -> list[tuple[str, str]]:
    """Give each row of a merged cell what the cell says, in columns where that is true of each row."""
    meaning = {p: c for c, positions in layout.columns.items() for p in positions}
    told = []
    for top, column, bottom, _ in sheet.merged:
        if (
            bottom == top
            or top <= layout.header_row
            or meaning.get(column) not in _FILLED_DOWN
            or top >= len(sheet.rows)
        ):
            continue
        cell = sheet.rows[top][column]
        for row in sheet.rows[top + 1 : bottom + 1]:
            if cell.strip() and not row[column].strip() and any(c.strip() for c in row):
                row[column] = cell
        told.append(
            ("merged_cell", f"Rows {top + 1} to {bottom + 1} share a merged {meaning[column]} cell; it was read for each of them.")
        )  # fmt: skip
    return told


def _settle_rivals(layout: Layout, data: list[Row], place: Place) -> tuple[dict[str, list[int]], list[tuple[str, str]]]:
    """One column per canonical name: of two with the same header the filled one if they agree; contradictions are refused."""
    columns = {c: positions if c in SEVERAL else positions[:1] for c, positions in layout.columns.items()}
    told = []
    for canonical, others in layout.rivals.items():
        for other in others:
            ours = columns[canonical][0]
            differ = sum(1 for row in data if visible(row[ours]) != visible(row[other]))
            if not differ or not any(row[other].strip() for row in data):
                continue
            same = fold(layout.headers[ours]) == fold(layout.headers[other]) or other in layout.columns[canonical]
            if same and not any(row[ours].strip() for row in data):
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


def _faults(canonical: str, position: int, data: list[Row], numbers: list[int], sheet: Sheet) -> list[Fault]:
    """Cells of one column that hold an error; they are blanked in `data`, so that no error passes for a value."""
    found: list[Fault] = []
    if not sheet.may_hold_errors:
        return found
    errors = {row[position] for row in data if row[position][:1] in ("#", "E", "e")}
    errors = {cell for cell in errors if cell.strip().casefold() in cell_errors()}
    if not errors and not sheet.faults:
        return found
    for place, (row, number) in enumerate(zip(data, numbers, strict=True)):
        what = sheet.faults.get((number - 1, position))
        if what is None and row[position] in errors:
            what = f"the error {row[position].strip()}"
        if what:
            row[position] = ""
            found.append(Fault(place, canonical, f"{_letters(position)}{number}", what))
    return found


def _letters(position: int) -> str:
    name, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _column(canonical: str, positions: list[int], data: list[Row], layout: Layout) -> pd.Series:
    if canonical == "service_status" and asks_whether(layout.headers[positions[0]]):
        return pd.Series([_attendance(row[positions[0]]) for row in data], dtype="str")
    if canonical not in SEVERAL or len(positions) == 1:
        return _cells(data, positions[0])
    if canonical == "seriousness":
        # yes/no columns, one per criterion ("Died", "Hospitalised"): a yes is written as its header
        parts = [[_criterion(row[p], layout.headers[p]) for p in positions] for row in data]
        return pd.Series([";".join(part for part in row if part) for row in parts], dtype="str")
    if canonical == "person_name":
        return pd.Series([" ".join(row[p].strip() for p in sorted(positions)) for row in data], dtype="str")
    first, *others = sorted(positions)
    joined = []
    for row in data:
        more = [f"{layout.headers[p]}: {row[p].strip()}" for p in others if row[p].strip()]
        joined.append("\n".join(part for part in (row[first], *more) if part))
    return pd.Series(joined, dtype="str")


def _criterion(cell: str, header: str) -> str:
    said = vocabulary("yes_no").get(fold(cell))
    return header if said == "true" else "" if said == "false" else cell.strip()


def _attendance(cell: str) -> str:
    """Yes and no under a header that asks whether the patient came."""
    return {"true": "attended", "false": "did not attend"}.get(vocabulary("yes_no").get(fold(cell), ""), cell)


def _cells(data: list[Row], position: int) -> pd.Series:
    return pd.Series([row[position] for row in data], dtype="str")
