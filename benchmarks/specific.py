"""What is read where there is nothing to find: names of diseases, and texts without an event."""

import csv
from pathlib import Path

from analysis import code_texts

OURS_TOO = ("other", "none", "unknown")
"""Categories that no name of a disease is wrong to get."""


def say_specific(folder: Path) -> None:
    """Print how many names of diseases get a category of ours, and how many texts without an event a finding."""
    for name in ("unrelated_terms.csv", "unrelated_names.csv"):
        terms = _column(folder / name, "term")
        coded = code_texts(terms)
        wrong = coded.loc[~coded["category"].isin(OURS_TOO), "row"].nunique()
        print(
            f"{name}: {wrong} of {len(terms):,} names of diseases and phenotypes get a category ({wrong / len(terms):.2%})"
        )
    texts = _column(folder / "no_event.csv", "text")
    coded = code_texts(texts)
    wrong = coded.loc[coded["status"] == "asserted", "row"].nunique()
    print(f"no_event.csv: {wrong} of {len(texts)} texts without an event get a finding\n")


def _column(path: Path, column: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [row[column] for row in csv.DictReader(handle)]
