"""What a text without a finding says: that nothing happened, or nothing that can be read.

A word the lexicon does not know is never "no event": "ok", "happy" or a bare "no" is evidence only where nothing else in the text
could tell of one ("all ok", not "ambulance called, ok").
"""

from analysis.coding.concepts import Lexicon
from analysis.coding.letters import CODE, HARMLESS
from analysis.coding.mentions import Hit, Matched

READ = ("nothing", "site", "laterality", "confirmed", "terminator", "immediate")
"""Attribute words that tell of no event by themselves."""
READ_CUES = frozenset({"negated", "resolved"})


def said_nothing(found: Matched, lexicon: Lexicon) -> tuple[str, str]:
    """`none` or `unknown`, and the kind of evidence (empty without any)."""
    hits = found.attributes.get("nothing", [])
    kinds = [hit.value for hit in hits]
    if "unreadable" in kinds:
        return "unknown", kinds[0]
    if any(mention.concept.mention_only for mention in found.mentions):
        return "none", kinds[0] if kinds else ""
    firm = next((kind for kind in kinds if kind != "mild"), "")
    if firm:
        return "none", firm
    if (hits or found.masked) and not _unread(found, lexicon):
        return "none", kinds[0] if kinds else ""
    return "unknown", ""


def _unread(found: Matched, lexicon: Lexicon) -> bool:
    """Is there a word that may tell of an event?"""
    read: set[int] = set()
    for hit in _read(found, lexicon):
        read.update(hit.words())
    return any(
        index not in read and word != HARMLESS and word not in lexicon.harmless and not _is_no_word(word)
        for index, word in enumerate(found.words.words)
    )


def _read(found: Matched, lexicon: Lexicon) -> list[Hit]:
    attributes = [hit for kind in READ for hit in found.attributes.get(kind, ())]
    return [*attributes, *found.masked, *(hit for hit in found.cues if lexicon.cues[hit.value].status in READ_CUES)]


def _is_no_word(word: str) -> bool:
    """Punctuation, numbers and days or counts ("d14", "x2")."""
    return word == CODE or word[0].isdigit() or word[-1].isdigit() or (word[0] != "~" and not word[0].isalnum())
