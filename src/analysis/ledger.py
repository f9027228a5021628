"""The only writer of `data/ledger`: a hash-chained, append-only record of what cannot be rebuilt.

Each line is one JSON object with `n`, `when` (UTC), `kind`, `data` and `before` (SHA-256 of the line before). Data holds codes,
counts and hashes, never free text of a log or a patient.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from analysis.durable import append_line
from analysis.errors import CheckFailed

_START = "0" * 64


def ledger_path(processed: Path) -> Path:
    """The ledger that belongs to a processed folder: `ledger/ledger.jsonl` beside it."""
    return processed.parent / "ledger" / "ledger.jsonl"


def append(path: Path, kind: str, data: dict[str, Any]) -> None:
    """Append one entry under a lock; raises CheckFailed when the last line does not parse."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock"), mode=0o600):
        last = _last_line(path)
        entry = {
            "n": _number(last) + 1,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "kind": kind,
            "data": data,
            "before": _digest(last) if last else _START,
        }
        append_line(path, json.dumps(entry, ensure_ascii=True, sort_keys=True).encode())


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Every entry, oldest first; none when there is no ledger yet."""
    if path.exists():
        for line in path.read_bytes().splitlines():
            yield json.loads(line)


def verify(path: Path) -> int:
    """Number of entries when the chain holds; CheckFailed naming the first line that does not fit."""
    before, number = _START, 0
    for line in path.read_bytes().splitlines() if path.exists() else []:
        number += 1
        try:
            entry = json.loads(line)
            fits = entry["n"] == number and entry["before"] == before
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise CheckFailed(f"{path}, line {number}: the chain does not hold. Restore the ledger from a backup.")
        before = _digest(line)
    return number


def _last_line(path: Path) -> bytes:
    if not path.exists():
        return b""
    lines = path.read_bytes().splitlines()
    return lines[-1] if lines else b""


def _number(line: bytes) -> int:
    if not line:
        return 0
    try:
        return int(json.loads(line)["n"])
    except (ValueError, KeyError, TypeError):
        raise CheckFailed("The last line of the ledger is damaged. Restore the ledger from a backup.") from None


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
