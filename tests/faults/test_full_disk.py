"""A disk with no room left, as a file system of its own: the old state, words that say so, and the new state once there is room."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import full_disk
import pytest

ALL = bool(os.environ.get("AE_ALL_FAULTS"))
STEP = {"ingest": 40, "report": 20}
"""Kilobytes from one amount of free space to the next; `make faults` goes in pages of 4."""
pytestmark = [pytest.mark.thorough, pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are forks")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(asked, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount on this system")
    if done.returncode != 0:
        pytest.skip("mounting a small file system is not allowed here; try as root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("name", STEP)
def test_a_full_disk_leaves_the_old_state_and_says_so(tmp_path: Path, disk: Path, name: str) -> None:
    asked = [sys.executable, full_disk.__file__, disk, tmp_path / "outside", name, str(4 if ALL else STEP[name])]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr
    first, *runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert broken(first, runs) == []
    full = [run for run in runs if run[1] != 0]
    assert full
    new = [run for run in full if run[3][1]["snapshot"] == first[1]["snapshot"]] if name == "ingest" else []
    print(
        "\nfull disk:", json.dumps({"command": name, "amounts": len(runs), "too little": len(full), "stored": len(new)})
    )


def broken(first: list[Any], runs: list[Any]) -> list[str]:
    before, whole = first
    found = []
    for where, code, told, (seen, after), again, (ended, final) in runs:
        if seen or ended or again:
            found.append(f"{where}: cannot be read, or a second run does not end: {told} {after} {again} {final}")
            continue
        stored = after["snapshot"] == whole["snapshot"] and after["snapshot"] != before["snapshot"]
        kept = {name: digest for name, digest in after["reports"].items() if name in before["reports"]}
        what = {
            f"exit {code}": code in (0, 5),
            "old, or the words say that it was stored": code == 0 or not stored or "were read and stored" in told,
            "new": code != 0 or all(after[key] == whole[key] for key in ("snapshot", "reports")),
            "old pages": code == 0 or kept == before["reports"],
            "no page but whole ones": all(
                whole["reports"].get(name) == digest for name, digest in after["reports"].items()
            )
            or after["reports"] == before["reports"],
            "in words": code == 0 or "No space left on device" in told,
            "no traceback, no raw value": not any(word in told for word in ("Traceback", "eyelid", "Ana", "P1")),
            "raw files": after["raw"] == before["raw"] == final["raw"],
            "nothing of the ledger is gone": after["entries"][: len(before["entries"])] == before["entries"],
            "again: nothing lies about": final["astray"] == final["temporary"] == [],
            "again: as if undisturbed": all(
                final[key] == whole[key] for key in ("snapshot", "rows", "folders", "reports")
            ),
        }
        found += [f"{where}: {one}: {told}" for one, holds in what.items() if not holds]
    return found
