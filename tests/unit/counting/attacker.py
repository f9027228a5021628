"""Somebody who has every table that was given out, knows the rules, and solves for what is hidden. Shares no line with the program."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog

Printed = dict[str, dict[str, int | None]]
MANY = 10_000


@dataclass
class Attacker:
    """Unknown: the count of every cell of every period and version. Known: what was printed, and that tables of a period agree."""

    largest_hidden: int
    base: int
    limits: list[tuple[int, int]] = field(default_factory=list)
    equal: list[dict[int, int]] = field(default_factory=list)
    place: dict[tuple[Any, str, str], int] = field(default_factory=dict)

    def reads(self, version: Any, printed: Printed, *, total: int | None = None) -> None:
        """Take in the tables of a period (or of a revision of it); cells of one version have one total."""
        first: list[int] | None = None
        for table, cells in printed.items():
            own = []
            for cell, shown in cells.items():
                self.place[version, table, cell] = len(self.limits)
                own.append(len(self.limits))
                self.limits.append(self._between(shown))
            if total is not None:
                self.limits.append((total, total))
                self.equal.append({**dict.fromkeys(own, 1), len(self.limits) - 1: -1})
            if first is None:
                first = own
            else:
                self.equal.append({**dict.fromkeys(first, 1), **dict.fromkeys(own, -1)})

    def believes_sum(self, whole: Any, parts: Iterable[Any]) -> None:
        """Every cell of `whole` is the sum of the same cell of the parts."""
        for (version, table, cell), here in list(self.place.items()):
            if version == whole:
                self.equal.append({here: 1, **{self.place[part, table, cell]: -1 for part in parts}})

    def believes_late(self, old: Any, new: Any, *, most: int) -> None:
        """From `old` to `new` only late reports came, at most so many to a cell."""
        for (version, table, cell), here in list(self.place.items()):
            if version == new:
                late = len(self.limits)
                self.limits.append((0, most))
                self.equal.append({here: 1, self.place[old, table, cell]: -1, late: -1})

    def tells(self, version: Any, table: str, cell: str) -> bool:
        """The count is known more closely than 1 to `largest_hidden`."""
        cost = np.zeros(len(self.limits))
        cost[self.place[version, table, cell]] = 1.0
        matrix = np.zeros((len(self.equal), len(self.limits)))
        for row, terms in enumerate(self.equal):
            for column, factor in terms.items():
                matrix[row, column] = factor
        least, most = (
            linprog(sign * cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=self.limits, method="highs")
            for sign in (1, -1)
        )
        assert least.status == most.status == 0, (least.message, most.message)
        return bool(least.fun > 1 + 1e-6 or -most.fun < self.largest_hidden - 1e-6)

    def _between(self, shown: int | None) -> tuple[int, int]:
        if shown is None:
            return 1, MANY
        if shown == 0 or self.base == 1:
            return shown, shown
        fits = [
            n
            for n in range(shown - self.base, shown + self.base + 1)
            if n > self.largest_hidden and self._rounds(n) == shown
        ]
        return min(fits), max(fits)

    def _rounds(self, count: int) -> int:
        return self.base * int(np.floor(count / self.base + 0.5))
