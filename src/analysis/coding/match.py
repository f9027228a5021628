"""Find what the lexicon knows in a text: one pass of the automaton, then patterns over nearby words.

The result lists mentions (concept + the words it covers), cues, masks and attribute words. Longer readings win: a mention
whose words are all part of a longer mention or of an idiom is dropped.
"""

from bisect import bisect_left
from collections.abc import Iterator

from analysis.coding.concepts import Concept, Entry, Lexicon
from analysis.coding.mentions import Hit, Matched, Mention, Span
from analysis.coding.normalise import Words
from analysis.coding.overlap import free_cues, longest_mentions
from analysis.coding.patterns import Pattern

JOINING = frozenset(
    {"and", "&", "+", "/", "or", "left", "right", "both", "bilateral", "l", "r", "the", "my", "her", "his", "y"}
)
"""Words that may lie between two sites sharing one finding ("heavy brow and lids")."""


def match(words: Words, lexicon: Lexicon) -> Matched:
    """All mentions, cues and attribute words of a text."""
    found = Matched(words)
    spans: list[tuple[int, int, Entry]] = []
    present = 0
    raw: list[Mention] = []
    masks: list[Hit] = []
    cues: list[Hit] = []
    at, entries, concepts = words.at, lexicon.entries, lexicon.concepts
    for number, start, end in lexicon.automaton.find_matches_as_indexes(words.line, overlapping=True):
        first, last = at[start], at[end - 1]
        entry = entries[number]
        if entry.mask:
            present |= entry.mask
            spans.append((first, last, entry))
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
    sets = _sets(spans, present)
    if sets:
        doubts = [hit for hit in cues if lexicon.cues[hit.value].status == "uncertain"]
        _hide_parts(sets, [*found.attributes.get("site", []), *doubts])
        _apply_patterns(found, lexicon, sets, raw, masks, cues)
    found.mentions = longest_mentions(raw, masks)
    found.masked = masks
    found.cues = free_cues(cues, found.mentions, lexicon.cues)
    return found


def _sets(spans: list[tuple[int, int, Entry]], present: int) -> dict[str, list[Span]]:
    """Places of the word sets that some pattern of this text can use."""
    wanted = 0
    for _, _, entry in spans:
        for _, before, elements in entry.anchors:
            if before & present:
                wanted |= elements
    sets: dict[str, list[Span]] = {}
    if wanted:
        for first, last, entry in spans:
            if entry.mask & wanted:
                for name, bit in entry.sets:
                    if bit & wanted:
                        sets.setdefault(name, []).append((first, last))
    return sets


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


def _apply_patterns(
    found: Matched, lexicon: Lexicon, sets: dict[str, list[Span]], raw: list[Mention], masks: list[Hit], cues: list[Hit]
) -> None:
    for spans in sets.values():
        if len(spans) > 1:
            spans.sort()
    nearest: dict[Span, list[tuple[int, Span, Pattern]]] = {}
    present = sets.keys()
    for key in [key for key in sets if key in lexicon.patterns]:
        partners = lexicon.patterns[key]
        for partner in sorted(partners.keys() & present):
            for pattern in partners[partner]:
                if len(pattern.elements) > 2 and any(element.key not in sets for element in pattern.elements):
                    continue
                for chain in _chains(pattern, sets, found.walls):
                    if pattern.target[0] == "concept" and not pattern.ordered:
                        core = chain[-1]
                        nearest.setdefault(core, []).append((_gap(chain[0], core), chain[0], pattern))
                    else:
                        _emit(pattern, chain, lexicon, raw, masks, cues)
    for core, options in nearest.items():
        for site, pattern in _nearest(options, found.words.words):
            _emit(pattern, (site, core), lexicon, raw, masks, cues)


def _hide_parts(sets: dict[str, list[Span]], sites: list[Hit]) -> None:
    """Words inside a longer name are no name of their own: the feet of "crow's feet", the "cannot" of "cannot rule out"."""
    inside = {index: (hit.first, hit.last) for hit in sites if hit.last - hit.first > 1 for index in hit.words()}
    if not inside:
        return
    for name in [name for name in sets if not name.startswith("=")]:
        kept = [span for span in sets[name] if not _is_part(span, inside)]
        if kept:
            sets[name] = kept
        else:
            del sets[name]


def _is_part(span: Span, inside: dict[int, Span]) -> bool:
    outer = inside.get(span[0])
    return outer is not None and span[1] <= outer[1] and span[1] - span[0] < outer[1] - outer[0]


def _chains(pattern: Pattern, sets: dict[str, list[Span]], walls: list[int]) -> Iterator[tuple[Span, ...]]:
    for anchor in sets[pattern.elements[-1].key]:
        if not pattern.ordered:
            for partner in _around(sets[pattern.elements[0].key], anchor, pattern.gaps[0], walls):
                yield (partner, anchor)
            continue
        yield from _leftwards(pattern, sets, walls, (anchor,), len(pattern.elements) - 2)


def _leftwards(
    pattern: Pattern, sets: dict[str, list[Span]], walls: list[int], chain: tuple[Span, ...], index: int
) -> Iterator[tuple[Span, ...]]:
    if index < 0:
        yield chain
        return
    head = chain[0]
    for span in _around(sets[pattern.elements[index].key], head, pattern.gaps[index], walls, before_only=True):
        yield from _leftwards(pattern, sets, walls, (span, *chain), index - 1)


def _around(
    spans: list[Span], anchor: Span, gap: int, walls: list[int], *, before_only: bool = False
) -> Iterator[Span]:
    """Spans at most `gap` words from the anchor, not overlapping it, within the same stretch."""
    wall = walls[anchor[0]]
    for place in range(bisect_left(spans, (anchor[0] - gap - 8, 0)), len(spans)):
        first, last = spans[place]
        if first > anchor[1] + gap or (before_only and first >= anchor[0]):
            return
        apart = anchor[0] - last if first < anchor[0] else first - anchor[1]
        if 0 <= apart <= gap and walls[first] == wall:
            yield first, last


def _gap(one: Span, other: Span) -> int:
    return other[0] - one[1] if one[0] < other[0] else one[0] - other[1]


def _nearest(options: list[tuple[int, Span, Pattern]], words: list[str]) -> list[tuple[Span, Pattern]]:
    """The nearest site of a finding, and sites joined to it by "and"."""
    options.sort(key=lambda option: (option[0], -(option[1][1] - option[1][0])))
    kept: list[tuple[Span, Pattern]] = []
    for gap, site, pattern in options:
        if not kept or gap == options[0][0] or any(_joined(site, other, words) for other, _ in kept):
            kept.append((site, pattern))
    return kept


def _joined(one: Span, other: Span, words: list[str]) -> bool:
    left, right = sorted((one, other))
    return left[1] >= right[0] or all(word in JOINING for word in words[left[1] : right[0]])


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
