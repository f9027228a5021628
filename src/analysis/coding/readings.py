"""Readings that texts share: each skeleton is read once."""

from typing import Any

from analysis.coding.attributes import apply_attributes
from analysis.coding.concepts import Lexicon
from analysis.coding.context import apply_context
from analysis.coding.decide import Asked, decide
from analysis.coding.findings import Finding
from analysis.coding.match import match
from analysis.coding.mentions import Matched
from analysis.coding.pieces import Skeleton
from analysis.coding.words import Words

LONGEST_KEPT = 2_000
MOST_KEPT = 100_000
"""Readings kept, and the longest skeleton worth keeping."""
NOTHING_ASKED = Asked()


class Readings:
    """All that was read with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.known: dict[Any, list[Finding]] = {}
        self.undecided: dict[Skeleton, Matched | None] = {}

    def clear(self) -> None:
        """Forget them."""
        self.known.clear()
        self.undecided.clear()

    def read(self, skeleton: Skeleton, context: Asked | None) -> list[Finding]:
        """Findings of a skeleton under a context, placed by word. Those that no context can change are shared by all of them."""
        if context is not None and not any(context):
            context = None
        key = skeleton if context is None else (skeleton, context)
        known = self.known.get(key)
        if known is None:
            known = self._alone(skeleton) if context is None else self._under(context, skeleton)
            if len(skeleton.letters) <= LONGEST_KEPT:
                _make_room(self.known)
                self.known[key] = known
        return known

    def _alone(self, skeleton: Skeleton) -> list[Finding]:
        found = understood(self.lexicon.skeleton_words(skeleton), self.lexicon)
        return decide(found, self.lexicon, NOTHING_ASKED)

    def _under(self, context: Asked, skeleton: Skeleton) -> list[Finding]:
        if skeleton in self.undecided:
            found = self.undecided[skeleton]
        else:
            found = understood(self.lexicon.skeleton_words(skeleton), self.lexicon)
            found = found if _asks(found) else None
            if len(skeleton.letters) <= LONGEST_KEPT:
                _make_room(self.undecided)
                self.undecided[skeleton] = found
        if found is None:
            return self.read(skeleton, None)
        return decide(found.copy(), self.lexicon, context)


def readings_of(lexicon: Lexicon) -> Readings:
    """What was read with a lexicon so far."""
    if lexicon.readings is None:
        lexicon.readings = Readings(lexicon)
    known: Readings = lexicon.readings
    return known


def understood(words: Words, lexicon: Lexicon) -> Matched:
    """Mentions of a text with status and attributes."""
    found = match(words, lexicon)
    apply_attributes(found, lexicon)
    apply_context(found, lexicon)
    return found


def _asks(found: Matched) -> bool:
    """Is there a mention that a context can change?"""
    return any(
        mention.concept.category == "systemic" or mention.concept.indication or mention.concept.when_severe
        for mention in found.mentions
    )


def _make_room(known: dict[Any, Any]) -> None:
    """Forget everything when there is too much of it."""
    if len(known) >= MOST_KEPT:
        known.clear()
