"""A person who presses Ctrl-C, or a system that shuts down, at any moment: whole data, one line of words, nothing left in the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stopping

ALL = bool(os.environ.get("AE_ALL_FAULTS"))
TIMES = {"ingest": 3, "report": 3}
pytestmark = [pytest.mark.thorough, pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is stopped in a fork")]


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """Tests that were started in the background, or by nohup, would have runs that ignore what is sent to them."""
    asked = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, listener) for number, listener in asked.items()}
    yield
    for number, listener in before.items():
        signal.signal(number, listener)


def stopped(root: Path, name: str, times: int) -> tuple[list[Any], list[Any]]:
    asked = [sys.executable, stopping.__file__, root, name, str(times), "7"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr
    first, *runs = [json.loads(line) for line in done.stdout.splitlines()]
    return first, runs


def broken(first: list[Any], runs: list[Any]) -> list[str]:
    before, whole = first
    found = []
    for where, code, (seen, after), again, (ended, final) in runs:
        number = where[1]
        if seen or ended or again:
            found.append(f"{where}: cannot be read, or a second run does not end: {after} {again} {final}")
            continue
        what = {
            f"exit {code}": code in (0, 128 + number, -number),  # the last: before the program listens
            "old or new": after["snapshot"] in (before["snapshot"], whole["snapshot"]),
            "the exit says that it is new": code != 0 or after["snapshot"] == whole["snapshot"],
            "raw files": after["raw"] == before["raw"] == final["raw"],
            "nothing of the ledger is gone": after["entries"][: len(before["entries"])] == before["entries"],
            "in words": code in (0, -number) or after["said"].splitlines()[-1].startswith("Stopped. "),
            "no traceback": len(after["said"].splitlines())
            <= 2,  # where the page lies, and that it was stopped after it
            "nothing in the place for temporary files": code == -number or after["temporary"] == [],
            "again: nothing lies about": final["astray"] == final["temporary"] == [],
            "again: as if undisturbed": all(
                final[key] == whole[key] for key in ("snapshot", "rows", "folders", "reports")
            ),
        }
        found += [f"{where}: {one}: {after['said']}" for one, holds in what.items() if not holds]
    return found


@pytest.mark.parametrize("name", TIMES)
def test_whoever_stops_a_command_leaves_the_old_or_the_new(tmp_path: Path, name: str) -> None:
    first, runs = stopped(tmp_path, name, 60 if ALL else TIMES[name])
    assert broken(first, runs) == []
    early = [run for run in runs if run[1] != 0]
    assert len(early) > len(runs) / 3
    new = first[1]["snapshot"] if name == "ingest" else first[1]["reports"]
    shown = [run[2][1]["snapshot" if name == "ingest" else "reports"] == new for run in runs]
    print(
        "\nstopped:", json.dumps({"command": name, "stops": len(runs), "before the end": len(early), "new": sum(shown)})
    )


def test_a_report_that_is_stopped_takes_its_kernel_and_its_folders_with_it(tmp_path: Path, small_raw: Path) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    told = {**os.environ, "TMPDIR": str(temporary)}
    ae = [sys.executable, "-m", "analysis"]
    subprocess.run(
        [*ae, "ingest", "--raw", small_raw, "--quiet"], cwd=tmp_path, env=told, check=True, capture_output=True
    )
    for number, later in ((signal.SIGINT, 0), (signal.SIGTERM, 3)):  # while the kernel starts, and while it works
        run = subprocess.Popen(
            [*ae, "report", "--month", "2026-05"], cwd=tmp_path, env=told, stderr=subprocess.PIPE, text=True
        )
        while not list(temporary.glob("*kernel*/k-*")):
            assert run.poll() is None
        time.sleep(later)
        run.send_signal(number)
        said = run.communicate(timeout=120)[1]
        assert run.returncode in (128 + number, 130), said
        assert said.splitlines()[-1].startswith("Stopped. ")
        assert list(temporary.iterdir()) == []
        assert kernels_of(temporary) == []
    assert not list((tmp_path / "reports").rglob("2026*"))


def test_ctrl_c_reaches_every_process_of_a_run_over_all_months(tmp_path: Path, demo_store: Path) -> None:
    """As a terminal does it: the whole group of processes is told, some of them with a kernel of their own."""
    temporary = tmp_path / "t"
    temporary.mkdir()
    told = {**os.environ, "TMPDIR": str(temporary)}
    shutil.copytree(demo_store.parent, tmp_path / "data")
    run = subprocess.Popen(
        [sys.executable, "-m", "analysis", "report", "--all"],
        cwd=tmp_path, env=told, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while not list(temporary.glob("*kernel*/k-*")):
        assert run.poll() is None
    time.sleep(2)
    os.killpg(run.pid, signal.SIGINT)
    said = run.communicate(timeout=180)[1]
    assert run.returncode == 130, said
    assert said.splitlines()[-1].startswith("Stopped. ")
    assert "Traceback" not in said
    assert list(temporary.iterdir()) == []
    assert kernels_of(temporary) == []


def kernels_of(folder: Path) -> list[str]:
    """Processes that were told of a file below the folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found


def test_a_crash_would_leave_no_memory_on_disk(ae: Callable[..., Any]) -> None:
    """A core file would hold words of the logs."""
    resource = pytest.importorskip("resource")
    before, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    try:
        ae("audit", "verify")
        assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (before, most))


def test_who_listened_to_signals_before_a_command_does_so_after_it(ae: Callable[..., Any]) -> None:
    before = [signal.getsignal(number) for number in stopping.SIGNALS]
    ae("audit", "verify")
    assert [signal.getsignal(number) for number in stopping.SIGNALS] == before


def test_a_signal_that_comes_while_python_clears_up_is_heard_all_the_same(
    ae: Callable[..., Any], small_raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kept:
        pass

    def slow(*_: object, **__: object) -> None:
        kept = Kept()
        watched = weakref.ref(kept, lambda _: os.kill(os.getpid(), signal.SIGTERM))
        del kept  # what is raised in there is dropped by Python
        time.sleep(5)
        raise AssertionError(watched)

    monkeypatch.setattr("analysis.pipeline.ingest.write_snapshot", slow)
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    said = ae("ingest", "--raw", small_raw)
    signal.signal(signal.SIGTERM, before)
    assert said.code == 143
    assert said.err.splitlines()[-1].startswith("Stopped. ")
    assert "Traceback" not in said.err
