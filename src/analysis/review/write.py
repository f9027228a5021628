"""A review file: one sheet per kind of decision, drop-downs where there is a choice, evidence in bold and underlined."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.review.rows import SheetRow
from analysis.review.sheets import PLANS, Col, SheetPlan

_FILL = PatternFill("solid", fgColor="FFF2CC")
_HEAD = PatternFill("solid", fgColor="D9E2F3")
_TOP = Alignment(wrap_text=True, vertical="top")
HELP = "How to use"
_LISTS = "Lists"
_TEXT = "@"
_ADVICE = (
    "This file holds the words of log entries. Keep it as you keep the logs, and delete it when it has been read back.",
    "Fill in the yellow columns, from Decision to the right. A row without a decision is left as it is.",
    "Sort and filter as you like. Do not change the columns Clinic, Entry and Check: by them a decision finds its row.",
    "Words in bold and underlined are the evidence; the columns Evidence and Rule say which words and which rule made each finding.",
    "Reviewer and Date belong to every decision. Two reviewers may each fill in a copy of the same file.",
    "Read it back with: ae review import FILE.xlsx, then: ae ingest",
    "If a row has changed in the logs since, its decision is not applied and the row comes back.",
)


def workbook(rows: Mapping[str, Sequence[SheetRow]]) -> bytes:
    """The file as bytes; `rows` by kind of decision. A sheet without rows is left out."""
    book = Workbook()
    book.remove(book.active)
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    for plan in PLANS:
        if rows.get(plan.kind):
            _sheet(book, lists, plan, rows[plan.kind])
    about = book.create_sheet(HELP)
    about.column_dimensions["A"].width = 110
    for number, line in enumerate(_ADVICE, start=1):
        about.cell(row=number, column=1, value=line).alignment = _TOP
    book.move_sheet(_LISTS, offset=len(book.sheetnames))
    book.active = 0
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet(book: Workbook, lists: Worksheet, plan: SheetPlan, rows: Sequence[SheetRow]) -> None:
    sheet = book.create_sheet(plan.name)
    for number, col in enumerate(plan.columns, start=1):
        head = sheet.cell(row=1, column=number, value=col.header)
        head.font, head.alignment, head.fill = Font(bold=True), _TOP, _FILL if col.fill else _HEAD
        sheet.column_dimensions[get_column_letter(number)].width = col.width
        for position, row in enumerate(rows, start=2):
            _cell(sheet, position, number, col, row)
        if col.fill:
            _choices(sheet, lists, number, col, rows)
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(plan.columns))}{len(rows) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _cell(sheet: Worksheet, row: int, column: int, col: Col, told: SheetRow) -> None:
    cell = sheet.cell(row=row, column=column)
    cell.alignment = _TOP
    if col.fill:
        cell.fill = _FILL
        cell.number_format = "yyyy-mm-dd" if col.key == "decided" else _TEXT
        return
    value = told.get(col.key, "")
    if isinstance(value, list):
        cell.value = CellRichText(
            [TextBlock(InlineFont(b=True, u="single"), piece) if evidence else piece for piece, evidence in value]
        )
        return
    cell.number_format = _TEXT
    if value:
        cell.value = value
        cell.data_type = "s"  # text, whatever it looks like


def _choices(sheet: Worksheet, lists: Worksheet, number: int, col: Col, rows: Sequence[SheetRow]) -> None:
    letter, last = get_column_letter(number), len(rows) + 1
    if col.key == "session":
        for position, row in enumerate(rows, start=2):
            _validate(sheet, col, f"{letter}{position}", _listed(lists, row.get("_choices", [])))
    else:
        _validate(sheet, col, f"{letter}2:{letter}{last}", _listed(lists, col.choices))


def _listed(lists: Worksheet, words: Sequence[str]) -> str | None:
    """Put the words of a drop-down on the hidden sheet, a column each, and say where they are."""
    if not words:
        return None
    column = lists.max_column + 1
    for row, word in enumerate(words, start=1):
        lists.cell(row=row, column=column, value=word).data_type = "s"
    letter = get_column_letter(column)
    return f"{_LISTS}!${letter}$1:${letter}${len(words)}"


def _validate(sheet: Worksheet, col: Col, where: str, source: str | None) -> None:
    rule: Any = (
        DataValidation(type="list", formula1=source, allow_blank=True) if source else DataValidation(allow_blank=True)
    )
    if source:
        rule.errorTitle, rule.error = "Not in the list", "Choose from the list, or leave the cell empty."
        # several values, or a session that is not proposed, may be typed
        rule.errorStyle = "warning" if col.several or col.key == "session" else "stop"
    rule.promptTitle, rule.prompt = col.header[:32], col.help[:255]
    rule.showInputMessage, rule.showErrorMessage = bool(col.help), True
    rule.add(where)
    sheet.add_data_validation(rule)
