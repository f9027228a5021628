"""The taxonomy as data: what each sub-code means, its category, class, triage level and link window.

Source: `resources/taxonomy.csv`, built on a dermatologist's patient article on side effects of botulinum toxin and widened
to what clinic logs hold. Every row is editable data listed in docs/assumptions.md.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.errors import UsageError
from analysis.resources import read_rows, resource

CATEGORIES = ("bruise", "facial", "systemic", "hair_skin", "severe_local", "other")
CLASSES = ("reaction", "expected_effect", "effect_complaint", "process", "outcome")
STATUSES = (
    "asserted", "resolved", "negated", "historical", "hypothetical", "other_person", "uncertain", "other_cause",
)  # fmt: skip
HAPPENED = ("asserted", "resolved")
"""Statuses that count towards incidence: it happened."""
WATCHED = ("asserted", "resolved", "uncertain", "other_cause")
"""Statuses that are listed for a person to close when the triage level is now or today."""
TRIAGE = ("now", "today", "routine")
SEVERITIES = ("mild", "moderate", "severe")
LATERALITIES = ("L", "R", "bilateral")

CATEGORY_LABELS = {
    "bruise": "Bruising at the injection site",
    "facial": "Facial weakness or drooping",
    "systemic": "Away from the face (breathing, swallowing, vision, voice, weakness)",
    "hair_skin": "Hair changes",
    "severe_local": "Severe pain or swelling",
    "other": "Not in the article",
}


@dataclass(frozen=True)
class Subcode:
    """One row of the taxonomy; `window_days` is the longest gap from session to onset that still counts."""

    subcode: str
    category: str
    label: str
    event_class: str
    triage: str
    urgent: bool
    red_flag: bool
    skin_related: bool
    window_days: int
    definition: str


@cache
def load_taxonomy(directory: Path | None = None) -> dict[str, Subcode]:
    """Sub-codes by id (`B1` … `O14`), from `taxonomy.csv` in `directory` or the shipped one.

    `triage` is the level of the plain sub-code (the first word of the cell); finer levels belong to lexicon concepts.
    Raises UsageError naming the row when a category or class is unknown.
    """
    path = (directory / "taxonomy.csv") if directory else resource("taxonomy.csv")
    table = {}
    for number, row in enumerate(read_rows(path), start=2):
        if row["category"] == "none":
            continue
        if directory is None and row["category"] not in CATEGORIES:
            raise UsageError(f"{path.name}, row {number}: category {row['category']!r} is not one of {CATEGORIES}.")
        if row["class"] not in CLASSES:
            raise UsageError(f"{path.name}, row {number}: class {row['class']!r} is not one of {CLASSES}.")
        table[row["subcode"]] = Subcode(
            subcode=row["subcode"],
            category=row["category"],
            label=row["label"],
            event_class=row["class"],
            triage=_first_level(row["triage"]),
            urgent=row["urgent_in_article"] == "1",
            red_flag=row["clinical_red_flag"] == "1",
            skin_related=row["skin_related"] == "1",
            window_days=int(row["window_days"]),
            definition=row["definition"],
        )
    return table


def _first_level(cell: str) -> str:
    """`now if tongue or throat, else today` → the `else` level; a conditional without `else` is routine unless met."""
    for part in cell.replace("(", ",").split(","):
        words = part.split()
        if "if" in words or "with" in words:
            continue
        for level in TRIAGE:
            if level in words:
                return level
    return "routine"
