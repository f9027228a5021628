"""Kill or fail the N-th step on disk of a small ingest, for every N: what is stored is the old or the new state, never between.

The sweep runs in a process of its own that forks one child per fault and one per look afterwards.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from striking import in_child, strike

from analysis import durable

SESSIONS = """Visit date,Patient,Injector,Area,Product,Units
2026-05-04,P1,Ana Reyes,glabella,Botox,20
2026-05-06,P2,Ana Reyes,forehead,Botox,15
"""
EVENTS = "Event id,Date reported,Treatment date,Patient,Injector,Description\n1,2026-05-09,2026-05-04,P1,Ana Reyes,left eyelid droop\n"
LATER = "2,2026-05-12,2026-05-06,P2,Ana Reyes,bruise on forehead\n"


def read_in(root: Path) -> str:
    from analysis.pipeline.ingest import ingest

    return ingest(root / "raw", root / "data" / "processed").snapshot


def look(root: Path) -> dict[str, Any]:
    from analysis import ledger
    from analysis.store import open_store

    processed = root / "data" / "processed"
    book = ledger.ledger_path(processed)
    ledger.verify(book)
    return {
        "snapshot": open_store(processed).snapshot,
        "entries": [[e["kind"], e["data"]["snapshot"]] for e in ledger.entries(book)],
        "folders": sorted(path.name for path in processed.iterdir() if path.is_dir()),
        "raw": {p.name: [p.read_text(), p.stat().st_mtime_ns] for p in sorted((root / "raw").rglob("*.csv"))},
        "astray": [p.name for p in root.rglob("*.tmp")],
    }


def made_before(root: Path, later: Path) -> None:
    """Let ingest find its frames made, so that a sweep of the steps on disk takes seconds: the old ones, and with the later row."""
    from analysis.pipeline import building, ingest, whole
    from analysis.store import open_store

    made = {}
    for events in (EVENTS, EVENTS + LATER):
        later.write_text(events)
        in_child(lambda: read_in(root))
        store = open_store(root / "data" / "processed")
        made[events] = ({name: store.frame(name) for name in ingest.FRAMES}, store.data_cut)

    def found(files: Any, work: Any, decisions: Any, **_: Any) -> Any:
        frames, cut = made[(work.raw / "harbour" / "events.csv").read_text()]
        return building.Built(whole.Frames(frames, [], cut), b"rows to correct", frames["events"])

    ingest.build = found  # type: ignore[assignment]
    shutil.rmtree(root / "data")


def sweep(root: Path, mode: str, what: str) -> None:
    """Print one line of JSON per fault: its number, the exit, and what was seen before, right after and after a re-run."""
    start = root / "start"
    (start / "raw" / "harbour").mkdir(parents=True)
    (start / "raw" / "harbour" / "treatments.csv").write_text(SESSIONS)
    if what == "steps on disk":
        made_before(start, start / "raw" / "harbour" / "events.csv")
    (start / "raw" / "harbour" / "events.csv").write_text(EVENTS)
    in_child(lambda: read_in(start))
    (start / "raw" / "harbour" / "events.csv").write_text(EVENTS + LATER)
    before = in_child(lambda: look(start))[1]
    # the two modes meet the same steps: the quick sweep takes some of them in each, `make faults` takes all
    quick = what == "steps on disk" and not os.environ.get("AE_ALL_FAULTS")
    number, stride, ended = 0, {"kill": 3, "full": 4}[mode] if quick else 1, False
    while not ended:
        number += stride
        work = root / "work"
        shutil.copytree(start, work)

        def faulted(work: Path = work, number: int = number) -> Any:
            counter = strike(number, mode)
            return read_in(work), counter()

        code, said = in_child(faulted)
        after = in_child(lambda work=work: look(work))
        final = in_child(lambda work=work: {"again": read_in(work), **look(work)})
        assert number < 2000, "the sweep finds no end"
        assert said is None or not isinstance(said, str) or said.startswith("OSError"), said
        ended = code == 0 and said[1] < number
        print(json.dumps([number, code, said, before, after, final]), flush=True)
        shutil.rmtree(work)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the sweep forks")
@pytest.mark.parametrize("what", ["steps on disk", pytest.param("whole ingest", marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", ["kill", "full"])
def test_every_fault_leaves_the_old_state_or_the_new_and_a_second_run_mends_it(
    tmp_path: Path, mode: str, what: str
) -> None:
    command = [sys.executable, __file__, tmp_path / "sweep", mode, what]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(runs) > 8
    old, new = runs[0][3]["snapshot"], runs[-1][2][0]
    assert old != new
    for number, code, said, before, after, final in runs:
        where = f"fault {number}: {said}"
        assert after[0] == final[0] == 0, (where, after, final)
        seen = after[1]
        assert seen["snapshot"] in (old, new), where
        if mode == "full":  # a run that ends by itself says the truth about what is visible
            assert seen["snapshot"] == (new if code == 0 else old), where
        assert seen["entries"][: len(before["entries"])] == before["entries"], where
        assert seen["raw"].keys() == before["raw"].keys(), where
        assert [text for text, _ in seen["raw"].values()] == [text for text, _ in before["raw"].values()], where
        assert final[1]["again"] == final[1]["snapshot"] == new, where
        assert final[1]["folders"] == [new], where
        assert final[1]["astray"] == [], where
        settled = final[1]["entries"]
        for place, (kind, snapshot) in enumerate(settled):
            if kind == "ingest prepared":
                assert settled[place + 1][0] in ("ingest published", "ingest abandoned"), (where, settled)
                assert settled[place + 1][1] == snapshot, (where, settled)


@pytest.mark.parametrize("fail_at", [1, 2, 3])
def test_a_page_is_whole_whichever_step_of_publishing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail_at: int
) -> None:
    names = ("group/2026-10.director.html", "group/2026-10.director.json", "index.html")
    (tmp_path / "group").mkdir()
    for name in names:
        (tmp_path / name).write_bytes(b"old")
    real, calls = os.replace, 0

    def replace(source: Path, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == fail_at:
            raise OSError(errno.EIO, "disk")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="disk"), durable.staged(tmp_path) as stage:  # noqa: PT012
        for name in names:
            stage.write(name, b"new")
        stage.publish_files()
    assert [(tmp_path / name).read_bytes() for name in names] == [b"new"] * (fail_at - 1) + [b"old"] * (4 - fail_at)
    assert not list(tmp_path.glob(".stage-*"))


if __name__ == "__main__":
    import pandas  # noqa: F401  # once, before the forks

    import analysis.pipeline.ingest
    import analysis.store  # noqa: F401

    sweep(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
