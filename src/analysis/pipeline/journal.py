"""What the ledger is told beside who, when and by which program: on which stored data, what stood before, and why."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import ledger
from analysis.errors import CheckFailed

AMENDMENTS, INGESTED = "amendments", "ingest published"


def on_data(processed: Path) -> dict[str, str]:
    """The snapshot a person saw when deciding; its entry `ingest published` has the hashes of its inputs. Empty when there is none."""
    pointer = processed / "CURRENT"
    name = pointer.read_text(encoding="ascii", errors="replace").strip() if pointer.exists() else ""
    return {"snapshot": name} if name else {}


def last_of(book: Path, kind: str, **same: Any) -> dict[str, Any]:
    """Data of the newest entry of a kind whose values are those given; empty when there is none or the ledger cannot be read."""
    found: dict[str, Any] = {}
    try:
        for entry in ledger.entries(book):
            if entry["kind"] == kind and all(entry["data"].get(name) == value for name, value in same.items()):
                found = entry["data"]
    except CheckFailed:  # `ae audit verify` names the line
        return {}
    return found


def why_read(before: Iterable[str], now: Iterable[str]) -> str:
    """Why a snapshot differs from the one before, as far as files go."""
    then, there = set(before), set(now)
    if then == there:
        return "the same files"
    return f"{len(there - then)} files new or changed, {len(then - there)} gone or changed"


def why_made(before: dict[str, Any], said: dict[str, Any]) -> str:
    """Why a report was published again."""
    if not before:
        return "first of its kind and month"
    of = {"snapshot": "stored data", "code_sha256": "program", "parameters": "parameters", "data_cut": "data cut"}
    changed = [label for name, label in of.items() if before.get(name) != said.get(name)]
    if not changed:
        changed = ["nothing" if before.get("sha256") == said.get("sha256") else "decisions in the ledger, or settings"]
    return f"changed: {', '.join(changed)}"


def new_amendments(book: Path, notes: pd.DataFrame, inputs: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    """The amendments that the ledger does not have yet, as one entry to append, or none. `inputs`: sha256 by path.

    Old and new are dates, numbers and codes; of a text or a person only that it changed. The file is named by its hash.
    """
    amended = notes[notes["code"] == "amended"]
    found = [
        {"clinic": one.clinic, "file": inputs.get(one.path), "row": int(one.row), "column": one.column,
         "old": _or_none(one.old), "new": _or_none(one.new), "why": _why(one.message)}
        for one in amended.itertuples()
    ]  # fmt: skip
    try:
        said = [entry["data"]["amendments"] for entry in ledger.entries(book) if entry["kind"] == AMENDMENTS]
    except CheckFailed:  # what they change is stored; they are said once the ledger can be read again
        return []
    known = {tuple(sorted(one.items(), key=str)) for amendments in said for one in amendments}
    new = [one for one in found if tuple(sorted(one.items(), key=str)) not in known]
    return [(AMENDMENTS, {"amendments": new})] if new else []


def _why(message: str) -> str:
    """`newer version`, with the day it speaks for where that is known; the message itself names files."""
    day = message.partition(" as of ")[2][:10] if message.startswith("Amended as of ") else ""
    return f"newer version as of {day}" if day else "newer version"


def _or_none(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
