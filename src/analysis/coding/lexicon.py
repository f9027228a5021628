"""A lexicon folder (taxonomy.csv, terms.csv, phrases.toml, cues.toml, forms.toml) read and compiled once per version.

Words are data: this module only turns the files into one automaton and a few tables. A folder of somebody else's field may
leave out cues.toml and forms.toml, which are general clinical language and fall back to the shipped ones.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from analysis import taxonomy
from analysis.coding.normalise import Words, split
from analysis.coding.patterns import Element, Pattern, is_pattern, parse_pattern
from analysis.coding.typos import SHORTEST, Speller
from analysis.errors import UsageError
from analysis.resources import read_rows, read_toml, resource

FILES = ("taxonomy.csv", "terms.csv", "phrases.toml", "cues.toml", "forms.toml", "ordinary_words.txt")
FALLBACK = ("taxonomy.csv", "cues.toml", "forms.toml", "ordinary_words.txt")
SHORTEST_FOREIGN = 8
"""Shortest word mended with a lexicon whose ordinary neighbours nobody has listed."""
REACHES = ("near", "clause", "sentence", "text", "question")
MENDED = ("concept", "set", "site")
"""Kinds of entries whose words are worth mending a misspelling to."""
FIXED = {"normal": "negated", "recovered": "resolved"}
"""Keys of a concept whose lines say that the finding is absent or over, and the status they fix."""
ATTRIBUTES = (
    "severity", "laterality", "nothing", "confirmed", "terminator", "filler", "serious", "immediate", "telling", "present",
)  # fmt: skip
DIRECTIONS = ("forward", "backward", "both")


@dataclass(frozen=True, slots=True)
class Concept:
    """One row of the lexicon: what a phrase means. Flags belong here, whatever the status of a mention.

    `status` fixes the status of every mention ("swallowing fine" is a negated dysphagia); `when_severe` names the concept a
    mention becomes when its severity is stated severe; `needs` makes a mention count only beside one of these concepts;
    `site` is the site when none is stated; `replaces` names concepts it takes the place of where words are shared.
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


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say how a mention is meant. `status` "pseudo" only hides other cues; "asserted" overrules recovery."""

    status: str
    direction: str
    reach: str
    name: str


@dataclass(slots=True)
class Lexicon:
    """Everything compiled: `entries[p]` lists what the p-th automaton pattern stands for, as (kind, value) pairs."""

    concepts: dict[str, Concept]
    cues: list[Cue]
    automaton: AhoCorasick
    entries: list[list[tuple[str, Any]]]
    lengths: list[int]
    patterns: dict[str, dict[str, list[Pattern]]]
    forms: dict[str, str]
    abbreviations: frozenset[str]
    speller: Speller
    regions: dict[str, str]
    adjacent: dict[str, frozenset[str]]
    treatment_areas: dict[str, frozenset[str]]
    rules: dict[str, Any]
    canonical_cache: dict[str, str] = field(default_factory=dict)

    def words(self, text: str) -> Words:
        """The text as canonical words of this lexicon."""
        return split(text, self.canonical, self.abbreviations, self.canonical_cache)

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
        plain = word.replace("'", "")
        if plain in forms:
            return forms[plain]
        head = word.split("'")[0]
        return forms.get(head, head)
    return word


def load_lexicon(directory: str | Path | None = None) -> Lexicon:
    """The compiled lexicon of a folder, or the shipped one; compiled again only when a file has changed.

    Raises UsageError naming file and entry when a file is missing or does not fit.
    """
    folder = Path(directory).resolve() if directory is not None else None
    if folder is not None and not folder.is_dir():
        raise UsageError(f"lexicon folder {str(directory)!r} is not a folder; it needs phrases.toml or terms.csv.")
    paths = tuple(_path(folder, name) for name in FILES)
    stamps = tuple(path.stat().st_mtime_ns if path and path.exists() else 0 for path in paths)
    return _load(folder, paths, stamps)


def _path(folder: Path | None, name: str) -> Path | None:
    if folder is not None and (folder / name).exists():
        return folder / name
    if folder is None or name in FALLBACK:
        return resource("taxonomy.csv") if name == "taxonomy.csv" else resource(f"lexicon/{name}")
    return None


@lru_cache(maxsize=8)
def _load(folder: Path | None, paths: tuple[Path | None, ...], stamps: tuple[int, ...]) -> Lexicon:
    own_taxonomy = folder is not None and (folder / "taxonomy.csv").exists()
    table = taxonomy.load_taxonomy(folder if own_taxonomy else None)
    _, terms_path, phrases_path, cues_path, forms_path, ordinary_path = paths
    if phrases_path is None and terms_path is None:
        raise UsageError("the lexicon folder has neither phrases.toml nor terms.csv.")
    phrases = read_toml(phrases_path) if phrases_path else {}
    cues = read_toml(cues_path) if cues_path else {}
    forms = read_forms(read_toml(forms_path) if forms_path else {})
    terms = read_rows(terms_path) if terms_path else []
    ordinary = ordinary_path.read_text(encoding="utf-8").split() if ordinary_path else []
    own = folder is None or (folder / "ordinary_words.txt").exists()
    return Builder(table, forms, ordinary, SHORTEST if own else SHORTEST_FOREIGN).build(phrases, cues, terms)


def read_forms(raw: dict[str, Any]) -> dict[str, str]:
    """Form → family head, from `head = "form form …"` lines; heads map to themselves."""
    forms: dict[str, str] = {}
    for head, line in raw.get("forms", {}).items():
        forms.setdefault(head, head)
        for form in line.split():
            forms[form] = head
    return forms


class Builder:
    """Collects phrases, sets and patterns and compiles them; used once per lexicon."""

    def __init__(
        self, table: dict[str, taxonomy.Subcode], forms: dict[str, str], ordinary: list[str], shortest: int
    ) -> None:
        self.table = table
        self.ordinary = frozenset(ordinary)
        self.shortest = shortest
        self.forms = forms
        self.families: dict[str, list[str]] = defaultdict(list)
        for form, head in forms.items():
            self.families[head].append(form)
        self.phrases: dict[str, list[tuple[str, Any]]] = {}
        self.patterns: dict[str, list[Pattern]] = {}
        self.concepts: dict[str, Concept] = {}
        self.cues: list[Cue] = []
        self.vocabulary: set[str] = set()
        self.abbreviations: frozenset[str] = frozenset()

    def build(self, phrases: dict[str, Any], cues: dict[str, Any], terms: list[dict[str, str]]) -> Lexicon:
        """Compile the parsed files."""
        self.abbreviations = frozenset(cues.get("abbreviations", []))
        for name, members in {**cues.get("sets", {}), **phrases.get("sets", {})}.items():
            self._add_all(members, ("set", name))
        for site, members in {**cues.get("sites", {}), **phrases.get("sites", {})}.items():
            self._add_all(members, ("site", site))
        self._add_concepts(phrases)
        for row in terms:
            self._add_term(row)
        self._add_masks({"ignore": cues.get("ignore", {})})
        self._add_masks({"ignore": phrases.get("ignore", {})})
        self._add_cues(cues)
        for kind in ATTRIBUTES:
            for value, members in _by_value(cues.get(kind, {})):
                self._add_all(members, (kind, value))
        return self._compile(phrases, cues)

    def _canonical_phrase(self, phrase: str) -> str:
        # Read behind a word and before another, so that punctuation at either end is not taken for the edge of a text.
        words = split(
            f"x{phrase} x" if not phrase[0].isalnum() else f"x {phrase} x", self._form, self.abbreviations
        ).words
        return " ".join(words[1:-2])

    def _form(self, word: str) -> str:
        return base_form(word, self.forms)

    def _add_all(self, members: list[str], entry: tuple[str, Any]) -> None:
        for phrase in members:
            self._add(phrase, entry)

    def _add(self, phrase: str, entry: tuple[str, Any]) -> None:
        known = self.phrases.setdefault(self._canonical_phrase(phrase), [])
        if entry not in known:
            known.append(entry)
        if entry[0] in MENDED:
            words = split(phrase, str, self.abbreviations).words
            self.vocabulary.update(words)
            self.vocabulary.update(form for word in words for form in self.families.get(self.forms.get(word, ""), ()))

    def _add_patterns(self, lines: list[str], target: tuple[str, Any], rule: str) -> None:
        for line in lines:
            if not is_pattern(line):
                self._add(line, target)
                continue
            pattern = parse_pattern(line, target, f"{rule}: {line}")
            pattern = replace(pattern, elements=tuple(self._element(part) for part in pattern.elements))
            self.patterns.setdefault(pattern.elements[-1].key, []).append(pattern)

    def _element(self, element: Element) -> Element:
        if element.key.startswith("@"):
            return Element(element.key[1:])
        word = self._canonical_phrase(element.key)
        self._add(element.key, ("set", f"={word}"))
        return Element(f"={word}")

    def _add_concepts(self, phrases: dict[str, Any]) -> None:
        for row in _concept_rows(phrases):
            concept = self._concept(row)
            self.concepts[concept.id] = concept
            self._add_all(row.get("phrases", []), ("concept", concept.id))
            self._add_patterns(row.get("patterns", []), ("concept", concept.id), concept.id)
            for name, status in FIXED.items():
                lines = row.get(name, [])
                if lines:
                    fixed = replace(concept, id=f"{concept.id}.{name}", status=status)
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
            indication=row.get("indication"),
            mention_only=bool(row.get("mention_only", False)),
            replaces=frozenset(row.get("replaces", [])),
        )

    def _add_term(self, row: dict[str, str]) -> None:
        """A coded term is a phrase too, unless the phrases already say something about exactly these words."""
        name = row.get("term") or row.get("pt_name") or ""
        subcode = row.get("subcode", "")
        if not name or not subcode or subcode == "-" or row.get("category") == "none":
            return
        phrase = self._canonical_phrase(name)
        if any(kind == "concept" for kind, _ in self.phrases.get(phrase, [])):
            return
        identity = f"term:{phrase}"
        plain = next((c for c in self.concepts.values() if c.subcode == subcode and c.when_severe), None)
        inherited = {"when_severe": plain.when_severe, "scale": plain.scale} if plain else {}
        self.concepts[identity] = self._concept({**inherited, **term_flags(row), "id": identity, "subcode": subcode})
        self._add(name, ("concept", identity))

    def _add_masks(self, raw: dict[str, Any]) -> None:
        ignored = raw["ignore"]
        self._add_all(ignored.get("phrases", []), ("mask", "ignore"))
        self._add_patterns(ignored.get("patterns", []), ("mask", "ignore"), "ignore")

    def _add_cues(self, cues: dict[str, Any]) -> None:
        for number, row in enumerate(cues.get("cue", []), start=1):
            cue = Cue(row["status"], row.get("direction", "forward"), row.get("reach", "clause"), f"cue {number}")
            if cue.status not in (*taxonomy.STATUSES, "pseudo") or cue.reach not in REACHES:
                raise UsageError(f"cues.toml, cue {number}: status {cue.status!r} or reach {cue.reach!r} is not known.")
            if cue.direction not in DIRECTIONS:
                raise UsageError(f"cues.toml, cue {number}: direction {cue.direction!r} is not one of {DIRECTIONS}.")
            self.cues.append(cue)
            self._add_all(row.get("phrases", []), ("cue", number - 1))
            self._add_patterns(row.get("patterns", []), ("cue", number - 1), cue.name)

    def _compile(self, phrases: dict[str, Any], cues: dict[str, Any]) -> Lexicon:
        lines = [line for line in self.phrases if line]
        known = {word for line in lines for word in line.split()} | set(self.forms) | set(self.forms.values())
        known |= self.ordinary
        regions = phrases.get("regions", cues.get("regions", {}))
        return Lexicon(
            concepts=self.concepts,
            cues=self.cues,
            automaton=AhoCorasick([f" {line} " for line in lines]),
            entries=[self.phrases[line] for line in lines],
            lengths=[len(line.split()) for line in lines],
            patterns={key: _by_partner(listed) for key, listed in self.patterns.items()},
            forms=self.forms,
            abbreviations=self.abbreviations,
            speller=Speller(self.vocabulary - self.ordinary, known, shortest=self.shortest),
            regions={site: region for region, sites in regions.items() for site in sites},
            adjacent={region: frozenset(near) for region, near in phrases.get("adjacent", {}).items()},
            treatment_areas={kind: frozenset(a) for kind, a in phrases.get("treatment_areas", {}).items()},
            rules=phrases.get("rules", {}),
        )


def term_flags(row: dict[str, str]) -> dict[str, Any]:
    """Flags of a row of coded terms, whichever of the usual column names it has."""
    flags: dict[str, Any] = {"category": row.get("category")}
    for name, columns in {"urgent": ("urgent",), "red_flag": ("red_flag", "clinical_red_flag")}.items():
        value = next((row[column] for column in columns if row.get(column)), None)
        if value is not None:
            flags[name] = value.strip().lower() in ("1", "true", "yes")
    if row.get("triage"):
        flags["triage"] = row["triage"]
    return flags


def _concept_rows(phrases: dict[str, Any]) -> list[dict[str, Any]]:
    """Concepts written as `[[concept]]` or as `[concept.NAME]`."""
    raw = phrases.get("concept", [])
    if isinstance(raw, dict):
        return [{"id": name, **row} for name, row in raw.items()]
    return list(raw)


def _by_partner(patterns: list[Pattern]) -> dict[str, list[Pattern]]:
    """Patterns of one anchor by the element before it, so that only those whose words are there are tried."""
    out: dict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        out[pattern.elements[-2].key].append(pattern)
    return dict(out)


def _by_value(raw: Any) -> list[tuple[str, list[str]]]:
    """A table of lists as pairs; a plain list has the value "yes"."""
    return [("yes", raw)] if isinstance(raw, list) else list(raw.items())
