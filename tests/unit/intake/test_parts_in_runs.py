"""Rows of many files that lie in one frame are taken up in a few pieces, and say the same as file by file."""

from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.find import RawFile
from analysis.intake.part import Part, Stretch, in_runs

SHARED = [
    pd.DataFrame({"row": range(start, start + 12), "text": [f"entry {n}" for n in range(start, start + 12)]})
    for start in (0, 100)
]
stretches = st.builds(
    lambda frame, start, length: Stretch(SHARED[frame], start, min(start + length, 12)),
    st.integers(0, 1), st.integers(0, 12), st.integers(0, 5),
)  # fmt: skip
held = st.lists(st.one_of(stretches, stretches.map(Stretch.rows)), min_size=1, max_size=12)


@settings(deadline=None)
@given(held)
def test_runs_are_the_parts_one_after_the_other(parts):
    plain = pd.concat([one.rows() if isinstance(one, Stretch) else one for one in parts], ignore_index=True)
    pd.testing.assert_frame_equal(pd.concat(in_runs(parts), ignore_index=True), plain)


def test_stretches_that_adjoin_are_one_piece():
    first, second = SHARED
    cut = [
        Stretch(first, 0, 3),
        Stretch(first, 3, 3),
        Stretch(first, 3, 7),
        Stretch(second, 7, 9),
        Stretch(first, 9, 12),
    ]
    assert [len(piece) for piece in in_runs(cut)] == [7, 2, 3]


def test_a_part_whose_rows_are_changed_forgets_the_period_it_spoke_for(tmp_path):
    (tmp_path / "a.csv").write_text("")
    part = Part(
        RawFile("North", "North/a.csv", tmp_path / "a.csv", "", 0), "", "events", "North", None, None, False,
        held=Stretch(SHARED[0], 2, 5), spans=(("North", "events", date(2025, 1, 1), date(2025, 1, 31)),),
    )  # fmt: skip
    assert part.rows["row"].tolist() == [2, 3, 4]
    part.rows = part.rows.iloc[:1]
    assert (len(part.held), part.spans) == (1, None)
