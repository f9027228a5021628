"""When a finding was: a story of long ago goes on over later sentences until the present is named again.

"Back in 2015 I was treated elsewhere. My eyelid drooped for two months. This time all is well." And what a sentence of its own says
of the one before it ("That was my sister, not me.", "That was years ago.", "Unrelated, fell at the gym.").
"""

from bisect import bisect_left
from collections.abc import Sequence

from analysis.coding.mentions import Hit, Mention
from analysis.coding.normalise import CLAUSE_BREAKS
from analysis.coding.scene import FARTHEST, Scene
from analysis.coding.whose import People

OPENING = 6
"""Words a sentence may begin with before it says something of the one before."""
LONGEST_STORY = 4
"""Sentences a story of the past goes on for."""


def tell_of_earlier(scene: Scene, people: People) -> None:
    """What later sentences of a story of the past tell is past; what presses only where they say so themselves."""
    openers = scene.openers("historical")
    if not openers:
        return
    story, done = _Story(scene), -1
    for hit in openers:
        if story.sentence[hit.first] != done and story.opens(hit) and not people.tells_of_other(hit.first):
            done = story.sentence[hit.first]
            story.goes_on(hit)


class _Story:
    """The sentences of one text, as far as they are asked for."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.words, self.sentence = scene.words.words, scene.words.sentence
        self.resumed = sorted(hit.first for hit in scene.found.told("resume"))
        self.others = sorted(hit.first for hit in scene.found.told("person"))
        self.said: dict[int, tuple[bool, bool]] = {}
        self.told: dict[int, list[Mention]] = {}
        for mention in scene.found.mentions:
            self.told.setdefault(self.sentence[mention.first], []).append(mention)

    def opens(self, hit: Hit) -> bool:
        """Does the sentence tell a story, of then only and of nobody else?"""
        start, stop = self._span(self.sentence[hit.first])
        first, last = max(start, hit.first - FARTHEST), min(stop, hit.last + FARTHEST)
        if _any_in(self.others, first, last) or _any_in(self.resumed, hit.last, last):
            return False
        return not self.scene.logic.past.isdisjoint(self.words[first:last])

    def goes_on(self, hit: Hit) -> None:
        """Mark what the next sentences assert as past."""
        here = self.sentence[hit.first]
        for number in range(here + 1, min(here + LONGEST_STORY, self.sentence[-1]) + 1):
            then, surely = self._is_then(number)
            if not then:
                return
            for mention in self.told.get(number, ()):
                if mention.status == "asserted" and (surely or mention.concept.triage == "routine"):
                    mention.status, mention.cue = "historical", hit.said(self.words)

    def _is_then(self, number: int) -> tuple[bool, bool]:
        """May a sentence speak of the past, and does it surely?"""
        known = self.said.get(number)
        if known is None:
            first, last = self._span(number)
            words, logic = self.words[first:last], self.scene.logic
            past, present = not logic.past.isdisjoint(words), not logic.present.isdisjoint(words)
            then, surely = past or not present, past and not present
            known = self.said[number] = then and not _any_in(self.resumed, first, last), surely
        return known

    def _span(self, number: int) -> tuple[int, int]:
        return bisect_left(self.sentence, number), bisect_left(self.sentence, number + 1)


def _any_in(places: list[int], first: int, last: int) -> bool:
    place = bisect_left(places, first)
    return place < len(places) and places[place] < last


def tell_of_the_one_before(scene: Scene) -> None:
    """A sentence without a finding that points back gives what it says to the sentence before it."""
    sentence = scene.words.sentence
    told: dict[int, list[Mention]] = {}
    for mention in scene.found.mentions:
        told.setdefault(sentence[mention.core[0]], []).append(mention)
    others = {sentence[hit.first] for hit in scene.found.told("person")}
    denied, then = sentences_of("negated", scene), sentences_of("historical", scene)
    for hit in scene.found.cues:
        here = sentence[hit.first]
        if here in told or here - 1 not in told or not _points_back(hit, scene):
            continue
        cue = scene.cues[hit.value]
        if cue.carries and (here in denied or (cue.status == "other_cause" and (here in then or here in others))):
            continue  # "That never happened at my last clinic.", "I had an operation years ago."
        for mention in told[here - 1]:
            if mention.status == "asserted":
                mention.status, mention.cue = scene.cues[hit.value].status, hit.said(scene.words.words)


def sentences_of(status: str, scene: Scene) -> set[int]:
    """Sentences in which a cue of this status stands."""
    return {scene.words.sentence[hit.first] for hit in scene.found.cues if scene.cues[hit.value].status == status}


def _points_back(hit: Hit, scene: Scene) -> bool:
    cue, words, sentence = scene.cues[hit.value], scene.words.words, scene.words.sentence
    if hit.first >= OPENING and sentence[hit.first - OPENING] == sentence[hit.first]:
        return False
    if cue.status == "other_cause":
        return cue.direction != "forward" and cue.reach == "sentence"
    opening = _opening(hit.first, sentence)
    if words[opening] not in scene.logic.pointing:
        return False
    if cue.status == "other_person":
        return words[hit.last] in CLAUSE_BREAKS or words[hit.last] in scene.logic.contrast
    return cue.carries


def _opening(index: int, sentence: Sequence[int]) -> int:
    while index and sentence[index - 1] == sentence[index]:
        index -= 1
    return index
