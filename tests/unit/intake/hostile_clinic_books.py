"""Workbooks as clinics keep them, and as an attacker makes them. Decided before the reader was looked at."""
# ruff: noqa: E501

import io
import zipfile
from datetime import datetime

import openpyxl
from books import book, ods, package, sheet_xml
from hostile import ALL, CLEAN, TWO, VISIT1, VISIT2, VISITS, one, several
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

GRID = [r.split(",") for r in CLEAN.splitlines()]
VGRID = [r.split(",") for r in (VISITS + VISIT1 + VISIT2).splitlines()]


def _saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _decorated() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book(GRID)), rich_text=True)
    sheet = made.active
    sheet["E3"] = CellRichText("Lid ", TextBlock(InlineFont(b=True), "droop"))
    sheet["A2"].comment = Comment("call her back", "Nurse")
    rule = DataValidation(type="list", formula1='"mild,moderate,severe"')
    rule.add("F2:F1000")
    sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = "A1:F3"
    return _saved(made)


def _hidden_parts() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book(GRID)))
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["B"].hidden = True
    return _saved(made)


def _months() -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for n, name in enumerate(["Jan", "Feb", "Mar"], start=1):
        sheet = made.create_sheet(name)
        for row in VGRID:
            sheet.append([c.replace("2026-03", f"2026-0{n}") for c in row])
    return _saved(made)


def _with_sheet(name: str, rows: list[list[object]], *, first: bool = False) -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book(GRID)))
    sheet = made.create_sheet(name, 0 if first else None)
    for row in rows:
        sheet.append(row)
    return _saved(made)


def _chart_sheet() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book(GRID)))
    made.create_chartsheet("Chart")
    return _saved(made)


def _typed() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append([*VGRID[0], "Blood thinner"])
    sheet.append([1001, datetime(2026, 3, 1, 14, 30), "Ana Reyes", "glabella", 20.5, "Botox", True])
    sheet.append([1001.0, datetime(2026, 3, 2), "Ana Reyes", "glabella", 12, "Botox", False])
    return _saved(made)


def _changed(content: bytes, change: dict[bytes, bytes], *, add: dict[str, bytes] | None = None) -> bytes:
    """A workbook with words of its parts replaced, and parts added."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for ours, theirs in change.items():
        parts = {name: part.replace(ours, theirs) for name, part in parts.items()}
    return package(parts | (add or {}))


STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><office:document-content/>'
CIPHER = (
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    b'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
)
FAR_ROW = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Event ID</t></is></c></row>'
    '<row r="1048576"><c r="CV1048576" t="inlineStr"><is><t>x</t></is></c></row>'
)
TEXTS = "".join(
    f'<row r="{n}">'
    + "".join(f'<c r="{chr(65 + k)}{n}" t="inlineStr"><is><t>{c}</t></is></c>' for k, c in enumerate(row))
    + "</row>"
    for n, row in enumerate(GRID, start=1)
)


def _sheet(rows: str) -> bytes:
    """A workbook whose one sheet has these rows."""
    plain = book([["x"]])
    with zipfile.ZipFile(io.BytesIO(plain)) as made:
        sheet = made.read("xl/worksheets/sheet1.xml")
    start, end = sheet.index(b"<sheetData>"), sheet.index(b"</sheetData>")
    return _changed(plain, {sheet: sheet[:start] + b"<sheetData>" + rows.encode() + sheet[end:]})


def _prefixed() -> bytes:
    prefixed = TEXTS
    for name in ("row", "c", "is", "t"):
        prefixed = prefixed.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        prefixed = prefixed.replace(f"</{name}>", f"</x:{name}>")
    return _changed(
        _sheet(prefixed),
        {b"<worksheet xmlns=": b"<x:worksheet xmlns:x=", b"</worksheet>": b"</x:worksheet>",
         b"<sheetData>": b"<x:sheetData>", b"</sheetData>": b"</x:sheetData>"},
    )  # fmt: skip


CLINIC_BOOKS = [
    one("comments, lists to choose from, rich text, a filter", _decorated(), file="log.xlsx", account=ALL, texts=TWO),
    one("hidden rows and columns are read", _hidden_parts(), file="log.xlsx", account=ALL, texts=TWO),
    one("a sheet for each month", _months(), file="log.xlsx", account=(6, 0, 0, 0, 0), sessions=6),
    one("a sheet of instructions beside the log", _with_sheet("Read me", [["How to fill in this log"], ["Write one line per event."], ["Thank you."]]),
        file="log.xlsx", account=(2, 0, 0, 0, 2), texts=TWO, note="look_up_sheet"),
    one("a sheet of instructions before the log", _with_sheet("Read me", [["How to fill in this log"]], first=True),
        file="log.xlsx", account=ALL, texts=TWO, note="look_up_sheet"),
    one("an empty sheet beside the log", _with_sheet("Sheet2", []), file="log.xlsx", account=ALL, texts=TWO),
    one("a pivot beside the log", _with_sheet("Pivot", [["Row Labels", "Count of Severity"], ["mild", 1], ["moderate", 1], ["Grand Total", 2]]),
        file="log.xlsx", account=(2, 0, 0, 0, 3), texts=TWO, note="look_up_sheet"),
    one("a chart beside the log", _chart_sheet(), file="log.xlsx", account=ALL, texts=TWO),
    one("numbers, dates with a time, truth values", _typed(), file="log.xlsx", account=ALL, patients=1, doses=(20.5, 12.0),
        dates=("2026-03-01", "2026-03-02"), more={"lines": {"blood_thinner": (True, False)}}),
    several("a number here is the text there", {"a.xlsx": _typed(), "b.csv": VISITS + VISIT1.replace("P001", "1001").replace("2026-03-01", "2026-04-01")},
            account=(3, 0, 0, 0, 0), patients=1),
    one("with macros", _changed(book(GRID), {}, add={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 600}), file="log.xlsm", account=ALL, texts=TWO),
    one("strict Open XML", _changed(book(GRID), STRICT), file="log.xlsx", account=ALL, texts=TWO),
    one("prefixed names of elements", _prefixed(), file="log.xlsx", account=ALL, texts=TWO),
    one("binary workbook", package({"xl/workbook.bin": b"\x83\1\0", "[Content_Types].xml": b"<Types/>"}), file="log.xlsb", refused="log.xlsb"),
    one("binary workbook called xlsx", package({"xl/workbook.bin": b"\x83\1\0", "[Content_Types].xml": b"<Types/>"}), file="log.xlsx",
        refused="cannot be read as a workbook"),
    one("Numbers document", package({"Index/Document.iwa": b"\0\1", "Metadata/Properties.plist": b"x"}), file="log.numbers", refused="Numbers"),
    one("Numbers document called xlsx", package({"Index/Document.iwa": b"\0\1"}), file="log.xlsx", refused="Numbers"),
    one("logs in a zip", package({"log.csv": CLEAN.encode()}), file="logs.zip", refused="logs.zip"),
    one("a zip within a zip", package({"inner.zip": package({"log.csv": CLEAN.encode()})}), file="log.xlsx", refused="ZIP archive"),
    one("OpenDocument with a password", _changed(ods(GRID), {b"<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>": CIPHER}),
        file="log.ods", refused="password"),
    one("entities in OpenDocument", package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": LAUGHS,
        "META-INF/manifest.xml": b"<m/>"}), file="log.ods", refused="entities"),
    one("a word in the last row", sheet_xml(FAR_ROW), file="log.xlsx", refused="so far apart"),
    one("everything merged into one cell", _changed(book(GRID), {b"</sheetData>": b'</sheetData><mergeCells count="1"><mergeCell '
        b'ref="A10:XFD1048576"/></mergeCells>'}), file="log.xlsx", account=ALL, texts=TWO),
    one("a dimension that lies", _changed(book(GRID), {b'<dimension ref="A1:F3"': b'<dimension ref="A1:A1"'}), file="log.xlsx", account=ALL, texts=TWO),
    one("a text that is not there", _sheet(TEXTS.replace('<c r="E3" t="inlineStr"><is><t>Lid droop</t></is></c>', '<c r="E3" t="s"><v>999</v></c>')),
        file="log.xlsx", refused="cannot be read"),
    one("a sheet that breaks off", _changed(book(GRID), {b"</worksheet>": b"", b"</sheetData>": b"", b"</row>": b""}), file="log.xlsx", refused="cannot be read as a workbook"),
    one("a formula with its value", _sheet(TEXTS.replace('<c r="F3" t="inlineStr"><is><t>moderate</t></is></c>',
        '<c r="F3" t="str"><f>LOWER("MODERATE")</f><v>moderate</v></c>')), file="log.xlsx", account=ALL, texts=TWO,
        more={"events": {"severity": ("mild", "moderate")}}),
    one("two tables on one sheet, side by side", book([[*r, "", *v] for r, v in zip(GRID, VGRID, strict=True)]), file="log.xlsx", refused="two"),
    one("two tables on one sheet, one below the other", book([*GRID, [], *VGRID]), file="log.xlsx", account=(2, 0, 0, 2, 2), texts=TWO,
        reason="second row of headers"),
    one("merged group headings over the headers", book([["Patient", "", "", "Event", "", ""], *GRID], merge="A1:C1"), file="log.xlsx",
        account=(2, 0, 0, 0, 1), texts=TWO),
    one("a date merged over three patients", book([VGRID[0], VGRID[1], ["P002", "", *VGRID[1][2:]], ["P003", "", *VGRID[1][2:]]], merge="B2:B4"),
        file="log.xlsx", account=(3, 0, 0, 0, 0), dates=("2026-03-01",) * 3, note="merged_cell"),
]  # fmt: skip
