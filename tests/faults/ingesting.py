"""A small ingest whose every step on disk can be struck: what it stores, and what a reader finds afterwards."""

import shutil
import sys
from pathlib import Path
from typing import Any

from striking import in_child

SESSIONS = """Visit date,Patient,Injector,Area,Product,Units
2026-05-04,P1,Ana Reyes,glabella,Botox,20
2026-05-06,P2,Ana Reyes,forehead,Botox,15
"""
EVENTS = "Event id,Date reported,Treatment date,Patient,Injector,Description\n1,2026-05-09,2026-05-04,P1,Ana Reyes,left eyelid droop\n"
MADE: dict[str, Any] = {}
"""By the text of the events file: the frames and the data cut that `made_before` found."""
THROUGH: list[bool] = []
"""Not empty: ingest goes through reading and combining all the same, so that those phases can be struck."""
LATER = "2,2026-05-12,2026-05-06,P2,Ana Reyes,bruise on forehead\n"


def load() -> None:
    """What every ingest loads first, once before the forks: else each child loads the words of the coder anew."""
    from analysis import code_texts
    from analysis.schemas import FRAMES, empty
    from analysis.schemas.conform import check

    code_texts(["left eyelid droop", "bruise on forehead"])
    check(FRAMES["notes"], empty("notes"))


def read_in(root: Path) -> str:
    from analysis.pipeline.ingest import ingest

    return ingest(root / "raw", root / "data" / "processed").snapshot


def look(root: Path) -> dict[str, Any]:
    from analysis import ledger
    from analysis.store import open_store

    processed = root / "data" / "processed"
    book = ledger.ledger_path(processed)
    ledger.verify(book)
    store = open_store(processed)
    return {
        "snapshot": store.snapshot,
        "rows": {name: len(store.frame(name)) for name in ("events", "treatments")},
        "entries": [[e["kind"], e["data"].get("snapshot")] for e in ledger.entries(book)],
        "folders": sorted(path.name for path in processed.iterdir() if path.is_dir()),
        "raw": {p.name: [p.read_text(), p.stat().st_mtime_ns] for p in sorted((root / "raw").rglob("*.csv"))},
        "astray": [p.name for what in ("*.tmp", ".stage-*", "*.new") for p in root.rglob(what)],
    }


def prepare(start: Path, *, frames_made: bool) -> None:
    """A store of the first entry in `start`, and the second one already among its raw files."""
    folder = start / "raw" / "harbour"
    folder.mkdir(parents=True)
    (folder / "treatments.csv").write_text(SESSIONS)
    if frames_made:
        made_before(start, folder / "events.csv")
    (folder / "events.csv").write_text(EVENTS)
    in_child(lambda: read_in(start))
    (folder / "events.csv").write_text(EVENTS + LATER)


def made_before(root: Path, later: Path) -> None:
    """Let ingest find its frames made, so that a sweep of the steps on disk takes seconds: the old ones, and with the later row."""
    from analysis.pipeline import ingest
    from analysis.store import open_store

    real = ingest.build
    for events in (EVENTS, EVENTS + LATER):
        later.write_text(events)
        in_child(lambda: read_in(root))
        store = open_store(root / "data" / "processed")
        MADE[events] = ({name: store.frame(name) for name in ingest.FRAMES}, store.data_cut)

    def found(files: Any, work: Any, decisions: Any, **more: Any) -> Any:
        if THROUGH:
            real(files, work, decisions, **more)
        return built((work.raw / "harbour" / "events.csv").read_text())

    ingest.build = found
    shutil.rmtree(root / "data")
    (root / ".ledger-head").unlink(missing_ok=True)


def built(events: str) -> Any:
    """What `made_before` found for this text of the events file."""
    from analysis.pipeline import building, whole

    frames, cut = MADE[events]
    own = frames["events"][["clinic", "event_id"]]
    places = own.assign(path="harbour/events.csv", sheet="", row=range(2, len(own) + 2))
    return building.Built(whole.Frames(frames, [], cut), b"rows to correct", places)


def command(raw: Path, processed: Path | str, out: Path | str) -> list[str]:
    """`ae ingest` as a process of its own."""
    folders = {"--raw": raw, "--processed": processed, "--out": out}
    return [sys.executable, "-m", "analysis", "ingest", *(str(part) for pair in folders.items() for part in pair)]
