"""Clinical text to canonical words that remember where they came from.

Folding lower-cases, strips accents and unifies quotes and dashes; every canonical word keeps the code-point span it covers in
the original text, so that evidence can always be quoted exactly. Everything here is one pass over the text.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

TOKEN = re.compile(
    r"[+-]ve(?![a-z])"  # "bruise -ve"
    r"|\d+(?:[./:]\d+)*[a-z%]*"  # 38.2, 9/10, 2/52, 20u
    r"|[a-z][a-z0-9]*(?:'[a-z]+)*"
    r"|\++"
    r"|->|=>"
    r"|[^\sa-z0-9'\"*_~`#^\\]"
    r"|\n"
)
LAST_WORD = re.compile(r"[^\W\d_]+$")
QUOTES = {"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"'}
DASHES = {"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "→": ">", "…": "."}
OTHERS = {
    "½": "0.5",
    "×": "x",
    "•": ";",
    "·": ";",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "¿": "¿",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
}
FOLDED = {**QUOTES, **DASHES, **OTHERS}

HARD_BREAKS = frozenset({".", ";", "!", "?", "\n", "|"})
CLAUSE_ENDS = frozenset({"-", "(", ")", "[", "]"})
SOFT_BREAKS = frozenset({",", "-", ":", "(", ")", "[", "]", "->", "=>", ">"})
WALLS = HARD_BREAKS | {","}
CLAUSE_BREAKS = WALLS | CLAUSE_ENDS
ASKING = "¿"
"""A question mark written before a word ("?ptosis") becomes this token: query, not question."""


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


def fold(text: str) -> tuple[str, list[int] | None]:
    """Lower-case, accent-free text and, unless positions are unchanged, the original position of each folded character."""
    if text.isascii():
        return text.lower(), None
    out: list[str] = []
    origin: list[int] = []
    for position, character in enumerate(text):
        for piece in _fold_character(character):
            out.append(piece)
            origin.append(position)
    return "".join(out), origin


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in FOLDED:
        return FOLDED[character]
    if character.isspace():
        return "\n" if character == "\n" else " "
    decomposed = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in decomposed if unicodedata.category(part) not in ("Mn", "Cf", "Cc"))
    return kept.lower()


def split(
    text: str, canonical: Callable[[str], str], abbreviations: frozenset[str], cache: dict[str, str] | None = None
) -> Words:
    """Tokenise `text`; `canonical` maps one folded word to its canonical form; `abbreviations` may end in a dot.

    `cache` holds canonical forms already known.
    """
    folded, origin = fold(text)
    known = cache if cache is not None else {}
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in TOKEN.finditer(folded):
        raw = match.group()
        start, end = match.span()
        word = known.get(raw)
        if word is None:
            plain = raw[0].isalnum()
            word = canonical(raw) if plain else _punctuation(raw, start, end, folded, words, abbreviations)
            if not word:
                continue
        if " " in word:
            parts = word.split(" ")
            words += parts
            starts += [start] * len(parts)
            ends += [end] * len(parts)
        else:
            words.append(word)
            starts.append(start)
            ends.append(end)
    if origin is not None:
        ends = [origin[end - 1] + 1 for end in ends]
        starts = [origin[start] for start in starts]
    return _assemble(text, words, starts, ends)


def _punctuation(raw: str, start: int, end: int, folded: str, words: list[str], abbreviations: frozenset[str]) -> str:
    """The token a punctuation mark becomes; empty when it only joins words or ends an abbreviation."""
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if raw == "-":
        return "" if before.isalnum() and after.isalnum() else "-"
    if raw == ".":
        return _dot(before, after, folded[max(0, start - 8) : start], abbreviations)
    if raw == "?" and not after.isspace() and (before.isspace() or not before.isalnum()) and after not in "?!.":
        return ASKING
    if raw == "?" and before.isspace() and start and after.isspace() and end < len(folded) - 1 and words:
        return ASKING if words[-1] in HARD_BREAKS or words[-1] in SOFT_BREAKS else "?"
    if raw == "?" and not words:
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
    breaks = [index for index, word in enumerate(words) if word in CLAUSE_BREAKS]
    if len(breaks) < 2:
        sentence = wall = clause = [0] * len(words)
    else:
        sentence = _numbered([index for index in breaks if words[index] in HARD_BREAKS])
        wall = _numbered([index for index in breaks if words[index] in WALLS])
        clause = _numbered(breaks)
    at = dict(zip(accumulate((len(word) + 1 for word in words), initial=0), range(len(words) + 1), strict=True))
    return Words(text, words, starts, ends, sentence, wall, clause, f" {' '.join(words)} ", at)


def _numbered(breaks: list[int]) -> list[int]:
    """The number of the stretch each word lies in, given the breaks that close them; the last word is a break."""
    out: list[int] = []
    before = 0
    for number, index in enumerate(breaks):
        out += [number] * (index + 1 - before)
        before = index + 1
    return out
