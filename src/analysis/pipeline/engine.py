"""Where sites are built: in this process, in processes of this machine, or on a cluster. Same functions, same bits."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial, reduce
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


class Engine(Protocol):
    """Applies a function to many items."""

    @property
    def elsewhere(self) -> bool:
        """Whether results come from another process, and so had better be bytes."""
        ...

    @property
    def same_disk(self) -> bool:
        """Whether `work` may leave something in a folder of this machine."""
        ...

    def map(self, work: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[tuple[int, Made]]:
        """Results with the position of their item, in any order. What `work` raises is raised here."""
        ...

    def reduce(
        self, work: Callable[[Item], Made], merge: Callable[[Made, Made], Made], items: Sequence[Item]
    ) -> Made | None:
        """Results of all items merged two by two, in any order: `merge` has to be associative and commutative. None of none."""
        ...


class _Folding:
    """Merges results here, as they come."""

    def reduce(
        self: Engine, work: Callable[[Item], Made], merge: Callable[[Made, Made], Made], items: Sequence[Item]
    ) -> Made | None:
        """See Engine. Results of like size are merged, so that none is copied more often than a tree is deep."""
        levels: dict[int, Made] = {}
        for _, made in self.map(work, items):
            level = 0
            while level in levels:
                made = merge(levels.pop(level), made)
                level += 1
            levels[level] = made
        return reduce(merge, levels.values()) if levels else None


class Here(_Folding):
    """One item after the other in this process."""

    elsewhere = False
    same_disk = True

    def map(self, work: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[tuple[int, Made]]:
        """See Engine."""
        return ((n, work(item)) for n, item in enumerate(items))


@dataclass(frozen=True)
class Processes(_Folding):
    """As many items at once as there are processes. A process that dies costs time: the rest is made here."""

    count: int
    elsewhere = True
    same_disk = True

    def map(self, work: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[tuple[int, Made]]:
        """See Engine."""
        left = dict(enumerate(items))
        # a fork needs no second start of the program; elsewhere than on Linux it is not safe beside other threads
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        with ProcessPoolExecutor(self.count, mp_context=context, initializer=_end_with_parent) as pool:
            waiting = [(n, pool.submit(work, item)) for n, item in left.items()]
            try:
                for n, future in waiting:
                    made = future.result()
                    del left[n]
                    yield n, made
            except BrokenProcessPool:
                pass
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        yield from ((n, work(item)) for n, item in left.items())


def _end_with_parent() -> None:
    """A worker whose parent was killed would keep the parent's locks. Asked to end, it clears up without a word."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _leave)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=partial(_leave_after, parent), daemon=True).start()


def _leave(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _leave_after(parent: "multiprocessing.process.BaseProcess") -> None:
    parent.join()
    os._exit(1)


_MANY_FILES, _LARGE_FILES = 100, 20_000_000


def engine_for(items: int, *, files: int, size: int) -> Engine:
    """Processes where there is enough to do for them: 2 items or more, and 100 files or 20 MB."""
    count = min(items, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    return Processes(count) if count > 1 and (files > _MANY_FILES or size > _LARGE_FILES) else Here()
