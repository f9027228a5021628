"""How each mention is meant: ConText-style cues, their scope, and what later sentences say about earlier ones.

A cue acts forward, backward or both ways, near, within its clause, its sentence or to the end of the text. Words such as
"but" end every scope. A comma ends a clause unless a bare list goes on ("no bruising, swelling or ptosis").
"""

from bisect import bisect_left, bisect_right

from analysis.coding.concepts import Lexicon
from analysis.coding.earlier import tell_of_earlier, tell_of_the_one_before
from analysis.coding.elsewhere import tell_of_elsewhere
from analysis.coding.mentions import Hit, Matched, Mention
from analysis.coding.normalise import SOFT_BREAKS
from analysis.coding.scene import FARTHEST, Scene
from analysis.coding.scope import reaches
from analysis.coding.whose import People, is_pressing_now, tell_of_others
from analysis.coding.words import Words

ORDER = ("other_person", "hypothetical", "negated", "historical", "other_cause", "uncertain", "resolved")
"""When several cues cover a mention the first of these wins; "asserted" cues only overrule recovery."""
DENIAL = 6
DENYING = frozenset({"negated", "hypothetical", "uncertain", "other_person"})
Said = tuple[str, bool]
"""The words of a cue, and whether it is in doubt."""
PRESENT, ABSENT = "+", "-"
JOINING = frozenset({",", ";", ":", "-", "and", "but", "y", "pero"})
NONE = frozenset({"no", "nil", "zero", "0", "without", "sin"})
THEN_OR_ELSEWHERE = frozenset({"historical", "other_cause"})
SILENT = frozenset({"pseudo", "proxy"})


def apply_context(found: Matched, lexicon: Lexicon) -> None:
    """Set `status`, `cue` and `weak` of every mention in place."""
    if not found.mentions:
        return
    if found.cues or "person" in found.attributes:
        scene = Scene(found, lexicon)
        people = People(scene)
        firsts = [hit.first for hit in found.cues]
        for mention in found.mentions:
            _weigh(mention, scene, people, firsts)
        tell_of_others(scene, people)
        if found.words.sentence[-1]:
            _later_sentences(scene)
            tell_of_elsewhere(scene)
            tell_of_earlier(scene, people)
            tell_of_the_one_before(scene)
    if len(found.mentions) > 1 and PRESENT in found.words.words:
        _signed(found)
    for number, mention in enumerate(found.mentions):
        if mention.concept.status == "resolved" and mention.explicit:
            mention.status = "asserted"
        elif mention.concept.status:
            mention.status, mention.cue = mention.concept.status, mention.rule
            if mention.concept.status == "resolved":
                _over_with(mention, found.mentions[number + 1 : number + 3], found.words, lexicon.logic.then)


def _over_with(recovered: Mention, following: list[Mention], words: Words, then: frozenset[str]) -> None:
    """What the sentence says of then, behind what is well now, is over too ("chewing ok now, was weak for 3 weeks")."""
    for mention in following:
        between = words.words[recovered.last : mention.first]
        same = words.sentence[mention.first] == words.sentence[recovered.first]
        if mention.status != "asserted" or not same or then.isdisjoint(between):
            continue
        if all(word in then or word in SOFT_BREAKS for word in between):
            mention.status, mention.cue = "resolved", recovered.rule


def _signed(found: Matched) -> None:
    """Where a sentence marks a finding with a plus, a dash before another denies it ("+ nausea - vomiting"); what presses is in doubt."""
    words, sentence = found.words.words, found.words.sentence
    signs = {sentence[m.first]: m.first for m in reversed(found.mentions) if m.first and words[m.first - 1] == PRESENT}
    for mention in found.mentions:
        sign = words[mention.first - 1] if mention.first else ""
        if (
            sign == ABSENT
            and mention.status == "asserted"
            and signs.get(sentence[mention.first], mention.first) < mention.first
        ):
            mention.status = "negated" if mention.concept.triage == "routine" else "uncertain"
            mention.cue = sign


def _weigh(mention: Mention, scene: Scene, people: People, firsts: list[int]) -> None:
    statuses, placed = _said_of(mention, scene, people, firsts)
    if not statuses:
        return
    if "asserted" in statuses:
        mention.explicit = True
    _overruled(statuses, placed, scene)
    for status in ORDER:
        if status in statuses:
            mention.cue, mention.weak = statuses[status]
            asks = status == "other_person" and (
                is_pressing_now(mention, scene) or (people.stands_in and mention.concept.triage == "now")
            )
            mention.status = "uncertain" if asks else status
            return


def _said_of(
    mention: Mention, scene: Scene, people: People, firsts: list[int]
) -> tuple[dict[str, Said], dict[str, Hit]]:
    """Statuses that cues give a mention, and the cue that gave each."""
    statuses: dict[str, Said] = {}
    placed: dict[str, Hit] = {}
    for hit in _nearby(mention, scene, firsts):
        cue = scene.cues[hit.value]
        known = statuses.get(cue.status)
        if cue.status in SILENT or (known is not None and not known[1]):
            continue
        if cue.untreated and scene.given:
            continue
        if cue.status == "other_person" and (
            scene.words.sentence[hit.first] in scene.proxies
            or people.stands_in_for(mention)
            or people.patient_between(hit.last, mention.core[0])
            or people.speaks_within(hit, mention)
        ):
            continue
        if cue.status in THEN_OR_ELSEWHERE and hit.first >= mention.core[1] and _is_of_other(mention, hit, people):
            continue
        if cue.spares and not cue.spares.isdisjoint((mention.concept.category, mention.concept.subcode)):
            continue
        if cue.status == "negated" and hit.last <= mention.first and scene.words.words[mention.first] in NONE:
            continue  # "no pain, no bruise, no result" denies no lack of effect
        reached = reaches(cue, hit, mention, scene)
        if not reached:
            continue
        if cue.status == "resolved" and hit.first >= mention.last and _of_something_else(hit, scene, mention.last):
            continue
        status = _unless_open(cue.status, reached, mention)
        if _is_said_far_off(hit, mention, scene):
            status = "uncertain"
        if status not in statuses or reached == "sure":
            statuses[status] = (hit.said(scene.words.words), reached != "sure")
            placed[status] = hit
    return statuses, placed


def _is_said_far_off(hit: Hit, mention: Mention, scene: Scene) -> bool:
    """Does another sentence say that nothing was given, or that a vet was asked? Of what presses a person is to decide."""
    cue, sentence = scene.cues[hit.value], scene.words.sentence
    if mention.concept.triage != "now" or sentence[hit.first] == sentence[mention.core[0]]:
        return False
    return cue.untreated or (cue.status == "other_person" and cue.reach == "text")


def _is_of_other(mention: Mention, hit: Hit, people: People) -> bool:
    """Does a cue behind a finding speak of somebody named in between ("… like my gran did after her operation")?"""
    place = bisect_left(people.lasts, mention.core[1])
    if place == len(people.lasts) or people.lasts[place] > hit.first:
        return False
    return not people.patient_between(people.lasts[place], hit.first)


def _overruled(statuses: dict[str, Said], placed: dict[str, Hit], scene: Scene) -> None:
    """Take out the statuses that others overrule, beside the order in which they count."""
    if "begun" in statuses:
        for before in ("negated", "historical", "hypothetical"):
            statuses.pop(before, None)
    if "negated" in statuses:
        # "No migraine in the family" and "family history: negative for cancer" deny it.
        statuses.pop("other_person", None)
    if "asserted" in statuses:
        statuses.pop("resolved", None)
        # What was there before and is worse now is there now.
        worse = statuses["asserted"][0].startswith(tuple(scene.logic.worse))
        if "historical" in statuses and (worse or _told_later(placed["asserted"], placed["historical"], scene)):
            del statuses["historical"]
    if "resolved" in statuses and statuses.get("historical", ("", False))[0] in scene.logic.earlier:
        # "Previous bruising resolved" tells of this episode, unlike "ptosis in 2019, resolved".
        del statuses["historical"]


def _unless_open(status: str, reached: str, mention: Mention) -> str:
    """A pressing finding is not denied by an open list alone: it is in doubt, for a person to read."""
    pressing = mention.concept.triage != "routine"
    return "uncertain" if status == "negated" and reached == "open" and pressing else status


def _told_later(hit: Hit, before: Hit, scene: Scene) -> bool:
    """Does "still" or "again" stand in a later clause than what tells of the past ("had it last time, same again")?"""
    return scene.words.clause[hit.first] > scene.words.clause[before.first]


def _nearby(mention: Mention, scene: Scene, firsts: list[int]) -> list[Hit]:
    """Cues around a mention, nearest first: those before it, then those after."""
    cues = scene.found.cues
    middle = bisect_left(firsts, mention.first)
    if len(scene.words.words) <= FARTHEST:
        return cues[:middle][::-1] + cues[middle:] if middle else cues
    lowest = bisect_left(firsts, mention.first - FARTHEST)
    highest = bisect_right(firsts, mention.last + FARTHEST)
    return cues[lowest:middle][::-1] + cues[middle:highest]


def _later_sentences(scene: Scene) -> None:
    """A sentence of recovery without a finding of its own before it closes what earlier sentences asserted."""
    sentence = scene.words.sentence
    own: dict[int, int] = {}
    for mention in scene.found.mentions:
        own.setdefault(sentence[mention.core[0]], mention.core[1])
    firsts = [hit.first for hit in scene.found.cues]
    closing: Hit | None = None
    for number, hit in enumerate(scene.found.cues):
        cue = scene.cues[hit.value]
        if cue.status != "resolved" or cue.direction == "forward" or cue.reach != "sentence":
            continue
        here = sentence[hit.first]
        if own.get(here, hit.first + 1) > hit.first and not _denied(number, firsts, scene):
            if not _of_something_else(hit, scene):
                closing = hit
    if closing is not None:
        _close(scene.found.mentions, closing.first, closing.said(scene.words.words))


def _of_something_else(hit: Hit, scene: Scene, start: int = 0) -> bool:
    """Is it the lines that are gone, or did somebody just go somewhere? Then nothing told before is over."""
    words, wall, logic = scene.words.words, scene.words.wall, scene.logic
    first = hit.first
    while first > start and wall[first - 1] == wall[hit.first] and not (start and words[first - 1] in JOINING):
        first -= 1
    before = words[first : hit.first]
    if not logic.wished.isdisjoint(before):
        return True
    subject = max((at + 1 for at in range(first, hit.first) if words[at] in logic.again), default=first)
    begun = not start or any(word in JOINING for word in words[start : hit.first])
    if begun and not scene.is_light(subject, hit.first):
        return True
    return (
        not start and hit.last - hit.first == 1 and words[hit.first] in logic.going and logic.it.isdisjoint(before[-2:])
    )


def _close(mentions: list[Mention], before: int, name: str) -> None:
    for mention in mentions:
        if mention.last > before:
            return
        if mention.status == "asserted" and mention.concept.event_class in ("reaction", "expected_effect"):
            mention.status, mention.cue, mention.explicit = "resolved", name, False


def _denied(number: int, firsts: list[int], scene: Scene) -> bool:
    """Is the recovery itself negated, hoped for or advised ("not yet resolved", "should settle")?"""
    hit = scene.found.cues[number]
    sentence = scene.words.sentence
    for other in scene.found.cues[bisect_left(firsts, hit.first - 2 * DENIAL) : number]:
        cue = scene.cues[other.value]
        near = sentence[other.first] == sentence[hit.first] and hit.first - other.last < DENIAL
        if near and cue.status in DENYING and cue.direction != "backward":
            return True
    return False
