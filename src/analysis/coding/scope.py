"""How far a cue reaches: near, within its clause, its sentence or the text; "but" ends it, a bare list carries it on."""

from bisect import bisect_left

from analysis.coding.concepts import Cue
from analysis.coding.lists import JOINED, counted, list_goes_on, numbered_item
from analysis.coding.mentions import Hit, Mention
from analysis.coding.normalise import SOFT_BREAKS
from analysis.coding.scene import FARTHEST, Scene

NEAR = 4
ONSET = 12
"""Words after a finding within which its beginning may be told."""
WHO = frozenset({"who", "whose", "which", "aged", "treated", "seen", "injected", "also", "living", "both"})
BOXES = frozenset({"[", "]", "(", ")"})
FARTHEST_BOX = 6
SUBJECTS = frozenset(
    {"he", "she", "i", "it", "they", "we", "you", "patient", "the", "a", "an", "her", "his", "my", "our", "there", "this", "that", "no",
     "and", "but", "so"}
)  # fmt: skip
"""Words by which a clause begins anew after words between commas; another one goes on with its verb."""


def reaches(cue: Cue, hit: Hit, mention: Mention, scene: Scene) -> str:
    """ "" when the cue does not cover the mention, else "sure", "weak" (by a comma only) or "open" (by a comma, past a clause)."""
    first, last = mention.core
    if cue.reach == "box":
        return "sure" if _own_box(hit, mention, scene) else ""
    if cue.direction == "around":
        return "sure" if hit.first < first and last <= hit.last and not scene.treated_between(hit.first, first) else ""
    if hit.last <= first and cue.direction != "backward":
        return _forward(cue, hit, mention, scene)
    if hit.first >= last and cue.direction != "forward":
        return _backward(cue, hit, mention, scene)
    return ""


def _forward(cue: Cue, hit: Hit, mention: Mention, scene: Scene) -> str:
    start, stop = hit.last, mention.core[0]
    sentence = scene.words.sentence
    if cue.reach == "text":
        return "sure"
    if sentence[start - 1] != sentence[stop]:
        return "sure" if cue.reach == "heading" and numbered_item(start - 1, stop, scene) else ""
    if cue.status == "negated" and scene.words.words[start] == ",":
        # "Stroke ruled out, choking persists" and "no, she is weak" deny nothing behind the comma.
        return ""
    other = cue.status == "other_person"
    if _ended(scene.ends_of(cue, start), start, stop):
        return ""
    if cue.reach in ("sentence", "heading"):
        own = _own_statement(start, mention, scene) or (cue.status == "hypothetical" and _is_underway(mention, scene))
        return "" if own else "sure"
    if _named_before_a_colon(start, stop, scene):
        return ""
    clause = scene.words.clause
    if cue.reach == "count":
        return counted(start, stop, mention, scene)
    if cue.reach == "near":
        same = clause[start - 1] == clause[stop] and not SOFT_BREAKS.intersection(scene.words.words[start:stop])
        return "sure" if same and stop - start < NEAR else ""
    if clause[start - 1] == clause[stop] or (other and _beyond_apposition(start, stop, scene)):
        return "sure"
    listed = list_goes_on(start, mention, scene)
    # "I was scared of eating, things go down the wrong way": what is feared is not a clause of its own.
    return "" if listed == "open" and cue.status == "hypothetical" else listed


def _own_box(hit: Hit, mention: Mention, scene: Scene) -> bool:
    """Is this the tick box of the finding: the one before it where boxes lead, else the one behind it?"""
    if scene.words.sentence[hit.first] != scene.words.sentence[mention.first]:
        return False
    start, stop = (hit.last, mention.first) if scene.boxes_lead else (mention.last, hit.first)
    return 0 <= stop - start <= FARTHEST_BOX and BOXES.isdisjoint(scene.words.words[start:stop])


def _is_underway(mention: Mention, scene: Scene) -> bool:
    """Does the sentence go on to say that what was asked about has begun ("asked if trouble breathing, which began on Monday")?"""
    place = bisect_left(scene.underway, mention.core[1])
    if place == len(scene.underway):
        return False
    told = scene.underway[place]
    sentence = scene.words.sentence
    return told - mention.last < ONSET and sentence[told] == sentence[mention.core[0]]


def _named_before_a_colon(start: int, stop: int, scene: Scene) -> bool:
    """Does the cue speak of a finding that a colon then explains ("cannot exclude anaphylaxis: hives, wheeze")?"""
    words = scene.words.words
    if ":" not in words[start:stop]:
        return False
    return not scene.named.isdisjoint(range(start, start + words[start:stop].index(":")))


def _beyond_apposition(start: int, stop: int, scene: Scene) -> bool:
    """Does the clause go on with its verb after a "who" between commas ("her brother, who smokes, has a cough")?"""
    words, clause = scene.words.words, scene.words.clause
    opening = next((index for index in range(start, stop) if clause[index] != clause[start - 1]), stop)
    if opening == stop or words[opening] not in WHO or clause[stop] != clause[opening] + 1:
        return False
    first = next(index for index in range(opening, stop + 1) if clause[index] == clause[stop])
    return words[first] not in SUBJECTS


def _own_statement(start: int, mention: Mention, scene: Scene) -> bool:
    """Does the mention stand in a later part of the sentence that speaks of the present ("warned re ptosis, bruise L now")?"""
    wall = scene.words.wall
    here = wall[mention.core[0]]
    if here == wall[start - 1]:
        return False
    around = range(max(0, mention.first - FARTHEST), min(len(wall), mention.last + FARTHEST))
    return any(index in scene.present and wall[index] == here for index in around)


def _backward(cue: Cue, hit: Hit, mention: Mention, scene: Scene) -> str:
    start, stop = mention.core[1], hit.first
    words, sentence, clause = scene.words.words, scene.words.sentence, scene.words.clause
    if cue.reach == "text":
        return "sure"
    if sentence[mention.core[0]] != sentence[stop] or _cut_off(cue, start, stop, scene):
        return ""
    if cue.status == "negated" and mention.first in scene.excepted:
        return ""
    if cue.reach == "question":
        return "sure" if _is_query(mention, stop, scene) else ""
    if cue.reach == "near":
        wall = scene.words.wall
        return "sure" if stop - max(start, mention.last) < NEAR and wall[mention.core[0]] == wall[stop] else ""
    if clause[mention.core[0]] == clause[stop]:
        return "sure"
    if cue.reach == "clause":
        return ""
    opening = _clause_start(clause, stop)
    own = [other for other in scene.by_clause.get(clause[stop], ()) if other.core[1] <= stop]
    if not own:
        return "" if _of_another_part(cue, mention, range(opening, stop), scene) else "sure"
    joined = any(words[index] in JOINED for index in range(opening, stop))
    between = range(start, opening)
    if joined and all(
        index in scene.plain or words[index] in SOFT_BREAKS or words[index] in JOINED for index in between
    ):
        return "sure"
    return ""


def _of_another_part(cue: Cue, mention: Mention, between: range, scene: Scene) -> bool:
    """Does a clause of recovery speak of another part of the body ("severe swelling of the lip, my eye has cleared")?

    Asked of pressing findings only: they are not taken for over on such words.
    """
    if cue.status != "resolved" or mention.concept.triage == "routine":
        return False
    named = {scene.sites[index] for index in between if index in scene.sites}
    return bool(named) and mention.site not in named


def _cut_off(cue: Cue, start: int, stop: int, scene: Scene) -> bool:
    """Does a "but" separate cue and mention? Not when it only brings the recovery ("bruised badly but fine by Monday")."""
    if not _ended(scene.firm, start, stop):
        return False
    if cue.status != "resolved":
        return True
    last = scene.firm[bisect_left(scene.firm, stop) - 1]
    return any(index in scene.named for index in range(last, stop))


def _clause_start(clause: list[int], index: int) -> int:
    lowest = max(0, index - FARTHEST)
    while index > lowest and clause[index - 1] == clause[index]:
        index -= 1
    return index


def _is_query(mention: Mention, stop: int, scene: Scene) -> bool:
    """A telegraphic "ptosis?": short, not a full question, and the mark not about the cause ("pain after masseter?")."""
    words, sentence = scene.words.words, scene.words.sentence
    opening = stop
    while opening and sentence[opening - 1] == sentence[stop] and stop - opening < 12:
        opening -= 1
    kinds = {hit.value for hit in scene.found.told("filler") if opening <= hit.first < stop}
    if "asking" in kinds or stop - opening > 9 or stop - mention.last > 4:
        return False
    after = {hit.value for hit in scene.found.told("filler") if mention.last <= hit.first < stop}
    return "cause" not in after and scene.words.clause[mention.first] == scene.words.clause[stop] and bool(words)


def _ended(ends: list[int], start: int, stop: int) -> bool:
    place = bisect_left(ends, start)
    return place < len(ends) and ends[place] < stop
