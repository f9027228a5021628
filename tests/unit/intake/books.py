"""Workbooks made in memory, lawful and otherwise."""

import io
import warnings
import zipfile
from typing import Any

import openpyxl
from openpyxl.styles import PatternFill

Grid = list[list[Any]]


def book(
    grid: Grid, *, merge: str | None = None, hidden: Grid | None = None, second: Grid | None = None, late: bool = False,
    errors: list[str] | None = None, styled: int = 0,
) -> bytes:  # fmt: skip
    made = openpyxl.Workbook()
    if late:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = made.active
    for row in grid:
        sheet.append([None if cell == "" else cell for cell in row])
    if merge:
        sheet.merge_cells(merge)
    for address in errors or []:
        sheet[address].data_type = "e"
    for n in range(styled):
        sheet.cell(len(grid) + 1 + n, 2).fill = PatternFill("solid", "FFFF00")
    if second:
        other = made.create_sheet("Second")
        for row in second:
            other.append(row)
    if hidden:
        first = made.create_sheet("Old", 0)
        first.sheet_state = "hidden"
        for row in hidden:
            first.append(row)
        made.active = 1
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def package(parts: dict[str, bytes], *, twice: str | None = None, damage: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in parts.items():
            made.writestr(name, content)
        if twice:
            made.writestr(twice, b"<other/>")
    data = bytearray(out.getvalue())
    if damage:
        data[14:18] = b"\1\2\3\4"  # the checksum of the first part, there and in the directory
        at = data.index(b"PK\1\2")
        data[at + 16 : at + 20] = b"\1\2\3\4"
    return bytes(data)


def sheet_xml(rows: str, *, head: str = "") -> bytes:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return package(
        {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}">{sheets}</workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            ).encode(),
            "xl/worksheets/sheet1.xml": f"{head}<worksheet {main}><sheetData>{rows}</sheetData></worksheet>".encode(),
        }
    )  # fmt: skip


def ods(grid: Grid, *, repeat: int = 1) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row" + (f' table:number-rows-repeated="{repeat}"' if repeat > 1 and n else "") + ">"
        + "".join(f'<table:table-cell office:value-type="string" table:number-columns-repeated="{30 if repeat > 1 else 1}">'
                  f"<text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for n, row in enumerate(grid)
    )  # fmt: skip
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return package(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": content.encode(),
        }
    )
