"""What a header may mean: by the table of usual headers first, then by its words."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from analysis.intake.header_words import meant, split
from analysis.intake.words import fold, header_words


@dataclass(frozen=True)
class Meaning:
    """A canonical column a header may stand for. A weak header often means something else; `kinds` limits it to kinds of log."""

    canonical: str
    strong: bool
    by_words: bool
    kinds: tuple[str, ...] = ()


@lru_cache(maxsize=65_536)
def meanings(header: str) -> tuple[Meaning, ...]:
    """All meanings of one header, likeliest first; empty when it is not known."""
    header = plainly(header)
    found = [Meaning(canonical, strong, False) for canonical, strong in header_words().get(fold(header), [])]
    if any(meaning.strong for meaning in found):
        return tuple(found)
    by_words = [] if found else [Meaning(c, strong, True) for c, strong in _written_out().get(split(header), [])]
    if not any(meaning.strong for meaning in by_words):
        by_words += [Meaning(rule.canonical, rule.strong, True, rule.kinds) for rule in meant(header)]
    known: dict[str, Meaning] = {}
    for meaning in (*found, *by_words):
        known.setdefault(meaning.canonical, meaning)
    return tuple(known.values())


_HINT = re.compile(
    r"\s*[(\[]\s*(?:[dmya]{1,4}[-/. ][dmya]{1,4}[-/. ][dmya]{2,4}|units?|u|iu|ui|unidades|days?(?: (?:after|post|since) \w+)?|d[ií]as?"
    r"|required|optional|mandatory|obligatorio|opcional|if any|si procede|y/n|yes/no|s[ií]/no|free text)\s*[)\]]\s*\Z",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DAYS = re.compile(
    r"\b(?:days?|d[ií]as?)\b(?:\s+(?:after|post|since|to|until|from|despu[eé]s|hasta|tras)\b|\s*[)\]])", re.IGNORECASE
)


def plainly(header: str) -> str:
    """A header without what it says of the form of its cells (`Date (DD/MM/YYYY)`), and `treatmentDate` as two words."""
    if header_words().get(fold(header)):
        return header
    plain = _HINT.sub("", header).rstrip(" ?") or header
    return _CAMEL.sub(" ", plain) if " " not in plain else plain


def counts_days(header: str) -> bool:
    """The header says that its numbers are days after treatment (`Onset (days)`, `Days to onset`)."""
    return bool(_DAYS.search(header))


@cache
def _written_out() -> dict[tuple[str, ...], list[tuple[str, bool]]]:
    """Usual headers with their abbreviations written out, so that `Lot No.` and `Appt Date` are found too."""
    found: dict[tuple[str, ...], list[tuple[str, bool]]] = {}
    for header, entries in header_words().items():
        places = found.setdefault(split(header), [])
        places += [entry for entry in entries if entry[0] not in [canonical for canonical, _ in places]]
    return {words: entries for words, entries in found.items() if words}
