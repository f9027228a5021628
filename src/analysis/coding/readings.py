"""Readings that texts share: each skeleton is read once, many of them stage by stage."""

from collections.abc import Sequence
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
Question = tuple[Skeleton, Asked | None]
"""A skeleton, and the context it is read under."""


class Readings:
    """All that was read with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.known: dict[Question, list[Finding]] = {}
        self.changing: dict[Skeleton, Matched | None] = {}

    def clear(self) -> None:
        """Forget them."""
        self.known.clear()
        self.changing.clear()

    def read(self, asked: Sequence[Question]) -> list[list[Finding]]:
        """Findings of each skeleton under its context, placed by word. Those that no context can change are shared by all."""
        questions = [(skeleton, context if context and any(context) else None) for skeleton, context in asked]
        known = self.known
        read = {question: known[question] for question in questions if question in known}
        if len(read) < len(questions):
            plain = [question for question in dict.fromkeys(questions) if question not in read and question[1] is None]
            read.update(self._without_context([skeleton for skeleton, _ in plain]))
            for question in questions:
                if question not in read:
                    read[question] = self._under_context(*question)
        return [read[question] for question in questions]

    def _without_context(self, skeletons: list[Skeleton]) -> dict[Question, list[Finding]]:
        """Stage by stage, which is a seventh quicker than text by text: a processor keeps the program of one stage at hand."""
        lexicon = self.lexicon
        found = [match(lexicon.skeleton_words(skeleton), lexicon) for skeleton in skeletons]
        for each in found:
            apply_attributes(each, lexicon)
        for each in found:
            apply_context(each, lexicon)
        read: dict[Question, list[Finding]] = {
            (skeleton, None): decide(each, lexicon, NOTHING_ASKED)
            for skeleton, each in zip(skeletons, found, strict=True)
        }
        for (skeleton, _), findings in read.items():
            _keep(self.known, (skeleton, None), findings, skeleton)
        return read

    def _under_context(self, skeleton: Skeleton, context: Asked | None) -> list[Finding]:
        if skeleton in self.changing:
            found = self.changing[skeleton]
        else:
            every = understood(self.lexicon.skeleton_words(skeleton), self.lexicon)
            found = every if _asks(every) else None
            _keep(self.changing, skeleton, found, skeleton)
        if found is None:
            findings = self.read([(skeleton, None)])[0]
        else:
            findings = decide(found.copy(), self.lexicon, context or NOTHING_ASKED)
        _keep(self.known, (skeleton, context), findings, skeleton)
        return findings


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


def _keep(known: dict[Any, Any], key: Any, read: Any, skeleton: Skeleton) -> None:
    """Keep what was read, unless it is too long, after forgetting everything when there is too much of it."""
    if len(skeleton.letters) <= LONGEST_KEPT:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[key] = read
