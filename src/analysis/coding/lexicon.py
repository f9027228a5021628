"""A lexicon folder (taxonomy.csv, terms.csv, phrases.toml, functions.toml, cues.toml, forms.toml) read and compiled once per version.

Words are data: this module only turns the files into one automaton and a few tables. A folder of somebody else's field may
leave out cues.toml and forms.toml, which are general clinical language and fall back to the shipped ones.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis import taxonomy
from analysis.coding.build import Builder
from analysis.coding.concepts import Lexicon
from analysis.coding.functions import with_functions
from analysis.coding.typos import SHORTEST
from analysis.errors import UsageError
from analysis.resources import read_rows, read_toml, resource

FILES = ("taxonomy.csv", "terms.csv", "phrases.toml", "cues.toml", "forms.toml", "ordinary_words.txt", "functions.toml")
FALLBACK = ("taxonomy.csv", "cues.toml", "forms.toml", "ordinary_words.txt")
SHORTEST_FOREIGN = 8
"""Shortest word mended with a lexicon whose ordinary neighbours nobody has listed."""


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
    _, terms_path, phrases_path, cues_path, forms_path, ordinary_path, functions_path = paths
    if phrases_path is None and terms_path is None:
        raise UsageError("the lexicon folder has neither phrases.toml nor terms.csv.")
    phrases = read_toml(phrases_path) if phrases_path else {}
    phrases = with_functions(phrases, read_toml(functions_path) if functions_path else {})
    cues = read_toml(cues_path) if cues_path else {}
    forms = read_forms(read_toml(forms_path) if forms_path else {})
    terms = read_rows(terms_path) if terms_path else []
    ordinary = ordinary_path.read_text(encoding="utf-8").split() if ordinary_path else []
    own = folder is None or (folder / "ordinary_words.txt").exists()
    reactions = folder is None or (folder / "cues.toml").exists()
    # Whoever gives many terms the same sub-code still wants to know which of them a text holds.
    apart = folder is not None
    builder = Builder(table, forms, ordinary, SHORTEST if own else SHORTEST_FOREIGN, reactions=reactions, apart=apart)
    return builder.build(phrases, cues, terms)


def read_forms(raw: dict[str, Any]) -> dict[str, str]:
    """Form → family head, from `head = "form form …"` lines; heads map to themselves."""
    forms: dict[str, str] = {}
    for head, line in raw.get("forms", {}).items():
        forms.setdefault(head, head)
        for form in line.split():
            forms[form] = head
    return forms
