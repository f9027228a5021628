"""What a header may mean: by the table of usual headers first, then by its words."""

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


@cache
def _written_out() -> dict[tuple[str, ...], list[tuple[str, bool]]]:
    """Usual headers with their abbreviations written out, so that `Lot No.` and `Appt Date` are found too."""
    found: dict[tuple[str, ...], list[tuple[str, bool]]] = {}
    for header, entries in header_words().items():
        places = found.setdefault(split(header), [])
        places += [entry for entry in entries if entry[0] not in [canonical for canonical, _ in places]]
    return {words: entries for words, entries in found.items() if words}
