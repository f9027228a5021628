"""What `ae audit verify` asks of a ledger beyond its chain: nothing cut off at the end, nothing emptied that nobody decided."""

import json
from pathlib import Path
from typing import Any

from analysis.errors import CheckFailed, UsageError
from analysis.ledger import book, head
from analysis.ledger.lines import EMPTIED, entries, verify, whole_lines
from analysis.ledger.retention import RETAINED


def audit(path: Path) -> int:
    """Number of entries when everything holds. CheckFailed says which line does not fit, is unfinished, is missing or was emptied."""
    count = verify(path)
    lines = whole_lines(path)
    if lost := head.missing(path, lines):
        raise CheckFailed(
            f"{path} has {lost['found']} entries and had {lost['known']}: entries were taken away or changed. Restore the ledger "
            "from a backup, or say that you know: ae audit accept --reviewer NAME --reason TEXT"
        )
    if path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size:
        raise CheckFailed(
            f"{path}: line {count + 1} was begun and not finished, by a run that was interrupted. It was never said; the next "
            "`ae ingest` or `ae report` takes it away."
        )
    if cuts := open_cuts(path):
        numbers = ", ".join(str(entry["n"]) for entry in cuts)
        raise CheckFailed(
            f"{path}: entries were missing when entry {numbers} was written. If you know of it: "
            "ae audit accept --reviewer NAME --reason TEXT"
        )
    _emptied_as_decided(path, lines)
    return count


def open_cuts(path: Path) -> list[dict[str, Any]]:
    """Entries that say that others were missing, and that nobody has accepted since."""
    found: list[dict[str, Any]] = []
    for entry in entries(path):
        if entry["kind"] == head.CUT:
            found.append(entry)
        elif entry["kind"] == head.ACCEPTED:
            found = []
    return found


def accept_cut(path: Path, *, reviewer: str | None, reason: str | None) -> None:
    """Say, by name and with a reason, that missing entries are known of. UsageError when there are none, or name or reason is missing."""
    if not reviewer or not reason:
        raise UsageError("To accept that entries are missing give --reviewer NAME and --reason TEXT: both are kept.")
    if head.missing(path, whole_lines(path)) is None and not open_cuts(path):
        raise UsageError("No entry of the ledger is known to be missing.")
    book.append(path, head.ACCEPTED, {"reviewer": reviewer, "reason": reason})


def _emptied_as_decided(path: Path, lines: list[bytes]) -> None:
    told = {n for entry in entries(path) if entry["kind"] == RETAINED for n in entry["data"]["emptied"]}
    for number, line in enumerate(lines, start=1):
        if EMPTIED in json.loads(line) and number not in told:
            raise CheckFailed(
                f"{path}, line {number}: its data was taken away and no entry says why. Restore a backup."
            )
