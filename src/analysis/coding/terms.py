"""Coded fields: reaction-term names, category and sub-code ids, and the words of local drop-downs, mapped exactly."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis import taxonomy
from analysis.coding.build import term_flags, term_name
from analysis.coding.normalise import fold
from analysis.coding.texts import as_text
from analysis.resources import read_rows, resource

BRITISH = (("haem", "hem"), ("oedem", "edem"), ("aemi", "emi"), ("noea", "nea"), ("rrhoea", "rrhea"), ("paraes", "pares"),
           ("aesth", "esth"), ("colour", "color"), ("paralyse", "paralyze"), ("pnoea", "pnea"), ("tumour", "tumor"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coded:
    """What a coded term means; `category` may be `none` ("no complication"), then the rest is missing or false."""

    category: str
    subcode: str | None
    urgent: bool
    red_flag: bool
    triage: str | None


def code_term(term: Any, *, lexicon: str | Path | None = None) -> Coded | None:
    """The coding of one cell of a coded field, or None when the term is not known.

    Case, accents, punctuation and British or American spelling do not matter; nothing is guessed.
    """
    text = as_text(term)
    if text is None:
        return None
    folder = Path(lexicon).resolve() if lexicon is not None else None
    return term_table(folder).get(term_key(text))


def term_key(text: str) -> str:
    """Spelling-independent key of a term."""
    plain = fold(text)[0]
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    key = " ".join(words)
    for british, american in BRITISH:
        key = key.replace(british, american)
    return key


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
