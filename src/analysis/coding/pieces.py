"""A text as canonical words that remember where they came from, cut piece by piece so that a piece is read only once."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from analysis.coding.letters import Alphabet
from analysis.coding.normalise import ASKING, CLAUSE_BREAKS, HARD_BREAKS, SOFT_BREAKS, fold
from analysis.coding.words import Words, assemble, numbered

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
FEW = 8
"""Places that are quicker added up one by one."""
LAST_WORD = re.compile(r"[^\W\d_]+$")


class Piece(NamedTuple):
    """What one stretch without spaces reads as: canonical words and their places in the stretch.

    `letters` has a character for each word, those without meaning sharing one; `exact` are the words with stand-ins for those
    but with their numbers.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    letters: str
    exact: tuple[str, ...]


class Skeleton(NamedTuple):
    """A text with a stand-in for every word that means nothing to the lexicon; `numbers` are its words where numbers count."""

    letters: str
    numbers: tuple[str, ...] = ()


class Pieces(NamedTuple):
    """A text as pieces and the stretches of its folded form they were read from; `origin` as from fold()."""

    pieces: list[Piece]
    stretches: list[str]
    folded: str
    origin: list[int] | None

    def spans(self, wanted: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
        """Start and end, as code points of the original text of this length, of each first and last word (at least one).

        The break added behind the last word lies at the end of the text.
        """
        pieces, stretches, folded, origin = self
        lengths = list(map(len, stretches))
        spaced = sum(lengths) + len(lengths) == len(folded) + 1 and "\n" not in folded
        offsets = [] if spaced and len(wanted) <= FEW else _offsets(stretches, lengths, folded, spaced=spaced)
        beyond = list(accumulate([len(piece.letters) for piece in pieces]))
        count = beyond[-1] if beyond else 0
        out = []
        for first, last in wanted:
            start = end = length
            if first < count:
                number = bisect_right(beyond, first)
                offset = offsets[number] if offsets else sum(lengths[:number]) + number
                start = offset + pieces[number].starts[first - beyond[number]]
                start = start if origin is None else origin[start]
            if last < count:
                if last != first:
                    number = bisect_right(beyond, last)
                    offset = offsets[number] if offsets else sum(lengths[:number]) + number
                end = offset + pieces[number].ends[last - beyond[number]]
                end = end if origin is None else origin[end - 1] + 1
            out.append((start, end))
        return out

    def letters(self) -> str:
        """A character for each word."""
        return "".join([piece.letters for piece in self.pieces])

    def skeleton(self, scoring: frozenset[str]) -> Skeleton:
        """The text with every word that means nothing to the lexicon replaced by a stand-in.

        `scoring` are the characters of words that give numbers a meaning ("pain 8").
        """
        letters = self.letters()
        if scoring.isdisjoint(letters):
            return Skeleton(letters)
        return Skeleton(letters, tuple([word for piece in self.pieces for word in piece.exact]))


def _offsets(stretches: list[str], lengths: list[int], folded: str, *, spaced: bool) -> list[int]:
    """Where each stretch begins in the folded form; `spaced`: there is one space between any two."""
    if spaced:
        return list(accumulate([0, *[length + 1 for length in lengths]]))
    offsets: list[int] = []
    position = 0
    for stretch, length in zip(stretches, lengths, strict=True):
        position = folded.index(stretch, position)
        offsets.append(position)
        position += length
    return offsets


class Splitter:
    """Cuts texts into pieces; `canonical` maps one folded word to its canonical form (words, or "" for nothing), `plain` to
    its stand-in, which `alphabet` spells; `abbreviations` may end in a dot. Pieces seen before are kept.
    """

    def __init__(
        self,
        canonical: Callable[[str], str],
        abbreviations: frozenset[str],
        plain: Callable[[str], str] = str,
        alphabet: Alphabet | None = None,
    ) -> None:
        self.canonical = canonical
        self.plain = plain
        self.alphabet = alphabet or Alphabet(())
        self.abbreviations = abbreviations
        self.known: dict[str, Piece] = {}
        self.full_stop = self.alphabet.letter(".")
        self.spelled = self.alphabet.words.__getitem__
        self.breaks = frozenset(self.alphabet.letters[mark] for mark in CLAUSE_BREAKS if mark in self.alphabet.letters)

    def pieces(self, text: str) -> Pieces:
        """The text in pieces."""
        folded, origin = fold(text)
        stretches = STRETCH.findall(folded) if "\n" in folded else folded.split()
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
        """Canonical words of a text with their places."""
        cut = self.pieces(text)
        words = [word for piece in cut.pieces for word in piece.words]
        places = cut.spans([(number, number) for number in range(len(words))], len(text)) if words else []
        return assemble(text, words, places, cut.letters(), self.full_stop)

    def skeleton_words(self, skeleton: Skeleton) -> Words:
        """Words of a skeleton; the places of a word are its own number and the next."""
        letters, numbers = skeleton
        words = list(numbers or map(self.spelled, letters))
        return numbered(words, letters, self.full_stop, whole=self.breaks.isdisjoint(letters))

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
        exact = tuple([word if word[0].isdigit() else other for word, other in zip(words, plain, strict=True)])
        piece = Piece(tuple(words), tuple(starts), tuple(ends), self.alphabet.spell(plain), exact)
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
