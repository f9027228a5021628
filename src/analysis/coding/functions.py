"""What a body does and how people say that it cannot: every way of saying so with every act, as patterns of a concept.

functions.toml holds word sets, the ways (`[frames]`; `[normal_frames]` and `[recovered_frames]` say that all is well) and, for each
function, what stands in them (`[[function]]`). "I cannot {act}" and "{act} is exhausting" are written once and hold for swallowing,
breathing, holding the head and the rest. `[hint.CONCEPT]` lists the parts and the words that bode ill of a hint (see hints.py).
"""

from typing import Any

from analysis.coding.patterns import GAP_IN_ORDER
from analysis.errors import UsageError

FRAMES = {"patterns": "frames", "normal": "normal_frames", "recovered": "recovered_frames"}
"""Lines of a concept, and the frames that give them."""


def with_functions(phrases: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """The parsed phrases.toml with the sets and patterns of a parsed functions.toml added; neither is changed.

    A set named in both holds the words of both. Raises UsageError naming what does not fit.
    """
    if not table:
        return phrases
    sets = {name: list(words) for name, words in phrases.get("sets", {}).items()}
    for name, words in table.get("sets", {}).items():
        sets[name] = [*sets.get(name, []), *words]
    concepts = {str(concept["id"]): dict(concept) for concept in concept_rows(phrases)}
    for name in [*(row["concept"] for row in table.get("function", [])), *table.get("hint", {})]:
        if name not in concepts:
            raise UsageError(f"functions.toml: concept {name!r} is not in phrases.toml.")
    for row in table.get("function", []):
        concept = concepts[row["concept"]]
        for key, frames in FRAMES.items():
            own = concept.get(key, [])
            known = {_alike(line) for line in own}
            concept[key] = [*own, *(line for line in _lines(row, table.get(frames, {})) if _alike(line) not in known)]
        _check(row, table)
    hints = {
        name: {
            "parts": hint["parts"],
            "ills": [*hint["ills"], *(table["ailing"]["words"] if hint.get("common") else ())],
        }
        for name, hint in table.get("hint", {}).items()
    }
    beside = table.get("beside", {}).get("concepts", [])
    return {**phrases, "sets": sets, "concept": list(concepts.values()), "hint": hints, "beside": beside}


def _alike(line: str) -> str:
    """A pattern with the usual gap left out, as the same pattern may be written in both files."""
    return line.replace(f">{GAP_IN_ORDER} ", "> ")


def concept_rows(phrases: dict[str, Any]) -> list[dict[str, Any]]:
    """Concepts written as `[[concept]]` or as `[concept.NAME]`."""
    raw = phrases.get("concept", [])
    if isinstance(raw, dict):
        return [{"id": name, **row} for name, row in raw.items()]
    return list(raw)


def _lines(row: dict[str, Any], frames: dict[str, list[str]]) -> list[str]:
    """Every frame of each kind ("act", "part", …) with everything the function puts in it."""
    return [
        frame.replace("{}", filling)
        for kind, lines in frames.items()
        for frame in lines
        for filling in row.get(kind, [])
    ]


def _check(row: dict[str, Any], table: dict[str, Any]) -> None:
    kinds = {kind for frames in FRAMES.values() for kind in table.get(frames, {})}
    for kind in row:
        if kind != "concept" and kind not in kinds:
            raise UsageError(f"functions.toml, function {row['concept']!r}: {kind!r} is not one of {sorted(kinds)}.")
