"""How people tell of the worst pain, in other words than "severe" and anywhere in the text.

"My jaw has been sore since Tuesday. I was on the bathroom floor with it, nothing from the chemist touches it."
"""

from analysis.coding.mentions import Matched, Mention

FOLLOWING = 2
"""Sentences after a pain in which its worst may be told."""


def grade_by_suffering(found: Matched, mentions: list[Mention]) -> None:
    """What people tell of the worst pain grades the one pain or headache that the text asserts without a grade."""
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
        if here in named or (here not in others and not named.isdisjoint(range(here - FOLLOWING, here))):
            for mention in pains:
                mention.severity = "severe"
            return
