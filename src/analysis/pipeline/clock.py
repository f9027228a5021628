"""What day it is, on a machine whose clock may have jumped back since the last run."""

import contextlib
from datetime import date, timedelta
from pathlib import Path

from analysis import ledger
from analysis.errors import CheckFailed, StoreDamaged
from analysis.store import current_snapshot, read_manifest


def today(book: Path, processed: Path) -> date:
    """The day after which no date of a log can be.

    It is the clock's, unless the ledger knows a later one: then the stored data's cut, so that no row that was accepted is held because
    a clock jumped back.
    """
    now, known = date.today(), newest_day(book)
    if known is None or known <= now:
        return now
    with contextlib.suppress(StoreDamaged, OSError):
        snapshot = current_snapshot(processed)
        cut = read_manifest(snapshot)["data_cut"] if snapshot else None
        if cut is not None:
            return max(now, min(known, date.fromisoformat(cut)))
    return now


def behind(book: Path) -> str:
    """In words that the clock is behind the ledger by more than time zones explain; empty when it is not."""
    now, known = date.today(), newest_day(book)
    if known is None or known - now <= timedelta(days=1):
        return ""
    return (
        f"This machine's clock says {now}, and the ledger has an entry of {known}. Dates after the newest stored one are not "
        "taken until the clock is right. Set it, then: ae ingest"
    )


def newest_day(book: Path) -> date | None:
    """The latest day on which the ledger was written to (UTC); None without entries, or when it cannot be read."""
    try:
        days = [str(entry["when"])[:10] for entry in ledger.entries(book)]
        return date.fromisoformat(max(days)) if days else None
    except (CheckFailed, KeyError, ValueError):
        return None
