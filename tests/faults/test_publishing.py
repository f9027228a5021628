"""Kill or fail every step of publishing: a reader finds the old report or the new one, never one with the summary of the other."""

import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import publishing
import pytest
from publishing import NAME, NEW, OLD

from analysis import durable, ledger
from analysis.pipeline import publication

pytestmark = [pytest.mark.thorough, pytest.mark.skipif(not hasattr(os, "fork"), reason="the sweep forks")]


def swept(root: Path, mode: str, mutant: str = "none") -> tuple[dict[str, Any], list[Any]]:
    command = [sys.executable, publishing.__file__, root, mode, mutant]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    whole, *runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(runs) > 20
    return whole, runs


def broken(whole: dict[str, Any], runs: list[Any], mode: str, *, lasting: bool = False) -> list[str]:
    """Every invariant that did not hold, with the number of the fault. A fault that lasts may leave a page waiting for its summary."""
    found = []

    def hold(number: int, what: str, holds: bool) -> None:
        if not holds:
            found.append(f"fault {number}: {what}")

    for number, code, (seen, after), (_, mended), (_, again) in runs:
        hold(number, "the state can be read", seen == 0)
        if seen != 0:
            continue
        for when, state in (("after", after), ("mended", mended), ("again", again)):
            hold(number, f"{when}: a whole page", state["page"] in (OLD, NEW))
            digest = hashlib.sha256(state["page"].encode()).hexdigest()
            hold(
                number,
                f"{when}: summary is of its page",
                state["summary"] is None or state["summary"]["sha256"] == digest,
            )
            hold(number, f"{when}: list is whole", state["index"][4:] in (OLD, NEW))
        half = after["summary"] is None or after["index"][4:] != after["page"]
        waiting = lasting and code != 0 and half and after["astray"] == [publication.PENDING]
        if mode != "kill" and not waiting:
            hold(number, "the exit says what is visible", after["page"] == (NEW if code == 0 else OLD))
            hold(number, "a summary is there", after["summary"] is not None)
            hold(number, "the list is of the page", after["index"][4:] == after["page"])
        hold(number, "mended: summary is there", mended["summary"] is not None)
        hold(number, "mended: nothing lies about", mended["astray"] == [])
        hold(number, "mended: a decided page stays decided", not (after["page"] == NEW and mended["page"] == OLD))
        hold(number, "again: as if undisturbed", all(again[key] == whole[key] for key in ("page", "summary", "index")))
        opened: list[list[str]] = []
        for kind, *what in again["entries"]:
            if kind == publication.PREPARED:
                hold(number, f"ledger: {opened} ended", opened == [])
                opened = [what]
            else:
                hold(number, f"ledger: {kind} was prepared", opened == [what])
                opened = []
        hold(number, "ledger: all ended", opened == [])
    return found


@pytest.mark.parametrize("mode", ["kill", "full"])
def test_every_fault_of_publishing_leaves_the_old_report_or_the_new(tmp_path: Path, mode: str) -> None:
    whole, runs = swept(tmp_path, mode)
    assert whole["page"] == NEW
    assert broken(whole, runs, mode) == []
    killed = [run for run in runs if run[1] == 0]
    assert len(runs) - len(killed) > 15
    pages = {run[2][1]["page"] for run in runs}
    assert pages == {OLD, NEW}


@pytest.mark.parametrize("mutant", ["written in place", "steps swapped", "decision not kept"])
def test_a_publisher_without_a_protection_is_caught_by_the_sweep(tmp_path: Path, mutant: str) -> None:
    assert broken(*swept(tmp_path, "kill", mutant), "kill") != []


def traced(out: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Writes, flushes and renames below `out`, in their order, names relative to the stage or to `out`."""
    said: list[tuple[str, str]] = []
    real = {name: getattr(os, name) for name in ("fsync", "rename", "replace", "unlink")}

    def name_of(path: Any) -> str:
        text = os.readlink(f"/proc/self/fd/{path}") if isinstance(path, int) else str(path)
        parts = Path(text).relative_to(out).parts if Path(text).is_relative_to(out) else ("elsewhere",)
        return "/".join(part for part in parts if not part.startswith(durable.STAGE_PREFIX)) or "."

    def stepping(name: str) -> Any:
        def stepped(*arguments: Any, **named: Any) -> Any:
            named_so = name_of(arguments[-1] if name in ("rename", "replace") else arguments[0])
            done = real[name](*arguments, **named)
            said.append((name, named_so))  # as it ended: files are flushed by threads
            return done

        return stepped

    for name in real:
        monkeypatch.setattr(os, name, stepping(name))
    return said


def unflushed(said: list[tuple[str, str]]) -> list[str]:
    """What the order write → flush files → flush folders → rename → flush the folder above does not hold of."""
    decided = said.index(("rename", publication.PENDING))
    before, after = said[:decided], said[decided + 1 :]
    found = [f"{NAME}{end} before the rename" for end in (".html", ".json") if ("fsync", f"{NAME}{end}") not in before]
    found += [f"folder {folder} before the rename" for folder in ("group", ".") if ("fsync", folder) not in before]
    if not after or after[0] != ("fsync", "."):
        found.append("the folder above after the rename")
    placed = after.index(("replace", f"{NAME}.html"))
    if ("fsync", "group") not in after[:placed]:
        found.append("the old summary's folder before the page")
    return found if ("fsync", "group") in after[placed:] else [*found, "the folder after the page"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads names of open files from /proc")
@pytest.mark.parametrize("mutant", ["none", "file not flushed", "folder not flushed", "flushes not waited for"])
def test_publishing_flushes_before_and_after_it_gives_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: str
) -> None:
    for owner, name in ((durable, "_flush"), (durable, "flush_folder"), (durable.Stage, "_files_on_disk")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back at the end
    publishing.publish(tmp_path, OLD)
    publishing.mutate(mutant)
    said = traced(tmp_path / "reports", monkeypatch)
    publishing.publish(tmp_path, NEW)
    assert bool(unflushed(said)) == (mutant != "none"), unflushed(said)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads names of open files from /proc")
@pytest.mark.parametrize("file", [f"{NAME}.html", f"{NAME}.json", "index.html", "entry"])
def test_a_file_that_a_thread_could_not_flush_keeps_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    publishing.publish(tmp_path, OLD)
    fsync, struck = os.fsync, []

    def failing(handle: int) -> None:
        if durable.STAGE_PREFIX in (path := os.readlink(f"/proc/self/fd/{handle}")) and path.endswith(file):
            struck.append(path)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(OSError, match="Input/output"):
            publishing.publish(tmp_path, NEW)
    seen = publishing.look(tmp_path)
    assert struck
    assert (seen["page"], seen["astray"]) == (OLD, [])
    assert seen["summary"] == {"report": NAME, "sha256": hashlib.sha256(OLD.encode()).hexdigest()}


def test_four_runs_at_once_and_a_reader_that_never_sees_a_mix(tmp_path: Path) -> None:
    publishing.publish(tmp_path, OLD)
    page, summary = (tmp_path / "reports" / f"{NAME}.{end}" for end in ("html", "json"))
    children = []
    for run in range(4):
        child = os.fork()
        if child == 0:
            for n in range(8):
                publishing.publish(tmp_path, f"<!DOCTYPE html>{run} {n} {'x' * 5000}</html>\n", wait=120)
            os._exit(0)
        children.append(child)
    looked, ended = 0, 0
    while ended < len(children):
        ended += sum(os.waitpid(child, os.WNOHANG)[0] != 0 for child in children[ended : ended + 1])
        before, read, after = _text(summary), page.read_text(), _text(summary)
        assert read.endswith("</html>\n")
        if before and before == after:  # nothing was published in between
            assert json.loads(before)["sha256"] == hashlib.sha256(read.encode()).hexdigest()
            looked += 1
    assert looked > 10
    book = tmp_path / "data" / "ledger" / "ledger.jsonl"
    assert ledger.verify(book) == 2 * 33


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def test_a_publication_that_was_decided_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.publish(tmp_path, OLD)

    class Ended(BaseException):
        pass

    def end(*_: Any) -> None:
        raise Ended

    with monkeypatch.context() as patch:
        patch.setattr(publication, "_place", end)
        with pytest.raises(Ended):
            publishing.publish(tmp_path, NEW)
    assert publishing.look(tmp_path)["page"] == OLD
    publication.settle(tmp_path / "reports", tmp_path / "data" / "ledger" / "ledger.jsonl")
    seen = publishing.look(tmp_path)
    assert (seen["page"], seen["astray"]) == (NEW, [])
    newest = list(ledger.entries(tmp_path / "data" / "ledger" / "ledger.jsonl"))[-1]
    assert (newest["kind"], newest["data"]["settled"]) == (publication.PUBLISHED, True)
