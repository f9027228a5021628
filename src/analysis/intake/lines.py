"""Rows that are no entry: blank, title, repeated header, total, nil return, section title, or cells that slipped. Each with why."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intake.dates import read_written
from analysis.intake.distinct import distinct
from analysis.intake.layout import Layout
from analysis.intake.sheet import Row, Rows, Sheet
from analysis.intake.words import fold, header_words, vocabulary

_FOOTER = vocabulary("footer")
_NIL = vocabulary("nil_return")
_WHOLE = vocabulary("whole_of")
_DATES = ("treatment_date", "onset_date", "reported_date", "resolved_date")
_IDS = ("event_id", "patient_key", "treatment_id")
_TOTAL_HEADS = ("total", "totals", "subtotal")
_HEADS = (*_TOTAL_HEADS, "exported", "generated", "printed")
_BEGINNINGS = frozenset(word[:3] for word in (*_FOOTER, *_WHOLE, *_NIL, *_HEADS))
_MOST_KEPT = 50_000
_AT_ONCE = 256
_BREAK = re.compile(r"\r\n|\r|\n")
_SLIPPED = "Mend the row (often a separator inside a cell that is not quoted) and deliver the file again."


@dataclass(frozen=True)
class Line:
    """A row that is no entry. `words` are read for triage and never stored; `nil_return` holds the cells of such a statement."""

    disposition: str
    reason: str
    mend: str = ""
    nil_return: tuple[str, ...] = ()
    words: str = ""


def _begins_an_entry(head: str) -> bool:
    """The first characters of a row are letters or digits that no title, total or nil return begins with."""
    return head[:1].isascii() and head[:1].isalnum() and head.strip().casefold() not in _BEGINNINGS


def _last_of_several(rows: Rows) -> int:
    """Number of the last row with more than one filled cell; 0 without any. Read from the end, some rows at a time."""
    for end in range(len(rows), 0, -_AT_ONCE):
        start = max(0, end - _AT_ONCE)
        for number, row in zip(range(end, start, -1), reversed(list(rows[start:end])), strict=True):
            if sum(1 for cell in row if cell.strip()) > 1:
                return number
    return 0


class Lines:
    """Tells the entries of one sheet from its other rows."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet, self.layout = sheet, layout
        self.header = [cell.strip() for cell in layout.headers]
        self.width = len(layout.headers)
        self.text = {p for c in ("text", "event_category", "complaint") for p in layout.columns.get(c, [])}
        self.dates = [p for c in _DATES for p in layout.columns.get(c, [])]
        self.ids = {p for c in _IDS for p in layout.columns.get(c, [])}
        self.first_unnamed = 1 + max((p for p, header in enumerate(self.header) if header), default=-1)
        self.remarks: list[str] = []
        self.last_entry = _last_of_several(sheet.rows)
        self.below_other_header = False
        """The row judged last stands below a header of other columns: from there on every row has to be judged, in order."""
        self._words: dict[str, bool] = {}
        self._tail_is_column = self._tail_is_filled()

    def plain_entries(self) -> np.ndarray:
        """Positions of most entries, told by whole columns: full rows that begin with none of the words other lines begin with."""
        rows = self.sheet.rows
        if rows.width != self.width or self.first_unnamed != self.width or self.layout.kind == "totals":
            return np.array([], dtype=np.int64)
        first = rows.columns[0]
        codes, heads = pd.factorize(first.str.slice(0, 3))
        may_begin = np.array([_begins_an_entry(head) for head in heads], dtype=bool)[codes]
        may_begin &= ~self._like_a_header(rows.columns)
        filled = np.zeros(len(first), dtype=np.int32)
        broken = np.zeros(len(first), dtype=bool)
        for cells in rows.columns:
            filled += (cells != "").to_numpy()
            if self.sheet.may_hold_breaks:
                broken |= cells.str.contains("[\n\r\0]", regex=True).to_numpy()
        plain = may_begin & (filled > max(3, self.width // 3)) & ~broken
        return rows.usual[plain & (rows.usual > self.layout.header_row)]

    def _like_a_header(self, columns: list[pd.Series]) -> np.ndarray:
        """Rows that begin or end with a usual header: they may be a header said again, or another one."""
        found = distinct(columns[-1], self._is_word, dtype="bool").to_numpy().copy()
        where = np.flatnonzero(~columns[0].str.contains("[0-9]", regex=True).to_numpy())
        found[where] |= distinct(columns[0].iloc[where], self._is_word, dtype="bool").to_numpy()
        return found

    def judge(self, row: Row, number: int) -> Line | None:
        """What the row is, or nothing when it is an entry. `number` is the row number from 1."""
        filled = [cell.strip() for cell in row if cell.strip()]
        if not filled:
            return Line("ignored", "blank row")
        if number <= self.layout.header_row:
            return self._above(row, filled)
        if self.below_other_header or self._is_header(row):
            return self._below_other_header(row, filled)
        if self._is_footer(row, len(filled)):
            return Line("ignored", "total or footer line", words=" ".join(filled))
        if self._is_nil(row, filled):
            return Line("ignored", "nil return", nil_return=tuple(filled))
        if self._is_section(row, filled):
            last = number > self.last_entry
            return Line("ignored", "total or footer line" if last else "section title", words=filled[0])
        return self._slipped(row, filled)

    def _is_header(self, row: Row) -> bool:
        """Three cells or more are usual headers, and so are half of those that are filled."""
        filled = [cell for cell in row if cell.strip()]
        if len(filled) < 3 or not (self._is_word(filled[0]) or self._is_word(filled[-1])):
            return False
        known = sum(1 for cell in filled if self._is_word(cell))
        return known >= 3 and known * 2 >= len(filled) and not self._has_date(row)

    def _is_word(self, cell: str) -> bool:
        """A usual header. Asked of every row, so answers are kept; nearly no header holds a digit."""
        known = self._words.get(cell)
        if known is None:
            known = not any(map(str.isdigit, cell)) and fold(cell) in header_words()
            if len(self._words) < _MOST_KEPT:
                self._words[cell] = known
        return known

    def _below_other_header(self, row: Row, filled: Row) -> Line:
        """A header said again is passed over; below a header of other columns no cell can be placed."""
        if self._is_header(row):
            again = [fold(cell) for cell in row[: self.width]] == [fold(cell) for cell in self.header]
            self.below_other_header = not again
            return Line("ignored", "header repeated" if again else "a second row of headers")
        return Line(
            "quarantined", "the row stands under a second row of headers", "Put each table on a sheet or into a file of its own.",
            words=" ".join(filled),
        )  # fmt: skip

    def _above(self, row: Row, filled: Row) -> Line:
        if len(filled) >= max(3, len([h for h in self.header if h]) // 2) and self._has_date(row):
            return Line(
                "quarantined", "the row lies above the row of headers", "Move the headers to the top.", words=" ".join(filled)
            )  # fmt: skip
        return Line("ignored", "title above the header", words=" ".join(filled))

    def _has_date(self, row: Row) -> bool:
        return any(p < len(row) and read_written(row[p]) for p in self.dates)

    def _is_footer(self, row: Row, filled: int) -> bool:
        position, first = next((p, cell) for p, cell in enumerate(row) if cell.strip())
        if self.layout.kind == "totals" and any(fold(cell) in _WHOLE for cell in row):
            return True
        if filled > max(3, self.width // 3):
            return False
        plain = fold(first)
        head = plain.split(" ")[0] if plain else ""
        if plain in _WHOLE or (head in _TOTAL_HEADS and position not in self.text):
            return True
        return (plain in _FOOTER or (head in _HEADS and position not in self.text)) and not self._has_date(row)

    def _is_nil(self, row: Row, filled: Row) -> bool:
        """A statement that there was nothing to report: said where events are described, or the only thing said beside a date."""
        if self.layout.kind not in ("events", "combined") or len(filled) > 3:
            return False
        described = [row[p] for p in self.text if p < len(row) and row[p].strip()]
        if described:
            return all(fold(cell) in _NIL for cell in described)
        return any(fold(cell) in _NIL for cell in (filled[0], filled[-1])) and not self._names_someone(row)

    def _names_someone(self, row: Row) -> bool:
        return any(p < len(row) and row[p].strip() and fold(row[p]) not in _NIL for p in self.ids)

    def _is_section(self, row: Row, filled: Row) -> bool:
        if len(filled) > 1 or not row[0].strip() or 0 in self.text or self.width <= 2:
            return False
        if self.sheet.from_text and filled[0].count(self.sheet.delimiter) * 2 >= self.width:
            return False  # a whole row that got into one pair of quotation marks
        looks_like_id = 0 in self.ids and " " not in filled[0] and any(c.isdigit() for c in filled[0])
        return not looks_like_id

    def _slipped(self, row: Row, filled: Row) -> Line | None:
        words = " ".join(filled)
        if "\0" in words:
            return Line(
                "quarantined", "the row holds a zero byte", "Type the row again.", words=words.replace("\0", "")
            )
        if len(filled) == 1 and self.sheet.from_text and words.count(self.sheet.delimiter) * 2 >= self.width > 2:
            return Line("quarantined", "the whole row stands in one cell", _SLIPPED, words=words)
        extra = any(cell.strip() for cell in row[self.width :])
        tail = self.sheet.from_text and not self._tail_is_column and any(c.strip() for c in row[self.first_unnamed :])
        if extra or tail or (self.sheet.from_text and len(row) < self.width):
            named = self.first_unnamed if tail else self.width
            reason = f"the row has {len(row)} cells where the header has {named}"
            return Line("quarantined", reason, _SLIPPED, words=words)
        if self.sheet.from_text and ("\n" in words or "\r" in words) and self._swallowed(row):
            return Line(
                "quarantined", "a quotation mark that does not close joined this row to the next ones",
                "Mend the quotation marks of this row and of the row after it, and deliver the file again.", words=words,
            )  # fmt: skip
        return None

    def _swallowed(self, row: Row) -> bool:
        """Some cell breaks into lines that have as many separators as rows cut at its two ends would have."""
        mark = self.sheet.delimiter
        for start, cell in enumerate(row):
            pieces = _BREAK.split(cell)
            end = start - (len(row) - self.width)
            if len(pieces) < 2 or end < 0:
                continue
            first, last = pieces[0].split(mark), pieces[-1].split(mark)
            whole = all(piece.count(mark) >= self.width - 1 for piece in pieces[1:-1] if piece.strip())
            if len(first) == self.width - start and len(last) == end + 1 and whole:
                inner = [first[p - start] for p in self.dates if p > start] + [last[p] for p in self.dates if p < end]
                if not inner or any(read_written(cell.strip('" ')) for cell in inner):
                    return True
        return False

    def _tail_is_filled(self) -> bool:
        """Columns after the last named one are filled in most rows, so they are columns and not cells that slipped."""
        if self.first_unnamed >= self.width:
            return False
        below = self.sheet.rows[self.layout.header_row + 1 :]
        rows = [row for row in below if len(row) > self.first_unnamed]
        held = sum(1 for row in rows if any(cell.strip() for cell in row[self.first_unnamed : self.width]))
        if held and (held * 2 > len(rows) or not self.sheet.from_text):
            self.remarks.append(f"{held} row(s) hold something in a column without a header, which was not read.")
        return held * 2 > len(rows)
