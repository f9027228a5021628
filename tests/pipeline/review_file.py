"""A clinic whose log gives something to review, and review files filled in as a person would."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

DAY = "2026-06-20"
SESSIONS = """Visit date,Patient,Injector,Area,Product,Units
2026-05-14,P1,Ana Reyes,glabella,Botox,20
2026-05-14,P2,Ana Reyes,forehead,Botox,15
2026-05-15,P3,Bo Li,masseter,Botox,40
2026-05-16,P4,Bo Li,glabella,Botox,20
2026-05-18,P5,Bo Li,glabella,Botox,20
"""
ENTRIES = {
    "E1": ("2026-05-19", "2026-05-14", "P1", "Ana Reyes", "glabella", "possible double vision", ""),
    "E2": ("2026-05-20", "2026-05-14", "P2", "Ana Reyes", "forehead", "see attached", ""),
    "E3": ("2026-05-20", "2026-05-15", "", "Bo Li", "masseter", "bruise on the jaw", ""),
    "E4": ("2026-05-21", "2026-05-16", "P4", "Bo Li", "glabella", "trouble swallowing since day 3", ""),
    "E5": ("2026-05-22", "2026-05-18", "P5", "Bo Li", "glabella", "left eyelid droop", ""),
    "E6": ("2026-06-05", "2026-05-18", "P5", "Bo Li", "glabella", "left eyelid droop still there", ""),
    "E7": ("2026-05-25", "", "", "", "", "=cmd() difficulty breathing", ""),
    "E8": ("2026-05-26", "2026-05-14", "P1", "Ana Reyes", "glabella", "mild headache", "Bruise"),
    "E9": ("2026-05-27", "2026-05-14", "P2", "Ana Reyes", "forehead", "bruise", "Bruise"),
}
HEAD = "Event id,Date reported,Treatment date,Patient,Injector,Area,Description,Event type"


def write_logs(raw: Path, entries: Mapping[str, tuple[str, ...]] = ENTRIES) -> Path:
    """The logs of clinic `harbour` below `raw`."""
    folder = raw / "harbour"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "treatments.csv").write_text(SESSIONS)
    lines = [HEAD, *(",".join((entry, *cells)) for entry, cells in entries.items())]
    (folder / "events.csv").write_text("\n".join(lines) + "\n")
    return raw


def rows_of(file: Path, sheet: str) -> dict[str, dict[str, Any]]:
    """Rows of a sheet by entry, each by header; an entry with several sub-codes as `entry/sub-code`."""
    book = openpyxl.load_workbook(file)
    if sheet not in book.sheetnames:
        return {}
    head, *rows = book[sheet].iter_rows(values_only=True)
    told = [dict(zip(head, row, strict=True)) for row in rows]
    return {f"{row['Entry']}/{row['Sub-code']}" if "Sub-code" in row else row["Entry"]: row for row in told}


def fill(
    file: Path, decisions: Mapping[str, Mapping[str, Mapping[str, Any]]], *, to: Path | None = None, **who: Any
) -> Path:
    """Fill in `decisions` by sheet, entry and header; reviewer, day and reason are given unless said otherwise."""
    book = openpyxl.load_workbook(file, rich_text=True)
    for sheet, by_entry in decisions.items():
        page = book[sheet]
        at = {cell.value: cell.column for cell in page[1]}
        for row in range(2, page.max_row + 1):
            name = page.cell(row, at["Entry"]).value
            name = f"{name}/{page.cell(row, at['Sub-code']).value}" if "Sub-code" in at else name
            if name in by_entry:
                cells = {"Reviewer": "Dr Lee", "Date": DAY, "Reason": "examined"} | who | dict(by_entry[name])
                for header, value in cells.items():
                    page.cell(row, at[header]).value = value
    book.save(to or file)
    return to or file


CLOSE = {"Decision": "close entry", "Patient is safe": "yes", "Outcome": "recovered"}
