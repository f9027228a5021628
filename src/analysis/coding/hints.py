"""Hints: where a text names nothing, a part of the body and a word that bodes ill in one sentence ("my neck … like gravel").

They reach the lay language that no list of phrases can hold. Each is only proposed: its concept goes to review, and what is named,
denied or an idiom takes it away.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.coding.concepts import Concept, Hints
from analysis.coding.mentions import Hit, Mention, Span
from analysis.coding.words import Words

FARTHEST = 14
"""Words between the part and what bodes ill."""


class Pair(NamedTuple):
    """The nearest two words of a concept, by the words between them."""

    gap: int
    part: Span
    ill: Span
    concept: str


def hinted(hits: Iterable[tuple[int, int, int]], words: Words, masks: Sequence[Hit], hints: Hints) -> list[Pair]:
    """Nearest pair of each concept, the closest first; a word bodes ill for one concept only.

    `hits` are the entry, first word and last word (exclusive) of every match. The cost is linear in their number.
    """
    hidden = {index for mask in masks for index in range(mask.first, mask.last)}
    parts: dict[str, Span] = {}
    ills: dict[str, Span] = {}
    best: dict[str, Pair] = {}
    for entry, first, last in sorted(hits, key=lambda hit: (hit[1], hit[2])):
        if first in hidden or last - 1 in hidden:
            continue
        for concept in hints.parts.get(entry, ()):
            _nearer(best, concept, (first, last), ills.get(concept), words, ill_first=True)
            parts[concept] = first, last
        for concept in hints.ills.get(entry, ()):
            _nearer(best, concept, parts.get(concept), (first, last), words, ill_first=False)
            ills[concept] = first, last
    kept: dict[Span, Pair] = {}
    for pair in sorted(best.values()):
        kept.setdefault(pair.ill, pair)
    return list(kept.values())


def _nearer(
    best: dict[str, Pair], concept: str, part: Span | None, ill: Span | None, words: Words, *, ill_first: bool
) -> None:
    """Keep a pair that lies in one sentence, close enough and closer than the one known."""
    if part is None or ill is None:
        return
    gap = part[0] - ill[1] if ill_first else ill[0] - part[1]
    if not 0 <= gap <= FARTHEST or words.sentence[part[0]] != words.sentence[ill[0]]:
        return
    if concept not in best or gap < best[concept].gap:
        best[concept] = Pair(gap, part, ill, concept)


def mention_of(pair: Pair, words: Words, concept: Concept) -> Mention:
    """What is proposed; its rule names the two words."""
    covered = frozenset(range(*pair.part)) | frozenset(range(*pair.ill))
    said = " … ".join(" ".join(words.words[first:last]) for first, last in sorted((pair.part, pair.ill)))
    first, last = min(pair.part[0], pair.ill[0]), max(pair.part[1], pair.ill[1])
    return Mention(concept, covered, first, last, pair.ill, f"{concept.id}: {said}")
