"""A text as canonical words that remember where they came from, and the stretches they lie in."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.coding.normalise import CLAUSE_BREAKS, HARD_BREAKS, WALLS


@dataclass(slots=True)
class Words:
    """A text as canonical words. `starts` and `ends` are code points of the original text, half-open.

    `sentence[i]`, `wall[i]` and `clause[i]` number the sentence, the comma-free stretch and the clause (ended by dashes and
    brackets too) that word i lies in; break characters are words of their own and belong to what they close. Every text ends
    with a break, added with an empty span where there is none. `letters` has one character for each word.
    """

    text: str
    words: list[str]
    starts: Sequence[int]
    ends: Sequence[int]
    sentence: list[int]
    wall: list[int]
    clause: list[int]
    letters: str


def assemble(text: str, words: list[str], places: list[tuple[int, int]], letters: str, full_stop: str) -> Words:
    """Words of a text with the stretches they lie in; `full_stop` is the character of the break added where there is none."""
    if words and words[-1] not in HARD_BREAKS:
        words.append(".")
        places.append((len(text), len(text)))
        letters += full_stop
    return Words(text, words, [start for start, _ in places], [end for _, end in places], *_stretches(words), letters)


def numbered(words: list[str], letters: str, full_stop: str, *, whole: bool = False) -> Words:
    """Words whose places are their own number and the next; a break that is added has the place of the word before its end.

    `whole`: no word is a break, so that all lie in one stretch.
    """
    count = len(words)
    if whole and words:
        words.append(".")
        only = [0] * (count + 1)
        return Words("", words, range(count + 1), [*range(1, count + 1), count], only, only, only, letters + full_stop)
    ends: Sequence[int] = range(1, count + 1)
    if words and words[-1] not in HARD_BREAKS:
        words.append(".")
        letters += full_stop
        ends = [*ends, count]
    return Words("", words, range(count + 1), ends, *_stretches(words), letters)


def _stretches(words: list[str]) -> tuple[list[int], list[int], list[int]]:
    """Sentence, comma-free stretch and clause of each word."""
    breaks = [index for index, word in enumerate(words) if word in CLAUSE_BREAKS]
    if len(breaks) < 2:
        only = [0] * len(words)
        return only, only, only
    sentence = _numbered([index for index in breaks if words[index] in HARD_BREAKS])
    wall = _numbered([index for index in breaks if words[index] in WALLS])
    return sentence, wall, _numbered(breaks)


def _numbered(breaks: list[int]) -> list[int]:
    """The number of the stretch each word lies in, given the breaks that close them; the last word is a break."""
    out: list[int] = []
    before = 0
    for number, index in enumerate(breaks):
        out += [number] * (index + 1 - before)
        before = index + 1
    return out
