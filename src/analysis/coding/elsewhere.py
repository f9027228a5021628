"""What another event explains: a fall, an operation, a sting, another jab or an illness, told in one sentence and in the next ones.

"She had her wisdom teeth out on the 3rd. Since then her mouth opens barely two fingers." It ends where a sentence speaks of the
treatment. What presses is explained so only where the sentence itself says "since then"; whatever has another cause stays listed.
"""

from bisect import bisect_left

from analysis.coding.earlier import sentences_of
from analysis.coding.mentions import Mention
from analysis.coding.scene import Scene

GOES_ON = 2
"""Sentences in which what another event did is told on."""


def tell_of_elsewhere(scene: Scene) -> None:
    """What the sentences after another event assert has that cause, unless they speak of the treatment or of an earlier finding."""
    openers = scene.openers("other_cause")
    if not openers:
        return
    words, sentence = scene.words.words, scene.words.sentence
    story = scene.found.told("story")
    ours = {sentence[hit.first] for hit in story if hit.value == "ours"}
    others = {sentence[hit.first] for hit in scene.found.told("person")}
    from_then = {sentence[hit.first] for hit in story if hit.value == "from_then"}
    told: dict[int, list[Mention]] = {}
    for mention in scene.found.mentions:
        told.setdefault(sentence[mention.core[0]], []).append(mention)
    then = sentences_of("historical", scene)
    firsts, treated, done = [hit.first for hit in scene.found.cues], sorted(ours), -1
    for hit in openers:
        here = sentence[hit.first]
        if here == done or here in ours or here in others or here in then or _is_denied(hit.first, firsts, scene):
            continue
        done = here
        place = bisect_left(treated, here)
        last = treated[place] if place < len(treated) else sentence[-1] + 1
        for at in range(here + 1, min(last, here + GOES_ON + 1)):
            for mention in told.get(at, ()):
                if mention.status == "asserted" and (mention.concept.triage == "routine" or at in from_then):
                    mention.status, mention.cue = "other_cause", hit.said(words)


def _is_denied(first: int, firsts: list[int], scene: Scene) -> bool:
    """Does a denial stand right before the event ("no fall", "not been ill")?"""
    place = bisect_left(firsts, first)
    before = scene.found.cues[place - 1] if place else None
    return before is not None and first - before.last < 2 and scene.cues[before.value].status == "negated"
