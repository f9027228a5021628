"""What is read out of one text: mentions of concepts, hits of cues and attribute words."""

from typing import Any

from analysis.coding.concepts import Concept
from analysis.coding.words import Words

Span = tuple[int, int]
Pairs = tuple[tuple[str, Any], ...]
"""Kinds and values of attribute words."""
SMALL = frozenset({"telling", "present", "clausal", "underway", "filler", "resume", "given", "story", "suffering"})


class Mention:
    """A concept read in words `first` … `last` (exclusive); `core` is the finding word, where cues take aim.

    Very many are made: what most of them never get is a default of the class.
    """

    status: str = "asserted"
    cue: str = ""
    weak: bool = False
    severity: str | None = None
    laterality: str | None = None
    site: str | None = None
    confirmed: str | None = None
    pattern: str | None = None
    explicit: bool = False
    examined: bool = False

    def __init__(self, concept: Concept, covered: frozenset[int], first: int, last: int, core: Span, rule: str) -> None:
        self.concept = concept
        self.covered = covered
        self.first = first
        self.last = last
        self.core = core
        self.rule = rule

    def copy(self) -> "Mention":
        """The same, to be changed without changing this one."""
        other = Mention(self.concept, self.covered, self.first, self.last, self.core, self.rule)
        other.__dict__.update(self.__dict__)
        return other


class Hit:
    """Attribute or cue words: `kind` and `value` come from the lexicon."""

    __slots__ = ("covered", "first", "kind", "last", "value")

    def __init__(self, kind: str, value: Any, first: int, last: int, covered: tuple[int, ...] = ()) -> None:
        self.kind = kind
        self.value = value
        self.first = first
        self.last = last
        self.covered = covered

    def words(self) -> tuple[int, ...] | range:
        """Indexes of the words it takes up; those of a pattern may have others in between."""
        return self.covered or range(self.first, self.last)

    def said(self, words: list[str]) -> str:
        """Its own words; others in between are left out and shown by dots."""
        if not self.covered:
            return " ".join(words[self.first : self.last])
        parts: list[str] = []
        before = self.first
        for index in sorted(self.words()):
            parts += ["…", words[index]] if index > before else [words[index]]
            before = index + 1
        return " ".join(parts)


class Matched:
    """Everything recognised in one text, in order of position; attribute words by kind.

    `small` are words of kinds few texts ask for (SMALL), as found; they are made into hits when a kind is first asked for.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.mentions: list[Mention] = []
        self.cues: list[Hit] = []
        self.attributes: dict[str, list[Hit]] = {}
        self.small: list[tuple[Pairs, int, int]] = []
        self.masked: list[Hit] = []
        self.walls = words.wall

    def told(self, kind: str) -> list[Hit]:
        """Attribute words of a kind."""
        known = self.attributes.get(kind)
        if known is None and kind not in SMALL:
            return []
        if known is None:
            known = [
                Hit(kind, value, first, last)
                for pairs, first, last in self.small
                for name, value in pairs
                if name == kind
            ]
            self.attributes[kind] = known
        return known

    def copy(self) -> "Matched":
        """The same with mentions of its own, which deciding changes."""
        other = Matched(self.words)
        other.__dict__.update(self.__dict__)
        other.mentions = [mention.copy() for mention in self.mentions]
        return other
