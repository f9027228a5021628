"""Compile the parsed files of a lexicon: every phrase into one automaton, patterns by their anchor, cues and flags."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from ahocorasick_rs import AhoCorasick

from analysis import taxonomy
from analysis.coding.concepts import Concept, Cue, Graver, Hints, Lexicon, base_form
from analysis.coding.entries import by_partner, by_value, entry_of, values_of
from analysis.coding.functions import concept_rows
from analysis.coding.letters import Alphabet
from analysis.coding.logic import Logic
from analysis.coding.normalise import ASKING, CLAUSE_ENDS, HARD_BREAKS, SOFT_BREAKS
from analysis.coding.patterns import Element, Pattern, is_pattern, parse_pattern
from analysis.coding.pieces import Splitter
from analysis.coding.term_rows import UNSORTED, numbers_of, term_flags, term_name
from analysis.coding.typos import Speller
from analysis.errors import UsageError

REACHES = ("near", "count", "clause", "sentence", "heading", "text", "question", "box")
MENDED = ("concept", "set", "site")
"""Kinds of entries whose words are worth mending a misspelling to."""
FIXED = {"normal": "negated", "recovered": "resolved"}
"""Keys of a concept whose lines say that the finding is absent or over, and the status they fix."""
ATTRIBUTES = (
    "severity", "laterality", "nothing", "confirmed", "terminator", "filler", "serious", "immediate", "telling", "present",
    "clausal", "underway", "person", "resume", "given", "story", "suffering",
)  # fmt: skip
WORDS_OF_LOGIC = frozenset(
    "and & + / or nor ni y e left right both bilateral l r the my her his nrs vas score scale of : = is a an about at level "  # noqa: SIM905
    "scored rated as now today tonight pain out 10 one two three four five six seven eight nine ten who whose which aged he she i "
    "it they we you patient our there this that no but so o e 0".split()
)
"""Words the rules ask for by name, beside those of the lexicon."""
MARKS_OF_LOGIC = HARD_BREAKS | SOFT_BREAKS | CLAUSE_ENDS | {"<", ASKING}
DIRECTIONS = ("forward", "backward", "both", "around")


class Builder:
    """Collects phrases, sets and patterns and compiles them; used once per lexicon."""

    def __init__(
        self,
        table: dict[str, taxonomy.Subcode],
        forms: dict[str, str],
        ordinary: list[str],
        shortest: int,
        *,
        reactions: bool = True,
        apart: bool = False,
    ) -> None:
        self.table = table
        self.reactions = reactions
        self.apart = apart
        self.ordinary = frozenset(ordinary)
        self.shortest = shortest
        self.forms = forms
        self.families: dict[str, list[str]] = defaultdict(list)
        for form, head in forms.items():
            self.families[head].append(form)
        self.phrases: dict[str, list[tuple[str, Any]]] = {}
        self.patterns: dict[str, list[Pattern]] = {}
        self.concepts: dict[str, Concept] = {}
        self.alike: dict[str, set[str]] = {}
        self.cues: list[Cue] = []
        self.sets: dict[str, list[str]] = {}
        self.vocabulary: set[str] = set()
        self.numbered = 0
        self.abbreviations: frozenset[str] = frozenset()
        self.canonical: dict[str, str] = {}
        self.splitter = Splitter(self._form, self.abbreviations)
        self.spelled = Splitter(str, self.abbreviations)

    def build(self, phrases: dict[str, Any], cues: dict[str, Any], terms: list[dict[str, str]]) -> Lexicon:
        """Compile the parsed files."""
        self.abbreviations = frozenset(cues.get("abbreviations", []))
        self.splitter = Splitter(self._form, self.abbreviations)
        self.spelled = Splitter(str, self.abbreviations)
        self.sets = {**cues.get("sets", {}), **phrases.get("sets", {})}
        for name, members in self.sets.items():
            self._add_all(members, ("set", name))
        for site, members in {**cues.get("sites", {}), **phrases.get("sites", {})}.items():
            self._add_all(members, ("site", site))
        self._add_concepts(phrases)
        for concept, hint in phrases.get("hint", {}).items():
            self._add_all(hint["parts"], ("part", concept))
            self._add_all(hint["ills"], ("ill", concept))
        for row in terms:
            self._add_term(row)
        self._replace_alike()
        self._add_masks({"ignore": cues.get("ignore", {})})
        self._add_masks({"ignore": phrases.get("ignore", {})})
        self._add_cues(cues)
        for kind in ATTRIBUTES:
            for value, members in by_value(cues.get(kind, {})):
                self._add_all(members, (kind, value))
        return self._compile(phrases, cues)

    def _canonical_phrase(self, phrase: str) -> str:
        known = self.canonical.get(phrase)
        if known is None:
            # Read behind a word and before another, so that punctuation at either end is not taken for the edge of a text.
            text = f"x{phrase} x" if not phrase[0].isalnum() else f"x {phrase} x"
            known = self.canonical[phrase] = " ".join(self.splitter.words(text).words[1:-2])
        return known

    def _form(self, word: str) -> str:
        return base_form(word, self.forms)

    def _add_all(self, members: list[str], entry: tuple[str, Any]) -> None:
        """Add phrases; "@name" by itself stands for those of a set."""
        for phrase in members:
            if phrase[:1] == "@" and " " not in phrase:
                if phrase[1:] not in self.sets:
                    raise UsageError(f"lexicon: {entry[0]} {entry[1]!r} names the set {phrase!r}, which is not there.")
                self._add_all(self.sets[phrase[1:]], entry)
            else:
                self._add(phrase, entry)

    def _add(self, phrase: str, entry: tuple[str, Any]) -> None:
        known = self.phrases.setdefault(self._canonical_phrase(phrase), [])
        if entry not in known:
            known.append(entry)
        if entry[0] in MENDED:
            words = self.spelled.words(phrase).words
            self.vocabulary.update(words)
            self.vocabulary.update(form for word in words for form in self.families.get(self.forms.get(word, ""), ()))

    def _add_patterns(self, lines: list[str], target: tuple[str, Any], rule: str) -> None:
        for line in lines:
            if not is_pattern(line):
                self._add(line, target)
                continue
            pattern = parse_pattern(line, target, f"{rule}: {line}")
            self.numbered += 1
            elements = tuple(self._element(part) for part in pattern.elements)
            pattern = replace(pattern, elements=elements, number=self.numbered)
            self.patterns.setdefault(pattern.elements[-1].key, []).append(pattern)

    def _element(self, element: Element) -> Element:
        if element.key.startswith("@"):
            return Element(element.key[1:])
        word = self._canonical_phrase(element.key)
        self._add(element.key, ("set", f"={word}"))
        return Element(f"={word}")

    def _add_concepts(self, phrases: dict[str, Any]) -> None:
        for row in concept_rows(phrases):
            concept = self._concept(row)
            self.concepts[concept.id] = concept
            self._add_all(row.get("phrases", []), ("concept", concept.id))
            self._add_patterns(row.get("patterns", []), ("concept", concept.id), concept.id)
            for name, status in FIXED.items():
                lines = row.get(name, [])
                if lines:
                    # "Loss of vision - is this normal?": what is fine takes the place of nothing.
                    fixed = replace(concept, id=f"{concept.id}.{name}", status=status, replaces=frozenset())
                    self.concepts[fixed.id] = fixed
                    self._add_patterns(lines, ("concept", fixed.id), fixed.id)

    def _concept(self, row: dict[str, Any]) -> Concept:
        name = str(row.get("id") or f"{row.get('subcode')}.{len(self.concepts)}")
        subcode = str(row.get("subcode", ""))
        base = self.table.get(subcode)
        if base is None and not row.get("category"):
            raise UsageError(f"phrases.toml, concept {name!r}: sub-code {subcode!r} is not in taxonomy.csv.")
        triage = str(row.get("triage") or (base.triage if base else "routine"))
        if triage not in taxonomy.TRIAGE:
            raise UsageError(f"phrases.toml, concept {name!r}: triage {triage!r} is not one of {taxonomy.TRIAGE}.")
        return Concept(
            id=name,
            subcode=subcode,
            category=base.category if base else str(row["category"]),
            event_class=base.event_class if base else "reaction",
            urgent=bool(row.get("urgent", base.urgent if base else False)),
            red_flag=bool(row.get("red_flag", base.red_flag if base else False)),
            triage=triage,
            severity=row.get("severity"),
            status=row.get("status"),
            when_severe=row.get("when_severe"),
            scale=bool(row.get("scale", False)),
            needs=frozenset(row.get("needs", [])),
            site=row.get("site"),
            review=bool(row.get("review", False)),
            alone=bool(row.get("alone", False)),
            hint=bool(row.get("hint", False)),
            indication=row.get("indication"),
            mention_only=bool(row.get("mention_only", False)),
            replaces=frozenset(row.get("replaces", [])),
        )

    def _add_term(self, row: dict[str, str]) -> None:
        """A coded term is a phrase too, unless the phrases already say something about exactly these words."""
        name = term_name(row)
        if not name or row.get("subcode") == "-" or row.get("category") == "none":
            return
        phrase = self._canonical_phrase(name)
        if any(kind == "concept" for kind, _ in self.phrases.get(phrase, [])):
            return
        # A list of names alone is a lexicon: each name is then a finding of its own.
        subcode = row.get("subcode") or name
        identity = f"term:{phrase}"
        plain = next((c for c in self.concepts.values() if c.subcode == subcode and c.when_severe), None)
        inherited = {"when_severe": plain.when_severe, "scale": plain.scale} if plain else {}
        flags = {**inherited, **term_flags(row), "id": identity, "subcode": subcode}
        flags["category"] = flags.get("category") or UNSORTED
        self.concepts[identity] = self._concept(flags)
        if plain:
            self.alike.setdefault(plain.id, set()).add(identity)
        for form in [name] if self.reactions else numbers_of(name):
            self._add(form, ("concept", identity))

    def _replace_alike(self) -> None:
        """What takes the place of a concept takes that of the coded terms that are read like it ("pain in jaw" like "pain")."""
        for name, concept in self.concepts.items():
            alike = {term for replaced in concept.replaces for term in self.alike.get(replaced, ())}
            if alike:
                self.concepts[name] = replace(concept, replaces=concept.replaces | alike)

    def _add_masks(self, raw: dict[str, Any]) -> None:
        ignored = raw["ignore"]
        self._add_all(ignored.get("phrases", []), ("mask", "ignore"))
        self._add_patterns(ignored.get("patterns", []), ("mask", "ignore"), "ignore")

    def _add_cues(self, cues: dict[str, Any]) -> None:
        # What is chronic or has another cause is no reaction to a treatment; as a finding of general medicine it is simply there.
        rows = [row for row in cues.get("cue", []) if self.reactions or not row.get("reactions_only")]
        for number, row in enumerate(rows, start=1):
            cue = Cue(row["status"], row.get("direction", "forward"), row.get("reach", "clause"), f"cue {number}",
                      frozenset(row.get("spares", [])), bool(row.get("carries", False)), bool(row.get("untreated", False)))  # fmt: skip
            if cue.status not in (*taxonomy.STATUSES, "pseudo", "proxy", "begun") or cue.reach not in REACHES:
                raise UsageError(f"cues.toml, cue {number}: status {cue.status!r} or reach {cue.reach!r} is not known.")
            if cue.direction not in DIRECTIONS:
                raise UsageError(f"cues.toml, cue {number}: direction {cue.direction!r} is not one of {DIRECTIONS}.")
            self.cues.append(cue)
            self._add_all(row.get("phrases", []), ("cue", number - 1))
            self._add_patterns(row.get("patterns", []), ("cue", number - 1), cue.name)

    def _graver(self, row: dict[str, Any]) -> Graver:
        return Graver.of({**row, "said": [self._canonical_phrase(word) for word in row.get("said", ())]})

    def _compile(self, phrases: dict[str, Any], cues: dict[str, Any]) -> Lexicon:
        lines = [line for line in self.phrases if line]
        said = {word for line in lines for word in line.split()}
        known = said | set(self.forms) | set(self.forms.values())
        known |= self.ordinary
        used = {e.key for listed in self.patterns.values() for pattern in listed for e in pattern.elements}
        regions = phrases.get("regions", cues.get("regions", {}))
        asked = {k: tuple(map(self._canonical_phrase, v)) for k, v in cues.get("logic", {}).items()}
        logic = Logic(**{kind: frozenset(listed) for kind, listed in asked.items()})
        said |= {word for phrases_asked in asked.values() for phrase in phrases_asked for word in phrase.split()}
        meaningful = frozenset(said) | WORDS_OF_LOGIC | MARKS_OF_LOGIC
        alphabet = Alphabet(meaningful)
        return Lexicon(
            concepts=self.concepts,
            cues=self.cues,
            automaton=AhoCorasick([alphabet.spell(line.split()) for line in lines]),
            entries=[entry_of(self.phrases[line], used, self.patterns, self.concepts) for line in lines],
            patterns={key: by_partner(listed) for key, listed in self.patterns.items()},
            meaningful=meaningful,
            alphabet=alphabet,
            forms=self.forms,
            abbreviations=self.abbreviations,
            speller=Speller(self.vocabulary - self.ordinary, known, shortest=self.shortest),
            regions={site: region for region, sites in regions.items() for site in sites},
            adjacent={region: frozenset(near) for region, near in phrases.get("adjacent", {}).items()},
            treatment_areas={kind: frozenset(a) for kind, a in phrases.get("treatment_areas", {}).items()},
            rules=phrases.get("rules", {}),
            gravers=tuple(map(self._graver, phrases.get("rules", {}).get("graver", ()))),
            by_the_way={key: frozenset(codes) for key, codes in phrases.get("rules", {}).get("by_the_way", {}).items()},
            hints=Hints(
                values_of(self.phrases, lines, "part"),
                values_of(self.phrases, lines, "ill"),
                frozenset(phrases.get("beside", ())),
            ),
            logic=logic,
            apart=self.apart,
            harmless=frozenset(map(self._canonical_phrase, cues.get("harmless", {}).get("words", ()))),
        )
