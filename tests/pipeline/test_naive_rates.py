"""The rates against a second implementation that knows no frames: plain loops over records, and textbook limits."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd
import pytest
from scipy.optimize import brentq

from analysis.counting.exposure import grid
from analysis.counting.rates import rates
from analysis.measures import Measure, load_measures
from analysis.pipeline.selection import select
from analysis.store import Store

Record = dict[str, Any]
BY = ["clinic", "month", "treatment_type", "injector"]
MEASURES = load_measures()


@pytest.fixture(scope="module")
def store(larger_store: Store) -> Store:
    return larger_store


class Naive:
    """Counts of one store, by loops."""

    def __init__(self, store: Store) -> None:
        self.sessions = list(records(store.treatments))
        self.totals = list(records(store.exposure_totals))
        self.episodes = [e for e in records(store.episodes) if e["counted"]]
        self.events = {(e["clinic"], e["event_id"]): e for e in records(store.events)}
        self.first = self._first_entries(store)
        self.areas: dict[str, set[str]] = defaultdict(set)
        for line in records(store.treatment_lines):
            self.areas[line["session_id"]].add(line["area"])
        self.covered = {
            (c["clinic"], c["month"])
            for c in records(store.coverage)
            if c["treatments"] == "received" and c["events"] in ("received", "nil_return")
        }

    def _first_entries(self, store: Store) -> dict[tuple[str, str], Record]:
        found: dict[tuple[str, str], Record] = {}
        for finding in records(store.findings):
            if finding["episode_id"] is None or not finding["final"]:
                continue
            event = self.events[finding["clinic"], finding["event_id"]]
            key = (finding["clinic"], finding["episode_id"])
            if key not in found or order(event) < order(found[key]):
                found[key] = event
        return found

    def count(self, measure: Measure, keys: list[str]) -> dict[tuple[Any, ...], list[int]]:
        """Sessions, affected sessions and unlinked episodes by the keys, of covered clinic-months only."""
        table: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
        affected = {e["session_id"] for e in self.episodes if e["session_id"] and e["subcode"] in measure.subcodes}
        for session in self.sessions:
            cell = {**session, "month": session["treatment_date"].strftime("%Y-%m")}
            if (cell["clinic"], cell["month"]) not in self.covered:
                continue
            if measure.areas and not measure.areas & self.areas[cell["session_id"]]:
                continue
            table[pick(cell, keys)][0] += 1
            table[pick(cell, keys)][1] += cell["session_id"] in affected
        self._add_totals(measure, keys, table)
        self._add_unlinked(measure, keys, table)
        return table

    def _add_totals(self, measure: Measure, keys: list[str], table: dict[tuple[Any, ...], list[int]]) -> None:
        for cell in self.totals:
            if (cell["clinic"], cell["month"]) in self.covered and not (
                measure.areas and cell["area"] not in measure.areas
            ):
                table[pick(cell, keys)][0] += cell["sessions"]

    def _add_unlinked(self, measure: Measure, keys: list[str], table: dict[tuple[Any, ...], list[int]]) -> None:
        senders = {t["clinic"] for t in self.totals}
        at_risk = {t["clinic"] for t in self.totals if not measure.areas or t["area"] in measure.areas}
        seen = set()
        for episode in self.episodes:
            if episode["session_id"] or episode["subcode"] not in measure.subcodes:
                continue
            event = self.first[episode["clinic"], episode["episode_id"]]
            cell = {"clinic": event["clinic"], "month": month(event)}
            cell |= {name: event[name] or "unknown" for name in ("treatment_type", "injector")}
            if (cell["clinic"], cell["month"]) not in self.covered:
                continue
            once = (
                cell["clinic"],
                event["patient_key"] or event["event_id"],
                event["treatment_date"],
                cell["injector"],
            )
            if cell["clinic"] not in senders:
                table[pick(cell, keys)][2] += once not in seen
            elif cell["clinic"] in at_risk:
                table[pick(cell, keys)][1] += once not in seen
            seen.add(once)


def records(frame: pd.DataFrame) -> Iterator[Record]:
    yield from frame.astype(object).where(frame.notna(), None).to_dict("records")


def order(event: Record) -> tuple[bool, Any, str]:
    return event["reported_date"] is None, event["reported_date"] or 0, event["event_id"]


def month(event: Record) -> str:
    day = event["treatment_date"] or event["onset_date"] or event["reported_date"]
    return str(day.strftime("%Y-%m"))


def pick(cell: Record, keys: Iterable[str]) -> tuple[Any, ...]:
    return tuple(cell[key] for key in keys)


def binomial(k: int, n: int, p: float) -> float:
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def exact(k: int, n: int) -> tuple[float, float]:
    """Clopper–Pearson by definition: the chance of as many or more (as few or fewer) is 2.5 %."""
    solve: Callable[..., float] = lambda f: float(brentq(f, 0.0, 1.0, xtol=1e-15, rtol=1e-14))  # noqa: E731
    lower = 0.0 if k == 0 else solve(lambda p: 1 - binomial(k - 1, n, p) - 0.025)
    upper = 1.0 if k == n else solve(lambda p: binomial(k, n, p) - 0.025)
    return lower, upper


def wilson(k: int, n: int) -> tuple[float, float]:
    z, p = 1.959963984540054, k / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


@pytest.mark.parametrize("keys", [["month"], ["treatment_type", "injector"], ["clinic"], BY], ids="-".join)
def test_rates_are_those_of_plain_loops(store: Store, keys: list[str]) -> None:
    naive = Naive(store)
    base = grid(select(store, None).counted(), MEASURES.values())
    table = rates(base, MEASURES, by=keys)
    compared = 0
    for name, measure in MEASURES.items():
        told = naive.count(measure, keys)
        own = table[table["measure"] == name]
        assert not own.duplicated(keys).any()
        for row in records(own):
            compared += check(row, told.pop(pick(row, keys), [0, 0, 0]))
        assert not {cell: counts for cell, counts in told.items() if any(counts)}
    assert compared > 15


def check(row: Record, counts: list[int]) -> bool:
    """Compare one row of the table; true when it holds a rate."""
    n, k, loose = counts
    if row["denominator"] is None:
        assert n == k == 0
        assert row["rate"] is None
        assert row["reason"] == "logs not received"
        return False
    assert (row["denominator"], row["numerator"]) == (n, k)
    if n == 0 or k > n:
        assert row["rate"] is row["lower"] is row["upper"] is None
        assert row["reason"]
        return False
    few = k < 10 or n - k < 10
    assert row["method"] == ("clopper_pearson" if few else "wilson")
    assert row["rate"] == pytest.approx(k / n, rel=1e-12)
    assert row["if_unlinked_counted"] == pytest.approx((k + loose) / n, rel=1e-12)
    assert (row["lower"], row["upper"]) == pytest.approx(exact(k, n) if few else wilson(k, n), rel=1e-9, abs=1e-12)
    return True


def test_every_combination_of_a_clinics_own_values_has_its_row(store: Store) -> None:
    base = grid(select(store, None).counted(), MEASURES.values())
    months = {(c["clinic"], c["month"]) for c in records(store.coverage)}
    for (clinic, _), part in base.groupby(["clinic", "measure"]):
        own = {m for c, m in months if c == clinic}
        pairs = part[["treatment_type", "injector", "basis"]].drop_duplicates()
        assert len(part) >= len(own) * len(pairs)
        assert own <= set(part["month"])
    assert (base[["sessions", "affected", "unlinked"]] >= 0).all(axis=None)


def test_a_session_of_two_indications_counts_once_under_each(store: Store) -> None:
    split = grid(select(store, None).counted(), MEASURES.values(), split=True)
    own = split[(split["measure"] == "any_reaction") & (split["basis"] == "session")]
    told: dict[str, set[str]] = defaultdict(set)
    for line in records(store.treatment_lines):
        told[line["session_id"]].add(line["indication"])
    wanted: dict[str, int] = defaultdict(int)
    for kinds in told.values():
        for kind in kinds - {"unknown"} or kinds:
            wanted[kind] += 1
    found = own.groupby("treatment_type")["sessions"].sum()
    assert {kind: n for kind, n in found.items() if n} == dict(wanted)
    assert sum(wanted.values()) > len(store.treatments)


def test_without_a_treatments_log_there_are_counts_and_no_rate(store: Store) -> None:
    clinics = select(store, "Harbour").counted()
    bare = type(clinics)(
        **{
            **clinics.__dict__,
            "treatments": clinics.treatments[:0],
            "treatment_lines": clinics.treatment_lines[:0],
            "episodes": clinics.episodes.assign(session_id=pd.Series(pd.NA, index=clinics.episodes.index, dtype="str")),
            "coverage": clinics.coverage.assign(treatments="missing"),
        }
    )
    table = rates(grid(bare, MEASURES.values()), MEASURES, by=["month"])
    assert len(table)
    assert table[["rate", "lower", "upper"]].isna().all(axis=None)
    assert table["reason"].notna().all()
