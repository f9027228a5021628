"""`ae review`: what waits for a person out to a spreadsheet, and the decisions back into the ledger."""

import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import ledger
from analysis.counting.attention import open_entries
from analysis.errors import NothingToReport, UsageError
from analysis.periods import last_day
from analysis.pipeline.recorded import Recorded, recorded
from analysis.pipeline.selection import Selection, select
from analysis.review.apply import closed_entries
from analysis.review.decisions import with_state
from analysis.review.queue import Read, queue
from analysis.review.rows import Rows
from analysis.review.sheets import PLANS
from analysis.review.write import workbook
from analysis.store import Store, open_store


@dataclass(frozen=True)
class Waiting:
    """The queue of some clinics: rows per entry and kind of decision, and the open entries of the first screen."""

    read: Read
    rows: pd.DataFrame
    open: pd.DataFrame


def waiting(
    store: Store, chosen: Selection, made: Recorded, *, everything: bool = False, month: str | None = None
) -> Waiting:
    """What waits, by the decisions in `made` (also those that `ae ingest` has not yet applied).

    `month`: only entries reported in it, and those without a date. `everything`: also what is settled.
    """
    own = chosen.frames
    reviews = with_state(made.made, own["events"], own["treatments"], own["set_aside"])
    read = Read(own["events"], own["findings"], own["episodes"], own["treatments"], reviews)
    rows = queue(read, everything=everything)
    entries = open_entries(
        own["episodes"], own["findings"], own["events"], own["set_aside"], own["injectors"],
        until=chosen.data_cut or last_day("9998-12"), closed=None if everything else closed_entries(reviews),
    )  # fmt: skip
    if month:
        rows = rows[rows["reported_date"].dt.strftime("%Y-%m").fillna(month) == month].reset_index(drop=True)
        reported = entries["reported_date"].fillna(entries["onset_date"]).str[:7].fillna(month)
        entries = entries[reported == month].reset_index(drop=True)
    return Waiting(read, rows, entries)


def export(file: Path, processed: Path, *, month: str | None, clinic: str | None, everything: bool) -> dict[str, int]:
    """Write the review file for its owner alone; returns the number of rows by sheet.

    UsageError when the file is there already or is no .xlsx; NothingToReport when nothing waits.
    """
    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file} is not the name of an XLSX file. End it in .xlsx.")
    if file.exists():
        raise UsageError(f"{file} is already there, perhaps with decisions in it. Choose another name.")
    store = open_store(processed)
    chosen = select(store, clinic)
    found = waiting(store, chosen, recorded(ledger.ledger_path(processed)), everything=everything, month=month)
    maker = Rows(found.read, chosen.frames["injectors"])
    rows = {kind: maker.of_queue(found.rows, kind) for kind in ("coding", "link", "merge")}
    rows["entry"] = maker.of_open(found.open, chosen.frames["set_aside"])
    if not any(rows.values()):
        raise NothingToReport("Nothing waits for review" + (f" of {month}." if month else "."))
    _write_private(file, workbook(rows))
    return {plan.name: len(rows[plan.kind]) for plan in PLANS if rows[plan.kind]}


def _write_private(file: Path, content: bytes) -> None:
    """A new file that nobody else may read: it holds the words of entries."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
