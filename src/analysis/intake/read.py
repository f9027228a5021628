"""One file to sheets of text cells. Content decides the type, not the name; no cell is interpreted here."""

import hashlib
import re
import stat
from dataclasses import replace
from pathlib import PurePath

from analysis.errors import InputRefused, Place
from analysis.intake.delimited import read_delimited
from analysis.intake.find import TABLES, RawFile
from analysis.intake.sheet import Row, Sheet
from analysis.intake.workbook import read_workbook
from analysis.schemas.config import FilePart

__all__ = ["Row", "Sheet", "read_sheets"]

_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
"""Workbooks of Excel 2 to 4, which have no container."""
_OTHER = (
    (rb"%PDF", "a PDF document"), (rb"\x89PNG", "a picture"), (rb"\xff\xd8\xff", "a picture"), (rb"GIF8", "a picture"),
    (rb"\x1f\x8b", "a gzip archive"), (rb"7z\xbc\xaf", "a 7-Zip archive"), (rb"Rar!", "a RAR archive"), (rb"BZh\d", "a bzip2 archive"),
    (rb"\{\\rtf", "a rich-text document"), (rb"SQLite format 3", "a database"), (rb"PAR1", "a Parquet file"),
    (rb"\x80[\x02-\x05]", "a Python pickle, which is never opened"), (rb"\x7fELF|MZ[\x00-\xff]{2}[\x00-\x08]\x00", "a program"),
    (rb"\s*[\[{]\s*[\"{\[]", "JSON"),
)  # fmt: skip
_LARGEST = 1_000_000_000
_SAVE_AS = "Open it, then File, Save As, Excel Workbook (.xlsx), and put that file here."
_TAKE_OUT = "Take the log out of it and put the log itself here."
_COPY_OUT = "Save the attachment, or copy the table into a spreadsheet, and put that file here."
_ENDINGS = {
    ".numbers": ("a Numbers document", "Open it in Numbers, then File, Export To, Excel or CSV, and put that file here."),
    ".xlsb": ("a binary workbook", _SAVE_AS), ".xlt": ("a template", _SAVE_AS), ".xltx": ("a template", _SAVE_AS),
    ".zip": ("an archive", _TAKE_OUT), ".gz": ("an archive", _TAKE_OUT),
    ".7z": ("an archive", _TAKE_OUT), ".rar": ("an archive", _TAKE_OUT),
    ".eml": ("a mail", _COPY_OUT), ".msg": ("a mail", _COPY_OUT),
    ".pdf": ("a PDF document", "Export the log itself as CSV or XLSX, and put that file here."),
}  # fmt: skip


def read_sheets(file: RawFile, options: FilePart) -> list[Sheet]:
    """All visible sheets of a file. Raises InputRefused saying what the file really is."""
    place = Place(file.name)
    if not file.name.lower().endswith(TABLES):
        what, mend = _ENDINGS.get(
            PurePath(file.name).suffix.lower(), ("not a table", f"Save it as one of {', '.join(TABLES)}, or move it elsewhere.")
        )  # fmt: skip
        raise InputRefused(place, f"is {what}.", mend)
    content = _content(file, place)
    if _NOTHING.match(content):
        raise InputRefused(place, "is empty.", "Export it again.")
    for magic, what in _OTHER:
        if re.match(magic, content):
            raise InputRefused(place, f"is {what}, whatever its name says.", "Export the log as CSV or XLSX.")
    if content.startswith(_WORKBOOKS) or (content.startswith(_BIFF) and b"\0" in content[:16]):
        return read_workbook(content, place, options)
    sheet = read_delimited(content, place, options)
    if _may_be_wrapped(content):
        sheet = replace(sheet, rows=sheet.rows.mapped(_unwrapped))
    return [sheet]


_NOTHING = re.compile(rb"[\0\r\n\t \xef\xbb\xbf\xff\xfe]*\Z")
_WRAPPED = (('"', '="'), ("\\", "\\N"))
"""What some exports write around or instead of a cell, each behind its rarest character."""
_WIDTHS = ("utf-8", "utf-16-le", "utf-16-be")


def _may_be_wrapped(content: bytes) -> bool:
    """Some cell may be written as a formula or as a database's word for nothing. One byte is looked for much faster than several."""
    widths = _WIDTHS if b"\0" in content[:100] else _WIDTHS[:1]
    marks = [mark for rare, mark in _WRAPPED if rare.encode() in content]
    return any(mark.encode(width) in content for width in widths for mark in marks)


_AS_TEXT = re.compile(r'="([^"]*)"\Z')


def _unwrapped(cell: str) -> str:
    """`="00123"`, by which exports keep a spreadsheet from changing a cell, is 00123; `\\N` is a database's word for nothing."""
    if cell == "\\N":
        return ""
    found = _AS_TEXT.match(cell)
    return found[1] if found else cell


def _content(file: RawFile, place: Place) -> bytes:
    """The bytes that were hashed when the file was found, and no others."""
    if file.unusable:
        raise InputRefused(place, file.unusable, "Put a copy of the file itself here.")
    if file.size > _LARGEST:
        raise InputRefused(place, f"is larger than {_LARGEST:,} bytes.", "Split it by month or year.")
    try:
        if not stat.S_ISREG(file.path.lstat().st_mode):
            raise InputRefused(place, "is no longer a file.", "Put a copy of the file itself here.")
        content = file.path.read_bytes()
    except OSError as error:
        raise InputRefused(
            place, f"cannot be opened ({type(error).__name__}).", "Close it elsewhere, or check that it may be read."
        ) from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise InputRefused(place, "was changed while it was read.", "Run the command again.")
    return content
