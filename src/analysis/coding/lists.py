"""How a list carries a cue on: over commas, over numbered items, to what a 0 counts."""

from analysis.coding.mentions import Mention
from analysis.coding.normalise import CLAUSE_ENDS
from analysis.coding.scene import FARTHEST, Scene

LIST_END = frozenset({"or", "nor", "ni"})
JOINED = frozenset({"and", "or", "nor", "&", "y", "/", "+", "e"})


def counted(start: int, stop: int, mention: Mention, scene: Scene) -> str:
    """A bare 0 denies what it counts: the words right after it, and a list that an "or" closes. Elsewhere it is a number."""
    words, clause = scene.words.words, scene.words.clause
    if start > 1 and _answers(start - 2, mention, scene):
        return ""
    if all(index in scene.counted or words[index] in JOINED for index in range(start, stop)):
        return "sure"
    if clause[start - 1] == clause[stop]:
        return ""
    listed = scene.plain.issuperset(range(start, _first_comma(start, scene) - 1))
    return "sure" if listed and _or_follows(start, stop, scene) else ""


def _answers(before: int, mention: Mention, scene: Scene) -> bool:
    """Does a 0 speak of the word before it ("swelling 0 breathing difficulty yes")? For what presses any word of a form may be it."""
    words = scene.words.words
    if scene.words.wall[before] in scene.zeroed:
        return False
    word = words[before]
    if before in scene.named:
        return True
    unread = word[0] == "~" or (word[0].isalnum() and before not in scene.plain and word not in JOINED)
    return mention.concept.triage != "routine" and unread


def numbered_item(heading: int, index: int, scene: Scene) -> bool:
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


def list_goes_on(start: int, mention: Mention, scene: Scene) -> str:
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
