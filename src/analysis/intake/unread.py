"""Remarks beside sessions: no account of an event, so not read as one, but looked at for something a clinician should see."""

from analysis.intake.content import sample
from analysis.intake.header_words import is_private, split
from analysis.intake.headers import meanings
from analysis.intake.layout import Layout
from analysis.intake.sheet import Sheet

Remarks = dict[str, list[tuple[int, str]]]
"""Header of a column that is not read → row number and words of its cells. For triage only; never stored."""
_WORDS, _MOSTLY = 4, 0.3
_SHORTEST = 2


def unread_remarks(sheet: Sheet, layout: Layout) -> Remarks:
    """Free text of a treatments log's columns that are not read, by header."""
    if layout.kind not in ("treatments", "combined", "totals"):
        return {}
    used = {position for positions in layout.columns.values() for position in positions}
    below = sheet.rows[layout.header_row + 1 :]
    found: Remarks = {}
    for position, header in enumerate(layout.headers):
        if not header or position in used or is_private(split(header)):
            continue
        named = any(meaning.canonical == "text" for meaning in meanings(header))
        cells = sample(below, position)
        wordy = sum(1 for cell in cells if len(cell.split()) >= _WORDS)
        if cells and (named or wordy >= _MOSTLY * len(cells)):
            found[header] = [
                (number, row[position]) for number, row in enumerate(below, start=layout.header_row + 2)
                if position < len(row) and len(row[position].split()) >= _SHORTEST
            ]  # fmt: skip
    return {header: cells for header, cells in found.items() if cells}
