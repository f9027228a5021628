"""One file to sheets of text cells. Content decides the type, not the name; no cell is interpreted here."""

import contextlib
import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.errors import InputRefused, Place
from analysis.intake.find import TABLES, RawFile
from analysis.schemas.config import FilePart

Row = list[str]
_DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FIELD_LIMIT = 1_000_000
_OTHER = (
    (b"%PDF", "a PDF document"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"), (b"7z\xbc\xaf", "a 7-Zip archive"), (b"Rar!", "a RAR archive"),
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """Cells as text; `rows[0]` is row 1 of the file. `name` is '' for a file without sheets; `from_text` tells CSV from workbook."""

    name: str
    rows: list[Row]
    from_text: bool


def read_sheets(file: RawFile, options: FilePart) -> list[Sheet]:
    """All visible sheets of a file. Raises InputRefused saying what the file really is."""
    content = file.path.read_bytes()
    place = Place(file.name)
    if not file.name.lower().endswith(TABLES):
        raise InputRefused(place, "is not a table.", f"Save it as one of {', '.join(TABLES)}, or move it elsewhere.")
    if not content.strip(b"\0\r\n\t \xef\xbb\xbf"):
        raise InputRefused(place, "is empty.", "Export it again.")
    for magic, what in _OTHER:
        if content.startswith(magic):
            raise InputRefused(place, f"is {what}, whatever its name says.", "Export the log as CSV or XLSX.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(content, place, options)
    return [Sheet("", _text_rows(content, place, options), from_text=True)]


def _workbook(content: bytes, place: Place, options: FilePart) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        wanted = [
            part.name for part in book.sheets_metadata
            if (part.name == options.sheet if options.sheet else part.visible == SheetVisibleEnum.Visible)
        ]  # fmt: skip
        sheets = [Sheet(name, _cells(book.get_sheet_by_name(name)), from_text=False) for name in wanted]
    except PasswordError:
        raise InputRefused(place, "is password-protected.", "Save it without a password.") from None
    except (CalamineError, OSError, ValueError) as error:
        raise InputRefused(
            place, f"cannot be read as a workbook ({type(error).__name__}).", "Open it and save it again as XLSX."
        ) from None
    if options.sheet and not sheets:
        raise InputRefused(place, f"has no sheet {options.sheet!r}.", "Mend `sheet` in clinic.toml.")
    return [sheet for sheet in sheets if sheet.rows]


def _cells(sheet: object) -> list[Row]:
    # `skip_empty_area=False` keeps leading blank rows and columns, so that row numbers are those a spreadsheet shows
    return [[_as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]  # type: ignore[attr-defined]


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


def _text_rows(content: bytes, place: Place, options: FilePart) -> list[Row]:
    text = _decode(content, place, options)
    if "\0" in text:
        raise InputRefused(place, "holds zero bytes, so it is not a text file.", "Export it again as CSV or XLSX.")
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text[:200], re.IGNORECASE):
        raise InputRefused(
            place,
            "is a web page or XML, whatever its name says.",
            "Open it in Excel, then File, Save As, Excel Workbook (.xlsx).",
        )
    declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    delimiter = options.delimiter or (declared.group(1) if declared else None) or _delimiter(text)
    csv.field_size_limit(_FIELD_LIMIT)
    rows: list[Row] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputRefused(
            Place(place.path, row=len(rows) + 1), f"has a quotation mark that does not close or a cell too long ({error}).",
            "Mend that row, or export the file as XLSX.",
        ) from None  # fmt: skip
    return rows


def _decode(content: bytes, place: Place, options: FilePart) -> str:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), options.encoding or "utf-8")
    try:
        return content.decode(encoding)
    except LookupError:
        raise InputRefused(
            place, f"declares an unknown encoding {encoding!r}.", "Mend `encoding` in clinic.toml."
        ) from None
    except UnicodeDecodeError as error:
        raise InputRefused(
            place, f"is not {encoding} text: byte {error.start} does not fit.",
            'Save it as "CSV UTF-8", or declare `encoding` (for example "cp1252") in clinic.toml.',
        ) from None  # fmt: skip


def _delimiter(text: str) -> str:
    """The delimiter that gives the most columns on nearly every one of the first rows; a comma when none does."""
    sample = text[:65_536]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = _widths(sample, delimiter)
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = usual * widths.count(usual) / len(widths) if usual > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    rows: Iterable[Row] = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    widths: list[int] = []
    with contextlib.suppress(csv.Error):
        widths.extend(len(row) for row in rows if any(cell.strip() for cell in row))
    return widths
