"""Each phase of ingest and of publishing ended, failed or hung, files limited in size, several runs at once: old or new, never between."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import phases
import pytest
from ingesting import EVENTS, LATER, built, look, prepare, read_in

pytestmark = [pytest.mark.thorough, pytest.mark.skipif(not hasattr(os, "fork"), reason="the sweep forks")]
FEW = {"ingest": ["pointer swapped"], "publish": ["decided", "placed"]}


def struck(root: Path, subject: str, chosen: list[str]) -> list[Any]:
    command = [sys.executable, phases.__file__, root, subject, *chosen]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def shown(subject: str, state: dict[str, Any]) -> Any:
    return state["snapshot"] if subject == "ingest" else state["page"]


def broken(subject: str, runs: list[Any]) -> list[str]:
    found = []
    for where, code, told, (seen, after), (ended, again), (before, whole) in runs:
        old, new = shown(subject, before), shown(subject, whole)
        what = []
        if seen != 0 or ended != 0:
            found.append(f"{where}: cannot be read, or a second run does not end: {after} {again}")
            continue
        if where[2] == "kill" and code != -9:
            what.append(f"the phase was not reached: {code}")
        if where[2] == "hang":
            if told == "not reached":
                what.append("the phase was not reached")
            else:
                (read, meanwhile), (_, other) = told
                what += (
                    []
                    if read == 0 and shown(subject, meanwhile) in (old, new)
                    else ["a reader saw something else meanwhile"]
                )
                what += [] if other in ("refused", "ended") else [f"a second run broke: {other}"]
        if shown(subject, after) not in (old, new):
            what.append("neither old nor new")
        if where[2] == "limit" and shown(subject, after) != (new if code == 0 else old):
            what.append("the exit does not say what is visible")
        if shown(subject, again) != new:
            what.append("a second run does not mend it")
        if subject == "ingest" and (again["folders"] != whole["folders"] or after["raw"] != before["raw"]):
            what.append("something lies about, or raw files changed")
        if subject == "publish" and again["astray"]:
            what.append("something lies about")
        found += [f"{where}: {one}" for one in what]
    return found


@pytest.mark.parametrize("subject", ["ingest", "publish"])
def test_some_phases_ended_failed_or_hung_leave_old_or_new(tmp_path: Path, subject: str) -> None:
    runs = struck(tmp_path, subject, FEW[subject])
    assert broken(subject, runs) == []
    assert len(runs) == 6 * len(FEW[subject])


@pytest.mark.slow
@pytest.mark.parametrize("subject", ["ingest", "publish"])
def test_every_phase_and_every_file_size_leaves_old_or_new(tmp_path: Path, subject: str) -> None:
    runs = struck(tmp_path, subject, [])
    assert broken(subject, runs) == []
    names = phases.INGEST if subject == "ingest" else phases.PUBLISH
    sizes = [run for run in runs if run[0][2] == "limit"]
    assert len(runs) == 6 * len(names) + len(sizes)
    assert len(sizes) > 1
    new = shown(subject, runs[0][5][1])
    states = [shown(subject, run[3][1]) == new for run in runs]
    told = {"subject": subject, "phases": 6 * len(names), "sizes": len(sizes), "new": states.count(True)}
    print("\nphases:", json.dumps({**told, "old": states.count(False)}))


@pytest.mark.slow
def test_four_ingests_at_once_and_a_reader_that_never_sees_a_mix(tmp_path: Path) -> None:
    """In a process of its own: it changes what ingest finds."""
    done = subprocess.run(
        [sys.executable, __file__, tmp_path], capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["looked"] >= 25
    assert set(said["seen"]) <= set(said["known"])
    assert said["mixed"] == 0
    assert set(said["exits"]) == {0}


def _four_at_once(root: Path) -> dict[str, Any]:
    """Four processes ingest again and again, now with the later entry and now without; this one opens the store all the time."""
    from analysis.errors import RefusedBeforeWork
    from analysis.pipeline import ingest
    from analysis.store import open_store

    prepare(root, frames_made=True)
    texts = (EVENTS, EVENTS + LATER)

    def finding(text: str) -> None:
        ingest.build = lambda *_, **__: built(text)

    known = {}
    for text in texts:
        finding(text)
        known[read_in(root)] = text.count("\n") - 1
    children = []
    for run in range(4):
        child = os.fork()
        if child == 0:
            n = 0
            while not (root / "stop").exists():
                n += 1
                finding(texts[(run + n) % 2])
                try:
                    read_in(root)
                except RefusedBeforeWork:
                    continue
            os._exit(0)
        children.append(child)
    seen: dict[str, int] = {}
    exits, mixed, looked = [], 0, 0
    while len(exits) < len(children):
        ended, status = os.waitpid(children[len(exits)], os.WNOHANG)
        if ended:
            exits.append(os.waitstatus_to_exitcode(status))
        store = open_store(root / "data" / "processed")
        mixed += len(store.events) != known.get(store.snapshot)
        seen[store.snapshot] = seen.get(store.snapshot, 0) + 1
        looked += 1
        if looked == 25:
            (root / "stop").touch()
    look(root)
    return {"looked": looked, "seen": seen, "known": sorted(known), "mixed": mixed, "exits": exits}


if __name__ == "__main__":
    import pandas  # noqa: F401  # once, before the forks

    print(json.dumps(_four_at_once(Path(sys.argv[1]).resolve())))
