"""A small XLSX writer whose bytes depend on the cells alone.

The usual writers put the time of writing, and bytes that vary with the XML and compression libraries of the machine, into
the file. Simulated data must be the same file everywhere, so the parts are written plainly and stored without compression.
"""

import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

Cell = str | int | float | date | None

_EPOCH = date(1899, 12, 30)
_FIXED = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def excel_serial(day: date) -> int:
    """Excel's day number of a date (1900 system)."""
    return (day - _EPOCH).days


_GUARD = (
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>'
)
_GUARDED_STYLES = _STYLES.replace('<cellXfs count="2">', '<cellXfs count="3">').replace("</cellXfs>", _GUARD)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def workbook_bytes(sheets: list[tuple[str, list[list[Cell]]]], *, guarded: bool = False) -> bytes:
    """A workbook of the named sheets. Dates become real date cells, numbers numbers, everything else text, never a formula.

    With `guarded`, text that begins like a formula also stays text when somebody edits the cell or saves it as CSV and back.
    """
    strings: dict[str, int] = {}
    bodies = [_sheet(grid, strings, guarded) for _, grid in sheets]
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook([name for name, _ in sheets]),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            + [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
        ),
        "xl/styles.xml": _GUARDED_STYLES if guarded else _STYLES,
        "xl/sharedStrings.xml": _shared(strings),
    }
    parts |= {f"xl/worksheets/sheet{number}.xml": body for number, body in enumerate(bodies, start=1)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, body in parts.items():
            entry = zipfile.ZipInfo(name, date_time=_FIXED)
            entry.create_system = 0  # else the byte tells on which system it was written
            archive.writestr(entry, body.encode("utf-8"))
    return buffer.getvalue()


def _sheet(grid: list[list[Cell]], strings: dict[str, int], guarded: bool) -> str:
    width = max(len(line) for line in grid)
    letters = [_letters(column) for column in range(width)]
    lines = []
    for number, line in enumerate(grid, start=1):
        cells = "".join(
            _cell(f"{letters[column]}{number}", value, strings, guarded)
            for column, value in enumerate(line)
            if value is not None and value != ""
        )
        if cells:
            lines.append(f'<row r="{number}">{cells}</row>')
    used = f'<dimension ref="A1:{letters[-1]}{len(grid)}"/>'
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{used}<sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(place: str, value: Cell, strings: dict[str, int], guarded: bool) -> str:
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{excel_serial(value)}</v></c>'
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    style = ' s="2"' if guarded and str(value).startswith(_FORMULA_SIGNS) else ""
    return f'<c r="{place}"{style} t="s"><v>{strings.setdefault(str(value), len(strings))}</v></c>'


def _shared(strings: dict[str, int]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    return f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">{items}</sst>'


def _workbook(names: list[str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _relations(targets: list[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _content_types(sheets: int) -> str:
    parts = [
        ("/xl/workbook.xml", "sheet.main"),
        ("/xl/styles.xml", "styles"),
        ("/xl/sharedStrings.xml", "sharedStrings"),
    ]
    parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)]
    items = "".join(f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{items}</Types>'
    )


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
