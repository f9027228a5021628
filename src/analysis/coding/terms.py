"""Coded fields: reaction-term names, category and sub-code ids, and the words of local drop-downs, mapped exactly."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis import taxonomy
from analysis.coding.lexicon import load_lexicon
from analysis.coding.meddra import preferred_terms
from analysis.coding.normalise import term_key
from analysis.coding.term_rows import term_flags, term_name
from analysis.coding.texts import as_text
from analysis.resources import read_rows, resource


@dataclass(frozen=True, slots=True)
class Coded:
    """What a coded term means; `category` may be `none` ("no complication"), then the rest is missing or false."""

    category: str
    subcode: str | None
    urgent: bool
    red_flag: bool
    triage: str | None


def code_term(term: Any, *, lexicon: str | Path | None = None, meddra: str | Path | None = None) -> Coded | None:
    """The coding of one cell of a coded field, or None when the term is not known.

    Case, accents, punctuation and British or American spelling do not matter; nothing is guessed. `meddra` is the folder of a
    MedDRA release in ASCII: a lowest-level term (or code) is then read as its preferred term. Raises UsageError when that folder
    holds none.
    """
    text = as_text(term)
    if text is None:
        return None
    table = term_table(Path(lexicon).resolve() if lexicon is not None else None)
    known = table.get(term_key(text))
    if known is None and meddra is not None:
        preferred = preferred_terms(Path(meddra)).get(term_key(text))
        known = table.get(term_key(preferred)) if preferred else None
    return known


def when_severe(coded: Coded) -> Coded:
    """What a term means where the clinic's own severity field says severe: severe pain is more than pain."""
    lexicon = load_lexicon(None)
    plain = next((c for c in lexicon.concepts.values() if c.subcode == coded.subcode and c.when_severe), None)
    better = lexicon.concepts.get(plain.when_severe or "") if plain else None
    if better is None:
        return coded
    return Coded(better.category, better.subcode, better.urgent, better.red_flag, better.triage)


@lru_cache(maxsize=8)
def term_table(folder: Path | None = None) -> dict[str, Coded]:
    """Every known term by its key, from terms.csv and dropdowns.csv of a folder or the shipped ones, and the taxonomy."""
    table: dict[str, Coded] = {}
    own_taxonomy = folder is not None and (folder / "taxonomy.csv").exists()
    for code, row in taxonomy.load_taxonomy(folder if own_taxonomy else None).items():
        coded = Coded(row.category, code, row.urgent, row.red_flag, row.triage)
        table[term_key(code)] = table[term_key(row.label)] = coded
    for name in ("dropdowns.csv", "terms.csv"):
        path = (folder / name) if folder else resource(f"lexicon/{name}")
        for line in read_rows(path) if path.exists() else []:
            coded_line = _coded(line)
            if coded_line is not None:
                table[term_key(term_name(line))] = coded_line
    return table


def _coded(row: dict[str, str]) -> Coded | None:
    if row.get("category") == "none":
        return Coded("none", None, False, False, None)
    if not row.get("category"):
        return None
    flags = term_flags(row)
    return Coded(
        category=row["category"],
        subcode=row.get("subcode") or None,
        urgent=bool(flags.get("urgent", False)),
        red_flag=bool(flags.get("red_flag", False)),
        triage=str(flags.get("triage", "routine")),
    )
