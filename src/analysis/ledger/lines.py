"""The file of the ledger, line by line: what its lines say, and whether the chain holds."""

import errno
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from analysis.errors import CheckFailed

START = "0" * 64
PATIENCE = 60.0
"""Seconds."""
EMPTIED = "emptied"
"""In place of `data`: the SHA-256 of the line as it was, before `retain` took its data away."""


def ledger_path(processed: Path) -> Path:
    """The ledger that belongs to a processed folder: `ledger/ledger.jsonl` beside it."""
    return processed.parent / "ledger" / "ledger.jsonl"


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Every entry that still has its data, oldest first; none when there is no ledger. CheckFailed naming a line that does not parse."""
    for number, line in enumerate(whole_lines(path), start=1):
        try:
            entry = _said(line)
        except (ValueError, TypeError):
            raise broken(path, number) from None
        if EMPTIED not in entry:
            yield dict(entry)


@lru_cache(maxsize=2048)
def _said(line: bytes) -> dict[str, Any]:
    """A line as what it says: a run over many months asks the same lines some ten times for each. Nobody writes into it."""
    return dict(json.loads(line))


def verify(path: Path) -> int:
    """Number of entries when the chain holds; CheckFailed naming the first line that does not fit."""
    before, number = START, 0
    for line in whole_lines(path):
        number += 1
        try:
            entry = json.loads(line)
            fits = entry["n"] == number and entry["before"] == before
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise broken(path, number)
        before = digest(line)
    return number


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the ledger. TimeoutError naming it where another run has it for a minute: an entry takes milliseconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_suffix(".lock"), mode=0o600)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        held = "another run is writing to it, and has been for a minute"
        raise TimeoutError(errno.ETIMEDOUT, held, str(path)) from None
    try:
        yield
    finally:
        lock.release()


def whole_lines(path: Path) -> list[bytes]:
    """Whole lines; the end of the file without a line end is an entry that was never finished."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def digest(line: bytes) -> str:
    """What the next line says of this one: its SHA-256, of an emptied line that of the line as it was."""
    if EMPTIED.encode() in line:
        entry = json.loads(line)
        if EMPTIED in entry:
            return str(entry[EMPTIED])
    return hashlib.sha256(line).hexdigest()


def broken(path: Path, number: int) -> CheckFailed:
    """The error that names a line."""
    return CheckFailed(f"{path}, line {number}: the chain does not hold. Restore the ledger from a backup.")
