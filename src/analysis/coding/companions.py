"""What goes without saying beside a graver finding, and what is told by the way.

A companion is part of what a graver finding says (the cough of somebody who chokes, the tears of somebody in agony): it is no
event of its own unless it is listed beside it or graded. What a story tells by the way (a cold, the allergy clinic) stands in a
sentence that links it to nothing done here: it stays in the data, as of another cause.
"""

from analysis import taxonomy
from analysis.coding.concepts import Graver
from analysis.coding.mentions import Matched, Mention

STORY = 3
"""Sentences a text must have to tell anything by the way."""
PATIENT = frozenset({"i", "my"})
"""By these a patient tells a story. A clinic's note says what it says in short sentences, and nothing by the way."""
BY_THE_WAY = "told by the way"
CONNECTING = frozenset({",", ";", "/", "+", "&", "and", "y", "e", "plus", "with", "con", "or"})


def without_companions(found: Matched, mentions: list[Mention], rows: tuple[Graver, ...]) -> list[Mention]:
    """Leave out what graver findings of the text say already; what has a grade of its own stays."""
    asserted = [mention for mention in mentions if mention.status == "asserted"]
    if len(asserted) < 2:
        return mentions
    present = {mention.concept.subcode for mention in asserted}
    gone: set[int] = set()
    for row in rows:
        if row.states.isdisjoint(present) or row.than.isdisjoint(present):
            continue
        graver = [mention for mention in asserted if mention.concept.subcode in row.states]
        gone.update(
            id(mention) for mention in asserted
            if mention.concept.subcode in row.than and mention.concept.triage != "now" and mention.severity not in ("mild", "moderate")
            and (not row.said or not row.said.isdisjoint(found.words.words[mention.first : mention.last]))
            and (row.listed or not any(_in_one_list(found, mention, other) for other in graver))
        )  # fmt: skip
    return [mention for mention in mentions if id(mention) not in gone] if gone else mentions


def _in_one_list(found: Matched, one: Mention, other: Mention) -> bool:
    """Does nothing but a comma, "and" and the like stand between the two?"""
    first, second = (one, other) if one.first < other.first else (other, one)
    between = found.words.words[first.last : second.first]
    return bool(between) and all(word in CONNECTING for word in between)


def set_by_the_way(found: Matched, mentions: list[Mention], small: dict[str, frozenset[str]]) -> None:
    """Small findings in a sentence that no word links to the treatment are of another cause: in a patient's story that tells of
    something else or says that nothing happened, and where an illness is why somebody does not come."""
    sentence = found.words.sentence
    story = sentence[-1] + 1 >= STORY
    codes = small["subcodes"] if story else small["ill"]
    listed = [mention for mention in mentions if mention.concept.subcode in codes and _is_small(mention)]
    if not listed:
        return
    moved = any(hit.value == "moved" for hit in found.told("story"))
    others = [mention for mention in mentions if mention.status in taxonomy.HAPPENED and mention not in listed]
    told = story and not PATIENT.isdisjoint(found.words.words) and (others or found.attributes.get("nothing"))
    if not moved and not told:
        return
    linked = {sentence[hit.first] for hit in found.told("story") if hit.value == "linked"}
    linked.update(sentence[mention.core[0]] for mention in others)
    for mention in listed:
        if sentence[mention.core[0]] not in linked:
            mention.status, mention.cue = "other_cause", BY_THE_WAY


def _is_small(mention: Mention) -> bool:
    return mention.status == "asserted" and mention.concept.triage == "routine" and mention.severity is None
