"""The small pattern language and its limits."""

import pytest

from analysis.coding import code_texts
from analysis.coding.patterns import WIDEST, is_pattern, parse_pattern
from analysis.errors import UsageError


def test_parsing() -> None:
    pattern = parse_pattern("@cannot > lift >2 @brow", ("concept", "x"), "x")
    assert [part.key for part in pattern.elements] == ["@cannot", "lift", "@brow"]
    assert pattern.gaps == (3, 2)
    assert pattern.ordered


def test_several_words_make_one_element_and_gaps_are_bounded() -> None:
    pattern = parse_pattern("did not >999 work", ("concept", "x"), "x")
    assert pattern.elements[0].key == "did not"
    assert pattern.gaps == (WIDEST,)


@pytest.mark.parametrize("line", ["@a &", "& @a", "@a & @b & @c", "@a >x @b", "@a > > @b"])
def test_what_does_not_parse_is_refused(line: str) -> None:
    with pytest.raises(UsageError):
        parse_pattern(line, ("concept", "x"), "x")


def test_plain_phrases_are_no_patterns() -> None:
    assert not is_pattern("back to normal")
    assert is_pattern("@lid & low")


def test_one_comma_may_lie_between_two_elements_in_order_and_nowhere_else() -> None:
    pattern = parse_pattern("@fall >6, hence", ("cue", 1), "rule")
    assert (pattern.crosses, pattern.gaps) == (True, (6,))
    assert not parse_pattern("@fall >6 hence", ("cue", 1), "rule").crosses
    for line in ("@fall &6, hence", "@fall >2, a >2 hence"):
        with pytest.raises(UsageError, match="comma"):
            parse_pattern(line, ("cue", 1), "rule")
    assert code_texts(["booster, hence the bruise"])["status"].tolist() == ["other_cause"]
    assert code_texts(["booster, sat down, hence the bruise"])["status"].tolist() == ["asserted"]
