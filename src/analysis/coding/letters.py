"""One character for every word that can change a reading, so that a text is searched and remembered as a short string."""

from collections.abc import Iterable

WORD, CODE, NUMBER, HARMLESS, MARK = "~", "~9", "9999", "~~", "\\"
"""Stand-ins for an unknown word, one that ends in a digit, a number, a word that tells of no event, and an unknown mark."""
SCORE = "/10"
"""Shares its character with every score out of ten; its value is kept beside."""
FIRST = 33
SURROGATES = range(0xD800, 0xE000)


class Alphabet:
    """Characters of the words of a lexicon; `words` are those that can change a reading."""

    def __init__(self, words: Iterable[str]) -> None:
        listed = sorted({*words, WORD, CODE, NUMBER, HARMLESS, MARK, SCORE}, key=lambda word: (word[0].isalpha(), word))
        numbers = (number for number in range(FIRST, 0x110000) if number not in SURROGATES)
        self.letters = dict(zip(listed, map(chr, numbers), strict=False))
        self.words = {letter: word for word, letter in self.letters.items()}

    def letter(self, stand_in: str) -> str:
        """The character of a word or stand-in; of numbers kept as they are, that of all numbers."""
        known = self.letters.get(stand_in)
        if known is None:
            known = self.letters[SCORE if stand_in.endswith("/10") else NUMBER]
        return known

    def spell(self, words: Iterable[str]) -> str:
        """The characters of some words."""
        return "".join([self.letter(word) for word in words])
