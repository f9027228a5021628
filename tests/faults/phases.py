"""Named points of ingest and of publishing at which a run is ended, fails or hangs; a wrapper in the test, no switch in the program.

A switch in the program (an environment variable, say) would be one more way to break a clinic's run, and would be there for ever;
the names below are functions that each phase goes through, and a test fails when one of them is never reached.
`python phases.py FOLDER` prints one line of JSON per phase × before|after × kill|raise|hang, and per step of the file-size limit.
"""

import contextlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ingesting
import publishing
from striking import in_child

from analysis.errors import RefusedBeforeWork

INGEST = {
    "settled": "analysis.pipeline.ingest._settle",
    "key loaded": "analysis.pipeline.ingest.load_key",
    "files found": "analysis.pipeline.ingest.find_files",
    "files parsed": "analysis.pipeline.site.read_folder",
    "rows combined": "analysis.pipeline.site.combine",
    "frames validated": "analysis.pipeline.ingest.build",
    "frame as Parquet": "analysis.store.parquet_of",
    "entry in the ledger": "analysis.ledger.append",
    "head of the ledger": "analysis.ledger.head.remember",
    "snapshot named": "analysis.durable.Stage.publish_folder",
    "pointer swapped": "analysis.store.replace_file",
    "older one removed": "analysis.store._prune",
    "amendments said": "analysis.pipeline.journal.new_amendments",
    "place remembered": "analysis.pipeline.ingest.remember",
}
PUBLISH = {
    "settled": "analysis.pipeline.publication.settle",
    "file staged": "analysis.durable.Stage.write",
    "prepared in the ledger": "analysis.ledger.append",
    "decided": "analysis.durable.Stage.publish_folder",
    "placed": "analysis.pipeline.publication._place",
    "cleared": "analysis.durable.discard_folder",
    "said": "analysis.pipeline.publication._say",
}
HOWS = ("kill", "raise", "hang")


def wrapped(target: str, when: str, act: Callable[[], None]) -> None:
    """Let `act` happen before or after the function at `target`, whenever it is called."""
    if target.startswith("analysis.pipeline.site."):
        ingesting.THROUGH.append(True)
    parts = target.split(".")
    owner: Any = None
    for size in range(len(parts) - 1, 0, -1):
        with contextlib.suppress(ModuleNotFoundError):
            owner = importlib.import_module(".".join(parts[:size]))
            rest = parts[size:]
            break
    for name in rest[:-1]:
        owner = getattr(owner, name)
    real = getattr(owner, rest[-1])

    def around(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            act()
        found = real(*arguments, **named)
        if when == "after":
            act()
        return found

    setattr(owner, rest[-1], around)


def hung(work: Callable[[Callable[[], None]], Any], meanwhile: Callable[[], Any]) -> tuple[int, Any]:
    """Run `work` in a child until it hangs, do `meanwhile`, end the child; its exit and what `meanwhile` said."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:

        def hang() -> None:
            os.write(write, b".")
            time.sleep(3600)

        with contextlib.suppress(BaseException):
            work(hang)
        os.write(write, b"-")
        os._exit(0)
    reached = os.read(read, 1) == b"."
    said = meanwhile() if reached else "not reached"
    os.kill(child, signal.SIGKILL)
    os.close(read)
    os.close(write)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def strike_phases(
    root: Path, phases: dict[str, str], work: Callable[[Path], Any], look: Callable[[Path], Any], whole: Any
) -> None:
    place = root / "work"
    for phase, target in phases.items():
        for when in ("before", "after"):
            for how in HOWS:
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(root / "start", place)
                told: Any = None
                if how == "hang":

                    def until(hang: Callable[[], None], target: str = target, when: str = when) -> None:
                        wrapped(target, when, hang)
                        work(place)

                    def others() -> Any:
                        """What a reader sees, and whether a second run is refused or ends."""
                        return in_child(lambda: look(place)), in_child(lambda: refused(lambda: work(place)))

                    code, told = hung(until, others)
                else:

                    def struck(target: str = target, when: str = when, how: str = how) -> Any:
                        def act() -> None:
                            if how == "kill":
                                os.kill(os.getpid(), signal.SIGKILL)
                            raise RuntimeError("left eyelid droop of Ana Reyes")

                        wrapped(target, when, act)
                        work(place)
                        return "ended"

                    code, told = in_child(struck)
                after = in_child(lambda: look(place))
                again = in_child(lambda: (work(place), look(place))[1])
                print(json.dumps([[phase, when, how], code, told, after, again, whole]), flush=True)


def refused(work: Callable[[], Any]) -> str:
    try:
        work()
    except RefusedBeforeWork:
        return "refused"
    return "ended"


def limited(work: Callable[[], Any], most: int) -> Any:
    """`work` with no file allowed to grow over `most` bytes; the signal is ignored, so the call fails as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    work()
    return "ended"


def steps_of_size(root: Path, work: Callable[[Path], Any], look: Callable[[Path], Any], whole: Any) -> None:
    """Limits from nothing upwards in steps of 4 kB, until a run ends unharmed."""
    place, size, code = root / "work", 0, 1
    while code != 0:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(root / "start", place)
        code, told = in_child(lambda size=size: limited(lambda: work(place), size))
        after = in_child(lambda: look(place))
        again = in_child(lambda: (work(place), look(place))[1])
        print(json.dumps([["file size", str(size), "limit"], code, told, after, again, whole]), flush=True)
        size += 4096


def main(root: Path, subject: str) -> None:
    (root / "start").mkdir(parents=True)
    if subject == "ingest":
        ingesting.prepare(root / "start", frames_made=True)
        work, look, phases = ingesting.read_in, ingesting.look, INGEST
    else:
        in_child(lambda: publishing.publish(root / "start", publishing.OLD))
        work, look, phases = lambda place: publishing.publish(place, publishing.NEW), publishing.look, PUBLISH
    shutil.copytree(root / "start", root / "whole")
    before = in_child(lambda: look(root / "whole"))[1]
    in_child(lambda: work(root / "whole"))
    whole = [before, in_child(lambda: look(root / "whole"))[1]]
    chosen = {name: phases[name] for name in sys.argv[3:]} or phases
    strike_phases(root, chosen, work, look, whole)
    if not sys.argv[3:]:
        steps_of_size(root, work, look, whole)


if __name__ == "__main__":
    if sys.argv[2] == "ingest":
        ingesting.load()
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
