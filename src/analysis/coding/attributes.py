"""Severity, side, site and how it was established, read from the words around a mention."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from analysis.coding.concepts import Lexicon
from analysis.coding.mentions import Hit, Matched, Mention
from analysis.coding.normalise import SOFT_BREAKS

SPOKEN = {
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "seven": 7.0,
    "eight": 8.0,
    "nine": 9.0,
    "ten": 10.0,
}
SCALES = frozenset({"nrs", "vas", "score", "scale"})
OF = frozenset({"of", ":", "=", "is"})
ABOUT = frozenset({"a", "an", "as", "about", "at", "level", "scored", "rated", "is"})
ENDINGS = frozenset({".", "!", "and", "now", "today", ";", "or", "at"})
OUT_OF_TEN = (["out", "of", "ten"], ["out", "of", "10"])
LEVELS = {"mild": 0, "moderate": 1, "severe": 2}
AHEAD = 3
BEHIND = 8
BEHIND_SCORE = 16
SIDE_WORDS = 6
FEW = 6
"""Sites that are quicker looked through than looked up."""
LONGEST_MENTION = 80
"""More words than any pattern can span."""
JOINED = frozenset({"and", "&", "+", "/", "y", "or"})
ESTABLISHED = ("examined", "photo", "reported_only")
CONSEQUENCE = "that"
"""Behind a severity word it brings what follows from it: "a headache so severe that she vomited"."""


def apply_attributes(found: Matched, lexicon: Lexicon) -> None:
    """Set severity, laterality, site and confirmed of every mention in place."""
    mentions, attributes = found.mentions, found.attributes
    if not mentions:
        return
    for mention in mentions:
        concept = mention.concept
        mention.severity, mention.site = concept.severity, concept.site
    scored = not lexicon.scored.isdisjoint(found.words.letters)
    if scored or "severity" in attributes:
        _severities(found, _scores(found) if scored else [])
    if "laterality" in attributes:
        _sides(found, attributes["laterality"])
    if "site" in attributes:
        _sites(found, attributes["site"])
    if "confirmed" in attributes:
        _confirmed(found, attributes["confirmed"])


def _severities(found: Matched, scores: list[Hit]) -> None:
    starts = [mention.first for mention in found.mentions]
    for hit in [*_outermost(found.attributes.get("severity", ())), *scores]:
        for mention in _owners(hit, found, starts):
            if mention.severity is None or LEVELS[hit.value] > LEVELS[mention.severity]:
                mention.severity = hit.value


def _outermost(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Without those inside another: "severe" is no word of its own in "nothing severe"."""
    if len(hits) < 2:
        return hits
    longest: dict[int, int] = {}
    for hit in hits:
        for index in range(hit.first, hit.last):
            longest[index] = max(longest.get(index, 0), hit.last - hit.first)
    return [hit for hit in hits if longest[hit.first] <= hit.last - hit.first]


def _owners(hit: Hit, found: Matched, starts: list[int]) -> list[Mention]:
    """The mention just after the word (and those joined to it by "and"), else the nearest one before it."""
    words, sentence = found.words.words, found.words.sentence
    numeric = hit.kind == "score"
    place = bisect_left(starts, hit.first - 1)
    after = [] if words[hit.last] == CONSEQUENCE else [
        m for m in found.mentions[place : place + 3]
        if m.last > hit.last and m.first - hit.last <= AHEAD and sentence[m.first] == sentence[hit.first]
        and not SOFT_BREAKS.intersection(words[hit.last : m.first]) and (m.concept.scale or not numeric)
    ]  # fmt: skip
    if after:
        same = [m for m in after[1:] if m.first < after[0].last]
        return [after[0], *same, *_joined_after(after[0], found, place)]
    inside = [m for m in found.mentions[max(0, place - 3) : place + 1] if m.first <= hit.first < m.last]
    if inside:
        return inside
    place = bisect_right(starts, hit.first)
    for m in reversed(found.mentions[max(0, place - 4) : place]):
        near = hit.first - m.last <= (BEHIND_SCORE if numeric else BEHIND) and sentence[m.first] == sentence[hit.first]
        if near and (m.concept.scale or not numeric):
            return [m]
    return []


def _joined_after(first: Mention, found: Matched, place: int) -> list[Mention]:
    out, words = [], found.words.words
    for other in found.mentions[place : place + 4]:
        if other.first >= first.last and all(word in JOINED for word in words[first.last : other.first]):
            out.append(other)
    return out


def _scores(found: Matched) -> list[Hit]:
    """Pain scores "7/10", "8 out of 10", "9 of 10" as severities; dates and half-scores are left alone."""
    out: list[Hit] = []
    words = found.words.words
    for index, word in enumerate(words):
        if not word[0].isdigit():
            if word in SPOKEN and words[index + 1 : index + 4] in OUT_OF_TEN:
                out.append(Hit("score", _level(SPOKEN[word]), index, index + 4))
            elif word in SPOKEN and _announced(words, index):
                out.append(Hit("score", _level(SPOKEN[word]), index, index + 1))
            continue
        value, width = _score(word, words[index + 1 : index + 4])
        if value is None and _announced(words, index):
            value, width = _number(word), 1
        if value is not None:
            out.append(Hit("score", _level(value), index, index + width))
    return out


def _level(value: float) -> str:
    return "mild" if value <= 3 else "moderate" if value < 7 else "severe"


def _announced(words: list[str], index: int) -> bool:
    """Is the number named as a score ("NRS 8", "pain score of 8")?"""
    before = words[max(0, index - 7) : index]
    if not before:
        return False
    if before[-1] in SCALES or (before[-1] in OF and not SCALES.isdisjoint(before[-2:])):
        return True
    following = words[index + 1] if index + 1 < len(words) else "."
    return before[-1] in ABOUT and "pain" in before and (following in ENDINGS or following in SOFT_BREAKS)


def _score(word: str, following: list[str]) -> tuple[float | None, int]:
    if word.endswith("/10") and word.count("/") == 1:
        return _number(word[:-3]), 1
    if following[:3] == ["out", "of", "10"]:
        return _number(word), 4
    if following[:2] == ["of", "10"]:
        return _number(word), 3
    if following[:2] == ["/", "10"]:
        return _number(word), 3
    return None, 0


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if 0 < value <= 10 else None


def _sides(found: Matched, hits: list[Hit]) -> None:
    starts = [mention.first for mention in found.mentions]
    for hit in hits:
        if _compares(found.words.words, hit):
            continue
        owner = _closest(hit, found, starts)
        if owner is not None:
            same = owner.laterality in (None, hit.value)
            owner.laterality = hit.value if same else "bilateral"


def _compares(words: list[str], hit: Hit) -> bool:
    """ "L>R" compares the sides and states none."""
    around = words[max(0, hit.first - 1) : hit.last + 1]
    return ">" in around or "<" in around


def _closest(hit: Hit, found: Matched, starts: list[int]) -> Mention | None:
    place = bisect_left(starts, hit.first)
    sentence, clause = found.words.sentence, found.words.clause
    best: tuple[tuple[int, int], Mention] | None = None
    for m in found.mentions[max(0, place - 3) : place + 3]:
        if sentence[m.first] != sentence[hit.first]:
            continue
        apart = max(hit.first - m.last, m.first - hit.last, 0)
        if apart > SIDE_WORDS:
            continue
        rank = (int(clause[m.first] != clause[hit.first]), apart)
        if best is None or rank < best[0]:
            best = (rank, m)
    return best[1] if best else None


def _sites(found: Matched, hits: list[Hit]) -> None:
    few = len(hits) <= FEW
    starts = [] if few else [hit.first for hit in hits]
    ended = found.attributes.get("terminator")
    turns = sorted([hit.first for hit in ended if hit.value == "both"]) if ended else []
    firsts = [mention.first for mention in found.mentions] if turns else []
    for mention in found.mentions:
        near = hits
        if not few:
            low, high = mention.first - SIDE_WORDS, mention.last + SIDE_WORDS
            near = hits[bisect_left(starts, low) : bisect_left(starts, high)]
        stated = _site(mention, found, near, turns, firsts)
        if stated is not None:
            mention.site = stated


def _site(mention: Mention, found: Matched, hits: Sequence[Hit], turns: list[int], firsts: list[int]) -> str | None:
    """The longest site within the mention's own words, else the nearest one of its sentence."""
    first, last, sentence = mention.first, mention.last, found.words.sentence
    own: Hit | None = None
    nearest: Hit | None = None
    length, least = 0, (SIDE_WORDS + 1, 0)
    for hit in hits:
        begin, end = hit.first, hit.last
        if first <= begin < last:
            if end - begin > length:
                own, length = hit, end - begin
        elif own is None and first - SIDE_WORDS <= begin < last + SIDE_WORDS and sentence[begin] == sentence[first]:
            gap = max(begin - last, first - end), begin - end
            if gap < least and not (turns and _of_another(hit, mention, found, turns, firsts)):
                nearest, least = hit, gap
    chosen = own or nearest
    return str(chosen.value) if chosen else None


def _of_another(hit: Hit, mention: Mention, found: Matched, turns: list[int], firsts: list[int]) -> bool:
    """Is the site named beyond a "but", as part of another finding ("no bruise but lid drooping")?"""
    low, high = sorted((hit.first, mention.first))
    place = bisect_right(turns, low)
    if place == len(turns) or turns[place] > high:
        return False
    near = found.mentions[bisect_left(firsts, hit.first - LONGEST_MENTION) : bisect_right(firsts, hit.first)]
    return any(hit.first in other.covered for other in near if other is not mention)


def _confirmed(found: Matched, hits: list[Hit]) -> None:
    sentence = found.words.sentence
    kinds = [hit.value for hit in hits]
    seen = {sentence[hit.first] for hit in hits if hit.value == "examined"} if "examined" in kinds else set()
    best = next((kind for kind in ESTABLISHED if kind in kinds), None)
    for mention in found.mentions:
        mention.confirmed = best
        if seen:
            mention.examined = sentence[mention.first] in seen
