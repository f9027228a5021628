"""Whose a finding is: who a text tells of is followed from clause to clause and over pronouns into later sentences.

"My aunt had it done in town. She got a droopy eye." is the aunt's, "my aunt says my eye droops" is the patient's. Who is meant is
the nearest subject or owner before the finding. A pronoun stands for the person named last only where the patient speaks for
herself: in a clinic's note "she" is the patient, and where a relative speaks for the patient nobody is followed.
"""

from bisect import bisect_left
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from analysis.coding.mentions import Hit, Mention
from analysis.coding.normalise import CLAUSE_BREAKS
from analysis.coding.proxy import writes_for
from analysis.coding.scene import FARTHEST, Scene
from analysis.taxonomy import HAPPENED

MOST_OTHERS = 20
"""People a pronoun may be looked for among."""
HELPED = 7
"""Words after a person within which she does something to the writer."""
OWNED = 3
"""Words before a finding within which "her" says whose it is."""
APPOSED = 2
"""Words after a person within which "who" or "with" tells of her ("my aunt , who …")."""


class Person(NamedTuple):
    """Somebody who is not the patient, as named in words `first` … `last` (exclusive); `kind` says which pronouns fit (she, he, or
    either); `subject`: the clause is about this person; `related`: a clause that begins with "who" is.
    """

    first: int
    last: int
    kind: str
    subject: bool
    related: bool


class People:
    """Who is told of in one text."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.words = scene.words.words
        self.logic = scene.logic

    @cached_property
    def narrated(self) -> bool:
        """Does the patient speak ("I", "my"), and not a clinician about a patient?"""
        said = {word for index, word in enumerate(self.words) if index not in self.ending_of_person}
        if not self.logic.patient.isdisjoint(said):
            return False
        if not self.logic.speaker.isdisjoint(said):
            return True
        return self.logic.clinical.isdisjoint(said) and any(
            word == "i" and not self.logic.lived.isdisjoint(self.words[at + 1 : at + 4])
            for at, word in enumerate(self.words)
        )

    @cached_property
    def stands_in(self) -> str:
        """Is somebody of the family the patient: surely ("yes"), in danger ("danger"), perhaps ("may"), or not (empty)?"""
        return writes_for(self)

    def stands_in_for(self, mention: Mention) -> bool:
        """Is somebody of the family the patient who has it?"""
        if self.stands_in != "danger":
            return self.stands_in == "yes"
        return mention.concept.triage == "now" and not self._is_of_then(mention)

    def _is_of_then(self, mention: Mention) -> bool:
        """Does the sentence up to the finding speak of the past only ("my mother had … after hers")?"""
        sentence, logic = self.scene.words.sentence, self.scene.logic
        lowest = max(0, mention.first - FARTHEST)
        said = {self.words[i] for i in range(lowest, mention.last) if sentence[i] == sentence[mention.first]}
        return not logic.past.isdisjoint(said) and logic.present.isdisjoint(said)

    @cached_property
    def ending_of_person(self) -> set[int]:
        """Words by which a person is named."""
        return {index for hit in self.scene.found.told("person") for index in hit.words()}

    @cached_property
    def persons(self) -> list[Person]:
        """Everybody named, in order; of a name within a longer one only the longer."""
        hits = sorted(self.scene.found.told("person"), key=lambda hit: (hit.first, -hit.last))
        out: list[Person] = []
        for hit in hits:
            if out and hit.first < out[-1].last:
                continue
            first = hit.first
            while first and self.words[first - 1] in self.logic.determiner and first > hit.first - 3:
                first -= 1
            if hit.value == "stranger" and not self._is_stranger(first, hit.first):
                continue
            related = self._is_related(hit.last)
            out.append(Person(first, hit.last, hit.value, related or self._is_subject(first, hit.last), related))
        return out

    def _is_stranger(self, first: int, named: int) -> bool:
        """ "A woman" in a patient's own words is somebody else; in a clinic's note she is the patient."""
        return self.narrated and first < named and self.words[first] in self.logic.indefinite

    def _is_related(self, last: int) -> bool:
        """Does a "who" follow that tells of the person, and not of what he saw or said?"""
        words, logic = self.words, self.logic
        near = range(last, min(last + APPOSED, len(words)))
        at = next((index for index in near if words[index] in logic.relating), None)
        return at is not None and logic.reporting.isdisjoint(words[at + 1 : at + 2])

    def _is_subject(self, first: int, last: int) -> bool:
        if last - 1 in self.silenced or not self.logic.seeing.isdisjoint(self.words[last : last + 2]):
            return False
        near = self.words[last : last + HELPED]
        if any(one in self.logic.seeing and other == "me" for one, other in pairwise(near)):
            return False  # "a lady at the clinic gave me an EpiPen"
        before = self.words[first - 1] if first else "."
        return before in CLAUSE_BREAKS or before in self.logic.opening

    @cached_property
    def silenced(self) -> set[int]:
        """Words that only say who saw or said something ("her husband noticed", "with my sister")."""
        hits = [hit for hit in self.scene.found.cues if self.scene.cues[hit.value].status == "pseudo"]
        return {index for hit in hits for index in range(hit.first, hit.last)}

    @cached_property
    def at(self) -> dict[int, Person]:
        """Who is named by a word."""
        return {index: person for person in self.persons for index in range(person.first, person.last)}

    @cached_property
    def patient_at(self) -> list[int]:
        """Words that mean the patient as subject or owner, those that only say whose relative somebody is left out."""
        speaks = self.logic.owner | self.logic.patient
        return [index for index, word in enumerate(self.words) if word in speaks and index not in self.at]

    def patient_between(self, start: int, stop: int) -> bool:
        """Is the patient named as subject or owner in these words?"""
        place = bisect_left(self.patient_at, start)
        return place < len(self.patient_at) and self.patient_at[place] < stop

    def speaks_within(self, hit: Hit, mention: Mention) -> bool:
        """Does the writer come in between the words of a cue before a finding ("held my baby … and I have trouble")?"""
        subject = self.logic.owner - self.logic.speaker
        return hit.last <= mention.core[0] and not subject.isdisjoint(self.words[hit.first + 1 : hit.last])

    def owner(self, mention: Mention) -> str:
        """The words that say who has it, if not the patient."""
        sentence = self.scene.words.sentence
        if any(index in self.at for index in range(mention.first, mention.last)):
            return ""  # "my daughter has to lift me" names who helps
        lowest = max(0, mention.first - FARTHEST)
        index = mention.last - 1
        while index >= lowest and sentence[index] == sentence[mention.first]:
            if not self._owns_something_else(index, mention):
                said = self._said_at(index, self.at.get(index))
                if said is not None:
                    return said
            index -= 1
        goes_on = index >= lowest and self.words[index + 1] in self.logic.verb
        return self._goes_on(index) if goes_on and not self._speaks_after(mention) else ""

    def _speaks_after(self, mention: Mention) -> bool:
        """Does the writer name herself later in the sentence ("Was seeing double at my desk.")?"""
        sentence, stop = self.scene.words.sentence, mention.last
        while stop < min(len(sentence), mention.last + FARTHEST) and sentence[stop] == sentence[mention.first]:
            stop += 1
        return self.patient_between(mention.last, stop)

    def _owns_something_else(self, index: int, mention: Mention) -> bool:
        """Does a pronoun own something before the finding ("her stairs"), or only say who said it ("she says there are …")?"""
        word, logic = self.words[index], self.logic
        if word not in logic.she and word not in logic.he:
            return False
        if word in logic.determiner:
            return index < mention.first - OWNED
        after = self.words[index + 1 : index + 3]
        return not (logic.reporting.isdisjoint(after) and logic.seeing.isdisjoint(after))

    def tells_of_other(self, index: int) -> bool:
        """Is somebody else the subject before this word of a sentence?"""
        sentence, here = self.scene.words.sentence, index
        lowest = max(0, index - FARTHEST)
        while index >= lowest and sentence[index] == sentence[here]:
            said = self._said_at(index, self.at.get(index))
            if said is not None:
                return bool(said)
            index -= 1
        return False

    def _said_at(self, index: int, person: Person | None) -> str | None:
        """What a word says of who is meant: nobody else (empty), somebody, or nothing."""
        word = self.words[index]
        if person is not None:
            return self._named(person) if person.subject and self._is_told_of(person) else None
        if word in self.logic.owner or word in self.logic.patient:
            return ""
        if word in self.logic.she or word in self.logic.he:
            if self.narrated or self._is_of_animal(index):
                meant = self._meant(index, "she" if word in self.logic.she else "he")
                return meant or (None if word in self.logic.determiner else "")
            return None if self._is_in_clause_of_who(index) else ""
        return None

    def _is_of_animal(self, index: int) -> bool:
        """Was an animal named last, which no clinic treats ("our old spaniel … his back legs")?"""
        place = bisect_left(self.lasts, index + 1) - 1
        return place >= 0 and self.persons[place].kind == "animal"

    def _is_in_clause_of_who(self, index: int) -> bool:
        """Does the owner stand where a "who" before it tells of somebody ("with a friend, who after her injection …")?"""
        place = bisect_left(self.lasts, index) - 1
        if place < 0 or self.words[index] not in self.logic.determiner:
            return False
        sentence, before = self.scene.words.sentence, self.persons[place]
        return before.related and sentence[before.last - 1] == sentence[index]

    def _is_told_of(self, person: Person) -> bool:
        """In a clinic's shorthand a bare "mum" may be the patient."""
        return self.narrated or self.words[person.first] in self.logic.determiner

    def _meant(self, index: int, kind: str) -> str:
        """The person named last before a pronoun that may stand for her."""
        nearest = bisect_left(self.lasts, index + 1) - 1
        for person in self.persons[max(0, nearest - MOST_OTHERS) : nearest + 1][::-1]:
            seen = not self.logic.seeing.isdisjoint(self.words[person.last : person.last + 2]) and self._together(
                person.last, index
            )
            if person.kind in (kind, "either", "stranger", "animal") and not seen:
                return f"{self._named(person)} … {self.words[index]}"
        return ""

    def _together(self, one: int, other: int) -> bool:
        return self.scene.words.sentence[one - 1] == self.scene.words.sentence[other]

    @cached_property
    def lasts(self) -> list[int]:
        """Where each person's name ends."""
        return [person.last for person in self.persons]

    def _goes_on(self, index: int) -> str:
        """Whom the sentence that ends here is about: one that begins with its verb goes on with it ("Ended up with a droop.")."""
        sentence, lowest = self.scene.words.sentence, max(0, index - FARTHEST)
        here, said, had = sentence[index], "", False
        while index >= lowest and sentence[index] == here:
            told = self._said_at(index, self.at.get(index))
            said = told if told is not None else said
            had = had or self.words[index] in self.logic.having or self.words[index] in self.logic.treated
            index -= 1
        return said if had else ""  # "My sister recommended you." tells of nothing that could go on

    def _named(self, person: Person) -> str:
        return " ".join(self.words[person.first : person.last])


def tell_of_others(scene: Scene, people: People) -> None:
    """What the patient tells of somebody else is not hers; what presses and happens now may be: a person is to ask."""
    if "person" not in scene.found.attributes or scene.proxies or people.stands_in == "yes":
        return
    for mention in scene.found.mentions:
        if mention.status in HAPPENED and not people.stands_in_for(mention):
            said = people.owner(mention)
            if said:
                mention.cue = said
                asks = is_pressing_now(mention, scene) or (people.stands_in and mention.concept.triage == "now")
                mention.status = "uncertain" if asks else "other_person"


def is_pressing_now(mention: Mention, scene: Scene) -> bool:
    """Does a relative's grave finding happen now ("my wife has trouble swallowing")? Then the relative may be the patient: ask."""
    if mention.concept.triage != "now" or not scene.logic.accident.isdisjoint(mention.cue.split()):
        return False
    if mention.cue.endswith(" has"):
        return True
    words, sentence = scene.words.words, scene.words.sentence
    near = range(max(0, mention.first - FARTHEST), min(len(words), mention.last + FARTHEST))
    return any(words[index] in scene.logic.now and sentence[index] == sentence[mention.first] for index in near)
