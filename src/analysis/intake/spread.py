"""Columns that each stand for one value: a kind of reaction to be ticked, or an area with the units it was given."""

from collections.abc import Iterable

from analysis.intake import values
from analysis.intake.headers import plainly
from analysis.intake.words import area_words, fold, visible, vocabulary

SURE, MAY, OTHER = "sure", "may", "other"


def reaction(header: str) -> str | None:
    """`sure` for a header that names a reaction, `may` for what patients come with too, `other` beside such columns."""
    return vocabulary("reaction_header").get(fold(plainly(header)))


def holds_ticks(cells: list[str]) -> bool:
    """The cells say yes or no, or something in words: no scores and counts, whose meaning nobody can tell."""
    return all(fold(cell) in vocabulary("yes_no") or any(c.isalpha() for c in fold(cell)) for cell in cells)


def ticked(header: str, cell: str) -> str:
    """What a cell below the name of a reaction says: the name for a yes, nothing for a no or a blank, else both."""
    plain = fold(cell)
    said = vocabulary("yes_no").get(plain)
    if said == "false" or not plain or plain in vocabulary("blank"):
        return ""
    named = visible(plainly(header))
    return named if said == "true" else f"{named}: {cell.strip()}"


def absence(header: str) -> bool:
    """The header itself says that nobody came or that it was cancelled (`Did not arrive?`), so that a yes says so."""
    return vocabulary("service_status").get(fold(plainly(header))) in ("no_show", "cancelled")


def absent(header: str, cell: str) -> str:
    """What a cell below such a header says: the header for a yes, nothing for a no, else its own words."""
    said = vocabulary("yes_no").get(fold(cell))
    return visible(plainly(header)) if said == "true" else "" if said == "false" else cell.strip()


def is_no(cell: str) -> bool:
    """The cell says no outright."""
    return vocabulary("yes_no").get(fold(cell)) == "false"


def area_of(header: str) -> tuple[str, bool] | None:
    """The area a header names and whether it speaks of units (`Masseter L (units)`); nothing for any other header."""
    words = fold(header).split()
    kind = vocabulary("beside_area")
    plain = [word for word in words if kind.get(word) != "units"]
    for kept in (plain, [word for word in plain if kind.get(word) != "side"]):
        if found := area_words().get(" ".join(kept)):
            return found, len(plain) < len(words)
    return None


def hold_units(cells: list[str]) -> bool:
    """Every filled cell is a number of units, or a tick, or says that the area was not treated."""
    return all(
        values.dose(cell) is not None or fold(cell) in vocabulary("yes_no") or not _given(cell) for cell in cells
    )


_MARKS = str.maketrans(";=", "||")
"""What stands between areas and their units; in a cell it would make two areas of one."""


def by_area(heads: Iterable[str], cells: Iterable[str]) -> str:
    """`glabella=20;periocular=12+12` of one row: the areas whose cells say that something was given there, as they are written."""
    found = []
    for head, cell in zip(heads, cells, strict=True):
        named = area_of(head)
        if _given(cell):
            found.append(f"{named[0] if named else fold(head)}={cell.strip().translate(_MARKS)}")
    return ";".join(found)


def _given(cell: str) -> bool:
    return not values.is_blank(cell) and not is_no(cell) and values.dose(cell) != 0


def written_sum(said: str) -> str:
    """`20+12+12`: the cells of `by_area` as one dose; blank where an area is only ticked."""
    cells = [part.partition("=")[2] for part in said.split(";") if part]
    return "" if any(fold(cell) in vocabulary("yes_no") for cell in cells) else "+".join(cells)


def units_of(said: str, *, decimal: str = ".") -> dict[str, float | None]:
    """Units by area out of what `by_area` says; an area named twice, as for two sides, has the sum, and missing where one is."""
    found: dict[str, float | None] = {}
    for part in said.split(";") if said else ():
        area, _, cell = part.partition("=")
        units = values.dose(cell, decimal=decimal)
        before = found.get(area, 0.0)
        found[area] = None if units is None or before is None else before + units
    return found
