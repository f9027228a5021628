"""The list of reports: what lies below the folder of reports, what was signed, and what counts otherwise since."""

import json
from pathlib import Path
from typing import Any

from analysis import ledger
from analysis.errors import CheckFailed
from analysis.pipeline.history import revised_reports
from analysis.pipeline.sign_state import CHANGES, SIGNED
from analysis.report.history import revised
from analysis.report.index import IndexEntry, index_page
from analysis.report.words import plural


def index_of(out: Path, processed: Path, *, beside: dict[str, dict[str, Any]] | None = None) -> bytes:
    """`index.html` of the reports below `out`; `beside` are summaries, by report, that are about to lie there."""
    said = {**_summaries(out), **(beside or {})}
    signed = words_on(ledger.ledger_path(processed))
    revisions = {name: revised(frame) for name, frame in revised_reports(processed, besides=beside or {}).items()}
    entries = []
    for report, summary in sorted(said.items()):
        try:
            entries.append(_entry(report, summary, signed, revisions.get(report, "")))
        except (KeyError, TypeError):  # not one of ours
            continue
    return index_page(entries).encode()


def words_on(book: Path) -> dict[tuple[str, str], str]:
    """The newest word on each report, by its name and sha256: signed off or changes wanted, and by whom.

    None when the ledger cannot be read.
    """
    said = {SIGNED: "signed off by", CHANGES: "changes wanted by"}
    try:
        found = [entry for entry in ledger.entries(book) if entry["kind"] in said]
    except CheckFailed:
        return {}
    return {
        (entry["data"]["report"], entry["data"]["sha256"]): f"{said[entry['kind']]} {entry['data']['reviewer']}"
        for entry in found
    }


def signatures(book: Path) -> set[tuple[str, str]]:
    """Reports that are signed off and stay so, by name and sha256."""
    return {key for key, word in words_on(book).items() if word.startswith("signed off by")}


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


def _entry(report: str, said: dict[str, Any], signed: dict[tuple[str, str], str], revision: str) -> IndexEntry:
    if said["audience"] == "director":
        open_ones = said.get("open_entries", said["look_now"] + said["look_today"])
        rest = open_ones - said["look_now"] - said["look_today"]
        unread = f", {rest} could not be read" if rest > 0 else ""
        headline = (
            f"{plural(open_ones, 'open case')}: {said['look_now']} now, {said['look_today']} today{unread}; "
            f"{plural(said['events_reported_month'], 'entry', 'entries')} reported"
        )
        headline += f"; {plural(said['signals_new'], 'new signal')}" if "signals_new" in said else ""
    else:
        headline = said["headline"]
    earlier = any(name == report and word.startswith("signed") for (name, _), word in signed.items())
    state = signed.get((report, said["sha256"])) or ("changed since it was signed off" if earlier else "not signed off")
    state = ", ".join(part for part in (state, revision if said["audience"] == "director" else "") if part)
    return IndexEntry(
        f"{report}.html", said["month"], said["subject"], said["audience"], headline, state, said["simulated"]
    )
