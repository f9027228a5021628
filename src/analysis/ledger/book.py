"""The one way into the ledger: an entry at its end, under a lock."""

import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.durable import append_lines, drop_torn_end
from analysis.errors import CheckFailed
from analysis.ledger import head
from analysis.ledger.lines import START, digest, locked, whole_lines
from analysis.version import VERSION


def append(path: Path, kind: str, data: dict[str, Any], *, intended: bool = False) -> None:
    """Append one entry under a lock; raises CheckFailed when the last line does not parse.

    The beginning of a line that a killed run left without its end is taken away first. Lines that were there and are not any more
    are said in an entry of their own, so that what follows does not hide that they are gone. What is only `intended` is on disk like
    any other, and the head waits for the entry that says how it ended: it lags behind by one, as after a run that dies in between.
    """
    append_all(path, [(kind, data)], intended=intended)


def append_all(path: Path, said: Sequence[tuple[str, dict[str, Any]]], *, intended: bool = False) -> None:
    """Append entries that belong together, kind and data of each, in one write."""
    with locked(path):
        drop_torn_end(path)
        lines = whole_lines(path)
        lost = head.missing(path, lines)
        added: list[bytes] = []
        for kind, data in [(head.CUT, lost), *said] if lost else said:
            added.append(_entry((added or lines)[-1:], kind, data))
        append_lines(path, *added)
        if not intended:
            head.remember(path, lines + added)


def _entry(before: list[bytes], kind: str, data: dict[str, Any]) -> bytes:
    last = before[0] if before else b""
    entry = {
        "n": _number(last) + 1, "when": datetime.now(UTC).isoformat(timespec="seconds"), "by": _account(),
        "program": VERSION, "kind": kind, "data": data, "before": digest(last) if last else START,
    }  # fmt: skip
    return json.dumps(entry, ensure_ascii=True, sort_keys=True).encode()


def _number(line: bytes) -> int:
    if not line:
        return 0
    try:
        return int(json.loads(line)["n"])
    except (ValueError, KeyError, TypeError):
        raise CheckFailed("The last line of the ledger is damaged. Restore the ledger from a backup.") from None


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return "unknown"
