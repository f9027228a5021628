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
LONG = 12
"""Rows from which on a table is worth sorting and filtering."""
_ANSI = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its header with the unit, and where its cells come from (a frame column, or a function of the row).

    A function may return several lines; each is kept in one piece where the table has to break a cell. `whole` cells are not broken on
    a screen, `code` cells never: at a hyphen a code would look like two.
    """

    header: str
    value: str | Callable[[Row], str]
    number: bool = False
    whole: bool = False
    code: bool = False

    def lines(self, row: Row) -> list[str]:
        """The words of this column in one row."""
        if isinstance(self.value, str):
            return [words(row.get(self.value))]
        return [words(line) for line in self.value(row).split("\n")]

    @property
    def attributes(self) -> str:
        """Alignment of the cells; in the cell itself, because notebooks right-align every cell by default."""
        if self.number:
            return ' class="num"'
        if self.code:
            return ' class="code" style="text-align:left;white-space:nowrap"'
        return ' class="whole" style="text-align:left"' if self.whole else ' style="text-align:left"'


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
    most: int | None = None,
    tools: bool = False,
) -> Table:
    """A table with one row per row of `frame`, in its order; the first column is the row header.

    A frame without rows becomes one sentence (`empty`) under the same heading. `note` is printed below the table,
    before the key of the shorthand that occurs in it. `most` limits the rows; how many are left out is then said. `tools`: a page may
    let the reader sort and filter it, where it is long; never for tables of injectors, which stay in the order of their codes.
    """
    if most is not None and len(frame) > most:
        note = f"{note} {len(frame) - most:,} more rows are left out here.".strip()
        frame = frame.head(most)
    caption, identity = plain(caption), id or "table-" + slug(caption)
    if frame.empty:
        html = f'<p class="empty" id="{escape(identity)}"><strong>{escape(caption)}.</strong> {escape(empty)}</p>'
        return Table(html, caption, identity)
    rows = [[column.lines(row) for column in columns] for row in frame.to_dict("records")]
    head = "".join(f'<th scope="col"{column.attributes}>{escape(plain(column.header))}</th>' for column in columns)
    body = "\n".join(_body_row(cells, columns) for cells in rows)
    html = (
        f'<table id="{escape(identity)}"{" data-tools" if tools and len(rows) >= LONG else ""}>\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )
    if len(columns) > 3:
        html = f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0">\n{html}\n</div>'
    return Table(html + _notes(rows, note), caption, identity)


def as_table(frame: pd.DataFrame, *, caption: str, most: int = 20) -> Table:
    """A whole frame as it is, under its own column names; numbers to the right."""
    columns = [
        Column(
            str(name), str(name), number=pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
        )
        for name, kind in frame.dtypes.items()
    ]
    return make_table(frame.rename(columns=str), columns, caption=caption, most=most)


def _body_row(cells: Sequence[Sequence[str]], columns: Sequence[Column]) -> str:
    header = f'<th scope="row"{columns[0].attributes}>{_cell(cells[0])}</th>'
    rest = zip(cells[1:], columns[1:], strict=True)
    return f"<tr>{header}{''.join(f'<td{column.attributes}>{_cell(lines)}</td>' for lines, column in rest)}</tr>"


def _cell(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return escape(lines[0])
    return " ".join(f'<span class="line">{escape(line)}</span>' for line in lines)


def _notes(rows: Sequence[Sequence[Sequence[str]]], note: str) -> str:
    seen = {line for cells in rows for lines in cells for line in lines}
    used = [f"{sign} {meaning}" for sign, meaning in KEY.items() if any(sign in line for line in seen)]
    text = " ".join(part for part in (plain(note), "; ".join(used) + "." if used else "") if part)
    return f'\n<p class="note">{escape(text)}</p>' if text else ""
