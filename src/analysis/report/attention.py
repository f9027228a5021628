"""The list of entries that need a clinician: the same columns on page one, in the full list and on today's page."""

import pandas as pd

from analysis.report.numbers import day, is_missing
from analysis.report.words import level, status
from analysis.tables import Column, Row, Table, make_table, plain, words

LONGEST_PIECE = 18
"""Letters of a clinic's name or an entry that still fit a narrow column in one piece."""


def entry_columns(*, short: bool = False) -> list[Column]:
    """Columns of the list; `short` is the choice for page one. No free text and no patient key is among them."""
    start = [Column("Look", lambda row: level(row.get("triage"))), Column("Entry", _entry)]
    due = Column("Contact due", lambda row: day(row.get("contact_due")), whole=True)
    if short:
        return [*start, Column("What", lambda row: f"{_what(row)}, {_status(row)}"), due]
    return [
        *start,
        Column("What", _what),
        Column("Status", _status),
        Column("Injector", "injector_code", code=True),
        Column("Onset", lambda row: day(row.get("onset_date")), whole=True),
        Column("Reported", lambda row: day(row.get("reported_date")), whole=True),
        due,
    ]


def attention_table(frame: pd.DataFrame, *, id: str = "entries") -> Table:
    """Every open entry in the order it was given: level now first, the newest report first."""
    return make_table(
        frame,
        entry_columns(),
        caption="Open entries, newest first",
        id=id,
        tools=True,
        empty="No open entry needs a clinician in the logs received. This does not mean that nothing occurred.",
    )


def _entry(row: Row) -> str:
    """Clinic and entry; each kept in one piece unless it is long, as the place of a row set aside is."""
    parts = [] if is_missing(row.get("clinic")) else [plain(str(row["clinic"]), 40)]
    parts.append(plain(words(row.get("entry")), 80))
    return ("\n" if all(len(part) <= LONGEST_PIECE for part in parts) else " ").join(parts)


def _what(row: Row) -> str:
    return plain(words(row.get("label")), 60)


def _status(row: Row) -> str:
    return status(row.get("status"), linked=row.get("linked"))
