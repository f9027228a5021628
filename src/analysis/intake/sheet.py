"""What every reader gives: a sheet of text cells, and what there is to say about it."""

from dataclasses import dataclass, field

from analysis.intake.rows import Row, Rows

__all__ = ["Row", "Rows", "Sheet"]


@dataclass(frozen=True)
class Sheet:
    """Cells as text; `rows[0]` is row 1 of the file. `name` is '' for a file without sheets; `from_text` tells CSV from workbook."""

    name: str
    rows: Rows
    from_text: bool
    delimiter: str = ","
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    """What is wrong with a cell (0-based row and column) that a spreadsheet shows as an error or cannot show at all."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged cells: first row, first column, last row, last column, 0-based."""
    may_hold_errors: bool = True
    """Some cell may read `#REF!` or the like; told from the whole text, so that most files need no look at each cell."""
    may_hold_breaks: bool = True
    """Some cell may hold a line break or a zero byte."""
    from_1904: bool = False
    """Serial numbers count days from 1904."""
    remarks: list[tuple[str, str]] = field(default_factory=list)
    """Code and sentence of each note on the whole sheet."""
