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
from ingesting import load, look, prepare, read_in
from striking import in_child, strike

from analysis import durable


def sweep(root: Path, mode: str, what: str) -> None:
    """Print one line of JSON per fault: its number, the exit, and what was seen before, right after and after a re-run."""
    start = root / "start"
    prepare(start, frames_made=what == "steps on disk")
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


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the sweep forks")
@pytest.mark.parametrize("what", ["steps on disk", pytest.param("whole ingest", marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", ["kill", "full"])
def test_every_fault_leaves_the_old_state_or_the_new_and_a_second_run_mends_it(
    tmp_path: Path, mode: str, what: str
) -> None:
    command = [sys.executable, __file__, tmp_path / "sweep", mode, what]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=7200)
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
    load()
    sweep(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
