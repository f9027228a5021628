"""A report for each month: made on all cores, each core's notebooks in one kernel, published in order of month."""

import multiprocessing.util
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path

from analysis.errors import NothingToReport
from analysis.pipeline.engine import Engine, Here, Processes
from analysis.pipeline.kernel import Kernel
from analysis.pipeline.publish import Made, Wanted, make, put
from analysis.report.names import report_name
from analysis.store import Store, open_store

_FEW = 3
"""So many months are made faster here than by further processes."""
_MOST = 6
"""Months that one process makes before any of them is published."""


@dataclass
class Month:
    """What came of one month: where its report lies (missing when there is nothing to report), and whether it is new."""

    month: str
    path: Path | None
    new: bool = field(default=False)


def report_months(
    store: Store, out: Path, wanted: Wanted, months: list[str], *, processed: Path, engine: Engine | None = None
) -> Iterator[Month]:
    """Make and publish the reports of these months, in their order; one that would be the same is left as it lies.

    A failed cell raises CheckFailed; reports of the months before are published then.
    """
    chosen = engine or (Processes(min(len(months), os.cpu_count() or 1)) if len(months) > _FEW else Here())
    work = partial(_make_some, snapshot=store.folder, wanted=wanted, out=out, together=tuple(months))
    shares = list(_shares(months, chosen.count if isinstance(chosen, Processes) else len(months)))
    waiting: dict[int, list[Made | Exception | None]] = {}
    place = 0
    try:
        for n, some in chosen.map(work, shares):
            waiting[n] = some
            while place in waiting:
                for month, made in zip(shares[place], waiting.pop(place), strict=False):
                    if isinstance(made, Exception):
                        raise made
                    yield Month(month, put(made, out, processed) if made else None, bool(made and made.html))
                place += 1
    finally:
        if _kernel.cache_info().currsize:
            _kernel().close()


def _shares(months: Sequence[str], processes: int) -> Iterator[Sequence[str]]:
    """Months in a row go to one process, which looks at the end of each once; fewer at a time towards the end, for all to end together."""
    first = 0
    while first < len(months):
        count = min(max((len(months) - first) // (2 * processes), 1), _MOST)
        yield months[first : first + count]
        first += count


def _make_some(
    months: Sequence[str], *, snapshot: Path, wanted: Wanted, out: Path, together: tuple[str, ...]
) -> list[Made | Exception | None]:
    """What came of each month; last, what went wrong, so that the months before are published all the same."""
    found: list[Made | Exception | None] = []
    for month in months:
        try:
            found.append(_make(month, snapshot=snapshot, wanted=wanted, out=out, together=together))
        except Exception as error:
            return [*found, error]
    return found


def _make(month: str, *, snapshot: Path, wanted: Wanted, out: Path, together: tuple[str, ...]) -> Made | None:
    name = report_name(month=month, clinic=wanted.clinic, audience=wanted.audience)
    if wanted.audience == "director" and not (out / f"{name}.html").exists():
        _kernel().start()
    try:
        return make(_store(snapshot), wanted, month=month, kernel=_kernel(), lying=out, together=together)
    except NothingToReport:  # a month with data of which this audience gets nothing
        return None


@lru_cache(maxsize=1)
def _store(snapshot: Path) -> Store:
    """The snapshot, opened once in each process."""
    return open_store(snapshot)


@cache
def _kernel() -> Kernel:
    """The one kernel of this process, ended with it."""
    kernel = Kernel()
    if multiprocessing.parent_process() is not None:
        multiprocessing.util.Finalize(None, kernel.close, exitpriority=10)
    return kernel
