"""A small disk of its own, filled up: what a command leaves there and says, and what comes of it when there is room again.

`python full_disk.py DISK OUTSIDE COMMAND STEP` prints one line of JSON for an undisturbed run and one per amount of free space, from none
upwards in steps of STEP kB until a run ends unharmed. DISK is where a file system of a few MB is mounted.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import ingesting
import stopping
from striking import in_child


def filled(disk: Path, left: int) -> None:
    """Fill the disk until `left` bytes are free."""
    state = os.statvfs(disk)
    with (disk / "filler").open("wb") as filler:
        rest = state.f_bavail * state.f_frsize - left
        while rest > 0:
            rest -= filler.write(bytes(min(rest, 1 << 16)))


def emptied(disk: Path) -> None:
    for path in disk.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def main(disk: Path, outside: Path, name: str, step: int) -> None:
    start, place = outside / "start", disk / "work"
    ingesting.prepare(start, frames_made=name == "ingest")
    (start / "temporary").mkdir()
    (start / "reports").mkdir()
    if name == "report":  # of what is there once the later entry was read
        assert stopping.run(start, "ingest")[0] == 0
    shutil.copytree(start, place)
    before: Any = in_child(lambda: stopping.look(place))[1]
    said = outside / "said"
    assert stopping.run(place, name, said)[0] == 0, said.read_text()
    whole: Any = in_child(lambda: stopping.look(place))[1]
    print(json.dumps([before, whole]), flush=True)
    free, code = 0, 1
    while code != 0:
        emptied(disk)
        shutil.copytree(start, place)
        filled(disk, free)
        code, _ = stopping.run(place, name, said)
        told = said.read_text()
        after = in_child(lambda: stopping.look(place))
        (disk / "filler").unlink()
        again, _ = stopping.run(place, name, said)
        print(json.dumps([[free], code, told, after, again, in_child(lambda: stopping.look(place))]), flush=True)
        free += step * 1024


if __name__ == "__main__":
    import pandas  # noqa: F401  # once, before the forks

    import analysis.pipeline.ingest
    import analysis.pipeline.publish
    import analysis.pipeline.today  # noqa: F401

    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3], int(sys.argv[4]))
