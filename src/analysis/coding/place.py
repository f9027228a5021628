"""Where an away-from-face finding lies relative to the treated site: local, adjacent, distant, immediate or unknown."""

from analysis.coding.concepts import Lexicon
from analysis.coding.mentions import Matched, Mention


def treated_places(found: Matched, lexicon: Lexicon, area: str | None, treatment_type: str | None) -> frozenset[str]:
    """Regions treated: those given, and sites the text names right after words such as "after" or "post"."""
    regions = set(lexicon.treatment_areas.get(treatment_type or "", ()))
    if area:
        regions |= _regions_of(area, lexicon)
    after = [hit.last for hit in found.told("filler") if hit.value == "cause"]
    sentence = found.words.sentence
    for hit in found.attributes.get("site", ()) if after else ():
        if any(0 <= hit.first - last <= 4 and sentence[last - 1] == sentence[hit.first] for last in after[:50]):
            regions.add(lexicon.regions.get(hit.value, hit.value))
    return frozenset(regions)


def _regions_of(area: str, lexicon: Lexicon) -> frozenset[str]:
    """Regions of the sites named in an area cell, whatever separates them; read once for each different cell."""
    known = lexicon.treated.get(area)
    if known is None:
        known = lexicon.treated[area] = _read_regions(area, lexicon)
    return known


def _read_regions(area: str, lexicon: Lexicon) -> frozenset[str]:
    words = lexicon.words(area)
    hits = lexicon.automaton.find_matches_as_indexes(words.letters, overlapping=True)
    values = [value for number, _, _ in hits for kind, value in lexicon.entries[number].attributes if kind == "site"]
    return frozenset(lexicon.regions.get(value, value) for value in values)


def set_pattern(mention: Mention, found: Matched, places: frozenset[str], lexicon: Lexicon) -> None:
    """Pattern of an away-from-face finding relative to the treated site."""
    if mention.concept.category != "systemic":
        return
    if found.attributes.get("immediate"):
        mention.pattern = "immediate"
        return
    region = lexicon.regions.get(mention.site or "", mention.site or "")
    if not places or not region:
        mention.pattern = "unknown"
    elif region in places:
        mention.pattern = "local"
    elif any(region in lexicon.adjacent.get(place, ()) for place in places):
        mention.pattern = "adjacent"
    else:
        mention.pattern = "distant"
