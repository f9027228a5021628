"""The second half of `ae review`: a filled-in file into the ledger, and how far reviewers agree."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis import ledger, taxonomy
from analysis.counting.agreement import agreement_by_label
from analysis.errors import InputRefused, NothingToReport, Place, UsageError
from analysis.intake.find import raw_file
from analysis.intake.read import read_sheets
from analysis.pipeline import journal
from analysis.review.agreement import Pair, reviewer_pairs
from analysis.review.decisions import LEDGER_KIND, from_ledger, identity
from analysis.review.known import Known
from analysis.review.read import Filled, read_decisions
from analysis.schemas.config import FilePart
from analysis.store import open_store

_MOST_FAULTS = 20


@dataclass(frozen=True)
class Imported:
    """What came of a file: decisions recorded now, known before, and made on a content that has changed since."""

    recorded: int
    known_before: int
    older: int
    pairs: list[Pair]


def import_file(file: Path, processed: Path) -> Imported:
    """Record the decisions of a review file as one entry of the ledger; all of them or none.

    Raises UsageError (no such file), InputRefused naming every cell to mend, NothingToReport (no decision in it) and CheckFailed
    (the ledger is damaged). The stored data is not touched: `ae ingest` applies what is recorded.
    """
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    store = open_store(processed)
    book = ledger.ledger_path(processed)
    ledger.verify(book)
    source = raw_file(file)
    sheets = [(sheet.name, sheet.rows) for sheet in read_sheets(source, FilePart(match="*"))]
    known = Known(store.events, store.findings, store.treatments, store.set_aside)
    filled = read_decisions(sheets, known, today=date.today())
    _refuse(file, filled)
    recorded = [entry["data"]["decisions"] for entry in ledger.entries(book) if entry["kind"] == LEDGER_KIND]
    before = {identity(told) for decisions in recorded for told in decisions}
    new = [told for told in filled.decisions if identity(told) not in before]
    if new:
        ledger.append(book, LEDGER_KIND, {"file": source.sha256, "decisions": new, **journal.on_data(processed)})
    mine = {str(told["reviewer"]).casefold() for told in filled.decisions if told["kind"] == "coding"}
    pairs = [
        pair
        for pair in reviewer_pairs(from_ledger(ledger.entries(book)))
        if {pair.first.casefold(), pair.second.casefold()} & mine
    ]
    return Imported(len(new), len(filled.decisions) - len(new), filled.older, pairs)


def _refuse(file: Path, filled: Filled) -> None:
    place = Place(file.name)
    if not filled.sheets:
        raise InputRefused(
            place, "has no sheet of a review file.", "Use the workbook that `ae review export` wrote, as XLSX."
        )
    if filled.faults:
        cells = "1 cell is" if len(filled.faults) == 1 else f"{len(filled.faults)} cells are"
        refused = InputRefused(place, f"nothing was recorded; {cells} to be mended.", "")
        refused.details = tuple(f"  {fault}" for fault in filled.faults[:_MOST_FAULTS])
        if (more := len(filled.faults) - _MOST_FAULTS) > 0:
            refused.details += (f"  … and {more} more.",)
        raise refused
    if not filled.decisions:
        raise NothingToReport(f"{file.name} holds no decision. Fill in the column 'Decision'.")


def agreement(pair: Pair) -> pd.DataFrame:
    """Kappa of two reviewers over all, by category and by status: of (category or status), label and the columns of agreement."""
    by_category = agreement_by_label(
        pair.categories("first"), pair.categories("second"), (*taxonomy.CATEGORIES, "none")
    )
    by_status = agreement_by_label(pair.statuses("first"), pair.statuses("second"), taxonomy.STATUSES).iloc[1:]
    return pd.concat([by_category.assign(of="category"), by_status.assign(of="status")], ignore_index=True)
