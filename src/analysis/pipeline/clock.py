"""What day it is, on a machine whose clock may have jumped back since the last run."""

import contextlib
from datetime import date, timedelta
from pathlib import Path

from analysis import ledger
from analysis.errors import CheckFailed, StoreDamaged, UsageError
from analysis.store import current_snapshot, read_manifest

VOUCHED = timedelta(days=92)
"""So long after the newest entry and the newest date of the logs the clock is believed without a word: a quarter without either."""


def today(book: Path, processed: Path) -> date:
    """The day after which no date of a log can be.

    It is the clock's, unless the ledger knows a later one: then the stored data's cut, so that no row that was accepted is held because
    a clock jumped back.
    """
    now, known = date.today(), newest_day(book)
    if known is None or known <= now:
        return now
    cut = _data_cut(processed)
    return now if cut is None else max(now, min(known, cut))


def sure_of_today(book: Path, processed: Path, *, said: date | None) -> date:
    """The clock's day, where something else vouches for it or a person `said` the same (a day more or less); UsageError otherwise.

    A clock far ahead makes every entry look old. What vouches is the older of the newest entry and the newest date of the stored logs:
    an ingest under that clock writes an entry of its day, and does not make the logs' dates any later.
    """
    now = date.today()
    if said is not None:
        if abs(said - now) > timedelta(days=1):
            raise UsageError(f"You say that today is {said}, and this machine's clock says {now}. Set the clock first.")
        return now
    entry, cut = newest_day(book), _data_cut(processed)
    if entry is None or now - min(entry, cut or entry) <= VOUCHED:
        return now
    told = f"the newest entry of the ledger is of {entry}" + (f", the newest date in the logs {cut}" if cut else "")
    raise UsageError(
        f"This machine's clock says {now}; {told}. What is emptied does not come back, so say which day it is: --today YYYY-MM-DD"
    )


def _data_cut(processed: Path) -> date | None:
    with contextlib.suppress(StoreDamaged, OSError):
        snapshot = current_snapshot(processed)
        cut = read_manifest(snapshot)["data_cut"] if snapshot else None
        return None if cut is None else date.fromisoformat(cut)
    return None


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
