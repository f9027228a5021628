"""Errors a user can mend. Each carries the exit code of the command contract.

Messages name the file, sheet, row, column, value, what is allowed and how to mend it, as far as each applies. They never
quote free text or an identifier.
"""

import errno
from dataclasses import dataclass


class Stopped(BaseException):
    """Somebody pressed Ctrl-C, or the system wants the program to end; its one argument is the number of the signal."""


class AnalysisError(Exception):
    """Base of every error that is not our own bug. `exit_code` follows the command contract."""

    exit_code = 2
    details: tuple[str, ...] = ()
    """Further lines, each for one thing to mend."""


class UsageError(AnalysisError):
    """Wrong usage or configuration (exit 2)."""


class NothingToReport(AnalysisError):
    """There is no data for what was asked (exit 4)."""

    exit_code = 4


class RefusedBeforeWork(AnalysisError):
    """Lock, permission, disk or key: refused before any work was done (exit 5)."""

    exit_code = 5


class Unfinished(AnalysisError):
    """The disk failed after it was decided what is published; the next run finishes it (exit 5)."""

    exit_code = 5


class StoreDamaged(AnalysisError):
    """Stored data is damaged, or was written by a newer version (exit 6)."""

    exit_code = 6


class CheckFailed(AnalysisError):
    """A check (audit, reproduce) did not hold (exit 7)."""

    exit_code = 7


@dataclass(frozen=True)
class Place:
    """Where in a clinic's files something was found; `row` is the row number a spreadsheet shows (first row is 1)."""

    path: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.path]
        if self.sheet:
            parts.append(f"sheet {self.sheet!r}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column!r}")
        return ", ".join(parts)


class InputRefused(AnalysisError):
    """A whole input file that cannot be used (exit 3 at the end; the other files go on)."""

    exit_code = 3

    def __init__(self, place: Place, reason: str, mend: str) -> None:
        super().__init__(f"{place}: {reason} {mend}".strip())
        self.place, self.reason, self.mend = place, reason, mend


def is_of_memory(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, says that the machine has too little memory: as Python, the system or a library
    says it. Not every one of them raises MemoryError: a thread or a shared library that finds no room does not."""
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        if isinstance(error, (RuntimeError, ImportError)) and any(said in str(error) for said in _NO_ROOM):
            return True
        error = error.__cause__ or error.__context__
    return False


_NO_ROOM = ("start new thread", "allocate memory", "map segment")
"""What CPython says of a thread, and the loader of a shared library, when there is no room for it."""
