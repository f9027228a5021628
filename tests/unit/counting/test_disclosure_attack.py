"""Nothing hidden in what leaves the group can be solved for: linear programming over all that was ever printed."""

from pathlib import Path

import numpy as np
import pytest
from attacker import Attacker
from hypothesis import given
from hypothesis import strategies as st

from analysis import ledger
from analysis.counting.suppression import UNDER_11, UP_TO_7_ROUNDED, Rule, Shown, bounds, protect
from analysis.errors import UsageError
from analysis.pipeline.publication import PUBLISHED
from analysis.pipeline.shared_periods import published_period

pytestmark = pytest.mark.thorough

QUARTERS = [("2025-01", "2025-03"), ("2025-04", "2025-06"), ("2025-07", "2025-09")]
ROWS = {"category": 6, "treatment_type": 7, "area": 9}
Group = dict[str, dict[str, int]]


def group(random: np.random.Generator) -> Group:
    """A small group's quarter: the same cases by category, type and area."""
    cases = int(random.integers(0, 90))
    tables = {}
    for table, rows in ROWS.items():
        weights = random.dirichlet(np.full(rows, 0.5))
        tables[table] = {f"{table}{n}": int(count) for n, count in enumerate(random.multinomial(cases, weights))}
    return tables


def later(random: np.random.Generator, known: Group) -> Group:
    """The same quarter with one or two late reports."""
    found = {table: dict(cells) for table, cells in known.items()}
    for _ in range(int(random.integers(1, 3))):
        for cells in found.values():
            cells[str(random.choice(list(cells)))] += 1
    return found


class Press:
    """Gives periods out as the program does: what was printed once is printed again; what overlaps is refused."""

    def __init__(self, book: Path, rule: Rule, off: str = "") -> None:
        self.book, self.rule, self.off, self.count = book, rule, off, 0

    def publish(self, first: str, last: str, counts: Group) -> Shown | None:
        kept = None
        if self.off not in ("frozen", "overlap"):
            kept = published_period(self.book, first=first, last=last, clinic=None, clinics=["A"])
        if kept is not None:
            return kept["tables"] or None
        shown = protect(counts, self.rule, complementary=self.off != "complementary")
        self.count += 1
        period = {"first": first, "last": last, "clinic": None, "clinics": ["A"], "tables": shown or {}}
        ledger.append(self.book, PUBLISHED, {"report": "r", "sha256": str(self.count), "shared_period": period})
        return shown


def exposed(random: np.random.Generator, book: Path, rule: Rule, off: str = "") -> int:
    """How many hidden small counts of a group the attacker tells, over three quarters, a revision and an attempt at the whole."""
    book.unlink(missing_ok=True)
    press, attacker = Press(book, rule, off), Attacker(rule.largest_hidden, rule.base)
    truth, printed = {}, {}
    for quarter in QUARTERS:
        truth[quarter] = group(random)
        printed[quarter] = press.publish(*quarter, truth[quarter])
    for quarter, shown in printed.items():
        if shown is not None:
            total = sum(truth[quarter]["category"].values()) if off == "total" else None
            attacker.reads(quarter, shown, total=total)
    quarter = QUARTERS[1]
    revised = press.publish(*quarter, later(random, truth[quarter]))
    if off != "frozen":
        if off != "overlap":
            assert revised == printed[quarter]  # the same again: nothing to subtract
    elif revised is not None and printed[quarter] is not None:
        attacker.reads("revised", revised)
        attacker.believes_late(quarter, "revised", most=2)
    whole = {t: {c: sum(truth[q][t][c] for q in QUARTERS) for c in cells} for t, cells in truth[quarter].items()}
    try:
        together = press.publish(QUARTERS[0][0], QUARTERS[-1][1], whole)
    except UsageError:
        together = None
    if off == "overlap" and together is not None and all(shown is not None for shown in printed.values()):
        attacker.reads("whole", together)
        attacker.believes_sum("whole", QUARTERS)
    return sum(
        attacker.tells(quarter, table, cell)
        for quarter, shown in printed.items() if shown is not None
        for table, cells in shown.items()
        for cell, count in cells.items() if count is None and truth[quarter][table][cell] <= rule.largest_hidden
    )  # fmt: skip


@pytest.mark.parametrize("rule", [UNDER_11, UP_TO_7_ROUNDED], ids=["under 11", "7 and rounded"])
@pytest.mark.parametrize("seeds", [range(50), pytest.param(range(1000), marks=pytest.mark.slow)], ids=["few", "all"])
def test_no_hidden_count_is_told(tmp_path: Path, rule: Rule, seeds: range) -> None:
    told = [exposed(np.random.default_rng(seed), tmp_path / "l.jsonl", rule) for seed in seeds]
    assert told == [0] * len(seeds)


@pytest.mark.parametrize("rule", [UNDER_11, UP_TO_7_ROUNDED], ids=["under 11", "7 and rounded"])
@pytest.mark.parametrize("off", ["complementary", "frozen", "overlap", "total"])
def test_each_protection_is_needed(tmp_path: Path, off: str, rule: Rule) -> None:
    """With one protection off the same attacker succeeds with one of the first small groups."""
    told = (exposed(np.random.default_rng(seed), tmp_path / "l.jsonl", rule, off) for seed in range(40))
    assert any(told)


COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), min_size=6, max_size=6)


@given(COUNTS, st.permutations(list(range(6))), st.sampled_from([UNDER_11, UP_TO_7_ROUNDED]))
def test_zero_is_shown_small_is_not_and_bounds_hold_the_truth(
    counts: dict[str, int], order: list[int], rule: Rule
) -> None:
    values = list(counts.values())
    merged = {"x": values[order[0]] + values[order[1]], **{f"y{n}": values[n] for n in order[2:]}}
    tables = {"one": counts, "two": merged}
    shown = protect(tables, rule)
    if shown is None:
        return
    known = bounds(shown, rule)
    for table, cells in tables.items():
        for cell, count in cells.items():
            printed, (low, high) = shown[table][cell], known[table][cell]
            assert low <= count <= high
            if count == 0:
                assert printed == 0
            elif count <= rule.largest_hidden:
                assert printed is None
                assert low <= 1
                assert high >= rule.largest_hidden
            elif printed is not None:
                assert abs(printed - count) < max(rule.base, 1)


def test_a_quarter_and_its_year_or_a_clinic_and_its_group_are_not_both_given_out(tmp_path: Path) -> None:
    book = tmp_path / "l.jsonl"
    Press(book, UNDER_11).publish("2025-01", "2025-03", group(np.random.default_rng(1)))
    for first, last, clinic in (
        ("2025-01", "2025-12", None),
        ("2025-01", "2025-03", "A"),
        ("2025-03", "2025-05", None),
    ):
        with pytest.raises(UsageError, match="subtraction"):
            published_period(book, first=first, last=last, clinic=clinic, clinics=["A"])
    assert published_period(book, first="2025-01", last="2025-03", clinic="B", clinics=["B"]) is None
    assert published_period(book, first="2025-04", last="2025-06", clinic=None, clinics=["A"]) is None
