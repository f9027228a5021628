"""Workbooks: merged and hidden parts, errors, bombs and forgeries."""

from books import book, ods, package, sheet_xml
from hostile import ALL, CLEAN, TWO, VISIT1, VISIT2, VISITS, one

GRID = [r.split(",") for r in CLEAN.splitlines()]
VGRID = [r.split(",") for r in (VISITS + VISIT1 + VISIT2).splitlines()]
BOOKS = [
    one("T00 workbook", book(GRID), file="log.xlsx", account=ALL, texts=TWO),
    one("T13 xlsx as csv", book(GRID), file="log.csv", account=ALL, texts=TWO),
    one("T12 empty workbook", book([]), file="log.xlsx", refused="no visible sheet that holds anything"),
    one(
        "T15 merged patient",
        book([VGRID[0], VGRID[1], ["", *VGRID[1][1:3], "forehead", 10, "Botox"]], merge="A2:A3"),
        file="log.xlsx",
        account=ALL,
        patients=1,
        sessions=1,
        note="merged_cell",
    ),
    one(
        "T15 merged dose is not given twice",
        book([VGRID[0], VGRID[1], [*VGRID[1][:3], "forehead", "", "Botox"]], merge="E2:E3"),
        file="log.xlsx",
        account=ALL,
        doses=(20.0, None),
    ),
    one(
        "T16 hidden sheet first",
        book(GRID, hidden=[["Event ID"], ["AE-9"]]),
        file="log.xlsx",
        account=ALL,
        note="hidden_sheet",
        texts=TWO,
    ),
    one("T16 two logs", book(GRID, second=VGRID), file="log.xlsx", account=(4, 0, 0, 0, 0), texts=TWO),
    one(
        "T17 1904 dates without a format",
        book([[*r[:1], 44619 + n, *r[2:]] if n else r for n, r in enumerate(VGRID)], late=True),
        file="log.xlsx",
        account=ALL,
        dates=("2026-03-01", "2026-03-02"),
    ),
    one(
        "T18 error cell",
        book([*GRID[:2], [*GRID[2][:4], "#REF!", ""]], errors=["E3"]),
        file="log.xlsx",
        account=(1, 0, 0, 1, 0),
        reason="cell E3 holds the error #REF!",
    ),
    one(
        "T19 formula without a value",
        book([*VGRID[:2], ["P002", "=DATE(2026,3,2)", *VGRID[2][2:]]]),
        file="log.xlsx",
        account=(1, 0, 0, 1, 0),
        reason="cell B3 holds a formula without a stored value",
    ),
    one("T20 truncated", book(GRID)[:2000], file="log.xlsx", refused="damaged"),
    one(
        "T20 bad checksum",
        package({"xl/workbook.xml": b"<workbook/>"}, damage=True),
        file="log.xlsx",
        refused="damaged",
    ),
    one("T20 missing parts", package({"xl/workbook.xml": b"<workbook/>"}), file="log.xlsx", refused="damaged"),
    one("T21 ods", ods(GRID), file="log.ods", account=ALL, texts=TWO),
    one(
        "T22 far cell",
        sheet_xml(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>Event ID</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        file="log.xlsx",
        refused="so far apart",
    ),
    one("T22 repeated ods cells", ods(GRID, repeat=1_000_000), file="log.ods", refused="repeats"),
    one("T22 formatted blank rows below", book(GRID, styled=3000), file="log.xlsx", account=ALL, texts=TWO),
    one(
        "T23 bomb",
        package({"xl/workbook.xml": b"<workbook/>", "xl/media/a.xml": b"0" * 80_000_000}),
        file="log.xlsx",
        refused="would expand",
    ),
    one(
        "T24 entities", sheet_xml("<row/>", head='<!DOCTYPE x [<!ENTITY a "b">]>'), file="log.xlsx", refused="entities"
    ),
    one(
        "T25 duplicate members",
        package({"xl/workbook.xml": b"<workbook/>"}, twice="xl/workbook.xml"),
        file="log.xlsx",
        refused="two parts of the same name",
    ),
    one("T13 zip of a csv", package({"log.csv": CLEAN.encode()}), file="log.xlsx", refused="ZIP archive"),
    one(
        "T13 Word document called xlsx",
        package({"_rels/.rels": b"<a/>", "word/document.xml": b"<a/>"}),
        file="log.xlsx",
        refused="Word document",
    ),
    one(
        "T48 pickle",
        b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07builtins\x94.",
        file="log.xls",
        refused="pickle",
    ),
    one(
        "noise that begins like an old workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x11" * 2000,
        file="log.xls",
        refused="cannot be read",
    ),
]
