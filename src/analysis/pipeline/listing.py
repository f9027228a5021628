"""The list of reports: what lies below the folder of reports, and what was signed."""

import json
from pathlib import Path
from typing import Any

from analysis import ledger
from analysis.errors import CheckFailed
from analysis.pipeline import sign_state
from analysis.report.index import IndexEntry, index_page

SIGNED = sign_state.SIGNED


def index_of(out: Path, book: Path, *, beside: dict[str, dict[str, Any]] | None = None) -> bytes:
    """`index.html` of the reports below `out`; `beside` are summaries, by report, that are about to lie there."""
    said = {**_summaries(out), **(beside or {})}
    signed = signatures(book)
    entries = []
    for report, summary in sorted(said.items()):
        try:
            entries.append(_entry(report, summary, signed, book))
        except (KeyError, TypeError):  # not one of ours
            continue
    return index_page(entries).encode()


def signatures(book: Path) -> dict[tuple[str, str], str]:
    """Who signed off which report, by its name and sha256. None when the ledger cannot be read."""
    try:
        found = [entry["data"] for entry in ledger.entries(book) if entry["kind"] == SIGNED]
    except CheckFailed:
        return {}
    return {(data["report"], data["sha256"]): data["reviewer"] for data in found}


def _summaries(out: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(out.glob("*/*.json")):
        if path.parent.name.startswith("."):
            continue
        try:
            found[f"{path.parent.name}/{path.stem}"] = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, OSError):
            continue
    return found


def _entry(report: str, said: dict[str, Any], signed: dict[tuple[str, str], str], book: Path) -> IndexEntry:
    if said["audience"] == "director":
        headline = (
            f"{said['look_now']} now, {said['look_today']} today; {said['events_reported_month']} entries reported"
        )
    else:
        headline = said["headline"]
    earlier = any(name == report for name, _ in signed)
    by = signed.get((report, said["sha256"]))
    state = f"signed off by {by}" if by else "changed since it was signed off" if earlier else "not signed off"
    newest = sign_state.sign_state(book, report, said)
    if newest["state"] == sign_state.CHANGES:
        state = f"changes wanted by {newest['by']}"
    elif newest["current"]:  # made again from the same data; only what it says of the signature is new
        state = f"signed off by {newest['by']}"
    return IndexEntry(
        f"{report}.html", said["month"], said["subject"], said["audience"], headline, state, said["simulated"]
    )
