"""What a line of the lexicon stands for, gathered from the rows that hold it: one entry of the automaton each."""

from collections import defaultdict
from typing import Any

from analysis.coding.concepts import Concept, Entry
from analysis.coding.mentions import SMALL
from analysis.coding.patterns import Pattern


def entry_of(
    row: list[tuple[str, Any]], used: set[str], ending: dict[str, list[Pattern]], concepts: dict[str, Concept]
) -> Entry:
    """The entry of a line: `row` are the kinds and values of what holds it, `used` the sets that patterns use, `ending` patterns
    by the set they end in."""
    sets = tuple(value for kind, value in row if kind == "set")
    told = [pair for pair in row if pair[0] not in ("set", "concept", "cue", "mask", "part", "ill")]
    return Entry(
        sets=sets,
        concepts=tuple(concepts[value] for kind, value in row if kind == "concept"),
        cues=tuple(value for kind, value in row if kind == "cue"),
        mask=next((value for kind, value in row if kind == "mask"), ""),
        attributes=tuple(pair for pair in told if pair[0] not in SMALL),
        small=tuple(pair for pair in told if pair[0] in SMALL),
        paired=not used.isdisjoint(sets),
        ends=any(name in ending for name in sets),
    )


def values_of(phrases: dict[str, list[tuple[str, Any]]], lines: list[str], kind: str) -> dict[int, tuple[str, ...]]:
    """What the entries of a kind stand for, by the number of the entry."""
    found = {n: tuple(value for name, value in phrases[line] if name == kind) for n, line in enumerate(lines)}
    return {number: values for number, values in found.items() if values}


def by_partner(patterns: list[Pattern]) -> dict[str, list[Pattern]]:
    """Patterns of one anchor by the element before it, so that only those whose words are there are tried."""
    out: dict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        out[pattern.elements[-2].key].append(pattern)
    return dict(out)


def by_value(raw: Any) -> list[tuple[str, list[str]]]:
    """A table of lists as pairs; a plain list has the value "yes"."""
    return [("yes", raw)] if isinstance(raw, list) else list(raw.items())
