"""What a compiled lexicon is made of: concepts, cues, and the tables that matching reads."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from analysis.coding.letters import CODE, HARMLESS, MARK, NUMBER, SCORE, WORD, Alphabet
from analysis.coding.logic import Logic
from analysis.coding.patterns import Pattern
from analysis.coding.pieces import Pieces, Skeleton, Splitter
from analysis.coding.typos import Speller
from analysis.coding.words import Words

SCORED = frozenset({"10", "ten", "nrs", "vas", "score", "scale", "pain"})
"""What a text with a score must hold somewhere, if not a number out of ten."""
SCORING = frozenset({"nrs", "vas", "score", "scale", "pain", "10"})
"""Words beside which a number is a score."""


CONTRACTED = frozenset({"d", "ll", "re", "ve", "m"})
"""Endings that are words of their own: "she'd" is no form of "shed", nor "we'll" of "well"."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One row of the lexicon: what a phrase means. Flags belong here, whatever the status of a mention.

    `status` fixes the status of every mention ("swallowing fine" is a negated dysphagia); `when_severe` names the concept a
    mention becomes when its severity is stated severe; `needs` makes a mention count only beside one of these concepts;
    `alone` only in a text that names no other finding and no site; `hint` only in a text that tells of somebody and names
    no finding; `site` is the site when none is stated; `replaces` names
    concepts it takes the place of where words are shared.
    """

    id: str
    subcode: str
    category: str
    event_class: str
    urgent: bool
    red_flag: bool
    triage: str
    severity: str | None = None
    status: str | None = None
    when_severe: str | None = None
    scale: bool = False
    needs: frozenset[str] = frozenset()
    site: str | None = None
    review: bool = False
    indication: str | None = None
    mention_only: bool = False
    replaces: frozenset[str] = frozenset()
    alone: bool = False
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say how a mention is meant. `status` "pseudo" only hides other cues; "asserted" overrules recovery;
    "proxy" says that a relative speaks for the patient, so that relatives named beside it are not somebody else; "begun" that
    what is denied for the past is there now. `spares` are categories and sub-codes it says nothing of; one that `carries` opens a
    story that later sentences go on with; `untreated` ones say that no treatment has been given yet, and count where none is told of.
    """

    status: str
    direction: str
    reach: str
    name: str
    spares: frozenset[str] = frozenset()
    carries: bool = False
    untreated: bool = False


class Entry(NamedTuple):
    """What one automaton pattern stands for: names of word sets, its concepts, numbers of its cues, whether it is an idiom,
    (kind, value) pairs of everything else, those of kinds few texts ask for apart; whether some pattern uses one of the sets, and
    whether some pattern ends in one."""

    sets: tuple[str, ...]
    concepts: tuple[Concept, ...]
    cues: tuple[int, ...]
    mask: str
    attributes: tuple[tuple[str, Any], ...]
    small: tuple[tuple[str, Any], ...]
    paired: bool
    ends: bool

    def told(self) -> "Told | None":
        """What it says by itself; nothing when it is only a word of some sets."""
        said = self.concepts, self.cues, self.mask, self.attributes, self.small
        return said if any(said) else None


class Hints(NamedTuple):
    """For an entry of the automaton: concepts of which it names a part, and those for which it bodes ill; `beside` are concepts
    that take no hint away."""

    parts: dict[int, tuple[str, ...]]
    ills: dict[int, tuple[str, ...]]
    beside: frozenset[str]


class Graver(NamedTuple):
    """A row of [[rules.graver]]: sub-codes that say it already, sub-codes that then say nothing more, and the words by which
    these must be said, if only some are meant. `listed`: also where one stands beside the other in a list."""

    states: frozenset[str]
    than: frozenset[str]
    said: frozenset[str] = frozenset()
    listed: bool = False

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Graver":
        """One row as it is written, with its words already in the lexicon's form."""
        return cls(
            frozenset(row["is"]), frozenset(row["than"]), frozenset(row.get("said", ())), bool(row.get("listed", False))
        )


Told = tuple[tuple[Concept, ...], tuple[int, ...], str, tuple[tuple[str, Any], ...], tuple[tuple[str, Any], ...]]
"""Concepts, cues, idiom, attributes and small words of an entry."""
Completions = dict[int, tuple[Pattern, ...]]
"""Patterns by the entry that some pattern joins to another."""


class Partners(dict[int, frozenset[int]]):
    """For each entry, those that hold the last but one element of a pattern it completes; worked out when first asked for."""

    def __init__(self, lexicon: "Lexicon") -> None:
        super().__init__()
        self.lexicon = lexicon

    def __missing__(self, entry: int) -> frozenset[int]:
        found = self[entry] = frozenset(self.lexicon.completions(entry))
        return found


@dataclass(slots=True)
class Lexicon:
    """Everything compiled: `entries[p]` tells what the p-th automaton pattern stands for; `meaningful` are the words that can
    change a reading, all others are alike, save that `harmless` ones tell of no event. `apart`: every concept is a finding of its
    own, even where sub-codes are shared.
    """

    concepts: dict[str, Concept]
    cues: list[Cue]
    automaton: AhoCorasick
    entries: list[Entry]
    patterns: dict[str, dict[str, list[Pattern]]]
    forms: dict[str, str]
    abbreviations: frozenset[str]
    speller: Speller
    regions: dict[str, str]
    adjacent: dict[str, frozenset[str]]
    treatment_areas: dict[str, frozenset[str]]
    rules: dict[str, Any]
    meaningful: frozenset[str]
    alphabet: Alphabet
    canonical_cache: dict[str, str] = field(default_factory=dict)
    hints: Hints = field(default_factory=lambda: Hints({}, {}, frozenset()))
    logic: Logic = field(default_factory=Logic)
    gravers: tuple[Graver, ...] = ()
    by_the_way: dict[str, frozenset[str]] = field(default_factory=dict)
    apart: bool = False
    harmless: frozenset[str] = frozenset()
    known_completions: dict[int, Completions] = field(default_factory=dict)
    holders: dict[str, set[int]] = field(default_factory=dict)
    readings: Any = None
    scored: frozenset[str] = frozenset()
    scoring: frozenset[str] = frozenset()
    conditional: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    pains: frozenset[str] = frozenset()
    lesser: frozenset[str] = frozenset()
    told_by_the_way: frozenset[str] = frozenset()
    paired: frozenset[int] = frozenset()
    ending: frozenset[int] = frozenset()
    in_sets: frozenset[int] = frozenset()
    told: list[Told | None] = field(default_factory=list)
    treated: dict[str, frozenset[str]] = field(default_factory=dict)
    partners: Partners = field(init=False)
    splitter: Splitter = field(init=False)

    def __post_init__(self) -> None:
        """What is worked out from the rest: which entries hold a word set, and the splitter with this lexicon's words."""
        for number, entry in enumerate(self.entries):
            for name in entry.sets:
                self.holders.setdefault(name, set()).add(number)
        self.partners = Partners(self)
        self.paired = frozenset(number for number, entry in enumerate(self.entries) if entry.paired)
        self.ending = frozenset(number for number, entry in enumerate(self.entries) if entry.ends)
        self.in_sets = frozenset(n for n, e in enumerate(self.entries) if any(name[0] != "=" for name in e.sets))
        self.told = [entry.told() for entry in self.entries]
        self.conditional = frozenset(
            name for name, concept in self.concepts.items() if concept.needs or concept.alone or concept.hint
        )
        self.helpers = frozenset(rule["helper"] for rule in self.rules.get("together", ()))
        self.pains = frozenset(c.subcode for c in self.concepts.values() if c.scale and c.when_severe)
        self.lesser = frozenset().union(*(row.than for row in self.gravers))
        self.told_by_the_way = frozenset().union(*self.by_the_way.values())
        letters = self.alphabet.letters
        self.scored = frozenset(letter for word, letter in letters.items() if word in SCORED or word.endswith(SCORE))
        self.scoring = frozenset(letter for word, letter in letters.items() if word in SCORING or word.endswith(SCORE))
        self.splitter = Splitter(self.canonical, self.abbreviations, self.stand_in, self.alphabet)

    def completions(self, anchor: int) -> Completions:
        """Patterns that end in a set of entry `anchor`, by the entry that holds the set before; worked out once."""
        known = self.known_completions.get(anchor)
        if known is None:
            found: dict[int, list[Pattern]] = {}
            rows = [self.patterns[name] for name in self.entries[anchor].sets if name in self.patterns]
            for row in rows:
                for name, patterns in row.items():
                    for partner in self.holders.get(name, ()):
                        found.setdefault(partner, []).extend(patterns)
            known = {partner: tuple(patterns) for partner, patterns in found.items()}
            self.known_completions[anchor] = known
        return known

    def words(self, text: str) -> Words:
        """The text as canonical words of this lexicon."""
        return self.splitter.words(text)

    def pieces(self, text: str) -> Pieces:
        """The text in pieces, with its skeleton."""
        return self.splitter.pieces(text)

    def skeleton_words(self, skeleton: Skeleton) -> Words:
        """The words of a skeleton."""
        return self.splitter.skeleton_words(skeleton)

    def stand_in(self, word: str) -> str:
        """The word itself where it can change a reading, else what all words of its kind share."""
        if word in self.meaningful:
            return word
        if not word[0].isalnum():
            return MARK
        if word[0].isdigit():
            return word if word.endswith("/10") else NUMBER
        if word in self.harmless:
            return HARMLESS
        return CODE if word[-1].isdigit() else WORD

    def canonical(self, word: str) -> str:
        """Canonical form of one folded word: known forms first, then the nearest vocabulary word."""
        known = self.canonical_cache.get(word)
        if known is None:
            known = self._canonical(word)
            if len(self.canonical_cache) < 200_000:
                self.canonical_cache[word] = known
        return known

    def _canonical(self, word: str) -> str:
        form = base_form(word, self.forms)
        if form in self.speller.known:
            return form
        mended = self.speller.mend(form)
        return base_form(mended, self.forms) if mended else form


def base_form(word: str, forms: dict[str, str]) -> str:
    """Family head of a word: as listed, else without a genitive ending, else itself."""
    if word in forms:
        return forms[word]
    if "'" in word:
        head, _, ending = word.rpartition("'")
        plain = word.replace("'", "")
        if plain in forms and ending not in CONTRACTED:
            return forms[plain]
        head = head.split("'")[0]
        return forms.get(head, head)
    return word
