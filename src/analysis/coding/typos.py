"""Misspelt words, mended against the lexicon's own vocabulary and nothing else.

A word is looked up by the words it becomes when letters are left out (symmetric deletion), so the cost does not grow with
the vocabulary. Distance counts insertions, deletions, substitutions and swaps of neighbours.
"""

from collections.abc import Iterable
from itertools import combinations

SHORTEST = 5
TWO_EDITS_FROM = 11
LONGEST = 24


class Speller:
    """Nearest vocabulary word for an unknown one: one edit from 5 letters, two from 11, first letter kept."""

    def __init__(self, vocabulary: Iterable[str], known: Iterable[str], *, shortest: int = SHORTEST) -> None:
        self.shortest = shortest
        self.known = frozenset(known)
        self._near: dict[str, list[str]] = {}
        for word in sorted(set(vocabulary)):
            if SHORTEST <= len(word) <= LONGEST and word.isalpha():
                for shorter in _deletions(word, _allowed(len(word))):
                    self._near.setdefault(shorter, []).append(word)

    def mend(self, word: str) -> str | None:
        """The one nearest vocabulary word, or None: for known, short, long and non-alphabetic words, and for ties."""
        if word in self.known or not self.shortest <= len(word) <= LONGEST or not word.isalpha():
            return None
        best: tuple[int, str] | None = None
        for candidate in self._candidates(word):
            if candidate[0] != word[0]:
                continue
            gap = distance(word, candidate)
            if gap <= min(_allowed(len(candidate)), _allowed(len(word))) and (best is None or (gap, candidate) < best):
                best = (gap, candidate)
        return best[1] if best else None

    def _candidates(self, word: str) -> set[str]:
        return {near for shorter in _deletions(word, _allowed(len(word))) for near in self._near.get(shorter, ())}


def distance(first: str, second: str) -> int:
    """Optimal string alignment distance of two words."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, start=1):
        older, before, row = before, row, [i]
        for j, right in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _allowed(length: int) -> int:
    return 2 if length >= TWO_EDITS_FROM else 1


def _deletions(word: str, edits: int) -> set[str]:
    out = {word}
    for count in range(1, edits + 1):
        for gone in combinations(range(len(word)), count):
            out.add("".join(letter for place, letter in enumerate(word) if place not in gone))
    return out
