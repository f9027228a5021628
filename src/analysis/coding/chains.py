"""Patterns over nearby words: which word sets stand close enough, in the right order, within one stretch of a text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter

from analysis.coding.concepts import Lexicon
from analysis.coding.mentions import Hit, Matched, Span
from analysis.coding.patterns import WIDEST, Pattern

Placed = tuple[int, int, int]
"""Number of the automaton entry, first word, last word (exclusive)."""
LONGEST = 8
"""Words of the longest phrase of a set."""
JOINING = frozenset(
    {"and", "&", "+", "/", "or", "left", "right", "both", "bilateral", "l", "r", "the", "my", "her", "his", "y"}
)
"""Words that may lie between two sites sharing one finding ("heavy brow and lids")."""
BY_PLACE = itemgetter(1, 2, 0)
NONE_HIDDEN: frozenset[Span] = frozenset()
NOBODY: frozenset[int] = frozenset()
LINKS = frozenset({"and", "or", "nor", "&", "y", "o", "ni"})
"""Words that close a list."""


def joined_by_anchor(present: set[int], lexicon: Lexicon) -> dict[int, frozenset[int]]:
    """Entries that end some pattern, and those there that hold its last but one element; `present` are the entries of a text."""
    partners = lexicon.partners
    return {
        number: partners[number] & present
        for number in lexicon.ending & present
        if not partners[number].isdisjoint(present)
    }


def chains(
    hits: Sequence[Placed], joined: dict[int, frozenset[int]], names: list[Hit], found: Matched, lexicon: Lexicon
) -> list[tuple[Pattern, tuple[Span, ...]]]:
    """Every pattern the words complete, with the places of its elements; of findings in either order the nearest site only.

    `joined` is what joined_by_anchor gives of the entries of `hits`; `names` are words of more than one word whose parts mean
    nothing by themselves.
    """
    asked = set(joined).union(*joined.values())
    placed = [hit for hit in hits if hit[0] in asked]
    placed.sort(key=BY_PLACE)
    pairs = _pairs(placed, joined, hits, found, lexicon)
    if not pairs:
        return []
    hidden = parts_of(placed, names) if names else NONE_HIDDEN
    if hidden:
        pairs = [pair for pair in pairs if not _cut(*pair, hidden)]
    out: list[tuple[Pattern, tuple[Span, ...]]] = []
    nearest: dict[Span, list[tuple[int, Span, Pattern]]] = {}
    present: set[int] = set()
    sets: dict[str, list[Span]] = {}
    for pattern, partner, anchor in pairs:
        if pattern.ordered:
            if len(pattern.elements) == 2:
                out.append((pattern, (partner, anchor)))
                continue
            present = present or {hit[0] for hit in hits}
            if not _all_there(pattern, present, lexicon):
                continue
            sets = sets or _by_name(hits, names, lexicon)
            for chain in _leftwards(pattern, sets, found.walls, (partner, anchor), len(pattern.elements) - 3):
                out.append((pattern, chain))
        elif pattern.target[0] == "concept":
            nearest.setdefault(anchor, []).append((_gap(partner, anchor), partner, pattern))
        else:
            out.append((pattern, (partner, anchor)))
    for core, options in nearest.items():
        for site, pattern in _nearest(options, found.words.words):
            out.append((pattern, (site, core)))
    return out


def _all_there(pattern: Pattern, present: set[int], lexicon: Lexicon) -> bool:
    """Is there a word for each element before the last two?"""
    return all(not present.isdisjoint(lexicon.holders.get(element.key, NOBODY)) for element in pattern.elements[:-2])


def parts_of(placed: list[Placed], names: list[Hit]) -> frozenset[Span]:
    """Words inside a longer name are no name of their own: the feet of "crow's feet", the "cannot" of "cannot rule out"."""
    inside = {index: (hit.first, hit.last) for hit in names if hit.last - hit.first > 1 for index in hit.words()}
    if not inside:
        return frozenset()
    return frozenset((first, last) for _, first, last in placed if _is_part((first, last), inside))


def _is_part(span: Span, inside: dict[int, Span]) -> bool:
    outer = inside.get(span[0])
    return outer is not None and span[1] <= outer[1] and span[1] - span[0] < outer[1] - outer[0]


def _pairs(
    placed: list[Placed], joined: dict[int, frozenset[int]], hits: Sequence[Placed], found: Matched, lexicon: Lexicon
) -> list[tuple[Pattern, Span, Span]]:
    """Patterns whose last two elements stand close enough: the pattern, the place of the last but one, that of the last.

    `placed` are those of the hits that are an anchor of `joined` or joined to one.
    """
    out: list[tuple[Pattern, Span, Span]] = []
    walls, words, count = found.walls, found.words.words, len(placed)
    rows = {number: lexicon.completions(number) for number in joined}
    listable: list[Placed] = []
    for place, (number, first, last) in enumerate(placed):
        row = rows.get(number)
        if row is None:
            continue
        anchor, wall = (first, last), walls[first]
        lowest, highest = first - WIDEST - LONGEST, last + WIDEST
        for other in range(place - 1, -1, -1):
            partner, begin, end = placed[other]
            if begin < lowest:
                break
            patterns = row.get(partner)
            if patterns is None or end > first:
                continue
            if walls[begin] == wall:
                gap = first - end
                out += [
                    (pattern, (begin, end), anchor) for pattern in patterns
                    if gap <= pattern.gaps[-1]
                ]  # fmt: skip
                continue
            if wall - walls[begin] == 1 and "," in words[end:first]:
                gap = first - end - 1
                out += [
                    (pattern, (begin, end), anchor) for pattern in patterns
                    if pattern.crosses and gap <= pattern.gaps[-1]
                ]  # fmt: skip
            if not LINKS.isdisjoint(words[end:first]):
                listable = listable or sorted([hit for hit in hits if hit[0] in lexicon.in_sets], key=BY_PLACE)
                if _listed(end, first, _between(placed[other], placed[place], listable), words):
                    out += [(pattern, (begin, end), anchor) for pattern in patterns if not pattern.ordered]
        for other in range(place + 1, count):
            partner, begin, end = placed[other]
            if begin > highest:
                break
            patterns = row.get(partner)
            if patterns is None or begin < last or walls[begin] != wall:
                continue
            gap = begin - last
            out += [
                (pattern, (begin, end), anchor) for pattern in patterns
                if not pattern.ordered and gap <= pattern.gaps[-1]
            ]  # fmt: skip
    return out


def _between(one: Placed, other: Placed, listable: list[Placed]) -> list[Placed]:
    """Those placed between two others."""
    return listable[
        bisect_right(listable, BY_PLACE(one), key=BY_PLACE) : bisect_left(listable, BY_PLACE(other), key=BY_PLACE)
    ]


def _listed(end: int, first: int, listable: list[Placed], words: list[str]) -> bool:
    """Does a bare list lie between the two, whose items share the finding ("no vision, speech or swallowing problems")?

    `listable` are words of sets between them: one that some pattern names literally ("had", "so") is no item of a list.
    """
    items = {index for _, begin, last in listable for index in range(begin, last)}
    return all(index in items or words[index] == "," or words[index] in LINKS for index in range(end, first))


def _cut(pattern: Pattern, partner: Span, anchor: Span, hidden: frozenset[Span]) -> bool:
    """Is one of the two only part of a longer name? Literal words are meant as written."""
    return (anchor in hidden and pattern.elements[-1].key[0] != "=") or (
        partner in hidden and pattern.elements[-2].key[0] != "="
    )


def _by_name(hits: Sequence[Placed], names: list[Hit], lexicon: Lexicon) -> dict[str, list[Span]]:
    """Places of the words of each set that patterns use."""
    placed = sorted([hit for hit in hits if hit[0] in lexicon.paired], key=BY_PLACE)
    hidden = parts_of(placed, names)
    sets: dict[str, list[Span]] = {}
    for number, first, last in placed:
        for name in lexicon.entries[number].sets:
            if name[0] == "=" or (first, last) not in hidden:
                sets.setdefault(name, []).append((first, last))
    return sets


def _leftwards(
    pattern: Pattern, sets: dict[str, list[Span]], walls: list[int], chain: tuple[Span, ...], index: int
) -> Iterator[tuple[Span, ...]]:
    if index < 0:
        yield chain
        return
    for span in _before(sets.get(pattern.elements[index].key, []), chain[0], pattern.gaps[index], walls):
        yield from _leftwards(pattern, sets, walls, (span, *chain), index - 1)


def _before(spans: list[Span], anchor: Span, gap: int, walls: list[int]) -> Iterator[Span]:
    """Spans that end at most `gap` words before the anchor, within the same stretch."""
    wall = walls[anchor[0]]
    for place in range(bisect_left(spans, (anchor[0] - gap - LONGEST, 0)), len(spans)):
        first, last = spans[place]
        if first >= anchor[0]:
            return
        if 0 <= anchor[0] - last <= gap and walls[first] == wall:
            yield first, last


def _gap(one: Span, other: Span) -> int:
    return other[0] - one[1] if one[0] < other[0] else one[0] - other[1]


def _nearest(options: list[tuple[int, Span, Pattern]], words: list[str]) -> list[tuple[Span, Pattern]]:
    """The nearest site of a finding, and sites joined to it by "and"."""
    if len(options) == 1:
        return [options[0][1:]]
    options.sort(key=lambda option: (option[0], -(option[1][1] - option[1][0]), option[2].number))
    kept: list[tuple[Span, Pattern]] = []
    for gap, site, pattern in options:
        if not kept or gap == options[0][0] or any(_joined(site, other, words) for other, _ in kept):
            kept.append((site, pattern))
    return kept


def _joined(one: Span, other: Span, words: list[str]) -> bool:
    left, right = sorted((one, other))
    return left[1] >= right[0] or all(word in JOINING or word == "," for word in words[left[1] : right[0]])
