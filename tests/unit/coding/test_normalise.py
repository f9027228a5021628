"""Folding and splitting keep the place of every word in the original text."""

import pytest

from analysis.coding.lexicon import load_lexicon
from analysis.coding.normalise import ASKING, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("PTOSIS", "ptosis"),
        ("Párpado caído", "parpado caido"),
        ("can’t", "can't"),
        ("bruise\u00a0L", "bruise l"),
        ("hae\u0301matoma", "haematoma"),
        ("ﬂu\u200blike", "flulike"),
        ("ＳＯＢ", "sob"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text)[0] == folded


@pytest.mark.parametrize(
    "text", ["bruise L", "¿Tiene moretón en la sien?", "ﬂu — like", "😀 SOB 😀", "a\u0301b\u0301 ptosis"]
)
def test_every_word_lies_where_it_says(text: str) -> None:
    words = load_lexicon().words(text)
    for word, start, end in zip(words.words, words.starts, words.ends, strict=True):
        assert 0 <= start <= end <= len(text)
        if word.isalpha() and text[start:end].isascii():
            assert load_lexicon().canonical(fold(text[start:end])[0]).split(" ").count(word) == 1


def test_contractions_become_their_words() -> None:
    assert load_lexicon().words("it doesn't hurt").words[:4] == ["it", "do", "not", "hurt"]


def test_a_dot_after_an_abbreviation_ends_nothing() -> None:
    words = load_lexicon().words("min. bruise. Sl. droop")
    assert words.sentence[words.words.index("bruise")] == 0
    assert words.sentence[words.words.index("droop")] == 1


def test_a_question_mark_before_a_word_is_a_query() -> None:
    assert ASKING in load_lexicon().words("?ptosis").words
    assert ASKING not in load_lexicon().words("ptosis?").words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("brusing", "bruise"),
        ("dysphagea", "dysphagia"),
        ("asymetery", "asymmetry"),
        ("haematoma", "hematoma"),
        ("swlling", "swell"),
    ],
)
def test_misspellings_and_spellings(written: str, read: str) -> None:
    assert load_lexicon().canonical(written) == read


@pytest.mark.parametrize("word", ["dwelling", "spelling", "browser", "stroll", "numbers", "selling", "aplasia", "brow"])
def test_ordinary_words_are_left_alone(word: str) -> None:
    assert load_lexicon().canonical(word) == word
