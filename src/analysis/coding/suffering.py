"""How people tell of the worst pain, in other words than "severe" and anywhere in the text.

"My jaw has been sore since Tuesday. I was on the bathroom floor with it, nothing from the chemist touches it."
"""

from collections.abc import Sequence

from analysis.coding.mentions import Hit, Matched, Mention

DENYING = frozenset({"no", "not", "never", "nor", "without", "sin"})
LITTLE = frozenset({"in", "the", "a", "an", "any", "as", "at", "really", "exactly", "quite"})
BESIDE = 4
"""Words before or after within which a bystander is meant."""
FOLLOWING = 2
"""Sentences after a pain in which its worst may be told."""


def grade_by_suffering(found: Matched, mentions: list[Mention], bystanders: frozenset[str]) -> None:
    """What people tell of the worst pain grades the one pain or headache that the text asserts without a grade;
    `bystanders` are words for who cries, climbs and keeps people up as well."""
    pains = [mention for mention in mentions if mention.concept.scale and mention.concept.when_severe]
    if (
        not pains
        or any(m.status != "asserted" or m.severity for m in pains)
        or len({m.concept.subcode for m in pains}) > 1
    ):
        return
    sentence = found.words.sentence
    others = {sentence[hit.first] for hit in found.told("person")}
    named = {sentence[mention.core[0]] for mention in pains}
    for hit in found.told("suffering"):
        here = sentence[hit.first]
        if _is_of_no_pain(hit, found.words.words, bystanders):
            continue
        if here in named or (here not in others and not named.isdisjoint(range(here - FOLLOWING, here))):
            for mention in pains:
                mention.severity = "severe"
            return


def _is_of_no_pain(hit: Hit, words: Sequence[str], bystanders: frozenset[str]) -> bool:
    """Is it denied ("not agony"), or of children and dogs ("the kids were screaming", "up all night with the baby")?"""
    before = hit.first - 1
    if before > 0 and words[before] in LITTLE:
        before -= 1
    if before >= 0 and words[before] in DENYING:
        return True
    return not bystanders.isdisjoint(words[max(0, hit.first - BESIDE + 1) : hit.last + BESIDE])
