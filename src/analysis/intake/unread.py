"""Words that are read for nothing else (remarks beside sessions, columns nobody mapped, complaints): looked at for triage only."""

import pandas as pd

from analysis.intake.header_words import is_private, split
from analysis.intake.headers import meanings
from analysis.intake.layout import Layout
from analysis.intake.sheet import Sheet
from analysis.intake.words import fold

Remarks = dict[str, list[tuple[int, str]]]
"""Header of a column that is not read → row number and words of its cells. For triage only; never stored."""
WHOLE_ROW = ""
"""In place of a header: the words are those of a whole row, of a sheet that is refused."""
_TELLING = ("text", "event_category", "severity", "seriousness", "outcome", "complaint", "action_taken")
_WORDS, _MOSTLY = 4, 0.3
_OF_EVENTS = ("events", "process")
_SPOKEN = {"events": ("action_taken",), "process": ("complaint", "text")}
"""Columns that are read, but for no coding."""
_SHORTEST = 2


def unread_remarks(sheet: Sheet, layout: Layout, ignored: frozenset[str] = frozenset()) -> Remarks:
    """Free text that is coded nowhere, by header; `ignored` are folded headers that clinic.toml tells to ignore."""
    if layout.kind in ("ignore", "unknown"):
        return {}
    spoken = _SPOKEN.get(layout.kind, ())
    used = {p for name, positions in layout.columns.items() for p in positions if name not in spoken}
    below = sheet.rows[layout.header_row + 1 :]
    found: Remarks = {}
    for position, header in enumerate(layout.headers):
        if position in used or (header and (is_private(split(header)) or fold(header) in ignored)):
            continue
        cells = below.column(position)
        filled = [cell for cell in cells if cell.strip()]
        wordy = sum(1 for cell in filled if len(cell.split()) >= _WORDS)
        named = any(meaning.canonical in ("text", *spoken) for meaning in meanings(header))
        if filled and (named or not header or layout.kind in _OF_EVENTS or wordy >= _MOSTLY * len(filled)):
            found[header or f"column {position + 1}"] = [
                (number, cell) for number, cell in enumerate(cells, start=layout.header_row + 2)
                if len(cell.split()) >= (1 if layout.kind in _OF_EVENTS else _SHORTEST)
            ]  # fmt: skip
    return {header: cells for header, cells in found.items() if cells}


def refused_sheet(sheet: Sheet) -> Remarks:
    """Every row of a sheet whose columns are not understood."""
    rows = ((number, [cell.strip() for cell in row if cell.strip()]) for number, row in enumerate(sheet.rows, start=1))
    return {WHOLE_ROW: [(number, "\n".join(cells)) for number, cells in rows if cells]}


def refused_cells(cells: pd.DataFrame) -> Remarks:
    """What the rows say that happened, of a sheet whose columns are understood and whose values are not."""
    told = [column for column in _TELLING if column in cells]
    rows = zip(cells["row"].tolist(), *(cells[column].tolist() for column in told), strict=True)
    joined = ((number, "\n".join(filter(None, map(str.strip, said)))) for number, *said in rows)
    return {WHOLE_ROW: [(number, words) for number, words in joined if words]}
