"""Rows of a table of terms: the name, its plural, and the flags, whichever of the usual columns they stand in."""

from typing import Any

NAMES = ("term", "pt_name", "name", "label", "finding", "concept")
"""Columns of a table of terms that hold the name."""
UNSORTED = "finding"
"""Category of a term that states none."""


def term_name(row: dict[str, str]) -> str:
    """The name in a row of terms: of the first column that holds names, else of the first column."""
    named = next((row[column] for column in NAMES if row.get(column)), None)
    return (named if named is not None else next(iter(row.values()), "") or "").strip()


def numbers_of(name: str) -> list[str]:
    """A name, and its plural or singular as English mostly makes them ("murmur", "murmurs"; "biopsies", "biopsy")."""
    if not name[-1].isalpha() or not name.isascii() or name.isupper():
        return [name]
    if name.endswith("ies"):
        return [name, name[:-3] + "y"]
    if name.endswith("s"):
        return [name] if name.endswith(("ss", "us", "is")) else [name, name[:-1]]
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return [name, name[:-1] + "ies"]
    return [name, name + ("es" if name.endswith(("x", "ch", "sh")) else "s")]


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
