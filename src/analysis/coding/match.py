"""Find what the lexicon knows in a text: one pass of the automaton, then patterns over nearby words.

The result lists mentions (concept + the words it covers), cues, masks and attribute words. Longer readings win: a mention
whose words are all part of a longer mention or of an idiom is dropped.
"""

from analysis.coding.chains import Placed, chains, parts_of
from analysis.coding.concepts import Concept, Lexicon
from analysis.coding.mentions import Hit, Matched, Mention, Span
from analysis.coding.overlap import free_cues, longest_mentions
from analysis.coding.patterns import Pattern
from analysis.coding.pieces import Words


def match(words: Words, lexicon: Lexicon) -> Matched:
    """All mentions, cues and attribute words of a text."""
    found = Matched(words)
    placed: list[Placed] = []
    raw: list[Mention] = []
    masks: list[Hit] = []
    cues: list[Hit] = []
    at, entries, concepts = words.at, lexicon.entries, lexicon.concepts
    for number, start, end in lexicon.automaton.find_matches_as_indexes(words.line, overlapping=True):
        first, last = at[start], at[end - 1]
        entry = entries[number]
        if entry.paired:
            placed.append((first, last, number))
        for kind, value in entry.others:
            if kind == "concept":
                raw.append(_phrase(concepts[value], first, last))
            elif kind == "cue":
                cues.append(Hit(kind, value, first, last))
            elif kind == "mask":
                masks.append(Hit(kind, value, first, last))
            else:
                found.attributes.setdefault(kind, []).append(Hit(kind, value, first, last))
    found.walls = _walls(words, [hit for hit in found.attributes.get("terminator", ()) if hit.value == "both"])
    if len(placed) > 1:
        doubts = [hit for hit in cues if lexicon.cues[hit.value].status == "uncertain"]
        hidden = parts_of(placed, [*found.attributes.get("site", ()), *doubts])
        for pattern, chain in chains(placed, hidden, found, lexicon):
            _emit(pattern, chain, lexicon, raw, masks, cues)
    found.mentions = longest_mentions(raw, masks)
    found.masked = masks
    found.cues = free_cues(cues, found.mentions, lexicon.cues)
    return found


def _phrase(concept: Concept, first: int, last: int) -> Mention:
    return Mention(concept, frozenset(range(first, last)), first, last, (first, last), concept.id)


def _walls(words: Words, terminators: list[Hit]) -> list[int]:
    """Stretches that no pattern may cross: ended by a sentence break, a comma or a word such as "but"."""
    if not terminators:
        return words.wall
    steps = [0] * (len(words.words) + 1)
    for hit in terminators:
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
    first, last = min(span[0] for span in chain), max(span[1] for span in chain)
    if kind == "concept":
        covered = frozenset(index for span in chain for index in range(*span))
        core = (first, last) if pattern.ordered else chain[-1]
        raw.append(Mention(lexicon.concepts[value], covered, first, last, core, pattern.rule))
    elif kind == "mask":
        masks.append(Hit(kind, value, first, last))
    else:
        cues.append(Hit("cue", value, first, last, tuple(index for span in chain for index in range(*span))))
