"""The quick look before the patterns: whatever a pattern finds, the look has let through."""

from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from analysis.coding import identifiers
from analysis.resources import read_rows

_SENTENCES = [row["text"] for row in read_rows(Path(__file__).parents[2] / "sentences" / "identifiers.csv")]
_PIECES = [
    "Mr ",
    "Dr. ",
    "dob ",
    "born on ",
    "MRN",
    "no ",
    "tel ",
    "+44 ",
    "Ánna",
    "bo",
    "(",
    ")",
    " ",
    "-",
    "/",
    ".",
    "#",
    ":",
    "@",
    "٣",
]


def _looks_hold(text: str) -> bool:
    words = identifiers._words()
    numbers = (words["birth"], words["record"], identifiers._FULL_DATE, identifiers._SECURITY, identifiers._NUMBER)
    names = (words["title"], words["people"])
    may_number, may_name = identifiers._SOME_NUMBER.search(text), identifiers._CAPITAL.search(text)
    return all(
        (may_number or not any(pattern.search(text) for pattern in numbers),
         may_name or not any(pattern.search(text) for pattern in names),
         "@" in text or not identifiers._EMAIL.search(text))
    )  # fmt: skip


@given(st.lists(st.sampled_from([*_PIECES, *"0123456789"]), max_size=25).map("".join))
@settings(deadline=None)
def test_nothing_that_is_looked_for_is_passed_over(text):
    assert _looks_hold(text)


def test_nor_in_the_sentences_that_hold_identifiers():
    assert len(_SENTENCES) > 20
    assert all(_looks_hold(text) and _looks_hold(text.upper()) for text in _SENTENCES)
    assert any(identifiers._SOME_NUMBER.search(text) for text in _SENTENCES)
