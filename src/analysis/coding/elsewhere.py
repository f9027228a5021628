"""What another event explains: a fall, an operation, a sting, another jab or an illness, told in one sentence and in the next ones.

"She had her wisdom teeth out on the 3rd. Since then her mouth opens barely two fingers." It ends where a sentence speaks of the
treatment. What presses is explained so only where the sentence itself says "since then"; whatever has another cause stays listed.
"""

from bisect import bisect_left

from analysis.coding.scene import Scene

GOES_ON = 2
"""Sentences in which what another event did is told on."""


def tell_of_elsewhere(scene: Scene) -> None:
    """What the sentences after another event assert has that cause, unless they speak of the treatment or of an earlier finding."""
    openers = [
        hit
        for hit in scene.found.cues
        if scene.cues[hit.value].carries and scene.cues[hit.value].status == "other_cause"
    ]
    if not openers:
        return
    words, sentence = scene.words.words, scene.words.sentence
    told = scene.found.told("story")
    ours = {sentence[hit.first] for hit in told if hit.value == "ours"}
    others = {sentence[hit.first] for hit in scene.found.told("person")}
    from_then = {sentence[hit.first] for hit in told if hit.value == "from_then"}
    for hit in openers:
        here = sentence[hit.first]
        if here in ours or here in others or _is_denied(hit.first, scene):
            continue
        last = min([number for number in ours if number > here], default=sentence[-1] + 1)
        for mention in scene.found.mentions:
            at = sentence[mention.core[0]]
            if here < at < min(last, here + GOES_ON + 1) and mention.status == "asserted":
                if mention.concept.triage == "routine" or at in from_then:
                    mention.status, mention.cue = "other_cause", hit.said(words)


def _is_denied(first: int, scene: Scene) -> bool:
    """Does a denial stand right before the event ("no fall", "not been ill")?"""
    place = bisect_left([hit.first for hit in scene.found.cues], first)
    before = scene.found.cues[place - 1] if place else None
    return before is not None and first - before.last < 2 and scene.cues[before.value].status == "negated"
