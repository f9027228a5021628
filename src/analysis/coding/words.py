"""A text as canonical words that remember where they came from, and the stretches they lie in."""

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
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    wall: list[int]
    clause: list[int]
    letters: str


def assemble(text: str, words: list[str], starts: list[int], ends: list[int], letters: str, full_stop: str) -> Words:
    """Words of a text with the stretches they lie in; `full_stop` is the character of the break added where there is none."""
    if words and words[-1] not in HARD_BREAKS:
        words.append(".")
        starts.append(len(text))
        ends.append(len(text))
        letters += full_stop
    count = len(words)
    if CLAUSE_BREAKS.isdisjoint(words[:-1]):
        sentence = wall = clause = [0] * count
    else:
        breaks = [index for index, word in enumerate(words) if word in CLAUSE_BREAKS]
        sentence = _numbered([index for index in breaks if words[index] in HARD_BREAKS])
        wall = _numbered([index for index in breaks if words[index] in WALLS])
        clause = _numbered(breaks)
    return Words(text, words, starts, ends, sentence, wall, clause, letters)


def _numbered(breaks: list[int]) -> list[int]:
    """The number of the stretch each word lies in, given the breaks that close them; the last word is a break."""
    out: list[int] = []
    before = 0
    for number, index in enumerate(breaks):
        out += [number] * (index + 1 - before)
        before = index + 1
    return out
