"""How far a cue reaches: near, within its clause, its sentence or the text; "but" ends it, a bare list carries it on."""

from bisect import bisect_left
from functools import cached_property

from analysis.coding.concepts import Cue, Lexicon
from analysis.coding.mentions import Hit, Matched, Mention
from analysis.coding.normalise import CLAUSE_ENDS, SOFT_BREAKS

FARTHEST = 45
NEAR = 4
LIST_END = frozenset({"or", "nor", "ni"})
JOINED = frozenset({"and", "or", "nor", "&", "y", "/", "+", "e"})


class Scene:
    """One text while its cues are weighed: which words a bare list may hold, and where scopes end. What few texts need is
    gathered when it is first asked for.
    """

    def __init__(self, found: Matched, lexicon: Lexicon) -> None:
        self.found = found
        self.words = found.words
        self.cues = lexicon.cues
        terminators = found.attributes.get("terminator", ())
        self.ends = sorted([hit.first for hit in terminators])
        self.firm = sorted([hit.first for hit in terminators if hit.value == "both"])

    @cached_property
    def named(self) -> set[int]:
        """Words of findings."""
        return {index for mention in self.found.mentions for index in mention.covered}

    @cached_property
    def plain(self) -> set[int]:
        """Words of findings, sites and sides, and small words."""
        return self.named | _indexes(self.found, "site", "laterality", "filler")

    @cached_property
    def sites(self) -> dict[int, str]:
        """Sites by their first word."""
        return {hit.first: hit.value for hit in self.found.attributes.get("site", ())}

    @cached_property
    def telling(self) -> set[int]:
        """Words by which an item of a list says something of its own."""
        return _indexes(self.found, "telling", "laterality", "severity")

    @cached_property
    def present(self) -> set[int]:
        """Words that speak of the present."""
        return _indexes(self.found, "present")

    @cached_property
    def clausal(self) -> set[int]:
        """Words by which an item of a list is a clause."""
        return _indexes(self.found, "clausal")

    @cached_property
    def stops(self) -> frozenset[int]:
        """Where scopes end."""
        return frozenset(self.ends)

    @cached_property
    def proxies(self) -> frozenset[int]:
        """Sentences in which somebody speaks for the patient."""
        hits = [hit for hit in self.found.cues if self.cues[hit.value].status == "proxy"]
        return frozenset(self.words.sentence[hit.first] for hit in hits)

    @cached_property
    def by_clause(self) -> dict[int, list[Mention]]:
        """Findings by clause."""
        out: dict[int, list[Mention]] = {}
        for mention in self.found.mentions:
            out.setdefault(self.words.clause[mention.core[0]], []).append(mention)
        return out


def _indexes(found: Matched, *kinds: str) -> set[int]:
    return {index for kind in kinds for hit in found.attributes.get(kind, ()) for index in hit.words()}


def reaches(cue: Cue, hit: Hit, mention: Mention, scene: Scene) -> str:
    """ "" when the cue does not cover the mention, else "sure", "weak" (by a comma only) or "open" (by a comma, past a clause)."""
    first, last = mention.core
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
        return "sure" if cue.reach == "heading" and _numbered_item(start - 1, stop, scene) else ""
    if _ended(scene.ends, start, stop):
        return ""
    if cue.reach in ("sentence", "heading"):
        return "" if _own_statement(start, mention, scene) else "sure"
    clause = scene.words.clause
    if cue.reach == "count":
        return _counted(start, stop, mention, scene)
    if cue.reach == "near":
        same = clause[start - 1] == clause[stop] and not SOFT_BREAKS.intersection(scene.words.words[start:stop])
        return "sure" if same and stop - start < NEAR else ""
    if clause[start - 1] == clause[stop]:
        return "sure"
    return _list_goes_on(start, mention, scene)


def _counted(start: int, stop: int, mention: Mention, scene: Scene) -> str:
    """A bare 0 denies what it counts: the words right after it, and a list that an "or" closes. Elsewhere it is a number."""
    words, clause = scene.words.words, scene.words.clause
    if start > 1 and _answers(start - 2, mention, scene):
        return ""
    if all(index in scene.plain or words[index] in JOINED for index in range(start, stop)):
        return "sure"
    if clause[start - 1] == clause[stop]:
        return ""
    listed = scene.plain.issuperset(range(start, _first_comma(start, scene) - 1))
    return "sure" if listed and _or_follows(start, stop, scene) else ""


def _answers(before: int, mention: Mention, scene: Scene) -> bool:
    """Does a 0 speak of the word before it ("swelling 0 breathing difficulty yes")? For what presses any word of a form may be it."""
    word = scene.words.words[before]
    if before in scene.named:
        return True
    unread = word[0] == "~" or (word[0].isalnum() and before not in scene.plain and word not in JOINED)
    return mention.concept.triage != "routine" and unread


def _numbered_item(heading: int, index: int, scene: Scene) -> bool:
    """Is this word in a numbered list that a heading opens ("Past medical history: 1. Asthma. 2. Gout.")?"""
    words, sentence = scene.words.words, scene.words.sentence
    while sentence[index] != sentence[heading]:
        while index > heading and sentence[index - 1] == sentence[index]:
            index -= 1
        number = index - 2  # the item's number, and its dot
        if number <= heading or not words[number][0].isdigit():
            return number == heading
        index = number - 1 if sentence[number - 1] != sentence[number] else number
    return True


def _own_statement(start: int, mention: Mention, scene: Scene) -> bool:
    """Does the mention stand in a later part of the sentence that speaks of the present ("warned re ptosis, bruise L now")?"""
    wall = scene.words.wall
    here = wall[mention.core[0]]
    if here == wall[start - 1]:
        return False
    around = range(max(0, mention.first - FARTHEST), min(len(wall), mention.last + FARTHEST))
    return any(index in scene.present and wall[index] == here for index in around)


def _list_goes_on(start: int, mention: Mention, scene: Scene) -> str:
    """Does a list begun after the cue reach the mention over commas?

    Sure when an "or" shows that the list goes on, weak when its items are bare; not when an item has a side, a number, a
    severity or a verb ("no bruising, headache since Monday"). Open when an item may be a clause of its own ("no bruising,
    choking on food").
    """
    words, clause = scene.words.words, scene.words.clause
    stop = mention.core[1]
    if CLAUSE_ENDS.intersection(words[start:stop]):
        return ""
    end = stop
    far = min(stop + FARTHEST, len(words))
    while end < far and clause[end] == clause[mention.core[0]] and end not in scene.stops:
        end += 1
    if _or_follows(start, end, scene):
        return "sure"
    items = range(_first_comma(start, scene), end)
    if any(_tells(index, words[index], scene) for index in items):
        return ""
    if not scene.clausal.isdisjoint(items):
        return "open"
    return "sure" if len(set(clause[start - 1 : end])) > 2 else "weak"


def _first_comma(start: int, scene: Scene) -> int:
    clause = scene.words.clause
    index = start
    while clause[index] == clause[start - 1]:
        index += 1
    return index


def _tells(index: int, word: str, scene: Scene) -> bool:
    """Does this word of a list item say something of its own?"""
    return (index in scene.telling or word[0].isdigit() or word[-1].isdigit()) and index not in scene.named


def _or_follows(start: int, end: int, scene: Scene) -> bool:
    """An "or" after the first comma and before the sentence or scope ends."""
    words, sentence = scene.words.words, scene.words.sentence
    for index in range(_first_comma(start, scene), min(end + FARTHEST, len(words))):
        if sentence[index] != sentence[start - 1] or index in scene.stops or words[index] in CLAUSE_ENDS:
            return False
        if words[index] in LIST_END:
            return True
        if index in scene.telling and index not in scene.named and index >= end:
            return False
    return False


def _backward(cue: Cue, hit: Hit, mention: Mention, scene: Scene) -> str:
    start, stop = mention.core[1], hit.first
    words, sentence, clause = scene.words.words, scene.words.sentence, scene.words.clause
    if sentence[mention.core[0]] != sentence[stop] or _cut_off(cue, start, stop, scene):
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
    kinds = {hit.value for hit in scene.found.attributes.get("filler", ()) if opening <= hit.first < stop}
    if "asking" in kinds or stop - opening > 9 or stop - mention.last > 4:
        return False
    after = {hit.value for hit in scene.found.attributes.get("filler", ()) if mention.last <= hit.first < stop}
    return "cause" not in after and scene.words.clause[mention.first] == scene.words.clause[stop] and bool(words)


def _ended(ends: list[int], start: int, stop: int) -> bool:
    place = bisect_left(ends, start)
    return place < len(ends) and ends[place] < stop
