"""Rows that belong together, side by side: least, greatest and sum of each group by one pass over ordered numbers."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Runs:
    """Positions of rows in order of their group (`order`), and where in it each group begins (`starts`). No group is empty."""

    order: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, group: np.ndarray) -> "Runs":
        """By the number of each row's group. Groups come by number, the rows of one in the order they have."""
        ascending = bool((group[1:] >= group[:-1]).all())
        order = np.arange(len(group)) if ascending else np.argsort(group, kind="stable")
        return cls(order, np.flatnonzero(np.diff(group[order], prepend=-1)))

    @property
    def first(self) -> np.ndarray:
        """Position of the first row of each group."""
        return self.order[self.starts]

    @property
    def sizes(self) -> np.ndarray:
        """Rows of each group."""
        return np.diff(self.starts, append=len(self.order))

    def numbers(self) -> np.ndarray:
        """For each row of `order` the place of its group, from 0."""
        return np.repeat(np.arange(len(self.starts)), self.sizes)

    def least(self, values: np.ndarray) -> np.ndarray:
        """Of each group the smallest of its rows' values."""
        return np.minimum.reduceat(values[self.order], self.starts) if len(self.starts) else values[:0]

    def greatest(self, values: np.ndarray) -> np.ndarray:
        """Of each group the largest of its rows' values."""
        return np.maximum.reduceat(values[self.order], self.starts) if len(self.starts) else values[:0]

    def union(self, values: np.ndarray) -> np.ndarray:
        """Of each group the bits set in any of its rows' values."""
        return np.bitwise_or.reduceat(values[self.order], self.starts) if len(self.starts) else values[:0]

    def by(self, values: np.ndarray, *, largest: int = 1) -> "Runs":
        """The same groups, their rows in ascending order of `values`, NaN last; groups of at most `largest` rows stay as they are."""
        rows = np.repeat(self.sizes > largest, self.sizes)
        if not rows.any():
            return self
        own, order = self.order[rows], self.order.copy()
        order[rows] = own[np.lexsort([values[own], self.numbers()[rows]])]
        return Runs(order, self.starts)
