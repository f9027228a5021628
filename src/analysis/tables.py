"""A result frame as an accessible HTML table: caption, scoped headers, no blank cell, everything escaped."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"
KEY = {NOT_AVAILABLE: "not available", NOT_APPLICABLE: "not applicable"}
LONGEST_CELL = 300
_ANSI = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its header with the unit, and where its cells come from (a frame column, or a function of the row)."""

    header: str
    value: str | Callable[[Row], str]
    number: bool = False

    def cell(self, row: Row) -> str:
        """The words of this column in one row."""
        return words(row.get(self.value)) if isinstance(self.value, str) else words(self.value(row))


@dataclass(frozen=True)
class Table:
    """A table ready to be shown. Notebooks and pages display the same HTML."""

    html: str
    caption: str
    id: str

    def _repr_html_(self) -> str:
        return self.html


def plain(text: str, longest: int = LONGEST_CELL) -> str:
    """Text from a log made safe to print: no control, escape or direction characters, one line, at most `longest`."""
    text = _ANSI.sub("", text)
    text = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def words(value: Any) -> str:
    """A cell in words: `[x]` for missing and blank, yes or no for flags, commas in whole numbers."""
    if value is None or (not isinstance(value, str) and bool(pd.isna(value))):
        return NOT_AVAILABLE
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, str):
        return plain(value) or NOT_AVAILABLE
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{float(value):.3g}"


def slug(text: str) -> str:
    """An id made of the text, always the same for the same text."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60].strip("-") or "untitled"


def make_table(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    caption: str,
    id: str | None = None,
    empty: str = "Nothing to list.",
    note: str = "",
) -> Table:
    """A table with one row per row of `frame`, in its order; the first column is the row header.

    A frame without rows becomes one sentence (`empty`) under the same heading. `note` is printed below the table,
    before the key of the shorthand that occurs in it.
    """
    caption, identity = plain(caption), id or "table-" + slug(caption)
    if frame.empty:
        html = f'<p class="empty" id="{escape(identity)}"><strong>{escape(caption)}.</strong> {escape(empty)}</p>'
        return Table(html, caption, identity)
    rows = [[column.cell(row) for column in columns] for row in frame.to_dict("records")]
    head = "".join(f'<th scope="col"{_align(column)}>{escape(column.header)}</th>' for column in columns)
    body = "\n".join(_body_row(cells, columns) for cells in rows)
    html = (
        f'<table id="{escape(identity)}">\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )
    if len(columns) > 3:
        html = f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0">\n{html}\n</div>'
    return Table(html + _notes(rows, note), caption, identity)


def _body_row(cells: Sequence[str], columns: Sequence[Column]) -> str:
    first, rest = cells[0], zip(cells[1:], columns[1:], strict=True)
    header = f'<th scope="row"{_align(columns[0])}>{escape(first)}</th>'
    return f"<tr>{header}{''.join(f'<td{_align(column)}>{escape(cell)}</td>' for cell, column in rest)}</tr>"


def _align(column: Column) -> str:
    # In the attribute, not only in the page's style sheet: notebooks right-align every cell by default.
    return ' class="num"' if column.number else ' style="text-align:left"'


def _notes(rows: Sequence[Sequence[str]], note: str) -> str:
    used = [f"{sign} {KEY[sign]}" for sign in KEY if any(sign in cell for cells in rows for cell in cells)]
    text = " ".join(part for part in (plain(note), "; ".join(used) + "." if used else "") if part)
    return f'\n<p class="note">{escape(text)}</p>' if text else ""
