"""`ae reproduce`: make a published report again from the raw files, and say whether it is the same."""

import difflib
import hashlib
import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

from analysis import ledger
from analysis.errors import AnalysisError, CheckFailed, UsageError
from analysis.pipeline.context import build_month, config_folder
from analysis.pipeline.ingest import ingest
from analysis.pipeline.page import page_and_data, words_of
from analysis.pipeline.publication import PREPARED
from analysis.pipeline.publish import summary_of
from analysis.pipeline.selection import select
from analysis.schemas.config import load_group_config
from analysis.scratch import scratch
from analysis.store import open_store

_MOST_LINES = 20
_NOT_SHOWN = ("inputs", "shared_period", "made_of")


def reproduce(report: Path, *, raw: Path | None, processed: Path) -> str:
    """Build a report anew, as its summary says it was made, and return `identical` when page and summary are, byte for byte.

    The raw files are read again (from `raw`; None: the store as it is), with the ledger as it was when the report was made.
    Raises CheckFailed with the differences, UsageError when there is no such report.
    """
    page, said = _published(report)
    _as_published(page, said, report)
    with scratch("reproduce") as folder:
        data = folder / "data"
        _as_it_was(processed, data, said)
        try:
            if raw is not None:
                ingest(raw, data / "processed", as_of=_cut(processed), cache=False)
            again, summary = _made_again(data / "processed", said)
        except AnalysisError as error:
            raise CheckFailed(f"The report cannot be made again: {error}") from None
    found = _differences(said, summary, page, again)
    if found:
        failed = CheckFailed("The report made again is not the same.")
        failed.details = tuple(found)
        raise failed
    return "identical"


def _published(report: Path) -> tuple[str, dict[str, Any]]:
    path = report.with_name(report.stem + ".html") if report.suffix in (".json", ".html") else Path(f"{report}.html")
    try:
        said = json.loads((path.with_name(path.stem + ".json")).read_text(encoding="utf-8"))
        return path.read_bytes().decode(), said
    except (OSError, ValueError):
        raise UsageError(f"There is no report {report} with its summary beside it. Name the page, for example "
                         "reports/group/2026-10.director.html") from None  # fmt: skip


def _as_published(page: str, said: dict[str, Any], report: Path) -> None:
    if hashlib.sha256(page.encode()).hexdigest() != said.get("sha256"):
        raise CheckFailed(f"{report} is not the page that was published: it was changed after it.")


def _as_it_was(processed: Path, data: Path, said: dict[str, Any]) -> None:
    """Store, settings and ledger in a folder of their own; the ledger up to the line before the report was prepared."""
    shutil.copytree(processed, data / "processed", ignore=shutil.ignore_patterns(".*"))
    if (settings := processed.parent / "config").is_dir():
        shutil.copytree(settings, data / "config")
    book = ledger.ledger_path(processed)
    known = None
    for entry in ledger.entries(book):
        if entry["kind"] == PREPARED and entry["data"].get("sha256") == said["sha256"]:
            known = entry["n"]
            break
    lines = book.read_bytes().splitlines(keepends=True) if book.exists() else []
    ledger.ledger_path(data / "processed").parent.mkdir()
    ledger.ledger_path(data / "processed").write_bytes(b"".join(lines[: known - 1] if known else lines))


def _cut(processed: Path) -> Any:
    return open_store(processed).data_cut


def _made_again(processed: Path, said: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    from datetime import date

    store = open_store(processed)
    asked = said["parameters"]
    context = build_month(
        store, month=said["month"], clinic=said["clinic"], audience=said["audience"], names=bool(asked["names"]),
        with_text=bool(asked["with_text"]), as_of=date.fromisoformat(said["data_cut"]),
    )  # fmt: skip
    banner = load_group_config(config_folder(store) / "group.toml").banner
    page, _ = page_and_data(context, banner=banner, entries=words_of(store, context))
    return page, summary_of(context, page, clinics=select(store, said["clinic"]).clinics)


def _differences(said: dict[str, Any], summary: dict[str, Any], page: str, again: str) -> list[str]:
    """What is not the same, in lines: the summary's values, the files by number, and words of the page."""
    summary = json.loads(json.dumps(summary))
    found = [
        f"{name}: {said.get(name)} then, {summary.get(name)} now"
        for name in sorted(said.keys() | summary.keys())
        if name not in _NOT_SHOWN and said.get(name) != summary.get(name)
    ]
    before, now = ({entry["sha256"] for entry in one.get("inputs", ())} for one in (said, summary))
    if before != now:
        found.append(
            f"input files: {len(before - now)} of then are not there as they were, {len(now - before)} are new or changed"
        )
    if page != again:
        lines = difflib.unified_diff(_words(page), _words(again), n=0, lineterm="")
        changed = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        found += changed[:_MOST_LINES]
        if len(changed) > _MOST_LINES:
            found.append(f"and {len(changed) - _MOST_LINES} more lines")
    return found


def _words(page: str) -> list[str]:
    text = re.sub(r"<(style|svg).*?</\1>|src=\"data:[^\"]*\"", "", page, flags=re.S)
    rows = re.sub(r"</(tr|p|h\d|li|caption)>", "\n", text)
    return [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split())
        for row in rows.split("\n")
        if re.sub(r"<[^>]+>", "", row).strip()
    ]
