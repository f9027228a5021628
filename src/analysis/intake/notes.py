"""What is said of a sheet besides its rows: columns not read, decimal marks, and messages in the clinic's own words."""

import pandas as pd

from analysis.columnar.coded import coded
from analysis.intake.part import Part
from analysis.intake.table import Table
from analysis.intake.values import has_decimal_commas
from analysis.intake.verdicts import Verdicts


def decimal_of(table: Table, verdicts: Verdicts) -> str:
    """The decimal mark of the doses: a comma only where every dose with one proves it."""
    if "dose_units" not in table.cells or not has_decimal_commas(coded(table.cells["dose_units"]).values):
        return "."
    verdicts.note(None, "decimal_comma", "The comma is read as the decimal mark of doses.", column="dose_units")
    return ","


def remark(table: Table, verdicts: Verdicts) -> None:
    """Notes on the whole sheet: columns that were not read, and what was found while opening it."""
    layout = table.layout
    for header in layout.unknown:
        verdicts.note(None, "column_unknown", "This column is not known and was not read.", column=header[:60])
    for header in layout.not_used:
        verdicts.note(None, "column_not_used", "This column was not needed for this kind of log.", column=header[:60])
    for position, why in layout.doubted.items():
        canonical, _, reason = why.partition(": ")
        verdicts.note(
            None, "column_doubted", f"This column was not read as {canonical}: {reason}. If it is one, map it in clinic.toml.",
            column=layout.headers[position][:60],
        )  # fmt: skip
    for header in layout.missing:
        verdicts.note(
            None,
            "column_missing",
            "clinic.toml maps this column, but the sheet has none of that name.",
            column=header[:60],
        )
    for code, message in table.remarks:
        verdicts.note(None, code, message)
    if not len(table.cells):
        verdicts.note(None, "no_rows", "The sheet has headers and no entries.")


def in_their_words(message: str | None, column: str | None, table: Table) -> str | None:
    """A message on one of our columns, with the header the clinic wrote over it."""
    header = table.layout.theirs(column) if isinstance(column, str) else None
    return f"{message} (Column {header!r}.)" if message and header else message


def notes_of(part: Part, verdicts: Verdicts, table: Table) -> pd.DataFrame:
    """Frame `notes` of one sheet."""
    columns = ["position", "column", "code", "old", "new", "message"]
    notes = pd.DataFrame(verdicts.noted, columns=columns)
    notes["message"] = [
        message if code.startswith("column_") else in_their_words(message, column, table)
        for code, column, message in zip(notes["code"], notes["column"], notes["message"], strict=True)
    ]
    rows = table.cells["row"]
    notes["row"] = pd.array([None if pd.isna(p) else int(rows.iloc[int(p)]) for p in notes["position"]], dtype="Int64")
    return notes.drop(columns="position").assign(clinic=part.clinic, path=part.file.name, sheet=part.sheet)
