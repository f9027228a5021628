"""Numbering that starts again: entries that share a number are versions of one only where they tell of the same thing."""

from pathlib import Path

import pytest
from deliver import deliver

HEAD = "Event id,Date reported,Treatment date,Onset,Client ID,Injector,Description\n"
FIRST = "1,2026-03-05,2026-03-01,2026-03-02,P001,Ana Reyes,Bruise on the forehead\n"


@pytest.mark.parametrize(
    ("second", "entries"),
    [
        ("1,2026-04-09,2026-03-01,2026-04-05,P001,Ana Reyes,Lid droop\n", 2),
        ("1,2026-04-09,2026-04-02,2026-04-05,P001,Ana Reyes,Lid droop\n", 2),
        ("1,2026-03-05,2026-03-01,2026-03-04,P001,Ana Reyes,Lid droop\n", 1),
        ("1,2026-04-09,2026-03-01,2026-03-02,P001,Ana Reyes,Bruise and lid droop\n", 1),
        ("1,2026-04-09,2026-03-01,2026-04-05,P001,Ana Reyes,Bruise on the forehead\n", 1),
        ("1,2026-04-09,2026-03-01,2026-04-05,P002,Ana Reyes,Lid droop\n", 2),
    ],
    ids=[
        "same treatment, other days",
        "other treatment",
        "onset corrected",
        "told again",
        "same words",
        "other patient",
    ],
)
def test_one_number_twice(second: str, entries: int, tmp_path: Path) -> None:
    result = deliver(tmp_path, {"C/e_2026-03.csv": HEAD + FIRST, "C/e_2026-04.csv": HEAD + second})
    assert len(result.events) == entries
    assert len(result.why("superseded")) == 2 - entries


def test_versions_that_the_clinic_numbers_are_one_entry(tmp_path: Path) -> None:
    first, second = FIRST, "1,2026-04-09,2026-03-01,2026-04-05,P001,Ana Reyes,Lid droop\n"
    log = "Version," + HEAD + "1," + first + "2," + second
    result = deliver(tmp_path, {"C/e.csv": log})
    assert result.events["text"].tolist() == ["Lid droop"]
