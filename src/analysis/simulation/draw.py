"""Random numbers by name, so that one part of the simulation can change without moving the others."""

from collections.abc import Sequence
from math import exp
from typing import TypeVar
from zlib import crc32

import numpy as np

T = TypeVar("T")
_BLOCK = 4096


class Draw:
    """One stream of PCG64, fixed by the seed and the name of its purpose; never by the clock, the machine or a hash seed."""

    def __init__(self, seed: int, purpose: str) -> None:
        sequence = np.random.SeedSequence([seed, crc32(purpose.encode())])
        self.generator = np.random.Generator(np.random.PCG64(sequence))
        self._block: list[float] = []

    def uniform(self) -> float:
        """A number in [0, 1). Taken from a block, because single calls to the generator are slow."""
        if not self._block:
            self._block = self.generator.random(_BLOCK).tolist()
        return self._block.pop()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.uniform() < probability

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` − 1."""
        return int(self.uniform() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all equally likely."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items, with the given weights."""
        mark = self.uniform() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            mark -= weight
            if mark < 0:
                return item
        return max(zip(weights, items, strict=True), key=lambda pair: pair[0])[1]

    def triangle(self, low: int, mode: int, high: int) -> int:
        """A whole number from a triangular distribution over `low` … `high`."""
        if low == high:
            return low
        left, right = low - 0.5, high + 0.5
        at, u = (mode - left) / (right - left), self.uniform()
        span = right - left
        value = left + (u * at) ** 0.5 * span if u < at else right - ((1 - u) * (1 - at)) ** 0.5 * span
        return min(max(round(value), low), high)

    def normal(self) -> float:
        """A standard normal number (sum of twelve uniforms: no library function whose last digit differs by machine)."""
        return sum(self.uniform() for _ in range(12)) - 6.0

    def lognormal(self, median: float, log_sd: float) -> float:
        """A log-normal number with this median."""
        return median * exp(log_sd * self.normal())

    def sample(self, items: Sequence[T], size: int) -> list[T]:
        """`size` different items, in the order of the sequence; all of them when there are fewer."""
        if size >= len(items):
            return list(items)
        chosen: set[int] = set()
        while len(chosen) < size:
            chosen.add(self.below(len(items)))
        return [items[position] for position in sorted(chosen)]
