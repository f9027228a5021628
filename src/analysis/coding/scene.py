"""One text while its cues are weighed: which words a bare list may hold, and where scopes end."""

from bisect import bisect_left
from functools import cached_property

from analysis.coding.concepts import Cue, Lexicon
from analysis.coding.mentions import Hit, Matched, Mention

EXCEPTED = 3
FARTHEST = 45
PARTIAL = frozenset({"reason", "onset"})
"""Terminators that end the scopes of some statuses only."""
OPENING = frozenset({":", ".", "\n", ";", "-"})
"""What the first of several leading boxes may stand behind."""
OTHERS = frozenset({"other_person", "other_cause"})


class Scene:
    """One text while its cues are weighed: which words a bare list may hold, and where scopes end. What few texts need is
    gathered when it is first asked for.
    """

    def __init__(self, found: Matched, lexicon: Lexicon) -> None:
        self.found = found
        self.words = found.words
        self.cues = lexicon.cues
        self.logic = lexicon.logic
        self.harmless = lexicon.harmless
        self.meaningful = lexicon.meaningful
        self.shorter: dict[tuple[str, ...], list[int]] = {}
        self.ends: list[int] = []
        self.kinds: set[str] = set()
        self.firm: list[int] = []
        terminators = found.attributes.get("terminator")
        if terminators:
            self.ends = sorted([hit.first for hit in terminators if hit.value not in PARTIAL])
            self.kinds = {hit.value for hit in terminators}
            self.firm = sorted([hit.first for hit in terminators if hit.value == "both"])

    @cached_property
    def named(self) -> set[int]:
        """Words of findings."""
        return {index for mention in self.found.mentions for index in mention.covered}

    @cached_property
    def plain(self) -> set[int]:
        """Words of findings, sites and sides, and small words."""
        return self.named | _indexes(self.found, "site", "laterality", "filler")

    def is_light(self, first: int, last: int) -> bool:
        """Do these words name nothing but findings, places, small words and what nobody knows?"""
        words = self.words.words
        return all(
            index in self.plain
            or words[index] in self.harmless
            or words[index] not in self.meaningful
            or words[index][-1].isdigit()  # a measure ("SpO2 99 settled")
            or not words[index][0].isalpha()
            for index in range(first, last)
        )

    @cached_property
    def counted(self) -> set[int]:
        """Words that may stand between a 0 and what it counts."""
        return self.plain | _indexes(self.found, "severity")

    @cached_property
    def zeroed(self) -> frozenset[int]:
        """Comma-free stretches that begin with a 0: where the first has nothing before it none of them answers ("0 bruising 0 ptosis")."""
        words, wall = self.words.words, self.words.wall
        return frozenset(
            wall[index]
            for index, word in enumerate(words)
            if word == "0" and (not index or wall[index - 1] != wall[index])
        )

    @cached_property
    def boxes_lead(self) -> bool:
        """Do tick boxes stand before what they are for ("[ ] ptosis [x] bruise")? So where one stands before the first finding."""
        words = self.words.words
        opening = next((index for index, word in enumerate(words) if word in "[("), len(words))
        closing = next((index for index in range(len(words) - 1, -1, -1) if words[index] in "])"), 0)
        behind = any(word[0].isalnum() or word[0] == "~" for word in words[closing + 1 :])
        return not opening or (behind and words[opening - 1] in OPENING and self.named.isdisjoint(range(opening)))

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

    def ends_of(self, cue: Cue, start: int) -> list[int]:
        """Where scopes of this cue end: what is said of a relative or another cause not at a further verb ("mother is alive and
        has diabetes"), nor a story of long ago that no finding has begun; a denial at a reason as well ("not treated because of a
        rash"), the past at a verb of beginning ("history of asthma developed wheeze").
        """
        kinds, status = self.kinds, cue.status
        if not kinds:
            return self.ends
        if status in OTHERS and not kinds.isdisjoint(("predicate", "story")):
            return self._ends_without("predicate", "story", "reason", "onset")
        if status == "historical" and cue.reach == "sentence" and "story" in kinds and self._is_first_told(start):
            return self._ends_without("story", "reason", "onset")
        if status == "historical" and cue.reach == "clause" and "onset" in kinds:
            return self._ends_without("reason")
        return self._ends_without("onset") if status == "negated" and "reason" in kinds else self.ends

    def _is_first_told(self, start: int) -> bool:
        """Is no finding named in the sentence before the cue that ends here?"""
        sentence, named = self.words.sentence, self.named
        for index in range(start - 1, max(-1, start - FARTHEST), -1):
            if sentence[index] != sentence[start - 1]:
                return True
            if index in named:
                return False
        return True

    def _ends_without(self, *kinds: str) -> list[int]:
        known = self.shorter.get(kinds)
        if known is None:
            known = self.shorter[kinds] = self._gathered_without(kinds)
        return known

    def _gathered_without(self, kinds: tuple[str, ...]) -> list[int]:
        hits = self.found.attributes["terminator"]
        inside = {index for hit in hits if hit.value in kinds for index in hit.words()}
        return sorted([hit.first for hit in hits if hit.first not in inside])

    @cached_property
    def excepted(self) -> frozenset[int]:
        """Words right behind "except for" and the like, which begin what is there."""
        hits = [hit for hit in self.found.told("terminator") if hit.value == "except"]
        return frozenset(index for hit in hits for index in range(hit.last, hit.last + EXCEPTED))

    @cached_property
    def underway(self) -> list[int]:
        """Words by which something asked about turns out to be there."""
        return sorted([hit.first for hit in self.found.told("underway")])

    @cached_property
    def proxies(self) -> frozenset[int]:
        """Sentences in which somebody speaks for the patient."""
        hits = [hit for hit in self.found.cues if self.cues[hit.value].status == "proxy"]
        return frozenset(self.words.sentence[hit.first] for hit in hits)

    def openers(self, status: str) -> list[Hit]:
        """Cues of this status that open a story which later sentences go on with."""
        return [
            hit for hit in self.found.cues if self.cues[hit.value].carries and self.cues[hit.value].status == status
        ]

    @cached_property
    def _treated_at(self) -> list[int]:
        """Words that speak of the treatment."""
        return sorted(hit.first for hit in self.found.told("story") if hit.value == "ours")

    def treated_between(self, start: int, stop: int) -> bool:
        """Is the treatment spoken of in these words?"""
        place = bisect_left(self._treated_at, start)
        return place < len(self._treated_at) and self._treated_at[place] < stop

    @cached_property
    def given(self) -> bool:
        """Is a treatment told of that was given ("since the injections")?"""
        return bool(self.found.told("given"))

    @cached_property
    def by_clause(self) -> dict[int, list[Mention]]:
        """Findings by clause."""
        out: dict[int, list[Mention]] = {}
        for mention in self.found.mentions:
            out.setdefault(self.words.clause[mention.core[0]], []).append(mention)
        return out


def _indexes(found: Matched, *kinds: str) -> set[int]:
    return {index for kind in kinds for hit in found.told(kind) for index in hit.words()}
