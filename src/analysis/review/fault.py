"""One thing to mend in a review file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Sheet, row, column, what is wrong with the cell, and how to mend it. Never a patient's words."""

    sheet: str
    row: int
    column: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"sheet {self.sheet!r}, row {self.row}, column {self.column!r}: {self.problem} {self.mend}"
