"""Edit distance and the bounds of mending."""

import pytest

from analysis.coding.typos import Speller, distance


@pytest.mark.parametrize(
    ("first", "second", "gap"),
    [("ptosis", "ptosis", 0), ("brusied", "bruised", 1), ("drooy", "droopy", 1), ("abc", "xyz", 3), ("", "ab", 2)],
)
def test_distance(first: str, second: str, gap: int) -> None:
    assert distance(first, second) == gap


def test_short_known_and_foreign_words_stay() -> None:
    speller = Speller(["droop", "ptosis"], known=["troop", "drool"])
    assert speller.mend("drop") is None
    assert speller.mend("drool") is None
    assert speller.mend("troop") is None
    assert speller.mend("xroop") is None, "the first letter is kept"
    assert speller.mend("ptossis") == "ptosis"
    assert speller.mend("p" * 40) is None


def test_the_shortest_word_can_be_set() -> None:
    assert Speller(["ptosis"], known=[], shortest=8).mend("ptossis") is None
