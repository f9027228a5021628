"""Which reading wins where words are shared: the longer one, and an idiom over its parts."""

from operator import attrgetter

from analysis.coding.concepts import Cue
from analysis.coding.mentions import Hit, Mention
from analysis.taxonomy import TRIAGE

FEW = 12
"""Mentions that are quicker compared one with another than through an index of their words."""


def longest_mentions(raw: list[Mention], masks: list[Hit]) -> list[Mention]:
    """Mentions not contained in a longer one and not part of an idiom, in order of position."""
    if len(raw) < 2 and not (raw and masks):
        return raw
    if len(raw) <= FEW and not masks:
        return sorted(_not_part_of_another(raw), key=_place)
    holders: dict[int, list[int]] = {}
    for number, mention in enumerate(raw):
        for index in mention.covered:
            holders.setdefault(index, []).append(number)
    hidden: dict[int, Hit] = {index: mask for mask in masks for index in range(mask.first, mask.last)}
    kept = []
    for number, mention in enumerate(raw):
        if not _masked(mention, hidden) and not _contained(number, mention, raw, holders):
            kept.append(mention)
    kept.sort(key=_place)
    return kept


_place = attrgetter("first", "last")


def _not_part_of_another(raw: list[Mention]) -> list[Mention]:
    """The same as below for a handful of mentions, each compared with every other."""
    kept = []
    for number, mention in enumerate(raw):
        first, last, covered = mention.first, mention.last, mention.covered
        for place, other in enumerate(raw):
            if other.first < last and first < other.last and place != number:
                # the commonest cases of giving way, before all of them are asked for
                if other.covered == covered and other.concept is mention.concept:
                    if place < number:
                        break
                elif _gives_way(mention, number, other, place):
                    break
        else:
            kept.append(mention)
    return kept


def _masked(mention: Mention, hidden: dict[int, Hit]) -> bool:
    for index in mention.covered:
        mask = hidden.get(index)
        if mask is not None and not mention.covered > frozenset(range(mask.first, mask.last)):
            return True
    return False


def _contained(number: int, mention: Mention, raw: list[Mention], holders: dict[int, list[int]]) -> bool:
    sharing = {other for index in mention.covered for other in holders[index][:64]} if len(raw) > 1 else set()
    return any(
        _gives_way(mention, number, raw[other], other)
        for other in sharing
        if other != number and not raw[other].covered.isdisjoint(mention.covered)
    )


def _gives_way(mention: Mention, number: int, other: Mention, place: int) -> bool:
    """Does a mention give way to another: one that says more, that takes its place, or a graver reading of the same words?"""
    if mention.concept.id in other.concept.replaces and other.covered & mention.covered:
        return True
    if other.concept.id in mention.concept.replaces:
        # what takes another's place does not give way to it, or neither would be left
        return False
    if other.covered != mention.covered:
        return other.covered > mention.covered
    return _rank(other, place) < _rank(mention, number)


def _is_longest(hit: Hit, longest: dict[int, int]) -> bool:
    return all(longest[index] <= len(hit.words()) for index in hit.words())


def _rank(mention: Mention, number: int) -> tuple[int, int]:
    """Of two readings of the very same words the graver wins, then the first."""
    return TRIAGE.index(mention.concept.triage), number


def free_cues(cues: list[Hit], mentions: list[Mention], known: list[Cue]) -> list[Hit]:
    """Cues that are not part of a mention or of a longer cue, in order of position; pseudo-cues may share words."""
    if not cues:
        return cues
    taken: set[int] = set()
    for mention in mentions:
        taken |= mention.covered
    free = [h for h in cues if taken.isdisjoint(h.words()) or known[h.value].status == "pseudo"]
    if len(free) < 2:
        return free
    longest: dict[int, int] = {}
    for hit in free:
        for index in hit.words():
            longest[index] = max(longest.get(index, 0), len(hit.words()))
    hidden = {
        index
        for hit in free
        if known[hit.value].status == "pseudo" and _is_longest(hit, longest)
        for index in hit.words()
    }
    kept = [
        hit for hit in free
        if _is_longest(hit, longest)
        and (known[hit.value].status in ("pseudo", "proxy") or hidden.isdisjoint(hit.words()))
    ]  # fmt: skip
    kept.sort(key=_place)
    return kept
