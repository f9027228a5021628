"""Raw files to the store: read, type, judge, resolve, link, code, join into episodes, account for every row, publish."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis import __version__, durable, ledger
from analysis.errors import CheckFailed
from analysis.intake.find import find_files
from analysis.keys import load_key
from analysis.pipeline import clock, journal
from analysis.pipeline.building import build, spool
from analysis.pipeline.cache import cache_folder
from analysis.pipeline.engine import Engine
from analysis.pipeline.raw_files import remember
from analysis.pipeline.recorded import recorded
from analysis.pipeline.site import Work
from analysis.schemas import FRAMES
from analysis.schemas.config import load_group_config
from analysis.store import SCHEMA_VERSION, Store, stored_fingerprint, write_snapshot

SET_ASIDE = "set_aside.xlsx"
"""Beside the frames of a snapshot: the rows held back, to be corrected and put back among the raw files."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Ingested:
    """What a run of ingest stored."""

    snapshot: str
    frames: Mapping[str, pd.DataFrame]
    data_cut: date | None
    places: pd.DataFrame
    """Where each event stands in the files: clinic, event_id, path, sheet, row."""


def ingest(
    raw: Path, processed: Path, *, as_of: date | None = None, cache: bool = True, engine: Engine | None = None,
    progress: Progress = lambda *_: None,
) -> Ingested:  # fmt: skip
    """Read everything below `raw` and publish it as the current snapshot of `processed`.

    `as_of` is the data cut (else the largest accepted date). With `cache`, files read before are taken as they were typed then;
    the result is the same. `engine` is where sites are built (else here, or in processes when there is much to do).

    Raises UsageError for a folder or `clinic.toml` that cannot be used, RefusedBeforeWork for lock, permission or key; files that
    cannot be used do not raise: see frame `files`.
    """
    files = find_files(raw)
    book = ledger.ledger_path(processed)
    with durable.writing(processed):
        _settle(book, processed)
        key = load_key(expected_fingerprint=stored_fingerprint(processed))
        decisions = recorded(book)
        work = Work(
            raw, key, clock.today(book, processed), as_of, decisions.made, meddra=_meddra(processed),
            cache=cache_folder(processed) if cache else None,
        )  # fmt: skip
        inputs = [{"path": f.name, "sha256": f.sha256} for group in files.values() for f in group]
        hashes = sorted(entry["sha256"] for entry in inputs)
        before = journal.last_of(book, journal.INGESTED)
        change = {
            "old": before.get("snapshot"), "inputs": hashes, "schema_version": SCHEMA_VERSION,
            "why": journal.why_read(before.get("inputs", ()), hashes),
        }  # fmt: skip
        with spool(processed) as place:
            made = build(files, work, decisions, engine=engine, spool=place, progress=progress)
            data_cut = made.frames.data_cut
            facts = {
                "program_version": __version__, "data_cut": data_cut.isoformat() if data_cut else None,
                "key_fingerprint": key.fingerprint, "inputs": inputs,
            }  # fmt: skip

            def prepared(snapshot: str) -> None:
                told = {"snapshot": snapshot, "program_version": __version__, "new": snapshot, **change}
                ledger.append(book, "ingest prepared", told, intended=True)

            beside = {SET_ASIDE: made.workbook}
            stored = {name: made.frames.stored(name) for name in FRAMES}
            store = write_snapshot(processed, stored, facts, before_swap=prepared, beside=beside)
        snapshot = store.snapshot
        sizes = {name: store.manifest["files"][f"{name}.parquet"]["rows"] for name in FRAMES}
        # the new state is visible; what could not be said now the next run says
        with contextlib.suppress(OSError, CheckFailed):
            said = {"snapshot": snapshot, "rows": sizes, "data_cut": facts["data_cut"], "new": snapshot, **change}
            amended = journal.new_amendments(book, made.frames["notes"], {f["path"]: f["sha256"] for f in inputs})
            ledger.append_all(book, [(journal.INGESTED, said), *amended])
        remember(raw, processed)
    return Ingested(snapshot, _Stored(store), data_cut, made.places)


class _Stored(Mapping[str, pd.DataFrame]):
    """The frames of a snapshot, each read when it is asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.store.frame(name)

    def __iter__(self) -> Iterator[str]:
        return iter(FRAMES)

    def __len__(self) -> int:
        return len(FRAMES)


def _meddra(processed: Path) -> Path | None:
    """The group's own MedDRA release, where `group.toml` names one."""
    folder = processed.parent / "config"
    named = load_group_config(folder / "group.toml").coding.meddra
    return folder / named if named else None


def _settle(book: Path, processed: Path) -> None:
    """Finish or discard in the ledger what a run that died had prepared."""
    try:
        said = [entry for entry in ledger.entries(book) if entry["kind"].startswith("ingest ")]
    except CheckFailed:  # `ae audit verify` names the line; it does not keep anybody from seeing today's entries
        return
    if said and said[-1]["kind"] == "ingest prepared":
        snapshot = said[-1]["data"]["snapshot"]
        pointer = processed / "CURRENT"
        visible = pointer.exists() and pointer.read_text(encoding="ascii", errors="replace").strip() == snapshot
        told = {**said[-1]["data"], "settled": True}
        ledger.append(book, f"ingest {'published' if visible else 'abandoned'}", told)
