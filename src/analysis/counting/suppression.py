"""Hiding small counts of tables that leave the group, and what would give them back.

The tables are partitions of the same cases: each sums to one total, which is never printed. Whoever reads them knows for every cell
an interval (shown: the count, or what rounds to it; hidden: 1 or more; zero: 0), and that the sums agree. `bounds` is what follows
from that, exactly; `protect` hides more until nothing follows. Two rules, as health statistics use them: counts under 11 hidden; or
counts up to 7 hidden and the others rounded to 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

INFINITE = 10**9
Tables = Mapping[str, Mapping[str, int]]
Shown = dict[str, dict[str, int | None]]
Interval = tuple[int, int]


@dataclass(frozen=True)
class Rule:
    """Counts from 1 to `largest_hidden` are hidden, the others rounded to a multiple of `base` (1: as they are)."""

    largest_hidden: int
    base: int = 1

    def printed(self, count: int) -> int:
        """A count that is shown, as it is printed."""
        return self.base * ((count + self.base // 2) // self.base)

    def of_printed(self, printed: int) -> Interval:
        """The counts that are printed like this."""
        if printed == 0:
            return 0, 0
        half = self.base // 2
        return max(self.largest_hidden + 1, printed - half), printed + (half if self.base % 2 else half - 1)


UNDER_11 = Rule(10)
UP_TO_7_ROUNDED = Rule(7, 5)


def protect(tables: Tables, rule: Rule, *, complementary: bool = True) -> Shown | None:
    """What may be printed of tables that have the same total: counts, None where hidden; None for the whole where too few are left.

    Small counts are hidden; then, while any of them could be told more closely than 1 to `largest_hidden`, the smallest count
    still shown of the same table, else of one that shows its total. Zero is shown. `complementary=False` leaves the second step
    out: for the tests, which show that it is needed.
    """
    shown: Shown = {
        name: {cell: None if 1 <= n <= rule.largest_hidden else rule.printed(n) for cell, n in table.items()}
        for name, table in tables.items()
    }
    while complementary and (name := _told(tables, shown, rule)):
        others = [other for other in shown if other != name and None not in shown[other].values()]
        place = next((one for one in (name, *others) if any(shown[one].values())), None)
        if place is None:
            return None
        left = [cell for cell, printed in shown[place].items() if printed]
        shown[place][min(left, key=lambda cell: tables[place][cell])] = None
    return shown


def bounds(shown: Shown, rule: Rule) -> dict[str, dict[str, Interval]]:
    """Between what and what each count lies, for whoever reads the tables and knows the rule."""
    known = {
        name: {cell: (1, INFINITE) if printed is None else rule.of_printed(printed) for cell, printed in table.items()}
        for name, table in shown.items()
    }
    sums = {
        name: (sum(low for low, _ in table.values()), sum(high for _, high in table.values()))
        for name, table in known.items()
    }
    least, most = max(low for low, _ in sums.values()), min(high for _, high in sums.values())
    return {
        name: {
            cell: (max(low, least - (sums[name][1] - high)), min(high, most - (sums[name][0] - low)))
            for cell, (low, high) in table.items()
        }
        for name, table in known.items()
    }


def _told(tables: Tables, shown: Shown, rule: Rule) -> str | None:
    """The first table with a small count that its readers could tell more closely than the rule allows."""
    for name, table in bounds(shown, rule).items():
        for cell, (low, high) in table.items():
            if 1 <= tables[name][cell] <= rule.largest_hidden and (low > 1 or high < rule.largest_hidden):
                return name
    return None
