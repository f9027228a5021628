"""Columns that each stand for one value: a kind of reaction to be ticked, with its header as the words."""

from analysis.intake.headers import plainly
from analysis.intake.words import fold, visible, vocabulary

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


def is_no(cell: str) -> bool:
    """The cell says no outright."""
    return vocabulary("yes_no").get(fold(cell)) == "false"
