"""A machine with too little memory, by limits from almost nothing upwards: old or new, and words that say what is missing."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stopping
from striking import in_child

from analysis.errors import is_of_memory

ALL = bool(os.environ.get("AE_ALL_FAULTS"))
LIMITS = range(150, 2400, 150) if ALL else (150, 600)
"""Megabytes of address space; from the last of `make faults` on a run needs no more."""
LOST = (-11, -6, 127, 134, 139)
"""The C library, or one of C++, gives up by itself where it finds no room: no words of ours then."""


@pytest.mark.parametrize(
    "error",
    [MemoryError(), OSError(errno.ENOMEM, "x"), RuntimeError("can't start new thread"), ImportError("x.so: cannot map segment")],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("hidden", [False, True])
def test_too_little_memory_is_5_in_words_that_quote_nothing(
    ae: Callable[..., Any], small_raw: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, hidden: bool
) -> None:
    def without(*_: object, **__: object) -> None:
        if not hidden:
            raise error
        try:
            raise error
        except Exception:
            raise ValueError("Ana Reyes") from None  # what was under way when the memory ended is still told apart

    monkeypatch.setattr("analysis.pipeline.ingest.write_snapshot", without)
    said = ae("ingest", "--raw", small_raw)
    assert said.code == 5
    assert "too little free memory" in said.err
    assert "Reyes" not in said.err


def test_a_mistake_is_no_lack_of_memory() -> None:
    assert not any(
        map(is_of_memory, [RuntimeError("x"), ImportError("x"), OSError(errno.ENOSPC, "x"), KeyError("memory")])
    )


def test_a_file_for_which_there_is_no_memory_is_refused_as_such(
    ae: Callable[..., Any], small_raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.intake import opening

    read = opening.read_sheets

    def one_fails(file: Any, options: Any) -> Any:
        if file.name.endswith("treatments.csv"):
            raise MemoryError
        return read(file, options)

    monkeypatch.setattr(opening, "read_sheets", one_fails)
    said = ae("ingest", "--raw", small_raw)
    assert said.code == 3
    assert "needs more memory than this machine has free" in said.out + said.err
    assert "mistake in this program" not in said.out + said.err


def look(root: Path) -> Any:
    code, found = in_child(lambda: stopping.look(root))
    assert code == 0, found
    return found


def run(root: Path, megabytes: int | None) -> subprocess.CompletedProcess[str]:
    import resource

    def limited() -> None:
        if megabytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    asked = [sys.executable, "-m", "analysis", *stopping.command(root, "ingest")]
    return subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300, preexec_fn=limited)


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="the limits of memory are those of Linux")
def test_however_little_memory_there_is_what_is_stored_is_old_or_new(tmp_path: Path) -> None:
    start, place = tmp_path / "start", tmp_path / "work"
    stopping.ingesting.prepare(start, frames_made=False)
    for name in ("temporary", "reports"):
        (start / name).mkdir()
    shutil.copytree(start, place)
    before = look(place)
    assert run(place, None).returncode == 0
    whole = look(place)
    codes = []
    for megabytes in LIMITS:
        shutil.rmtree(place)
        shutil.copytree(start, place)
        ended = run(place, megabytes)
        codes.append(ended.returncode)
        after = look(place)
        told = ended.stdout + ended.stderr
        assert ended.returncode in (0, 5, *LOST), (megabytes, told)
        assert not any(word in told for word in ("Traceback", "eyelid", "Ana", "P1")), (megabytes, told)
        assert ended.returncode != 5 or "too little free memory" in told
        assert (after["snapshot"], after["raw"]) == (
            (whole if ended.returncode == 0 else before)["snapshot"],
            before["raw"],
        )
        assert after["entries"][: len(before["entries"])] == before["entries"]
        assert run(place, None).returncode == 0
        assert look(place)["snapshot"] == whole["snapshot"]
        assert look(place)["astray"] == []
    assert 5 in codes
    print("\nlittle memory:", json.dumps({"limits": len(codes), "too little": sum(code != 0 for code in codes)}))
