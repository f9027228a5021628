"""How words are compared: case, accents, punctuation and space do not matter. One place, so that tables and cells agree."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from analysis.resources import read_rows, read_toml, resource

_ID = re.compile(r"\bi\.d(?![a-z])")
"""I.D. is id; other initials are left alone."""
_NOT_WORD = re.compile(r"(?:(?![#?%+/<>=])[\W_])+")
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Characters nobody sees: zero-width spaces and joiners, soft hyphens, marks of writing direction."""
_TICKS = {
    **dict.fromkeys(map(ord, "\u2713\u2714\u2611\U0001f5f8\u2705"), " yes "),
    **dict.fromkeys(map(ord, "\u2717\u2718\u274c"), " no "),
}
"""Ticks say yes and crosses say no. An empty box (\u2610) and a crossed box (\u2612), which may be either, are left as they are."""


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """`'  Fecha  Inicio: '` → `'fecha inicio'`: lower case, no accents, single spaces, most punctuation gone.

    Superscripts and fractions are not digits: `2²` does not fold to `22`.
    """
    if text.isascii():
        return _NOT_WORD.sub(" ", _ID.sub("id", text.lower())).strip()
    text = text.translate(_TICKS)
    plain = "".join("?" if unicodedata.category(c) == "No" else c for c in _UNSEEN.sub("", text.casefold()))
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", _ID.sub("id", plain)).strip()


def visible(text: str) -> str:
    """A date, number, id or name as compared: composed letters, single spaces, nothing unseen and no control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    plain = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    plain = "".join(" " if c.isspace() else c for c in plain if c.isspace() or unicodedata.category(c) != "Cc")
    return " ".join(plain.split())


@cache
def vocabulary(name: str) -> dict[str, str]:
    """Folded synonym → our word, from one table of `vocabularies.toml`; every word of ours means itself."""
    table: dict[str, list[str]] = read_toml(resource("intake/vocabularies.toml"))[name]
    return {fold(word): ours for ours, words in table.items() for word in (ours, ours.replace("_", " "), *words)}


@cache
def cell_errors() -> frozenset[str]:
    """What a spreadsheet shows in place of a value (`#ref!`), in lower case."""
    return frozenset(read_toml(resource("intake/vocabularies.toml"))["cell_error"]["cell_error"])


@cache
def header_words() -> dict[str, list[tuple[str, bool]]]:
    """Folded header → canonical columns it may mean, each with whether it is a strong sign."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for row in read_rows(resource("intake/headers.csv")):
        for word in (row["canonical"], row["canonical"].replace("_", " "), *row["synonyms"].split(";")):
            entry = (row["canonical"], row["strength"] == "strong")
            places = found.setdefault(fold(word), [])
            if row["canonical"] not in [canonical for canonical, _ in places]:
                places.append(entry)
    return found


@cache
def canonical_columns() -> frozenset[str]:
    """Every canonical column a header may be mapped to."""
    return frozenset(row["canonical"] for row in read_rows(resource("intake/headers.csv")))


@cache
def area_words() -> dict[str, str]:
    """Folded area synonym → area id of areas.csv."""
    return _synonyms("intake/areas.csv", "area")


@cache
def product_words() -> dict[str, str]:
    """Folded brand → product id of products.csv."""
    return _synonyms("intake/products.csv", "product")


@cache
def product_labels() -> dict[str, str]:
    """Product id → its brand names as shown."""
    return {row["product"]: row["label"] for row in read_rows(resource("intake/products.csv"))}


@cache
def label_doses() -> dict[tuple[str, str], float]:
    """(product, area) → label dose in that product's own units."""
    rows = read_rows(resource("intake/label_doses.csv"))
    return {(row["product"], row["area"]): float(row["units"]) for row in rows}


def _synonyms(name: str, column: str) -> dict[str, str]:
    rows = read_rows(resource(name))
    return {
        fold(w): r[column] for r in rows for w in _with_own(r[column], [r["label"], *r["synonyms"].split(";")]) if w
    }


def _with_own(own: str, words: Iterable[str]) -> list[str]:
    return [own, own.replace("_", " "), *words]


@cache
def area_types() -> dict[str, str]:
    """Area id → treatment type it implies by itself (`unknown` where it may be cosmetic or medical)."""
    return {row["area"]: row["default_type"] for row in read_rows(resource("intake/areas.csv"))}
