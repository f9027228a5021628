"""Wall-clock times of repeated calls, after one that is not counted."""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Seconds of the counted runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def timed(call: Callable[[int], object], *, repeat: int) -> Times:
    """Time `repeat` runs after a warm-up; `call` gets the number of the run, the warm-up being 0."""
    call(0)
    found = []
    for number in range(1, repeat + 1):
        start = time.perf_counter()
        call(number)
        found.append(time.perf_counter() - start)
    return Times(tuple(found))


def say(what: str, ours: Times, floor: Times) -> None:
    """Print both medians, the ratio and the peak memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{what}: {ours.median:.2f} s (min {min(ours.seconds):.2f}), floor {floor.median:.2f} s "
        f"(min {min(floor.seconds):.2f}), ratio {ours.median / floor.median:.2f}; peak {peak:.2f} GiB"
    )
    sys.stdout.flush()
