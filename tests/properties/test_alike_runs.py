"""Groups of rows by one pass, and ids of whole columns, against plain Python."""

import hashlib
import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.columnar.hashed import hashed, ids_of, order_of_hashes
from analysis.columnar.runs import Runs

_ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(-3, 3)), min_size=1, max_size=30)
_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)


@given(_ROWS)
@settings(deadline=None)
def test_each_group_is_judged_by_all_its_rows_and_no_others(rows):
    group, values = np.array([g for g, _ in rows]), np.array([v for _, v in rows])
    runs, members = Runs.of(group), [[v for g, v in rows if g == own] for own in sorted({g for g, _ in rows})]
    assert runs.least(values).tolist() == [min(own) for own in members]
    assert runs.greatest(values).tolist() == [max(own) for own in members]
    assert runs.union(1 << (values + 3)).tolist() == [sum(1 << (v + 3) for v in {*own}) for own in members]
    assert values[runs.first].tolist() == [own[0] for own in members]
    assert runs.sizes.tolist() == [len(own) for own in members]
    ordered = runs.by(values)
    assert values[ordered.order].tolist() == [v for own in members for v in sorted(own)]
    assert group[ordered.order].tolist() == sorted(group.tolist())


def test_no_rows_make_no_groups():
    runs = Runs.of(np.array([], dtype=np.int64))
    assert len(runs.first) == len(runs.least(np.array([]))) == len(runs.union(np.array([], dtype=np.int64))) == 0


def test_what_is_no_number_comes_last_within_its_group():
    values = np.array([math.nan, 2.0, 1.0, 5.0])
    assert Runs.of(np.array([0, 0, 0, 1])).by(values).order.tolist() == [2, 1, 0, 3]


@given(st.lists(st.tuples(st.sampled_from("BA"), _TEXT), max_size=20))
@settings(deadline=None)
def test_ids_are_the_hash_of_the_row_and_come_in_their_order(rows):
    columns = [pd.Series([row[n] for row in rows], dtype="str") for n in (0, 1)]
    hashes = hashed(columns)
    ids = ids_of("S", hashes).tolist()
    assert ids == ["S-" + hashlib.sha256("\0".join(row).encode()).hexdigest()[:20] for row in rows]
    order = order_of_hashes(hashes, within=np.array([ord(clinic) for clinic, _ in rows]))
    assert order.tolist() == sorted(range(len(rows)), key=lambda n: (rows[n][0], ids[n]))
