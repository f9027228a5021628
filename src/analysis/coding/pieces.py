"""A text as canonical words that remember where they came from, cut piece by piece so that a piece is read only once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.coding.normalise import ASKING, CLAUSE_BREAKS, HARD_BREAKS, SOFT_BREAKS, WALLS, fold

ESCAPE = "\x1b"
TOKEN = re.compile(
    r"\x1b\[[\d;]*[a-z]?"  # the colour code of a terminal
    r"|"
    r"[+-]ve(?![a-z])"  # "bruise -ve"
    r"|\d+(?:[./:]\d+)*[a-z%]*"  # 38.2, 9/10, 2/52, 20u
    r"|[a-z][a-z0-9]*(?:'[a-z]+)*"
    r"|\++"
    r"|->|=>"
    r"|[^\sa-z0-9'\"*_~`#^\\]"
    r"|\n"
)
STRETCH = re.compile(r"\S+|\n")
LONGEST_KEPT = 60
MOST_KEPT = 200_000
LAST_WORD = re.compile(r"[^\W\d_]+$")


@dataclass(slots=True)
class Words:
    """A text as canonical words. `starts` and `ends` are code points of the original text, half-open.

    `sentence[i]`, `wall[i]` and `clause[i]` number the sentence, the comma-free stretch and the clause (ended by dashes and
    brackets too) that word i lies in; break characters are words of their own and belong to what they close. Every text ends
    with a break, added with an empty span where there is none. `line` is the canonical text, one space around every word;
    `at` gives the word index for the position of the space before a word.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    wall: list[int]
    clause: list[int]
    line: str
    at: dict[int, int]


class Piece(NamedTuple):
    """What one stretch without spaces reads as: canonical words and their places in the stretch.

    `skeleton` joins the words with stand-ins for those without meaning, `exact` keeps its numbers; `scores` says that a word is
    there which gives numbers a meaning ("pain 8").
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    skeleton: str
    exact: str
    scores: bool


class Pieces(NamedTuple):
    """A text as pieces and the stretches of its folded form they were read from; `origin` as from fold()."""

    pieces: list[Piece]
    stretches: list[str]
    folded: str
    origin: list[int] | None

    def words(self, text: str) -> Words:
        """The canonical words with their places in the text."""
        words = [word for piece in self.pieces for word in piece.words]
        places = self.places(range(len(words)))
        starts, ends = (
            [places[index][0] for index in range(len(words))],
            [places[index][1] for index in range(len(words))],
        )
        return _assemble(text, words, starts, ends)

    def places(self, wanted: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Start and end, as code points of the original text, of the words of these numbers, given in ascending order."""
        out: dict[int, tuple[int, int]] = {}
        numbers = iter(wanted)
        number = next(numbers, -1)
        position = count = 0
        for piece, stretch in zip(self.pieces, self.stretches, strict=True):
            if number < 0:
                break
            position = self.folded.index(stretch, position)
            beyond = count + len(piece.starts)
            while 0 <= number < beyond:
                out[number] = position + piece.starts[number - count], position + piece.ends[number - count]
                number = next(numbers, -1)
            position += len(stretch)
            count = beyond
        if self.origin is not None:
            origin = self.origin
            return {number: (origin[start], origin[end - 1] + 1) for number, (start, end) in out.items()}
        return out

    def skeleton(self) -> str:
        """The text with every word that means nothing to the lexicon replaced by a stand-in."""
        for piece in self.pieces:
            if piece.scores:
                return " ".join([piece.exact for piece in self.pieces if piece.exact])
        return " ".join([piece.skeleton for piece in self.pieces if piece.skeleton])


def skeleton_words(skeleton: str) -> Words:
    """Words of a skeleton; the places of a word are its own number and the next."""
    words = skeleton.split(" ") if skeleton else []
    count = len(words)
    found = _assemble("", words, list(range(count)), list(range(1, count + 1)))
    if len(found.words) > count:
        found.starts[-1] = found.ends[-1] = count
    return found


class Splitter:
    """Cuts texts into pieces; `canonical` maps one folded word to its canonical form (words, or "" for nothing), `plain` to
    its stand-in; `abbreviations` may end in a dot. Pieces seen before are kept.
    """

    def __init__(
        self,
        canonical: Callable[[str], str],
        abbreviations: frozenset[str],
        plain: Callable[[str], str] = str,
        scoring: frozenset[str] = frozenset(),
    ) -> None:
        self.canonical = canonical
        self.plain = plain
        self.scoring = scoring
        self.abbreviations = abbreviations
        self.known: dict[str, Piece] = {}

    def pieces(self, text: str) -> Pieces:
        """The text in pieces."""
        folded, origin = fold(text)
        stretches: list[str] = STRETCH.findall(folded)
        known = self.known
        try:
            return Pieces([known[stretch] for stretch in stretches], stretches, folded, origin)
        except KeyError:
            return Pieces(self._read_all(stretches, folded), stretches, folded, origin)

    def _read_all(self, stretches: list[str], folded: str) -> list[Piece]:
        pieces: list[Piece] = []
        position = 0
        for stretch in stretches:
            position = folded.index(stretch, position)
            piece = self.known.get(stretch)
            pieces.append(self._read(stretch, position, folded, pieces) if piece is None else piece)
            position += len(stretch)
        return pieces

    def words(self, text: str) -> Words:
        """Canonical words of a text."""
        return self.pieces(text).words(text)

    def _read(self, stretch: str, offset: int, folded: str, before: list[Piece]) -> Piece:
        # A question mark is read by what stands around it, all else by the stretch itself.
        asks = "?" in stretch
        whole, shift = (folded, offset) if asks else (stretch, 0)
        said = next((piece.words[-1] for piece in reversed(before) if piece.words), "") if asks else ""
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in TOKEN.finditer(stretch):
            raw = match.group()
            start, end = match.span()
            if raw[0].isalnum():
                word = self.canonical(raw)
            else:
                word = _punctuation(
                    raw, start + shift, end + shift, whole, words[-1] if words else said, self.abbreviations
                )
            for part in word.split(" ") if word else ():
                words.append(part)
                starts.append(start)
                ends.append(end)
        plain = [self.plain(word) for word in words]
        exact = [word if word[0].isdigit() else other for word, other in zip(words, plain, strict=True)]
        scores = not self.scoring.isdisjoint(words)
        piece = Piece(tuple(words), tuple(starts), tuple(ends), " ".join(plain), " ".join(exact), scores)
        if not asks and len(stretch) <= LONGEST_KEPT and len(self.known) < MOST_KEPT:
            self.known[stretch] = piece
        return piece


def _punctuation(raw: str, start: int, end: int, folded: str, last: str, abbreviations: frozenset[str]) -> str:
    """The token a punctuation mark becomes; empty when it only joins words or ends an abbreviation."""
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if raw[0] == ESCAPE:
        return ""
    if raw == "-":
        return "" if before.isalnum() and after.isalnum() else "-"
    if raw == ".":
        return _dot(before, after, folded[max(0, start - 8) : start], abbreviations)
    if raw == "?" and not after.isspace() and (before.isspace() or not before.isalnum()) and after not in "?!.":
        return ASKING
    if raw == "?" and before.isspace() and start and after.isspace() and end < len(folded) - 1 and last:
        return ASKING if last in HARD_BREAKS or last in SOFT_BREAKS else "?"
    if raw == "?" and not last:
        return ASKING
    return raw


def _dot(before: str, after: str, behind: str, abbreviations: frozenset[str]) -> str:
    if not after.isspace() and after.isalnum():
        return ""
    if before.isalpha():
        last = LAST_WORD.search(behind).group()  # type: ignore[union-attr]
        if last in abbreviations or (
            len(last) == 1 and last.isalpha() and last not in "lrx" and not behind[-2:-1].isdigit()
        ):
            return ""
    return "."


def _assemble(text: str, words: list[str], starts: list[int], ends: list[int]) -> Words:
    if words and words[-1] not in HARD_BREAKS:
        words.append(".")
        starts.append(len(text))
        ends.append(len(text))
    count = len(words)
    if CLAUSE_BREAKS.isdisjoint(words[:-1]):
        sentence = wall = clause = [0] * count
    else:
        breaks = [index for index, word in enumerate(words) if word in CLAUSE_BREAKS]
        sentence = _numbered([index for index in breaks if words[index] in HARD_BREAKS])
        wall = _numbered([index for index in breaks if words[index] in WALLS])
        clause = _numbered(breaks)
    at, position = {}, 0
    for index, word in enumerate(words):
        at[position] = index
        position += len(word) + 1
    at[position] = count
    return Words(text, words, starts, ends, sentence, wall, clause, f" {' '.join(words)} ", at)


def _numbered(breaks: list[int]) -> list[int]:
    """The number of the stretch each word lies in, given the breaks that close them; the last word is a break."""
    out: list[int] = []
    before = 0
    for number, index in enumerate(breaks):
        out += [number] * (index + 1 - before)
        before = index + 1
    return out
