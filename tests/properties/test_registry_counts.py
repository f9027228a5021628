"""Whole numbers of clinics add up to the counts of all, in whatever order and grouping."""

from functools import reduce
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counting.clinics import Clinics
from analysis.counting.exposure import grid
from analysis.measures import load_measures
from analysis.pipeline.engine import Here
from analysis.pipeline.ingest import ingest
from analysis.pipeline.registry import registry_counts
from analysis.schemas.statistics import CELL, merge_counts, no_counts
from analysis.store import open_store

ROW = st.fixed_dictionaries({
    "clinic": st.sampled_from(["Harbour", "Quay"]), "month": st.sampled_from(["2026-01", "2026-02"]), "treatment_type": st.just("cosmetic"),
    "injector": st.sampled_from(["Dr A", "unknown"]), "measure": st.sampled_from(["bruise", "lid_droop"]), "basis": st.just("session"),
    "sessions": st.integers(0, 10**12), "affected": st.integers(0, 9), "unlinked": st.integers(0, 9), "covered": st.booleans(),
})  # fmt: skip
COUNTED = st.lists(ROW, max_size=5).map(
    lambda rows: merge_counts(pd.DataFrame(rows) if rows else no_counts(), no_counts())
)


@settings(max_examples=40, deadline=None)
@given(one=COUNTED, two=COUNTED, three=COUNTED)
def test_merging_is_associative_and_commutative_and_adds(
    one: pd.DataFrame, two: pd.DataFrame, three: pd.DataFrame
) -> None:
    left, right = merge_counts(merge_counts(one, two), three), merge_counts(one, merge_counts(two, three))
    pd.testing.assert_frame_equal(left, right)
    pd.testing.assert_frame_equal(merge_counts(one, two), merge_counts(two, one))
    pd.testing.assert_frame_equal(merge_counts(one, no_counts()), one)
    by_hand: dict[tuple, int] = {}
    for frame in (one, two, three):
        for row in frame.to_dict("records"):
            cell = tuple(row[name] for name in CELL)
            by_hand[cell] = by_hand.get(cell, 0) + row["sessions"]
    assert {tuple(row[name] for name in CELL): row["sessions"] for row in left.to_dict("records")} == by_hand


@given(items=st.lists(st.integers(), max_size=20))
def test_a_tree_of_merges_is_the_sum(items: list[int]) -> None:
    assert (Here().reduce(lambda n: n, lambda a, b: a + b, items) or 0) == reduce(int.__add__, items, 0)


@pytest.mark.slow
def test_counts_clinic_by_clinic_are_those_of_all_at_once(tmp_path: Path) -> None:
    ingest(Path(__file__).parents[2] / "data" / "raw", tmp_path / "p", engine=Here(), cache=False)
    store = open_store(tmp_path / "p")
    frames = Clinics(**{name: store.frame(name) for name in Clinics.__dataclass_fields__})
    at_once = merge_counts(grid(frames, load_measures().values()), no_counts())
    by_clinic = registry_counts(tmp_path / "p")
    assert len(by_clinic)
    pd.testing.assert_frame_equal(by_clinic, at_once)
