"""A process ended, or refused by the disk, at its N-th system call on stored data, reports or ledger: what is seen is old or new.

The default run takes a sample, the same every time; `AE_ALL_FAULTS=1` (`make faults`) takes every call of ingest and of publishing.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import system_calls
from test_publishing import broken

ALL = bool(os.environ.get("AE_ALL_FAULTS"))
MODES = ["KILL", "ENOSPC", "EIO", "ENOSPC+", "EIO+", "LIE"]
SAMPLE = {
    ("publish", "KILL"): 16,
    ("ingest", "KILL"): 40,
    ("publish", "EIO+"): 21,
    ("ingest", "ENOSPC+"): 60,
    ("ingest", "LIE"): 5,
}


@functools.cache
def strace_works() -> bool:
    asked = ["strace", "-o", os.devnull, "true"]
    return bool(shutil.which("strace")) and subprocess.run(asked, capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not strace_works(), reason="needs strace and the permission to trace a process"),
]


def swept(
    root: Path, subject: str, mode: str, *, mutant: str = "none", stride: int = 1, only: str = ""
) -> tuple[dict[str, Any], list[Any]]:
    command = [sys.executable, system_calls.__file__, root, subject, mode, mutant, str(stride), only]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr
    whole, *runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert runs
    return whole, runs


def broken_store(whole: dict[str, Any], runs: list[Any], mode: str) -> list[str]:
    """Every invariant of the stored data that did not hold, with the call that was struck."""
    found: list[str] = []
    before, new = whole["before"], whole["whole"]
    for where, code, (seen, after), _, (mended, again) in runs:

        def hold(what: str, holds: bool, where: list[Any] = where) -> None:
            if not holds:
                found.append(f"{where}: {what}")

        hold("the state can be read", seen == 0)
        hold("a second run ends", mended == 0)
        if seen != 0 or mended != 0:
            continue
        hold("old or new", after["snapshot"] in (before["snapshot"], new["snapshot"]))
        rows = new["rows"] if after["snapshot"] == new["snapshot"] else before["rows"]
        hold("the rows of what is shown", after["rows"] == rows)
        if mode != "KILL":
            hold("the exit says what is visible", after["snapshot"] == (new if code == 0 else before)["snapshot"])
        hold("raw files untouched", after["raw"] == before["raw"] == again["raw"])
        hold("nothing of the ledger is gone", after["entries"][: len(before["entries"])] == before["entries"])
        hold("again: nothing lies about", again["astray"] == [])
        hold("again: as if undisturbed", again["snapshot"] == new["snapshot"] and again["folders"] == new["folders"])
        hold("no raw value in an error", not any(word in str(where[3]) for word in ("eyelid", "Ana", "P1")))
        opened: list[str] = []
        for kind, snapshot in again["entries"]:
            if kind == "ingest prepared":
                hold("ledger: the one before ended", opened == [])
                opened = [snapshot]
            elif kind in ("ingest published", "ingest abandoned"):
                hold("ledger: it was prepared", opened == [snapshot])
                opened = []
        hold("ledger: all ended", opened == [])
    return found


def check(subject: str, whole: dict[str, Any], runs: list[Any], mode: str) -> list[str]:
    if subject == "ingest":
        return broken_store(whole, runs, mode)
    plain = [[where[:3], *rest] for where, *rest in runs]
    return broken(whole["whole"], plain, mode.casefold(), lasting=mode.endswith("+"))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("subject", ["publish", "ingest"])
def test_what_is_seen_after_the_nth_call_is_old_or_new(tmp_path: Path, subject: str, mode: str) -> None:
    if not ALL and (subject, mode) not in SAMPLE:
        pytest.skip("in `make faults` only")
    whole, runs = swept(tmp_path, subject, mode, stride=1 if ALL else SAMPLE[subject, mode])
    assert check(subject, whole, runs, mode) == []
    if mode == "KILL":
        assert {code for _, code, *_ in runs} <= {-9, 0}
        assert sum(code == -9 for _, code, *_ in runs) > len(runs) // 2
    if ALL:
        key = "snapshot" if subject == "ingest" else "page"
        states = [run[2][1][key] == whole["whole"][key] for run in runs]
        assert {True, False} == set(states)
        told = {
            "subject": subject,
            "mode": mode,
            "faults": len(runs),
            "old": states.count(False),
            "new": states.count(True),
        }
        if subject == "publish":
            told["half"] = sum(
                run[2][1]["summary"] is None or run[2][1]["index"][4:] != run[2][1]["page"] for run in runs
            )
        told["by_call"] = {call: sum(run[0][0] == call for run in runs) for call in system_calls.CALLS}
        print("\nfaults:", json.dumps(told))


UNFLUSHED = ("file not flushed", "folder not flushed", "flushes not waited for")
MUTANTS = {
    "pointer written in place": "CURRENT",
    "pointer before the snapshot": "->",
    "older snapshot removed first": "CURRENT",
}


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_store_without_a_protection_is_caught_by_the_sweep(tmp_path: Path, mutant: str) -> None:
    assert broken_store(*swept(tmp_path, "ingest", "KILL", mutant=mutant, only=MUTANTS[mutant]), "KILL") != []


def unflushed_store(calls: list[list[Any]]) -> list[str]:
    """What the order write → flush files → flush folder → rename → flush the folder above does not hold of, for snapshot and pointer."""
    steps = [
        (call, path.removeprefix("data/processed/")) for call, _, path in calls if path.startswith("data/processed")
    ]
    found = []
    for what in ("snapshot", "pointer"):
        moves = [n for n, (call, path) in enumerate(steps) if call == "rename" and path.startswith(".stage-")]
        ends = [
            n for n in moves if steps[n][1].endswith("/CURRENT") == (what == "pointer") and "/.stage" not in steps[n][1]
        ]
        at = ends[0]
        stage = steps[at][1].split(" -> ")[0].split("/")[0]
        written = {path for call, path in steps[:at] if call == "write" and path.startswith(stage + "/")}
        flushed = {path for call, path in steps[:at] if call == "fsync"}
        found += [
            f"{what}: {path.partition('/')[2]} not flushed before the rename" for path in sorted(written - flushed)
        ]
        if what == "snapshot" and stage not in flushed:
            found.append(f"{what}: its folder not flushed before the rename")
        after = [path for call, path in steps[at + 1 :] if call == "fsync"]
        if not after or after[0] != "data/processed":
            found.append(f"{what}: the folder above not flushed after the rename")
        assert written
    return found


@pytest.mark.parametrize("mutant", ["none", *(pytest.param(m, marks=pytest.mark.slow) for m in UNFLUSHED)])
def test_a_store_that_does_not_flush_is_caught_by_the_order_of_its_calls(tmp_path: Path, mutant: str) -> None:
    command = [sys.executable, system_calls.__file__, tmp_path, "ingest", "ORDER", mutant, "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    found = unflushed_store(json.loads(done.stdout))
    assert bool(found) == (mutant != "none"), found


@pytest.mark.slow
@pytest.mark.parametrize("subject", ["publish", "ingest"])
def test_what_does_not_read_back_is_caught_by_writes_that_lie(tmp_path: Path, subject: str) -> None:
    assert check(subject, *swept(tmp_path, subject, "LIE", mutant="not read back", stride=4), "LIE") != []
