"""Cells to values: numbers and coded words by strict patterns and visible tables. What does not fit is missing, never guessed."""

import re
from collections.abc import Iterable

from analysis.intake.dates import read_written
from analysis.intake.words import area_words, fold, label_doses, product_words, visible, vocabulary
from analysis.resources import read_rows, resource
from analysis.schemas.vocabulary import SERIOUSNESS

_DOSE_UNIT = r"\s*(?:(?:u|iu|ui|units?|unidades|uds?|sp\.?u|speywood)\.?(?:\s*(?:speywood|units?|u))?)?\.?"
_DOSE = re.compile(rf"(\d{{1,5}}(?:\.\d{{1,3}})?){_DOSE_UNIT}\Z", re.IGNORECASE)
_MOST_UNITS = 5_000
"""More than any session of any product: a slip of the decimal mark, or a price."""
SPLIT = re.compile(r"\s*(?:[;,/&+|\n]| and | y | with )\s*", re.IGNORECASE)
_FIRST_WORD = re.compile(r"^\s*([^\W\d_]+)")
_TITLES = vocabulary("titles")
_LONG_TITLES = tuple(title for title in _TITLES if " " in title)


def is_blank(text: str) -> bool:
    """Empty, or a word that stands for nothing ("N/A", "-") in a column that is not free text, an id or a name."""
    return not text.strip() or fold(text) in vocabulary("blank") or not fold(text)


def dose(text: str, *, decimal: str = ".") -> float | None:
    """Units injected from "20", "20u", "20 units" or "10+10"; missing for volumes, ranges and anything else. May be 0 or less.

    Where the decimal mark is a comma, a full stop can only mark thousands, and the cell is not read.
    """
    text = visible(text).replace("\N{MINUS SIGN}", "-")
    if decimal == ",":
        if "." in text.rstrip("."):
            return None
        text = text.replace(",", ".")
    negative = text.startswith("-")
    parts = [_DOSE.match(part.strip()) for part in text.lstrip("-").split("+")]
    if not text or not all(parts):
        return None
    total = sum(float(part[1]) for part in parts if part)
    if total > _MOST_UNITS:
        return None
    return -total if negative else total


_WITH_COMMA = re.compile(r"\d,(\d+)")
_WITH_STOP = re.compile(r"\d\.\d")


def has_decimal_commas(cells: Iterable[str]) -> bool:
    """The cells prove that a comma is their decimal mark: one or two digits after every comma, and no full stop within a number."""
    commas = 0
    for cell in cells:
        parts = _WITH_COMMA.findall(cell)
        if _WITH_STOP.search(cell) or any(len(part) > 2 for part in parts):
            return False
        commas += len(parts)
    return commas > 0


def whole_number(text: str) -> int | None:
    """A count; missing when it is none."""
    match = re.match(r"(\d{1,6})(?:\.0+)?\Z", visible(text))
    return int(match[1]) if match else None


def word(text: str, table: str) -> str | None:
    """Our word for a coded cell, by the named table of `vocabularies.toml`."""
    return vocabulary(table).get(fold(text))


def truth(text: str, table: str = "yes_no") -> bool | None:
    """Yes or no by a table; blank is not no."""
    known = vocabulary(table)
    found = known.get(fold(text))
    if found is None and table == "blood_thinner":
        parts = {known.get(fold(part)) for part in (*SPLIT.split(text), *_FIRST_WORD.findall(text))}
        found = "true" if "true" in parts and "false" not in parts else None
    return None if found is None else found == "true"


def areas(text: str) -> list[str]:
    """Area ids named in one cell, sorted; parts that are no known area are left out."""
    found: set[str] = set()
    for part in (text, *SPLIT.split(text)):
        plain = fold(part)
        if plain in _AREA_SETS:
            found.update(_AREA_SETS[plain])
        elif plain in area_words():
            found.add(area_words()[plain])
    return sorted(found)


_AREA_SETS = {fold(row["phrase"]): row["areas"].split(";") for row in read_rows(resource("intake/area_sets.csv"))}


def product(text: str) -> str | None:
    """Product id of a brand cell ("Botox 100U", "Azzalure"); missing when no known toxin is named."""
    plain = fold(text)
    known = product_words()
    if plain in known:
        return known[plain]
    hits = {known[w] for w in plain.split() if w in known and len(w) > 4}
    return hits.pop() if len(hits) == 1 else None


_SPECIFIED = re.compile(r"\s*([^()]+?)\s*\(([^()]+)\)\s*\Z")


def seriousness(text: str) -> str | None:
    """ICH E2A criteria in one cell, joined by ';' in fixed order, or `none`; missing when the cell says neither."""
    found = {vocabulary("seriousness").get(fold(part)) for part in (text, *SPLIT.split(text))} - {None}
    if not found and (match := _SPECIFIED.match(text)):  # "Yes (admitted)": the criterion says more than the yes
        return seriousness(match[2]) or seriousness(match[1])
    criteria = [criterion for criterion in SERIOUSNESS if criterion in found]
    return ";".join(criteria) or ("none" if "none" in found else None)


def criterion(text: str) -> str | None:
    """The seriousness criterion that a severity or outcome cell names outright ("life-threatening", "Died"); missing without one."""
    found = vocabulary("seriousness").get(fold(text))
    return None if found in (None, "none", "medically_important") else found


def injector_key(text: str) -> str:
    """Folded name: case, space, punctuation, title and order do not matter; empty when the cell names nobody."""
    if is_blank(text):
        return ""
    plain = f" {fold(text).replace('/', ' ')} "
    for title in _LONG_TITLES:
        plain = plain.replace(f" {title} ", " ")
    tokens = [token for token in plain.split() if token not in _TITLES]
    return " ".join(sorted(tokens)) or fold(text)


def dose_ratio(units: float | None, product_id: str | None, treated: list[str]) -> float | None:
    """Dose ÷ that product's label dose for the areas; missing unless every area has one."""
    if units is None or product_id is None or not treated:
        return None
    labels = [label_doses().get((product_id, area)) for area in treated]
    return None if None in labels else units / sum(label for label in labels if label)


_SHORTENED = re.compile(r"\d(?:[.,]\d+)?e\+\d{2,}\Z", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"\d+\.0\Z")


def patient_reference(text: str) -> str:
    """A patient reference as compared: nothing unseen, no case, and no `.0` that a spreadsheet added to a number."""
    return reference(text).casefold()


def reference(text: str) -> str:
    """An id as compared between logs; leading zeros and any number of digits stay."""
    plain = visible(text).removeprefix("'")  # a spreadsheet's sign that the cell is text, which some exports write out
    return plain[: -len(".0")] if plain.endswith(".0") and _WHOLE_FLOAT.match(plain) else plain


def says_none(text: str) -> bool:
    """Words of an outcome cell that say nothing happened: somebody asked."""
    return fold(text) in vocabulary("nil_return") or fold(text) in vocabulary("nothing_happened")


def names_nobody(text: str) -> bool:
    """An id cell that stands for nothing ("n/a", "-", "unknown"). "NA" and "Null" are initials and names."""
    return fold(text) in vocabulary("no_id") or not any(c.isalnum() for c in text)


def was_shortened(text: str) -> bool:
    """An id of which a spreadsheet kept only the first digits ("1.23457E+19")."""
    return "+" in text and _SHORTENED.match(visible(text)) is not None


def is_test_patient(text: str) -> bool:
    """The row is a test entry, not a person."""
    plain = fold(text)
    return plain in vocabulary("test_patient") or plain.startswith(("zzz test", "test patient"))


_YEAR_MONTH = re.compile(r"(20\d{2})[-/. ]?(0[1-9]|1[0-2])\Z")
_MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])[-/. ](20\d{2})\Z")


def month(text: str) -> str | None:
    """`YYYY-MM` from "2026-10", "10/2026", "Oct 2026" or a date within the month; missing otherwise."""
    plain = visible(text)
    if match := _YEAR_MONTH.match(plain):
        return f"{match[1]}-{match[2]}"
    if match := _MONTH_YEAR.match(plain):
        return f"{match[2]}-{int(match[1]):02d}"
    written = read_written(plain) or read_written(f"1 {plain}")
    if written is None or written.is_open or written.day_first is None:
        return None
    return written.day_first.strftime("%Y-%m")
