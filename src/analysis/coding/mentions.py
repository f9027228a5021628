"""What is read out of one text: mentions of concepts, hits of cues and attribute words."""

from dataclasses import dataclass, field
from typing import Any

from analysis.coding.concepts import Concept
from analysis.coding.pieces import Words

Span = tuple[int, int]


@dataclass(slots=True, eq=False)
class Mention:
    """A concept read in words `first` … `last` (exclusive); `core` is the finding word, where cues take aim."""

    concept: Concept
    covered: frozenset[int]
    first: int
    last: int
    core: Span
    rule: str
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


@dataclass(slots=True)
class Hit:
    """Attribute or cue words: `kind` and `value` come from the lexicon."""

    kind: str
    value: Any
    first: int
    last: int
    covered: tuple[int, ...] = ()

    def words(self) -> tuple[int, ...] | range:
        """Indexes of the words it takes up; those of a pattern may have others in between."""
        return self.covered or range(self.first, self.last)

    def said(self, words: list[str]) -> str:
        """Its own words; others in between are left out and shown by dots."""
        parts: list[str] = []
        before = self.first
        for index in sorted(self.words()):
            parts += ["…", words[index]] if index > before else [words[index]]
            before = index + 1
        return " ".join(parts)


@dataclass(slots=True)
class Matched:
    """Everything recognised in one text, in order of position."""

    words: Words
    mentions: list[Mention] = field(default_factory=list)
    cues: list[Hit] = field(default_factory=list)
    attributes: dict[str, list[Hit]] = field(default_factory=dict)
    masked: list[Hit] = field(default_factory=list)
    walls: list[int] = field(default_factory=list)
