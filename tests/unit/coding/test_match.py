"""What is recognised, and which reading wins."""

import pytest

from analysis.coding.lexicon import load_lexicon
from analysis.coding.match import match


def concepts(text: str) -> set[str]:
    lexicon = load_lexicon()
    return {mention.concept.subcode for mention in match(lexicon.words(text), lexicon).mentions}


@pytest.mark.parametrize(
    ("text", "subcodes"),
    [
        ("R upper lid sits lower", {"F1"}),
        ("brows feel like lead", {"F2"}),
        ("cannot whistle", {"F3"}),
        ("her eye does not shut", {"F4"}),
        ("chewing is tiring", {"F5"}),
        ("Spock brow", {"F6"}),
        ("gasping for air", {"S1"}),
        ("cannot get tablets down", {"S2"}),
        ("sees double", {"S3"}),
        ("arms like jelly", {"S4"}),
        ("voice is croaky", {"S5"}),
        ("botulism", {"S6"}),
        ("hair on my pillow, coming out", {"H1"}),
        ("lashes fell out", {"H2"}),
        ("hair feels like straw", {"H3"}),
        ("eye swollen shut", {"U2"}),
        ("in agony", {"U1"}),
    ],
)
def test_anatomy_and_finding(text: str, subcodes: set[str]) -> None:
    assert concepts(text) == subcodes


@pytest.mark.parametrize(
    "text", ["eye drops", "heavy traffic", "breathtaking", "brow lift", "hard to swallow news", "dropped off a form"]
)
def test_idioms_are_nothing(text: str) -> None:
    assert concepts(text) == set()


def test_the_site_decides_between_weaknesses() -> None:
    assert concepts("neck weak") == {"S4"}
    assert concepts("upper lip weak") == {"F3"}
    assert concepts("jaw weak") == {"F5"}


def test_parts_of_longer_sites_are_no_sites() -> None:
    assert "S4" not in concepts("zygomaticus weakness after crow's feet")


def test_one_finding_of_two_joined_sites() -> None:
    assert concepts("heavy brow and lids") == {"F1", "F2"}


def test_commas_keep_sites_apart() -> None:
    assert concepts("brow fine, lid droop") == {"F1"}
