"""What a body does and how people say that it cannot: every way of saying so with every act, as patterns of a concept.

functions.toml holds word sets, the ways (`[frames]`) and, for each function, what stands in them (`[[function]]`). "I cannot
{act}" and "{act} is exhausting" are written once and hold for swallowing, breathing, holding the head and the rest.
"""

from typing import Any

from analysis.errors import UsageError


def with_functions(phrases: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """The parsed phrases.toml with the sets and patterns of a parsed functions.toml added; neither is changed.

    A set named in both holds the words of both. Raises UsageError naming what does not fit.
    """
    if not table:
        return phrases
    sets = {name: list(words) for name, words in phrases.get("sets", {}).items()}
    for name, words in table.get("sets", {}).items():
        sets[name] = [*sets.get(name, []), *words]
    added: dict[str, list[str]] = {}
    for row in table.get("function", []):
        added.setdefault(row["concept"], []).extend(_lines(row, table.get("frames", {})))
    known = {concept["id"] for concept in phrases.get("concept", [])}
    unknown = sorted(set(added) - known)
    if unknown:
        raise UsageError(f"functions.toml: concept {unknown[0]!r} is not in phrases.toml.")
    concepts = [
        {**concept, "patterns": [*concept.get("patterns", []), *added.get(concept["id"], [])]}
        for concept in phrases.get("concept", [])
    ]
    return {**phrases, "sets": sets, "concept": concepts}


def _lines(row: dict[str, Any], frames: dict[str, list[str]]) -> list[str]:
    """Every frame of each kind ("act", "part", …) with everything the function puts in it."""
    lines = []
    for kind, fillings in row.items():
        if kind == "concept":
            continue
        if kind not in frames:
            raise UsageError(f"functions.toml, function {row['concept']!r}: {kind!r} is not one of {sorted(frames)}.")
        lines += [frame.replace("{}", filling) for frame in frames[kind] for filling in fillings]
    return lines
