"""The one way into the ledger: an entry at its end, under a lock."""

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.durable import append_line, drop_torn_end
from analysis.errors import CheckFailed
from analysis.ledger import head
from analysis.ledger.lines import START, digest, locked, whole_lines
from analysis.version import VERSION


def append(path: Path, kind: str, data: dict[str, Any]) -> None:
    """Append one entry under a lock; raises CheckFailed when the last line does not parse.

    The beginning of a line that a killed run left without its end is taken away first. Lines that were there and are not any more
    are said in an entry of their own, so that what follows does not hide that they are gone.
    """
    with locked(path):
        drop_torn_end(path)
        lines = whole_lines(path)
        if lost := head.missing(path, lines):
            _add(path, lines, head.CUT, lost)
            lines = whole_lines(path)
        _add(path, lines, kind, data)
        head.remember(path, whole_lines(path))


def _add(path: Path, lines: list[bytes], kind: str, data: dict[str, Any]) -> None:
    last = lines[-1] if lines else b""
    entry = {
        "n": _number(last) + 1, "when": datetime.now(UTC).isoformat(timespec="seconds"), "by": _account(),
        "program": VERSION, "kind": kind, "data": data, "before": digest(last) if last else START,
    }  # fmt: skip
    append_line(path, json.dumps(entry, ensure_ascii=True, sort_keys=True).encode())


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
