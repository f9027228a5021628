"""The sweep at the level of system calls: the kernel ends a process, or fails its call, at the N-th on one of our paths.

`python system_calls.py FOLDER SUBJECT MODE MUTANT STRIDE [ONLY]` prints one line of JSON first (what an undisturbed run leaves, and the
calls it makes) and one per fault. SUBJECT is `publish` (pages made before) or `ingest` (frames made before); MODE is KILL, ENOSPC
or EIO, one of the two with a plus (from that call on the fault lasts, as on a full or a broken disk), or LIE (a write that stores nothing
and says that it stored a byte); ORDER strikes nothing and prints the calls as they ended, files flushed by threads. STRIDE takes every
so-many-th call whose path fits ONLY (a pattern). A child stops itself before its work, strace takes hold of it, and it goes on.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ingesting
import publishing
from striking import InOrder, in_child

from analysis import durable, store

CALLS = ("write", "fsync", "rename", "mkdir", "openat", "unlink", "unlinkat")
LASTING = {"ENOSPC": ("write", "mkdir", "fsync"), "EIO": tuple(call for call in CALLS if call != "openat")}
"""What fails on a full disk, which still renames and removes, and on a broken one. Opening for reading is spared: Python reads modules."""
SUBJECTS: dict[str, tuple[Callable[[Path], Any], Callable[[Path], Any]]] = {
    "publish": (lambda root: publishing.publish(root, publishing.NEW), publishing.look),
    "ingest": (ingesting.read_in, ingesting.look),
}


def traced(work: Callable[[], Any], log: Path, expressions: list[str]) -> tuple[int, Any]:
    """`in_child` with strace holding the child; its log of calls, paths spelled out, is in `log`."""

    def held() -> Any:
        os.kill(os.getpid(), signal.SIGSTOP)
        return work()

    def hold(child: int) -> subprocess.Popen[str]:
        os.waitpid(child, os.WUNTRACED)
        asked = ["strace", "-f", "-y", "-s", "0", "-o", str(log), "-p", str(child)]
        tracer = subprocess.Popen(
            asked + [part for e in expressions for part in ("-e", e)], stderr=subprocess.PIPE, text=True
        )
        assert tracer.stderr is not None
        said = tracer.stderr.readline()
        assert "attached" in said, said
        os.kill(child, signal.SIGCONT)
        return tracer

    return in_child(held, hold)


def calls_on(root: Path, log: Path) -> list[tuple[str, int, str]]:
    """Each call of the log on a path below `root`, as they ended: its name, its number among all of that name, its paths (`a -> b`)."""
    counts: dict[str, int] = {}
    found = []
    for line in ended(log.read_text().splitlines()):
        hit = re.match(r"\d+\s+(\w+)\((.*)", line)
        if hit is None or hit[1] not in CALLS:
            continue
        counts[hit[1]] = counts.get(hit[1], 0) + 1
        paths = re.findall(re.escape(str(root)) + r"/([^\">]*)", hit[2])
        if paths:
            found.append((hit[1], counts[hit[1]], " -> ".join(paths[-1:] if hit[1] == "openat" else paths)))
    return found


def ended(log: list[str]) -> Iterator[str]:
    """The lines of a log, those of a call that another thread's came between where it ended."""
    begun: dict[str, str] = {}
    for line in log:
        thread = line.split(maxsplit=1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line
        elif " resumed>" in line:
            yield begun.pop(thread, line)
        else:
            yield line


def injections(mode: str, call: str, number: int, log: list[str]) -> list[str]:
    """What strace is to do at the `number`-th `call`; `log` is of an undisturbed run, and tells how often others were made by then."""
    if mode == "LIE":
        return [f"inject={call}:retval=1:when={number}"]
    if mode == "KILL":
        return [f"inject={call}:signal=KILL:when={number}"]
    error = mode.removesuffix("+")
    if error == mode:
        return [f"inject={call}:error={error}:when={number}"]
    made = dict.fromkeys(CALLS, 0)
    for line in log:
        hit = re.match(r"\d+\s+(\w+)\(", line)
        if hit is not None and hit[1] in made:
            made[hit[1]] += 1
            if (hit[1], made[hit[1]]) == (call, number):
                break
    first = {name: made[name] + 1 for name in LASTING[error]} | {call: number}
    return [f"inject={name}:error={error}:when={at}{'+' if name != 'openat' else ''}" for name, at in first.items()]


def ours(path: str) -> bool:
    """Below the stored data, the reports or the ledger; raw files are only read."""
    return path.startswith(("data", "reports"))


def mutate(mutant: str) -> None:
    """Take one protection of the store or of the publisher away."""
    if mutant == "pointer written in place":
        store.replace_file = lambda path, content: path.write_bytes(content)  # type: ignore[assignment]
    elif mutant == "pointer before the snapshot":
        before = durable.Stage.publish_folder

        def early(stage: durable.Stage, name: str) -> Path:
            durable.replace_file(stage.root / "CURRENT", name.encode() + b"\n")
            return before(stage, name)

        durable.Stage.publish_folder = early  # type: ignore[method-assign]
    elif mutant == "older snapshot removed first":
        real = store.replace_file

        def late(path: Path, content: bytes) -> None:
            if path.name == "CURRENT":
                store._prune(path.parent, keep=content.decode().strip())
            real(path, content)

        store.replace_file = late  # type: ignore[assignment]
    elif mutant == "not read back":
        durable._check = lambda path, content, **_: None  # type: ignore[assignment]
    elif mutant != "none":
        publishing.mutate(mutant)


def sweep(root: Path, subject: str, mode: str, mutant: str, stride: int, only: str = "") -> None:
    work, look = SUBJECTS[subject]
    start, log = root / "start", root / "log"
    start.mkdir(parents=True)
    if subject == "publish":
        in_child(lambda: publishing.publish(start, publishing.OLD))
    else:
        ingesting.prepare(start, frames_made=True)
    before = in_child(lambda: look(start))[1]
    mutate(mutant)
    place = root / "work"  # the same path every time: what is counted is counted alike
    shutil.copytree(start, place)
    if mode == "ORDER":
        assert traced(lambda: work(place), log, ["trace=" + ",".join(CALLS)])[0] == 0
        print(json.dumps([call for call in calls_on(place, log) if ours(call[2])]))
        return
    durable.flushers = InOrder
    assert traced(lambda: work(place), log, ["trace=" + ",".join(CALLS)])[0] == 0
    calls = [call for call in calls_on(place, log) if ours(call[2])]
    undisturbed = log.read_text().splitlines()
    whole = in_child(lambda: look(place))[1]
    print(json.dumps({"before": before, "whole": whole, "calls": calls}), flush=True)
    chosen = [call for call in calls if re.search(only, call[2]) and (mode != "LIE" or call[0] == "write")]
    for call, number, path in chosen[:: max(stride, 1)]:
        shutil.rmtree(place)
        shutil.copytree(start, place)
        struck = injections(mode, call, number, undisturbed)
        code, said = traced(lambda: work(place), log, ["trace=" + ",".join(CALLS), *struck])
        after = in_child(lambda: look(place))
        if subject == "publish":
            mended = in_child(
                lambda: (publishing.publish(place, publishing.OLD, "group/2026-09.director"), look(place))[1]
            )
        else:
            mended = [0, None]
        again = in_child(lambda: (work(place), look(place))[1])
        where = [call, number, path, said if isinstance(said, str) else None]
        print(json.dumps([where, code, after, mended, again]), flush=True)


if __name__ == "__main__":
    if sys.argv[2] == "ingest":
        ingesting.load()
    sweep(Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), *sys.argv[6:])
