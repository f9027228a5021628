"""Cohen's kappa against published figures and a second implementation in plain loops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.counting.agreement import agreement_by_label, cohens_kappa


def pairs(table: list[list[int]]) -> tuple[list[str], list[str]]:
    cells = [(a, b) for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]
    return [f"l{a}" for a, _ in cells], [f"l{b}" for _, b in cells]


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[22, 2], [4, 11]], 0.67),  # Sim and Wright (2005), Phys Ther 85:257-268, table 1
        ([[20, 5], [10, 15]], 0.40),  # the textbook example of 50 grant proposals
        ([[45, 15], [25, 15]], 0.1304),
        ([[25, 35], [5, 35]], 0.2593),
    ],
)  # fmt: skip
def test_published_tables(table: list[list[int]], kappa: float) -> None:
    found = cohens_kappa(*pairs(table))
    assert found.kappa == pytest.approx(kappa, abs=0.005)
    assert found.n == sum(map(sum, table))
    assert found.agreed == table[0][0] + table[1][1]
    assert found.lower < found.kappa < found.upper


def naive(first: list[str], second: list[str]) -> float:
    n = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    chance = sum(first.count(label) * second.count(label) for label in set(first)) / n**2
    return (agreed - chance) / (1 - chance)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=60))
def test_the_same_as_in_plain_loops_and_either_way_round(rows: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in rows], [b for _, b in rows]
    found, back = cohens_kappa(first, second), cohens_kappa(second, first)
    if len({*first, *second}) < 2:
        assert math.isnan(found.kappa)
        return
    assert found.kappa == pytest.approx(naive(first, second), abs=1e-12)
    assert back.kappa == pytest.approx(found.kappa, abs=1e-12)
    assert -1 <= found.kappa <= 1


def test_no_variation_and_no_entries_have_no_kappa() -> None:
    assert math.isnan(cohens_kappa(["a", "a"], ["a", "a"]).kappa)
    assert math.isnan(cohens_kappa([], []).kappa)
    assert np.isnan(cohens_kappa(["a", "b"], ["a", "b"]).lower)  # full agreement: the formula has no spread to speak of


def test_a_label_is_agreed_on_by_itself() -> None:
    first = [frozenset({"a"}), frozenset({"a", "b"}), frozenset()]
    second = [frozenset({"a"}), frozenset({"b"}), frozenset({"b"})]
    table = agreement_by_label(first, second, ["a", "b"]).set_index("label")
    assert table.loc["a", ["first", "second", "both", "agreed"]].tolist() == [2, 1, 1, 2]
    assert table.loc["b", ["first", "second", "both", "agreed"]].tolist() == [1, 2, 1, 2]
    assert table.loc["all", "agreed"] == 1
