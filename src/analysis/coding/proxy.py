"""Who writes for the patient: a son, a wife or a mother who tells of one of the family and of no treatment of her own.

"My mum has trouble swallowing, she had her neck done on Friday" speaks of the patient; "my dad has trouble swallowing since his stroke, I
must move my appointment" does not. To lose a patient in danger is worse than to ask about a relative.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.coding.whose import People

FAR = 10
"""Words before a treatment within which it is said whose it is."""
NEAR = 4
"""Words after "I" or "my" within which the writer speaks of herself."""


def writes_for(people: "People") -> str:
    """ "yes" where the text tells of one of the family as the patient, "danger" where only what happens now and presses is hers, "may"
    where it tells of two who were treated, else empty.
    """
    words, logic, scene = people.words, people.logic, people.scene
    kin = [
        p
        for p in people.persons
        if words[p.last - 1] in logic.kin and (p.last - p.first == 1 or words[p.first] in logic.owner)
    ]
    if not kin or not logic.patient.isdisjoint(words):
        return ""
    if scene.proxies:
        return "yes"
    if not people.narrated or not logic.asking.isdisjoint(words):
        return ""
    treated = _was_treated(people)
    if not logic.cancelling.isdisjoint(words) or tells_of_own(people):
        return "may" if treated else ""
    if treated:
        return "yes"
    if _is_of_then(people):
        return ""
    return "danger"


def tells_of_own(people: "People") -> bool:
    """Does the writer tell of a treatment or a face of her own?"""
    return any(_tells_of_own(at, people) for at in people.patient_at)


def _is_of_then(people: "People") -> bool:
    """Is a story of long ago told, or of another place?"""
    scene = people.scene
    return any(scene.cues[hit.value].carries for hit in scene.found.cues) or not people.logic.bygone.isdisjoint(
        people.words
    )


def _tells_of_own(at: int, people: "People") -> bool:
    """Does this "I" or "my" begin what the writer says of her own treatment or face ("my forehead", "I was treated")?"""
    words, logic = people.words, people.logic
    for index in range(at + 1, min(at + NEAR, len(words))):
        if index in people.at or words[index] in logic.she or words[index] in logic.he:
            return False
        if words[index] in logic.own or (words[at] != "i" and index in people.scene.sites):
            return True
    return words[at] == "mine"


def _was_treated(people: "People") -> bool:
    """Is it said that she was ("her injections", "what you gave her", "he has been having your treatment")?"""
    words, logic = people.words, people.logic
    theirs = logic.she | logic.he | {words[person.last - 1] for person in people.persons}
    for index, word in enumerate(words):
        if word not in logic.treated:
            continue
        if not theirs.isdisjoint(words[max(0, index - 2) : index]) or not theirs.isdisjoint(
            words[index + 1 : index + 2]
        ):
            return True
        before = words[max(0, index - FAR) : index]
        if not theirs.isdisjoint(before) and not logic.having.isdisjoint(before):
            return True
        if not logic.put_into.isdisjoint(before):
            return True
    return False
