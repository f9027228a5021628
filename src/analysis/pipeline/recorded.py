"""Decisions of people as the ledger holds them. A ledger whose chain does not hold gives none, and says so."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import ledger
from analysis.errors import CheckFailed
from analysis.review.decisions import from_ledger
from analysis.schemas import empty

DAMAGED = "The ledger does not hold together, so no decision of a person is applied. Restore it from a backup, then: ae ingest"


@dataclass(frozen=True)
class Recorded:
    """`made`: one row per decision, in the order of the ledger; `notes`: what there is to say about the ledger itself."""

    made: pd.DataFrame
    notes: pd.DataFrame


def recorded(book: Path | None) -> Recorded:
    """Decisions in the ledger at `book`; none without one.

    A damaged ledger keeps nobody from seeing today's entries: then nothing in it is trusted, every entry is open and every reading
    is the text's again, with a note that says so.
    """
    if book is None:
        return Recorded(from_ledger([]), empty("notes"))
    try:
        ledger.verify(book)
        return Recorded(from_ledger(ledger.entries(book)), empty("notes"))
    except CheckFailed:
        note = {"clinic": "", "path": "ledger", "sheet": "", "code": "review_not_applied", "message": DAMAGED}
        return Recorded(from_ledger([]), pd.DataFrame([note]))
