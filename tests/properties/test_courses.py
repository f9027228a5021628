"""Courses against a loop that reads the definition aloud."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.courses import COURSE_DAYS, add_courses

_SESSION = st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 70), st.sampled_from(["cosmetic", "tmj"]))


def _by_hand(sessions: list[tuple]) -> list[int]:
    """For each session the one its course began with; of one day the first in the list leads."""
    leads = list(range(len(sessions)))
    start: dict[tuple, int] = {}
    for n in sorted(range(len(sessions)), key=lambda n: sessions[n][1]):
        person, day, kind = sessions[n]
        first = start.get((person, kind))
        if person is not None and first is not None and 0 < day - sessions[first][1] <= COURSE_DAYS:
            leads[n] = first
        elif first is None or day != sessions[first][1]:
            start[person, kind] = n
    return leads


@given(st.lists(_SESSION, min_size=1, max_size=14))
@settings(deadline=None)
def test_a_course_is_a_session_and_what_follows_within_28_days(sessions):
    frame = pd.DataFrame(
        {
            "clinic": "C", "session_id": [f"S{n}" for n in range(len(sessions))],
            "patient_key": pd.Series([person for person, _, _ in sessions], dtype="str"),
            "person": [{"a": 0, "b": 1}.get(person, 2 + n) for n, (person, _, _) in enumerate(sessions)],
            "treatment_date": pd.to_datetime([pd.Timestamp("2026-01-01") + pd.Timedelta(days=day) for _, day, _ in sessions]),
            "treatment_type": [kind for _, _, kind in sessions],
        }
    )  # fmt: skip
    found = add_courses(frame)
    leads = _by_hand(sessions)
    assert found["course_id"].tolist() == [f"S{n}" for n in leads]
    assert found["touch_up"].tolist() == [first != n for n, first in enumerate(leads)]
