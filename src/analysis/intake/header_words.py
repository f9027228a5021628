"""The second tier of header recognition: what the words of a header say together, by rules kept as data."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from analysis.intake.words import fold
from analysis.resources import read_rows, resource

_MOST_UNEXPLAINED = 1
"""Words of a header that no rule knows. With more of them the header may mean anything."""
_COUNTED = ("number", "numero")
_OF = ("of", "de")


@dataclass(frozen=True)
class Rule:
    """A canonical column, and the words that must and must not stand in its header."""

    canonical: str
    strong: bool
    all_of: tuple[frozenset[str], ...]
    none_of: frozenset[str]
    alone: bool
    kinds: tuple[str, ...]

    def fits(self, words: tuple[str, ...]) -> bool:
        """Each group is spoken for by a word of its own, nothing forbidden is said, and hardly a word stays unexplained."""
        found, own = set(words), frozenset().union(*self.all_of)
        if found & self.none_of or not _each_by_its_own(self.all_of, words):
            return False
        others = found - own - _concept("filler")
        if self.alone:
            return not others and len(found & own) == 1
        return len(others - _known()) <= _MOST_UNEXPLAINED


def _each_by_its_own(groups: tuple[frozenset[str], ...], words: tuple[str, ...]) -> bool:
    if not groups:
        return True
    first, *rest = groups
    return any(
        word in first and _each_by_its_own(tuple(rest), words[:n] + words[n + 1 :]) for n, word in enumerate(words)
    )


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of `header_rules.csv`, in order."""
    return tuple(_rule(row) for row in read_rows(resource("intake/header_rules.csv")))


def _rule(row: dict[str, str]) -> Rule:
    """One row as a rule. A word named as forbidden is; of a forbidden concept, the words that a group asks for are not."""
    groups = tuple(_words(group.split("|")) for group in row["all_of"].split(";"))
    forbidden = row["none_of"].split()
    concepts = _words(item for item in forbidden if item.startswith("@")) - frozenset().union(*groups)
    literal = _words(item for item in forbidden if not item.startswith("@"))
    return Rule(
        row["canonical"], row["strength"] == "strong", groups, concepts | literal, "*" in forbidden, tuple(row["kinds"].split())
    )  # fmt: skip


def meant(header: str) -> list[Rule]:
    """The rules a header fits, in order; none when it speaks of something private or of nothing known."""
    words = split(header)
    if not words or is_private(words):
        return []
    return [rule for rule in rules() if rule.fits(words)]


def split(header: str) -> tuple[str, ...]:
    """Words of a header: abbreviations written out, `#`, `Nº` and `No.` as `number`, plurals of known words as singulars."""
    plain = " ".join(
        re.sub(r"([#])", r" \1 ", re.sub(r"[?%+/<>=]", " ", fold(header.replace("\N{DEGREE SIGN}", "o")))).split()
    )
    plain = f" {plain} "
    for phrase, word in _pairs("phrase", "|"):
        plain = plain.replace(f" {phrase} ", f" {word} ")
    tokens = [_ABBREVIATED().get(token, token) for token in plain.split()]
    counted = any(
        a in _COUNTED and b in _OF and c.endswith("s") for a, b, c in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )
    if counted:
        tokens = ["howmany", *(token for token in tokens if token not in _COUNTED)]
    return tuple(_singular(token) for token in tokens)


def _singular(token: str) -> str:
    return token[:-1] if token.endswith("s") and token not in _known() and token[:-1] in _known() else token


def is_private(words: tuple[str, ...]) -> bool:
    """Birth, money, consent, clock times without a date: never a column of ours."""
    found = set(words)
    told = bool(found & _concept("authority") and found & _concept("reported"))
    if found & _concept("private") and not (told and found & _concept("private") <= _concept("authority")):
        return True
    return bool(found & _concept("clock")) and not found & (_concept("date") | {"reported"})


def is_case_work(header: str) -> bool:
    """The header speaks of how a report is handled (handler, approval, opened)."""
    return bool(set(split(header)) & _concept("work"))


def is_closing(header: str) -> bool:
    """The header speaks of something that is closed or ends: an injury, or only the report of it."""
    return bool(set(split(header)) & _concept("closing"))


def asks_whether(header: str) -> bool:
    """The header asks whether somebody came (`Attended?`, `Asistió`), so that its cells say yes or no."""
    return bool(set(split(header)) & _concept("came"))


_OTHER_DAYS = (
    "next",
    "past",
    "booked",
    "changed",
    "reported",
    "resolved",
    "onset",
    "expiry",
    "lot",
    "work",
    "entry",
    "event",
)


def may_be_day_of_treatment(header: str) -> bool:
    """Nothing in the header says that its dates are those of something else (a birth, an expiry, the next visit)."""
    words = split(header)
    return not is_private(words) and not any(set(words) & _concept(name) for name in _OTHER_DAYS)


def _words(items: Iterable[str]) -> frozenset[str]:
    return frozenset(w for item in items for w in (_concept(item[1:]) if item.startswith("@") else {item})) - {"*"}


@cache
def _table() -> dict[str, str]:
    return {row["concept"]: row["words"] for row in read_rows(resource("intake/header_concepts.csv"))}


@cache
def _concept(name: str) -> frozenset[str]:
    return frozenset(_table()[name].split())


@cache
def _pairs(name: str, mark: str = " ") -> tuple[tuple[str, str], ...]:
    return tuple((short, long) for short, _, long in (pair.partition("=") for pair in _table()[name].split(mark)))


@cache
def _ABBREVIATED() -> dict[str, str]:
    return dict(_pairs("abbreviation"))


@cache
def _known() -> frozenset[str]:
    """Every word that some concept or rule speaks of."""
    named = {w for name in _table() if name not in ("abbreviation", "phrase") for w in _concept(name)}
    for row in read_rows(resource("intake/header_rules.csv")):
        groups = f"{row['all_of'].replace(';', ' ').replace('|', ' ')} {row['none_of']}"
        named |= {w for w in groups.split() if not w.startswith("@")}
    return frozenset(named)
