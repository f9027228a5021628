"""One piece of work in a process of its own: processor time of all its processes, time by the clock, and memory, as a line of JSON.

python -m benchmarks.run ingest RAW PROCESSED [here|embedded|dask-1|dask-2|dask-killed] [--cache]
python -m benchmarks.run month PROCESSED
python -m benchmarks.run reports PROCESSED OUT one|all
"""

import json
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pandas  # noqa: F401  (loaded before the clock starts, like the two below)
import pandera.pandas  # noqa: F401
import psutil
import pyarrow.parquet  # noqa: F401

_EVERY = 0.2
_FURTHER = 4
"""Months that are built after the first one, as in a run over many."""


class Watch:
    """Processor seconds of this process and of each that it started, and the most memory they held together (GiB)."""

    def __init__(self) -> None:
        self.seconds: dict[int, float] = {}
        self.peak, self.peak_own = 0, 0
        self._own, self._done = psutil.Process(), threading.Event()
        self._before = self._busy(self._own)
        self._start = time.perf_counter()
        self._thread = threading.Thread(target=self._look_often, daemon=True)
        self._thread.start()

    def _look_often(self) -> None:
        while not self._done.wait(_EVERY):
            self.look()

    def look(self) -> None:
        """Once now."""
        held = 0
        for one in (self._own, *self._own.children(recursive=True)):
            try:
                self.seconds[one.pid] = self._busy(one)
                held += one.memory_info().rss
            except psutil.Error:  # it has ended meanwhile: what was seen last stands
                continue
        self.peak, self.peak_own = max(self.peak, held), max(self.peak_own, self._own.memory_info().rss)

    def told(self) -> dict[str, float]:
        """`wall`, `cpu` of all, `own` of this process, `longest` (this process and its busiest child), `peak` and `peak_own`."""
        self.look()
        self._done.set()
        own = self.seconds.pop(self._own.pid) - self._before
        others = list(self.seconds.values())
        return {
            "wall": time.perf_counter() - self._start, "own": own, "cpu": own + sum(others), "longest": own + max(others, default=0.0),
            "peak": self.peak / 1024**3, "peak_own": self.peak_own / 1024**3, "load": os.getloadavg()[0],
        }  # fmt: skip

    @staticmethod
    def _busy(process: psutil.Process) -> float:
        used = process.cpu_times()
        return float(used.user + used.system)


@contextmanager
def _engine(name: str) -> Iterator[tuple[Any, list[int]]]:
    """The engine of this name, and the processes of its workers."""
    from analysis.pipeline.dask_engine import cluster
    from analysis.pipeline.engine import Here

    if not name.startswith("dask"):
        with nullcontext(Here() if name == "here" else None) as chosen:
            yield chosen, []
        return
    with cluster(workers=1 if name == "dask-1" else 2) as made:
        yield made, list(made.client.run(os.getpid).values())


def _ingest(raw: Path, processed: Path, engine: str, cache: bool) -> dict[str, Any]:
    from analysis.pipeline.ingest import ingest

    with _engine(engine) as (chosen, workers):

        def progress(_: str, done: int, of: int) -> None:
            if engine == "dask-killed" and done == max(of // 3, 1) and workers:
                os.kill(workers.pop(), signal.SIGKILL)

        watch = Watch()
        made = ingest(raw, processed, cache=cache, engine=chosen, progress=progress)
        return {**watch.told(), "snapshot": made.snapshot}


def _month(processed: Path) -> dict[str, Any]:
    from analysis.pipeline.context import build_month
    from analysis.store import open_store

    watch = Watch()
    store = open_store(processed)
    opened = watch.told()["own"]
    first, *more = sorted(set(store.coverage["month"]))[-_FURTHER - 2 : -1]
    watch = Watch()
    build_month(store, month=first)
    told, further = watch.told(), []
    for month in more:
        start = time.process_time()
        build_month(store, month=month)
        further.append(time.process_time() - start)
    sizes = {"sessions": len(store.treatments), "events": len(store.events)}
    return {**told, "opened": opened, "further": statistics.median(further), **sizes}


def _reports(processed: Path, out: Path, which: str) -> dict[str, Any]:
    """One group report as `ae report` makes it, or those of all months as `ae report --all` does."""
    from analysis.pipeline.every_month import report_months
    from analysis.pipeline.publish import Wanted, months_with_data, publish_month
    from analysis.store import open_store

    watch = Watch()
    store = open_store(processed)
    if which == "one":
        publish_month(store, out, Wanted(), month=None, processed=processed)
        return {**watch.told(), "reports": 1}
    made = report_months(store, out, Wanted(), months_with_data(store, None), processed=processed)
    return {"reports": len(list(made)), **watch.told()}


def main() -> None:
    """Do what the arguments say, and tell what it took."""
    what, *rest = [one for one in sys.argv[1:] if not one.startswith("--")]
    works: dict[str, Callable[[], dict[str, Any]]] = {
        "ingest": lambda: _ingest(Path(rest[0]), Path(rest[1]), rest[2], "--cache" in sys.argv),
        "month": lambda: _month(Path(rest[0])),
        "reports": lambda: _reports(Path(rest[0]), Path(rest[1]), rest[2]),
    }
    print(json.dumps(works[what]()))


if __name__ == "__main__":
    main()
