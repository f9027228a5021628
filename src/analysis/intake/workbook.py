"""Workbooks to sheets of text cells, read in a child process with limits of memory and time."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from analysis.errors import InputRefused, Place
from analysis.intake.sheet import Row, Rows, Sheet
from analysis.schemas.config import FilePart

SECONDS = 20
_SANDBOX = Path(__file__).with_name("sandbox.py")


def read_workbook(content: bytes, place: Place, options: FilePart) -> list[Sheet]:
    """Every visible sheet that holds anything, or the one named in clinic.toml. Raises InputRefused."""
    said = _run(content, place, options.sheet)
    sheets: list[tuple[Sheet, list[Row]]] = []
    passed_over = [line["passed_over"] for line in said if line.get("hidden")]
    for line in said:
        if "refused" in line:
            raise InputRefused(place, *line["refused"])
        if "sheet" in line:
            faults = {(row, column): why for row, column, why in line["faults"]}
            merged = tuple((a, b, c, d) for a, b, c, d in line["merged"])
            blank = Rows.of([])
            sheet = Sheet(line["sheet"], blank, from_text=False, faults=faults, merged=merged, from_1904=line["late"])
            sheets.append((sheet, []))
        elif "rows" in line:
            sheets[-1][1].extend(line["rows"])
    if not said or "end" not in said[-1]:
        raise InputRefused(
            place, "makes the reader of workbooks stop.", "Open it in a spreadsheet program and save it again as XLSX."
        )
    return _that_hold_anything(
        [replace(sheet, rows=Rows.of(rows)) for sheet, rows in sheets], passed_over, place, options
    )


def _that_hold_anything(sheets: list[Sheet], hidden: list[str], place: Place, options: FilePart) -> list[Sheet]:
    if options.sheet and not sheets:
        raise InputRefused(place, f"has no sheet {options.sheet!r}.", "Mend `sheet` in clinic.toml.")
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        unseen = f" ({len(hidden)} hidden)" if hidden else ""
        raise InputRefused(place, f"has no visible sheet that holds anything{unseen}.", "Export it again.")
    if hidden and not options.sheet:
        filled[0].remarks.append(
            ("hidden_sheet", f"{len(hidden)} hidden sheet(s) were not read. Unhide them if they hold part of the log.")
        )
    return filled


def _run(content: bytes, place: Place, sheet: str | None) -> list[dict]:
    command = [sys.executable, "-I", str(_SANDBOX), json.dumps(sheet)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise InputRefused(
            place, f"could not be read within {SECONDS} seconds.", "Save the log alone as XLSX or CSV."
        ) from None
    try:
        return [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError:  # the child was stopped in the middle of a line
        return []
