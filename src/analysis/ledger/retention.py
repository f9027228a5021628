"""What is taken out of an old ledger, when the group's settings say so and a named person runs it: never a line, only its data.

The line stays with its number, time and kind, and the SHA-256 it had, so the chain holds and says which were emptied. What later runs
need is never taken: review decisions, re-based monitors, periods given out, sign-offs and reports they are of, open actions.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from analysis import durable
from analysis.errors import CheckFailed, UsageError
from analysis.ledger import book
from analysis.ledger.lines import EMPTIED, digest, entries, locked, verify, whole_lines

RETAINED = "retention"
FORGOTTEN = (
    "ingest prepared", "ingest published", "ingest abandoned", "amendments", "report prepared", "report abandoned",
    "report published", "decision", "case summary",
)  # fmt: skip
"""Kinds whose data may go, as far as nothing below keeps it."""


def retain(path: Path, *, before: date, reviewer: str | None, months: int) -> list[int]:
    """Empty what was written before a day and nothing needs; returns the numbers of the entries emptied (none: nothing is written).

    The order is: what will be emptied is said first, then the file is replaced whole. A run that dies between has only said it; the
    next one does it.
    """
    if not reviewer:
        raise UsageError("Emptying old entries needs --reviewer NAME: it is kept in the ledger.")
    verify(path)
    numbers = [entry["n"] for entry in _old(path, before)]
    if not numbers:
        return []
    said = {"before": before.isoformat(), "months": months, "reviewer": reviewer, "emptied": numbers}
    book.append(path, RETAINED, said)
    with locked(path):
        lines = whole_lines(path)
        emptied = [_empty(line) if number in set(numbers) else line for number, line in enumerate(lines, start=1)]
        durable.replace_alone(path, b"".join(line + b"\n" for line in emptied))
    if verify(path) != len(lines):
        raise CheckFailed(f"{path} was not rewritten whole. Restore the ledger from a backup.")
    return numbers


def _old(path: Path, before: date) -> list[dict[str, Any]]:
    every = list(entries(path))
    signed = {(entry["data"]["report"], entry["data"]["sha256"]) for entry in every if entry["kind"] == "sign-off"}
    last_publication = {e["data"]["report"]: e["n"] for e in every if e["kind"] == "report published"}
    last_ingest = max((e["n"] for e in every if e["kind"] == "ingest published"), default=0)
    open_signals = _open_signals(every)

    def needed(entry: dict[str, Any]) -> bool:
        data = entry["data"]
        if entry["kind"] == "decision":
            return data["signal_id"] in open_signals
        if entry["kind"].startswith("ingest "):
            return bool(entry["n"] >= last_ingest)
        if entry["kind"].startswith("report "):
            about = (data.get("report"), data.get("sha256"))
            return bool(
                "shared_period" in data or about in signed or last_publication.get(data["report"]) == entry["n"]
            )
        return entry["kind"] not in FORGOTTEN

    return [entry for entry in every if entry["when"][:10] < before.isoformat() and not needed(entry)]


def _open_signals(every: list[dict[str, Any]]) -> set[str]:
    """Signals whose newest action or re-check has no effect written down yet."""
    state: dict[str, bool] = {}
    for entry in every:
        if entry["kind"] == "decision":
            data = entry["data"]
            if data.get("effect"):
                state[data["signal_id"]] = False
            elif data.get("action") or data.get("recheck"):
                state[data["signal_id"]] = True
    return {signal for signal, is_open in state.items() if is_open}


def _empty(line: bytes) -> bytes:
    entry = json.loads(line)
    if EMPTIED in entry:
        return line
    kept = {name: entry[name] for name in ("n", "when", "kind", "before")}
    return json.dumps({**kept, EMPTIED: digest(line)}, ensure_ascii=True, sort_keys=True).encode()
