"""One publication, whole or not at all: page, summary, list of reports and the line in the ledger.

Everything is staged and flushed, the ledger says `report prepared`, and one rename to `.pending` decides: before it the old state
stays, after it the new one comes, at the latest with the next run (`settle`). While `.pending` is put in place the old summary goes
first, so that no page ever stands beside the summary of another.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from analysis import durable, ledger
from analysis.errors import CheckFailed, RefusedBeforeWork, Unfinished

PATIENCE = 60.0
"""Seconds to wait for another run to put its page in place: that takes it milliseconds."""

PENDING = ".pending"
PREPARED, PUBLISHED, ABANDONED = "report prepared", "report published", "report abandoned"
_ENTRY = "entry"


def put(
    out: Path, book: Path, name: str, *, page: bytes, said: bytes, index: bytes, entry: dict[str, Any], private: bool = False
) -> Path:  # fmt: skip
    """Publish one report below `out` and say so in the ledger; the caller holds the writer's lock and has called `settle`.

    `name` is `<folder>/<file>` without ending, `entry` what the ledger keeps. A `private` page is readable by its owner only. Raises
    OSError with the old report as it was.
    """
    if not (out / name).resolve().is_relative_to(out.resolve()):
        raise RefusedBeforeWork(f"{(out / name).parent} leads out of {out}. Make it a folder, not a link.")
    files = {f"{name}.html": page, f"{name}.json": said, "index.html": index}
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    files[_ENTRY] = _line({"entry": entry, "files": hashes})
    with durable.staged(out) as stage:
        for file, content in files.items():
            stage.write(file, content, private=private and content is page)
        ledger.append(book, PREPARED, {**entry, "place": _place_of(out)}, intended=True)
        try:
            pending = stage.publish_folder(PENDING)
        except OSError:
            if not (out / PENDING).is_dir():
                _say(book, ABANDONED, entry)
                raise
            pending = out / PENDING
    _finish_or_undo(out, book, pending, name, entry)
    _say(book, PUBLISHED, entry)
    return out / f"{name}.html"


def settle(out: Path, book: Path) -> None:
    """Finish what a run that died had decided, and say of what it had only prepared that it was abandoned."""
    pending = out / PENDING
    if pending.is_dir():
        entry = _decided(out, pending)
        if entry is not None:
            _place(out, pending, entry["report"])
            if entry in _unended(book, out):
                _say(book, PUBLISHED, {**entry, "settled": True})
        durable.discard_folder(pending)
    for entry in _unended(book, out):
        _say(book, ABANDONED, {**entry, "settled": True})


def _decided(out: Path, pending: Path) -> dict[str, Any] | None:
    """What the entry in `pending` says, after taking away what is there and not as it was written; None when the page is not whole.

    A page that was moved to its place already is looked for there.
    """
    try:
        said = json.loads((pending / _ENTRY).read_text(encoding="utf-8"))
        entry, hashes = dict(said["entry"]), dict(said["files"])
        page = f"{entry['report']}.html"
        whole = {file: _hash_of(pending / file) == hashed for file, hashed in hashes.items()}
        moved = not (pending / page).exists() and _hash_of(out / page) == hashes[page] == entry["sha256"]
        known = set(hashes) == {page, f"{entry['report']}.json", "index.html"} and ".." not in Path(page).parts
        if not known or not (whole[page] or moved):
            return None
        for file in (file for file, fits in whole.items() if not fits):
            (pending / file).unlink(missing_ok=True)
        return entry
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # a disk that fails now says so, and is asked again
        return None


def _hash_of(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def reports_in(book: Path) -> list[dict[str, Any]]:
    """What was published, oldest first: the entries' data, one per publication. None when the ledger cannot be read."""
    try:
        return [entry["data"] for entry in ledger.entries(book) if entry["kind"] == PUBLISHED]
    except CheckFailed:
        return []


def _finish_or_undo(out: Path, book: Path, pending: Path, name: str, entry: dict[str, Any]) -> None:
    summary = out / f"{name}.json"
    before = summary.read_bytes() if summary.exists() else None
    try:
        _place(out, pending, name)
    except OSError:
        if (pending / f"{name}.html").exists():  # the old page is in its place: so is, again, its summary
            with contextlib.suppress(OSError):
                if before is not None and not summary.exists():
                    durable.replace_file(summary, before)
                durable.discard_folder(pending)
                _say(book, ABANDONED, entry)
            raise
        try:
            _place(out, pending, name)  # the new page is in its place: what is left are renames
        except OSError as error:
            if not any((pending / file).exists() for file in (f"{name}.json", "index.html")):
                return  # all is visible, but not certain to outlive a power cut: the next run flushes it again
            raise Unfinished(
                f"{error.strerror}. The new page of {name} is in its place; its summary or the list of reports is not yet. "
                "Check the disk; the next `ae report` or `ae ingest` finishes it."
            ) from None
    with contextlib.suppress(OSError):  # all is visible; an empty folder goes with the next run
        durable.discard_folder(pending)


def _place(out: Path, pending: Path, name: str) -> None:
    """Move what is still in `pending` to its place; may be done again after any interruption."""
    page, summary = out / f"{name}.html", out / f"{name}.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    if (pending / f"{name}.html").exists():
        summary.unlink(missing_ok=True)
        durable.flush_folder(page.parent)
        os.replace(pending / f"{name}.html", page)
    for file in (f"{name}.json", "index.html"):
        if (pending / file).exists():
            os.replace(pending / file, out / file)
    durable.flush_folder(page.parent)
    durable.flush_folder(out)


def _unended(book: Path, out: Path) -> list[dict[str, Any]]:
    """What was prepared for this folder and neither published nor abandoned."""
    open_ones: dict[tuple[str, str], dict[str, Any]] = {}
    with contextlib.suppress(CheckFailed):  # `ae audit verify` names the line
        for entry in ledger.entries(book):
            data = entry["data"]
            if entry["kind"] == PREPARED and data.get("place") == _place_of(out):
                kept = {key: value for key, value in data.items() if key != "place"}
                open_ones[data["report"], data["sha256"]] = kept
            elif entry["kind"] in (PUBLISHED, ABANDONED):
                open_ones.pop((data.get("report"), data.get("sha256")), None)
    return list(open_ones.values())


def _say(book: Path, kind: str, data: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # what could not be said now the next run says
        ledger.append(book, kind, data)


def _place_of(out: Path) -> str:
    """Tells one folder of reports from another without naming it."""
    return hashlib.sha256(os.fsencode(out.resolve())).hexdigest()[:12]


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()
