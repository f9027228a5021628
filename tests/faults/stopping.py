"""Ctrl-C, or the system's wish that it end, at any moment of a command: what is left.

`python stopping.py FOLDER COMMAND TIMES SEED` prints one line of JSON for an undisturbed run and one per stop. COMMAND is `ingest` (of a
few rows, all of it) or `report` (the committee's copy). Each run is a fork that goes through the whole command line.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import ingesting
from striking import in_child

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def command(root: Path, name: str) -> list[str]:
    told = ["--processed", str(root / "data" / "processed"), "--out", str(root / "reports"), "--quiet"]
    if name == "ingest":
        return ["ingest", "--raw", str(root / "raw"), *told]
    return ["report", "--audience", "committee", "--month", "2026-05", *told]


def started(root: Path, name: str, said: Path | None = None) -> int:
    """The process id of a fork in which the command runs; what it says goes to `said`, else a file of that name."""
    child = os.fork()
    if child:
        return child
    from analysis.cli import main

    tempfile.tempdir = str(root / "temporary")
    with (said or root / "said").open("wb") as file:
        os.dup2(file.fileno(), 2)
        os.dup2(file.fileno(), 1)
    code = 99
    try:
        main(command(root, name))
    except SystemExit as end:
        code = int(end.code or 0)
    os._exit(code)


def look(root: Path) -> dict[str, Any]:
    found = ingesting.look(root)
    pages = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / "reports").rglob("*"))
        if path.is_file() and not path.name.startswith(".") and ".stage" not in str(path)
    }
    said = root / "said"
    temporary = sorted(path.name for path in (root / "temporary").iterdir())
    return {**found, "reports": pages, "temporary": temporary, "said": said.read_text() if said.exists() else ""}


def run(root: Path, name: str, said: Path | None = None) -> tuple[int, float]:
    begun = time.monotonic()
    code = os.waitstatus_to_exitcode(os.waitpid(started(root, name, said), 0)[1])
    return code, time.monotonic() - begun


def main(root: Path, name: str, times: int, seed: int) -> None:
    start, place = root / "start", root / "work"
    ingesting.prepare(start, frames_made=False)
    (start / "temporary").mkdir()
    (start / "said").touch()
    (start / "reports").mkdir()
    shutil.copytree(start, place)
    if name == "report":
        assert run(place, "ingest")[0] == 0
        shutil.rmtree(start)
        shutil.copytree(place, start)
    before = in_child(lambda: look(place))[1]
    code, seconds = run(place, name)
    assert code == 0, (place / "said").read_text()
    whole = in_child(lambda: look(place))[1]
    print(json.dumps([before, whole]), flush=True)
    drawn = random.Random(seed)
    for n in range(times):
        shutil.rmtree(place)
        shutil.copytree(start, place)
        number, wait = SIGNALS[n % len(SIGNALS)], drawn.uniform(0, seconds)
        child = started(place, name)
        time.sleep(wait)
        os.kill(child, number)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        after = in_child(lambda: look(place))
        again, took = run(place, name)
        if code != 0:  # a whole run, then: how long one takes changes with what else the machine does
            seconds = took
        print(
            json.dumps([[n, int(number), round(wait, 3)], code, after, again, in_child(lambda: look(place))]),
            flush=True,
        )


if __name__ == "__main__":
    import pandas  # noqa: F401  # once, before the forks

    import analysis.pipeline.ingest
    import analysis.pipeline.publish
    import analysis.pipeline.today  # noqa: F401

    main(Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
