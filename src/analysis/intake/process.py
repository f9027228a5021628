"""Complaints and near misses: logs of which only counts by month are kept, never a word."""

import hashlib

import pandas as pd

from analysis.intake.part import Part
from analysis.intake.table import Table
from analysis.intake.words import fold

COLUMNS = ["clinic", "month", "about", "entries"]
_NEAR_MISS = ("near miss", "nearmiss", "almost incident", "casi incidente", "cuasi incidente")


def as_process(part: Part, table: Table, typed: pd.DataFrame) -> pd.DataFrame:
    """`typed` with `about` (complaint or near_miss) and `said`, a hash of the row's mapped cells by which a repeat is known.

    A sheet is of near misses when its header, its name or its file's name says so.
    """
    names = (table.layout.theirs("complaint") or "", part.sheet, part.file.name.rsplit("/", 1)[-1])
    near = any(words in fold(name).replace("_", " ") for name in names for words in _NEAR_MISS)
    rows = table.cells.loc[typed.index].fillna("").astype(str).itertuples(index=False)
    said = [hashlib.sha256("\0".join(row).encode()).hexdigest() for row in rows]
    return typed.assign(about="near_miss" if near else "complaint", said=said)


def process_counts(parts: list[Part]) -> pd.DataFrame:
    """`entries` by clinic, month of report (else of what is stated; missing when nothing dates a row) and what they are about.

    A row that stands in several files counts as often as in the one that has it most often: exports grow month by month.
    """
    read = [part for part in parts if part.kind == "process" and part.refused is None and len(part.held)]
    if not read:
        return pd.DataFrame(columns=COLUMNS)
    rows = pd.concat([part.rows.assign(place=f"{part.file.name}\0{part.sheet}") for part in read], ignore_index=True)
    day = rows["reported_date"].fillna(rows["treatment_date"]).fillna(rows["onset_date"])
    rows = rows.assign(month=day.dt.strftime("%Y-%m").astype("str"))
    keys = ["clinic", "month", "about", "said"]
    times = rows.groupby([*keys, "place"], dropna=False).size().groupby(level=keys, dropna=False).max()
    counts = times.groupby(level=keys[:3], dropna=False).sum().rename("entries")
    return counts.reset_index().astype({"month": "str"})[COLUMNS]
