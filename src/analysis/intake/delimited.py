"""Delimited text to rows of cells: strict encoding, a delimiter found by consistent columns, strict quoting (RFC 4180)."""

import contextlib
import csv
import io
import re
from collections.abc import Iterable, Iterator

from analysis.errors import InputRefused, Place
from analysis.intake.sheet import Row, Rows, Sheet
from analysis.intake.split import split
from analysis.intake.words import fold, header_words
from analysis.schemas.config import FilePart

_DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FIELD_LIMIT = 1_000_000
_MOST_COLUMNS = 16_384
_SAMPLE = 65_536


def read_delimited(content: bytes, place: Place, options: FilePart) -> Sheet:
    """One sheet without a name. Raises InputRefused naming the byte, the row or what the file really is."""
    encoding = _encoding(content, place, options)
    text = _decode(content, place, encoding)
    remarks = []
    if text.endswith("\0"):
        text, content = text.rstrip("\0"), content.rstrip(b"\0")
        remarks.append(
            ("padding", "The file ends in zero bytes, which were left out. Check that its last rows are there.")
        )
    _refuse_markup(text, place)
    declared = re.match(r"\"?sep=(.)\"?\r?\n", text, re.IGNORECASE)
    delimiter = options.delimiter or (declared.group(1) if declared else None) or _delimiter(text, options)
    rows = split(content if encoding == "utf-8" else text.encode(), delimiter)
    errors = "#" in text or (":" in text and "rr:" in text)  # one character is looked for much faster than several
    breaks = rows is None or '"' in text
    return Sheet(
        "", Rows.of(_rows(text, delimiter, place)) if rows is None else rows, from_text=True, delimiter=delimiter,
        may_hold_errors=errors, may_hold_breaks=breaks, remarks=remarks,
    )  # fmt: skip


def _refuse_markup(text: str, place: Place) -> None:
    start = text[:400].lstrip().lower()
    if re.match(r"<(!doctype|html|head|body|table|meta|style|\?xml|!--|div)", start):
        raise InputRefused(
            place, "is a web page or XML, whatever its name says.",
            "Open it in Excel, then File, Save As, Excel Workbook (.xlsx).",
        )  # fmt: skip
    if start.startswith(("mime-version:", "content-type: multipart")):
        raise InputRefused(
            place, "is a web archive, whatever its name says.",
            "Open it in Excel, then File, Save As, Excel Workbook (.xlsx).",
        )  # fmt: skip


def _rows(text: str, delimiter: str, place: Place) -> list[Row]:
    if delimiter in '"\r\n\0':
        raise InputRefused(place, "declares a delimiter that cannot be one.", "Mend `delimiter` in clinic.toml.")
    csv.field_size_limit(_FIELD_LIMIT)
    rows: list[Row] = []
    try:
        for row in csv.reader(_lines(text, delimiter, place), delimiter=delimiter, strict=True):
            if len(row) > _MOST_COLUMNS:
                raise InputRefused(
                    Place(place.path, row=len(rows) + 1), f"has {len(row):,} columns; a log has fewer than {_MOST_COLUMNS:,}.",
                    "Export only the columns of the log.",
                )  # fmt: skip
            rows.append(row)
    except csv.Error as error:
        long = "field larger" in str(error)
        raise InputRefused(
            Place(place.path, row=len(rows) + 1),
            f"has a cell of more than {_FIELD_LIMIT:,} characters, or a quotation mark that does not close."
            if long else "has a quotation mark that does not close, or one inside a cell that is not doubled.",
            "Mend the quotation marks of that row, or export the file as XLSX.",
        ) from None  # fmt: skip
    return rows


def _lines(text: str, delimiter: str, place: Place) -> Iterator[str]:
    """Physical lines, ended by CR, LF or both and by nothing else; a line of a million cells is refused before it is split."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > _FIELD_LIMIT and line.count(delimiter) > _FIELD_LIMIT:
            raise InputRefused(
                Place(place.path, row=number), "has more than a million columns.", "Export only the columns of the log."
            )
        yield line


def _encoding(content: bytes, place: Place, options: FilePart) -> str:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), options.encoding or "utf-8")
    if encoding == "utf-8" and _looks_wide(content):
        raise InputRefused(
            place, "is UTF-16 or UTF-32 text without the mark that says so.",
            'Save it as "CSV UTF-8", or declare encoding = "utf-16-le" for it in clinic.toml.',
        )  # fmt: skip
    return encoding


def _decode(content: bytes, place: Place, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError:
        raise InputRefused(
            place, f"declares an unknown encoding {encoding!r}.", "Mend `encoding` in clinic.toml."
        ) from None
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise InputRefused(
            Place(place.path, row=row), f"is not {encoding} text: byte {error.start} does not fit.",
            'Save the file as "CSV UTF-8", or declare `encoding` (for example "cp1252") in clinic.toml.',
        ) from None  # fmt: skip
    except UnicodeError:
        raise InputRefused(
            place, f"is not {encoding} text.", 'Save it as "CSV UTF-8", or mend `encoding` in clinic.toml.'
        ) from None


def _looks_wide(content: bytes) -> bool:
    """Every second byte (nearly) is zero: sixteen or thirty-two bits a character."""
    sample = content.rstrip(b"\0")[:4096]
    return sample.count(0) * 3 > len(sample) and len(set(sample)) > 1


def _delimiter(text: str, options: FilePart) -> str:
    """The delimiter that shows the most known headers, then the most columns on nearly every one of the first rows."""
    sample = text[:_SAMPLE]
    if len(text) > len(sample):
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    named = {fold(header) for header in options.columns}
    best, best_score = ",", (0, 0.0)
    for delimiter in _DELIMITERS:
        rows = _sample_rows(sample, delimiter)
        if not rows:
            continue
        widths = [len(row) for row in rows]
        usual = max(sorted(set(widths)), key=widths.count)
        consistent = usual * widths.count(usual) / len(widths) if usual > 1 else 0.0
        known = max(
            sum(1 for cell in set(map(fold, row)) if cell in named or cell in header_words()) for row in rows[:40]
        )
        score = (known if known > 1 else 0, consistent)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _sample_rows(sample: str, delimiter: str) -> list[Row]:
    reader: Iterable[Row] = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    with contextlib.suppress(csv.Error):
        rows.extend(row for row in reader if any(cell.strip() for cell in row))
    return rows
