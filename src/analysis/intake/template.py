"""An event log to start from, for a clinic that has none: an XLSX with drop-downs that the reader knows without a `clinic.toml`."""

import io
import zipfile
from datetime import datetime

from analysis.resources import read_rows, resource
from analysis.schemas import vocabulary as v

_ROWS = 1000
_FIXED = datetime(2000, 1, 1)
_NILS = "Nothing happened this month? Write 'Nil return' under 'What happened' and the last day of the month under 'Date reported'."
_DATE = "A date, as YYYY-MM-DD. Say the day it happened, not the day it was typed in."

COLUMNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("Event ID", (), "A number of your own; the same number for a correction of the same entry."),
    ("Patient ID", (), "The reference your treatment list uses. No names."),
    ("Treatment date", (), _DATE),
    ("Injector", (), "Who injected, spelled as in the treatment list."),
    ("What happened", (), f"In your own words, without names. {_NILS}"),
    ("Onset date", (), "When it began: a date, or 'day 3', or '2/52'."),
    ("Side", ("L", "R", "bilateral"), "Left, right or both."),
    ("Severity", v.SEVERITIES, "How bad it is for the patient. Severe is not the same as serious."),
    (
        "Serious?",
        ("none", *v.SERIOUSNESS),
        "Death, danger to life, hospital, disability, or other medically important; else none.",
    ),
    ("Outcome", v.OUTCOMES, "How it is now."),
    ("Resolved date", (), _DATE),
    ("Area treated", ("areas",), "The area that was treated; several with a semicolon."),
    ("Product", ("products",), "The brand."),
    ("Batch no", (), "The lot on the vial."),
    ("Date reported", (), _DATE),
    ("Follow-up kind", v.FOLLOWUP_KINDS, "How you came to know: a scheduled contact, or the patient got in touch."),
)


def event_log_template() -> bytes:
    """The workbook as bytes; the same every time."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.properties.creator = "clinic-adverse-events"
    book.properties.created = book.properties.modified = _FIXED
    sheet = book.active
    sheet.title = "Adverse events"
    lists = book.create_sheet("Lists")
    lists.sheet_state = "hidden"
    for number, (header, words, help_text) in enumerate(COLUMNS, start=1):
        cell = sheet.cell(row=1, column=number, value=header)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 44 if header == "What happened" else 16
        sheet.add_data_validation(_validation(lists, number, letter, _words(words), help_text))
        for row in range(2, 12):
            sheet.cell(row=row, column=number).number_format = "yyyy-mm-dd" if "date" in header.lower() else "@"
    sheet.freeze_panes = "A2"
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_clock(buffer.getvalue())


def _words(words: tuple[str, ...]) -> tuple[str, ...]:
    if words == ("areas",):
        return tuple(row["label"] for row in read_rows(resource("intake/areas.csv")))
    if words == ("products",):
        brands = (row["synonyms"].split(";")[0] for row in read_rows(resource("intake/products.csv")))
        return tuple(brands)
    return words


def _validation(lists, number: int, letter: str, words: tuple[str, ...], help_text: str):  # type: ignore[no-untyped-def]
    """A drop-down from the hidden sheet where there is a list, and the help text beside the cell either way."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for row, word in enumerate(words, start=1):
        lists.cell(row=row, column=number, value=word)
    if words:
        source = f"Lists!${letter}$1:${letter}${len(words)}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True, errorTitle="Not in the list")
        rule.error = "Choose from the list, or leave the cell empty."
        rule.errorStyle = "warning"  # a person may know better than the list
    else:
        rule = DataValidation(allow_blank=True)
    rule.promptTitle, rule.prompt = COLUMNS[number - 1][0], help_text[:255]
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(f"{letter}2:{letter}{_ROWS}")
    return rule


def _without_clock(content: bytes) -> bytes:
    """The same archive with fixed times, so that the template is the same file every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _fixed_core(body)
            new.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), body)
    return out.getvalue()


def _fixed_core(body: bytes) -> bytes:
    import re

    stamp = _FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, body)
