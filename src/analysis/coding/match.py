"""Find what the lexicon knows in a text: one pass of the automaton, then patterns over nearby words.

The result lists mentions (concept + the words it covers), cues, masks and attribute words. Longer readings win: a mention
whose words are all part of a longer mention or of an idiom is dropped.
"""

from collections.abc import Sequence
from operator import itemgetter

from analysis.coding.chains import Placed, chains, joined_by_anchor
from analysis.coding.concepts import Cue, Lexicon
from analysis.coding.hints import hinted, mention_of
from analysis.coding.mentions import Hit, Matched, Mention, Span
from analysis.coding.overlap import free_cues, longest_mentions
from analysis.coding.patterns import Pattern
from analysis.coding.words import Words

ENTRY = itemgetter(0)


def match(words: Words, lexicon: Lexicon) -> Matched:
    """All mentions, cues and attribute words of a text."""
    found = Matched(words)
    raw: list[Mention] = []
    masks: list[Hit] = []
    cues: list[Hit] = []
    told, attributes, small = lexicon.told, found.attributes, found.small
    hits = lexicon.automaton.find_matches_as_indexes(words.letters, overlapping=True)
    for number, first, last in hits:
        entry = told[number]
        if entry is None:
            continue
        concepts, own_cues, mask, own_attributes, own_small = entry
        if own_attributes:
            for kind, value in own_attributes:
                known = attributes.get(kind)
                if known is None:
                    attributes[kind] = [Hit(kind, value, first, last)]
                else:
                    known.append(Hit(kind, value, first, last))
        if own_small:
            small.append((own_small, first, last))
        if concepts:
            covered = frozenset((first,) if last - first == 1 else range(first, last))
            raw += [Mention(concept, covered, first, last, (first, last), concept.id) for concept in concepts]
        if own_cues:
            cues += [Hit("cue", cue, first, last) for cue in own_cues]
        if mask:
            masks.append(Hit("mask", mask, first, last))
    joined = joined_by_anchor(set(map(ENTRY, hits)), lexicon)
    terminators = attributes.get("terminator")
    if terminators:
        found.walls = _walls(words, terminators)
    if joined:
        names = _names(attributes.get("site", ()), cues, lexicon)
        for pattern, chain in chains(hits, joined, names, found, lexicon):
            _emit(pattern, chain, lexicon, raw, masks, cues)
    found.mentions = longest_mentions(raw, masks)
    if lexicon.hints.parts and _says_little(found.mentions, lexicon):
        found.mentions += _hints(hits, found, masks, lexicon)
        found.mentions.sort(key=lambda mention: (mention.first, mention.last))
    found.masked = masks
    found.cues = free_cues(cues, found.mentions, lexicon.cues)
    return found


def _says_little(mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Is nothing named, or only what takes no hint away?"""
    if not mentions:
        return True
    beside = lexicon.hints.beside
    return mentions[0].concept.id in beside and all(mention.concept.id in beside for mention in mentions)


def _hints(hits: Sequence[Placed], found: Matched, masks: list[Hit], lexicon: Lexicon) -> list[Mention]:
    """Proposals whose words no mention holds."""
    named = {index for mention in found.mentions for index in mention.covered}
    proposed = [
        mention_of(p, found.words, lexicon.concepts[p.concept]) for p in hinted(hits, found.words, masks, lexicon.hints)
    ]
    return [mention for mention in proposed if named.isdisjoint(mention.covered)]


def _names(sites: Sequence[Hit], cues: list[Hit], lexicon: Lexicon) -> list[Hit]:
    """Sites and words of doubt of more than one word, whose parts mean nothing by themselves."""
    long = [hit for hit in sites if hit.last - hit.first > 1] if sites else []
    if cues:
        long += [hit for hit in cues if hit.last - hit.first > 1 and _is_whole(lexicon.cues[hit.value])]
    return long


def _is_whole(cue: Cue) -> bool:
    """Are its words taken together only: the "cannot" of "cannot rule out", the "no longer" of "no longer has"?"""
    return cue.status == "uncertain" or (cue.status == "resolved" and cue.direction == "forward")


def _walls(words: Words, terminators: list[Hit]) -> list[int]:
    """Stretches that no pattern may cross: ended by a sentence break, a comma or a word such as "but"."""
    turns = [hit for hit in terminators if hit.value == "both"]
    if not turns:
        return words.wall
    steps = [0] * (len(words.words) + 1)
    for hit in turns:
        steps[hit.first] = 1
    total, out = 0, []
    for index, wall in enumerate(words.wall):
        total += steps[index]
        out.append(wall + total)
    return out


def _emit(
    pattern: Pattern, chain: tuple[Span, ...], lexicon: Lexicon, raw: list[Mention], masks: list[Hit], cues: list[Hit]
) -> None:
    kind, value = pattern.target
    # of an ordered pattern the places ascend; of two words in either order one comes first
    first = chain[0][0] if chain[0][0] < chain[-1][0] else chain[-1][0]
    last = chain[-1][1] if chain[-1][1] > chain[0][1] else chain[0][1]
    if kind == "concept":
        core = (first, last) if pattern.ordered else chain[-1]
        covered = frozenset([index for begin, end in chain for index in range(begin, end)])
        raw.append(Mention(lexicon.concepts[value], covered, first, last, core, pattern.rule))
    elif kind == "mask":
        masks.append(Hit(kind, value, first, last))
    else:
        cues.append(
            Hit("cue", value, first, last, tuple([index for begin, end in chain for index in range(begin, end)]))
        )
