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

from analysis.durable import append_line, drop_torn_end
from analysis.errors import CheckFailed

_START = "0" * 64


def ledger_path(processed: Path) -> Path:
    """The ledger that belongs to a processed folder: `ledger/ledger.jsonl` beside it."""
    return processed.parent / "ledger" / "ledger.jsonl"


def append(path: Path, kind: str, data: dict[str, Any]) -> None:
    """Append one entry under a lock; raises CheckFailed when the last line does not parse.

    The beginning of a line that a killed run left without its end is taken away first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock"), mode=0o600):
        drop_torn_end(path)
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
    """Every entry, oldest first; none when there is no ledger yet. CheckFailed naming a line that does not parse."""
    for number, line in enumerate(_lines(path), start=1):
        try:
            entry = dict(json.loads(line))
        except (ValueError, TypeError):
            raise _broken(path, number) from None
        yield entry


def verify(path: Path) -> int:
    """Number of entries when the chain holds; CheckFailed naming the first line that does not fit."""
    before, number = _START, 0
    for line in _lines(path):
        number += 1
        try:
            entry = json.loads(line)
            fits = entry["n"] == number and entry["before"] == before
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise _broken(path, number)
        before = _digest(line)
    return number


def _lines(path: Path) -> list[bytes]:
    """Whole lines; the end of the file without a line end is an entry that was never finished."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def _broken(path: Path, number: int) -> CheckFailed:
    return CheckFailed(f"{path}, line {number}: the chain does not hold. Restore the ledger from a backup.")


def _last_line(path: Path) -> bytes:
    lines = _lines(path)
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
