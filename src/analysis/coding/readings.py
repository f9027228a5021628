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
        self.alone: dict[str | Skeleton, list[Finding]] = {}
        self.known: dict[Question, list[Finding]] = {}
        self.changing: dict[Skeleton, Matched | None] = {}

    def clear(self) -> None:
        """Forget them."""
        self.alone.clear()
        self.known.clear()
        self.changing.clear()

    def read_alone(self, skeletons: Sequence[Skeleton]) -> list[list[Finding]]:
        """Findings of each skeleton with no context, placed by word."""
        # a text without numbers is known by its letters alone, whose hash Python keeps
        keys = [skeleton if skeleton.numbers else skeleton.letters for skeleton in skeletons]
        out = list(map(self.alone.get, keys))
        if None not in out:
            return [findings or [] for findings in out]
        missing = {key: place for place, (key, findings) in enumerate(zip(keys, out, strict=True)) if findings is None}
        lexicon = self.lexicon
        found = self._understood([skeletons[place] for place in missing.values()])
        anew = dict(zip(missing, [decide(each, lexicon, NOTHING_ASKED) for each in found], strict=True))
        self._keep_alone(anew)
        return [findings or anew[key] for key, findings in zip(keys, out, strict=True)]

    def _keep_alone(self, anew: dict[str | Skeleton, list[Finding]]) -> None:
        if len(self.alone) + len(anew) > MOST_KEPT:
            self.alone.clear()
        for key, findings in anew.items():
            if len(key if isinstance(key, str) else key.letters) <= LONGEST_KEPT:
                self.alone[key] = findings

    def read(self, asked: Sequence[Question]) -> list[list[Finding]]:
        """Findings of each skeleton under its context, placed by word. Those that no context can change are shared by all."""
        questions = [(skeleton, context if context and any(context) else None) for skeleton, context in asked]
        known = self.known
        out = [known.get(question) for question in questions]
        if None not in out:
            return [findings or [] for findings in out]
        missing = dict.fromkeys(q for q, findings in zip(questions, out, strict=True) if findings is None)
        alone = [skeleton for skeleton, context in missing if context is None]
        anew: dict[Question, list[Finding]] = {
            (skeleton, None): findings for skeleton, findings in zip(alone, self.read_alone(alone), strict=True)
        }
        anew.update(self._under_context([q for q in missing if q[1] is not None]))
        return [findings or anew[question] for question, findings in zip(questions, out, strict=True)]

    def _under_context(self, questions: list[Question]) -> dict[Question, list[Finding]]:
        changing = {skeleton: self.changing[skeleton] for skeleton, _ in questions if skeleton in self.changing}
        fresh = list(dict.fromkeys(skeleton for skeleton, _ in questions if skeleton not in changing))
        read: dict[Question, list[Finding]] = {}
        for skeleton, found in zip(fresh, self._understood(fresh), strict=True):
            changing[skeleton] = found if _asks(found) else None
            _keep(self.changing, skeleton, changing[skeleton], skeleton)
            if changing[skeleton] is None:
                read[skeleton, None] = decide(found, self.lexicon, NOTHING_ASKED)
                self._keep_alone({skeleton if skeleton.numbers else skeleton.letters: read[skeleton, None]})
        for question in questions:
            skeleton, context = question
            kept = changing[skeleton]
            if kept is not None:
                read[question] = decide(kept.copy(), self.lexicon, context or NOTHING_ASKED)
            else:
                plain = skeleton, None
                read[question] = read[plain] if plain in read else self.read_alone([skeleton])[0]
            _keep(self.known, question, read[question], skeleton)
        return read

    def _understood(self, skeletons: list[Skeleton]) -> list[Matched]:
        """Stage by stage, which is a seventh quicker than text by text: a processor keeps the program of one stage at hand."""
        lexicon = self.lexicon
        found = [match(lexicon.skeleton_words(skeleton), lexicon) for skeleton in skeletons]
        for each in found:
            apply_attributes(each, lexicon)
        for each in found:
            apply_context(each, lexicon)
        return found


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
