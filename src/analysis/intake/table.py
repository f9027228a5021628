"""A sheet and its layout to one frame of text cells, with the lines that are no data rows told apart."""

from dataclasses import dataclass

import pandas as pd

from analysis.intake.layout import Layout
from analysis.intake.read import Row, Sheet
from analysis.intake.words import fold, vocabulary

_SEVERAL = ("text", "seriousness")
_FOOTER = vocabulary("footer")
_NIL = vocabulary("nil_return")


@dataclass(frozen=True)
class Table:
    """Data rows as text: `cells` has `row` and one text column per canonical name. `lines` are the rows that are none of those.

    `lines`: row, disposition, reason, mend, nil_return (the cells of a statement that there was nothing to report, else none).
    """

    layout: Layout
    cells: pd.DataFrame
    lines: pd.DataFrame

    @property
    def rows_read(self) -> int:
        """Every row of the sheet but the header itself."""
        return len(self.cells) + len(self.lines)


def to_table(sheet: Sheet, layout: Layout) -> Table:
    """Split the rows of a sheet into data rows and other lines. Nothing is dropped: every row is in one of the two."""
    width = len(layout.headers)
    lines: list[tuple[int, str, str, str, Row]] = []
    data: list[Row] = []
    numbers: list[int] = []
    header = [cell.strip() for cell in layout.headers]
    for number, row in enumerate(sheet.rows, start=1):
        if number - 1 == layout.header_row:
            continue
        if (
            len(row) == width
            and number > layout.header_row
            and row[0]
            and row != header
            and not _is_footer(row, layout)
        ):
            data.append(row)
            numbers.append(number)
            continue
        verdict = _other_line(row, number - 1 < layout.header_row, header, layout, sheet.from_text)
        if verdict:
            lines.append((number, *verdict))
        else:
            data.append((row + [""] * width)[:width])
            numbers.append(number)
    cells = pd.DataFrame({"row": pd.Series(numbers, dtype="int64")})
    for canonical, positions in layout.columns.items():
        cells[canonical] = _column(canonical, positions, data, layout)
    return Table(layout, cells, pd.DataFrame(lines, columns=["row", "disposition", "reason", "mend", "nil_return"]))


def _other_line(
    row: Row, above: bool, header: Row, layout: Layout, from_text: bool
) -> tuple[str, str, str, Row] | None:
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled:
        return "ignored", "blank row", "", []
    if above:
        return "ignored", "title above the header", "", []
    if [cell.strip() for cell in row] == header:
        return "ignored", "header repeated", "", []
    if _is_footer(row, layout):
        return "ignored", "total or footer line", "", []
    if len(filled) <= 3 and any(fold(cell) in _NIL for cell in filled) and layout.kind in ("events", "combined"):
        return "ignored", "nil return", "", filled
    if len(filled) == 1 and row[0].strip() and 0 not in layout.columns.get("text", ()) and len(header) > 2:
        return "ignored", "section title", "", []
    extra = any(cell.strip() for cell in row[len(header) :])
    if extra or (from_text and len(row) < len(header)):
        return (
            "quarantined", f"the row has {len(row)} cells where the header has {len(header)}",
            "Mend the row (often a separator inside a cell that is not quoted) and deliver the file again.", [],
        )  # fmt: skip
    return None


def _is_footer(row: Row, layout: Layout) -> bool:
    if sum(map(bool, row)) > max(3, len(layout.headers) // 3) and sum(1 for c in row if c.strip()) > max(
        3, len(row) // 3
    ):
        return False
    first = next((cell for cell in row if cell.strip()), "")
    plain = fold(first)
    head = plain.split(" ")[0] if plain else ""
    if plain not in _FOOTER and head not in ("total", "totals", "subtotal", "exported", "generated"):
        return False
    return sum(1 for cell in row if cell.strip()) <= max(3, len(layout.headers) // 3)


def _column(canonical: str, positions: list[int], data: list[Row], layout: Layout) -> pd.Series:
    if canonical not in _SEVERAL or len(positions) == 1:
        return _cells(data, positions[0])
    if canonical == "seriousness":
        # yes/no columns, one per criterion ("Died", "Hospitalised"): a yes is written as its header
        parts = [[_criterion(row[p], layout.headers[p]) for p in positions] for row in data]
        return pd.Series([";".join(part for part in row if part) for row in parts], dtype="str")
    first, *others = sorted(positions)
    joined = []
    for row in data:
        more = [f"{layout.headers[p]}: {row[p].strip()}" for p in others if row[p].strip()]
        joined.append("\n".join(part for part in (row[first], *more) if part))
    return pd.Series(joined, dtype="str")


def _criterion(cell: str, header: str) -> str:
    said = vocabulary("yes_no").get(fold(cell))
    return header if said == "true" else "" if said == "false" else cell.strip()


def _cells(data: list[Row], position: int) -> pd.Series:
    return pd.Series([row[position] for row in data], dtype="str")
