"""The child process that opens a workbook: a stand-alone script, so that a hostile file can only harm itself.

Reads the file from standard input and writes JSON lines: one `sheet` line per sheet, `rows` lines with its cells as text, then
`end`; or one `refused` line. It is run by path with `-I` and must not import the package.
"""

import datetime as dt
import io
import json
import re
import sys
import zipfile
import zlib
from typing import Any, NoReturn
from xml.etree import ElementTree

MEMORY = 1_200_000_000
"""With what the caller holds, less than 1.5 GB."""
MOST_EXPANDED = 1_000_000_000
MOST_RATIO = 300
MOST_CELLS = 20_000_000
MOST_SPARSE = 10_000_000
"""Cells from the first to the last filled one, where hardly any between them is filled."""
MOST_TEXT = 50_000_000
"""Characters of all cells together: more of them only from a file that is not MOST_RATIO times smaller (one text in many cells)."""
LARGE_PART = 30_000_000
"""Larger parts are not scanned cell by cell: their size alone shows that the cells are really there."""
_BATCH = 2_000
_RESAVE = "Open it in a spreadsheet program and save it again as XLSX."
_FAR = "Delete the far cells (or copy the table to a new workbook) and save again."


def refuse(reason: str, mend: str = _RESAVE) -> NoReturn:
    """Tell the parent why, and stop."""
    print(json.dumps({"refused": [reason, mend]}))
    raise SystemExit(0)


def main() -> None:
    """Check the package, then read every visible sheet (or the one named) cell by cell."""
    _limit_memory()
    wanted = json.loads(sys.argv[1])
    content = sys.stdin.buffer.read()
    parts = _open_package(content) if content.startswith(b"PK") else {}
    names = _sheet_parts(parts)
    for faults in names.values():
        faults["faults"] = _faults(parts.get(str(faults["part"]), b""))
    _read(content, wanted, names)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _open_package(content: bytes) -> dict[str, bytes]:
    """The XML parts of a ZIP package after the checks; parts over LARGE_PART are checked but left out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            _check_directory(members, len(content))
            return {m.filename: data for m in members if (data := _checked(package, m)) is not None}
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, RuntimeError, ValueError):
        refuse("is damaged or was cut short.", "Export it again.")


def _check_directory(members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        refuse("holds two parts of the same name, so what it says cannot be known.")
    if any(member.flag_bits & 1 for member in members):
        refuse("is password-protected.", "Save it without a password.")
    expanded = sum(member.file_size for member in members)
    if expanded > MOST_EXPANDED or (expanded > 50_000_000 and expanded > MOST_RATIO * size):
        refuse(f"would expand from {size:,} to {expanded:,} bytes, which no log does.")
    if "word/document.xml" in names:
        refuse("is a Word document, whatever its name says.", "Export the log as CSV or XLSX.")
    if "ppt/presentation.xml" in names:
        refuse("is a presentation, whatever its name says.", "Export the log as CSV or XLSX.")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names) or "Index.zip" in names:
        refuse(
            "is a Numbers document, whatever its name says.", "Open it in Numbers, then File, Export To, Excel or CSV."
        )
    if not any(n in ("content.xml", "_rels/.rels") or n.endswith(("workbook.xml", "workbook.bin")) for n in names):
        refuse("is a ZIP archive and no workbook.", "Take the log out of the archive.")


def _checked(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    """An XML part, read in pieces so that a directory that lies about its size is found out."""
    if not member.filename.lower().endswith((".xml", ".rels")):
        return None
    kept, read, tail = io.BytesIO(), 0, b""
    with package.open(member) as part:
        while piece := part.read(1 << 20):
            read += len(piece)
            if read > max(member.file_size, 1 << 20) or read > MOST_EXPANDED:
                refuse("holds a part larger than it declares.")
            if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", (tail + piece).replace(b"\0", b""), re.IGNORECASE):
                refuse("declares XML entities, which no log needs and which can be harmful.")
            tail = piece[-64:]
            if read <= LARGE_PART:
                kept.write(piece)
    return kept.getvalue() if read <= LARGE_PART else None


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """Sheet name → its part and whether dates count from 1904. Empty for anything but XLSX."""
    book = next((name for name in parts if re.search(r"(^|/)workbook\.xml$", name)), None)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        refuse("is password-protected.", "Save it without a password.")
    if book is None:
        _check_repeats(parts.get("content.xml", b""))
        return {}
    folder, _, file = book.rpartition("/")
    try:
        tree = ElementTree.fromstring(parts[book])
        links = ElementTree.fromstring(parts[f"{folder}/_rels/{file}.rels".lstrip("/")])
    except (ElementTree.ParseError, KeyError):
        refuse("is damaged: its list of sheets cannot be read.")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    props = [node for node in tree.iter() if node.tag.endswith("workbookPr")]
    late = any(node.get("date1904", "").lower() in ("1", "true", "on") for node in props)
    found: dict[str, dict[str, Any]] = {}
    for node in tree.iter():
        if node.tag.endswith("}sheet"):
            rid = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            target = targets.get(rid, "")
            part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            found[node.get("name", "")] = {"part": part, "late": late}
            _check_far_cells(parts.get(part, b""), node.get("name", ""))
    return found


def _check_far_cells(xml: bytes, name: str) -> None:
    columns = {_column(letters) for letters in set(re.findall(rb'\br="([A-Z]{1,3})\d{1,7}"', xml))}
    rows = re.findall(rb'\br="[A-Z]{0,3}(\d{1,7})"', xml)
    area = max(columns, default=0) * max(map(int, rows), default=0)
    if area > MOST_SPARSE and area > 50 * len(rows):
        refuse(f"has cells so far apart on sheet {name[:31]!r} that {area:,} cells would have to be read.", _FAR)


def _check_repeats(xml: bytes) -> None:
    """Refuse an ODS whose repeated rows and cells come to more than any log holds."""
    cells, total = 0, 0
    row = 1
    for tag in re.finditer(rb"<(/?)[\w]*:?(table-row|table-cell|covered-table-cell)\b([^>]*)>", xml):
        if tag[2] == b"table-row":
            if tag[1]:
                total += cells * row
            row, cells = _repeat(tag[3], b"rows"), 0
        elif not tag[1] and b"value-type" in tag[3]:
            cells += _repeat(tag[3], b"columns")
        if total > MOST_CELLS or cells > 20_000:
            refuse("repeats rows or cells more often than any log does.", _FAR)


def _repeat(attributes: bytes, what: bytes) -> int:
    found = re.search(rb"number-" + what + rb'-repeated="(\d{1,9})"', attributes)
    return int(found[1]) if found else 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*?)\br="([A-Z]{1,3})(\d{1,7})"([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)\b[^>/]*>[^<]|<(?:\w+:)?is\b[^>/]*>")


def _faults(xml: bytes) -> list[tuple[int, int, str]]:
    """0-based row and column of cells that hold an error, or a formula whose result was not stored."""
    if b't="e"' not in xml and not re.search(rb"<(?:\w+:)?f\b", xml):
        return []
    found = []
    for before, letters, row, after, inside in _CELL.findall(xml):
        place = int(row) - 1, _column(letters) - 1
        if b't="e"' in before + after:
            code = re.search(rb"<(?:\w+:)?v\b[^>]*>([^<]{0,20})", inside)
            found.append((*place, f"the error {code[1].decode('ascii', 'replace') if code else '#?'}"))
        elif re.search(rb"<(?:\w+:)?f\b", inside) and not _VALUE.search(inside) and b't="str"' not in before + after:
            found.append((*place, "a formula without a stored value"))
    return found


def _read(content: bytes, wanted: str | None, parts: dict[str, dict[str, Any]]) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        told = 0
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            hidden = sheet.visible != SheetVisibleEnum.Visible
            if (sheet.name != wanted) if wanted else hidden:
                print(json.dumps({"passed_over": sheet.name, "hidden": hidden}))
            elif sheet.typ == SheetTypeEnum.WorkSheet:
                told += _write_sheet(book.get_sheet_by_name(sheet.name), parts.get(sheet.name, {}), len(content), told)
    except PasswordError:
        refuse("is password-protected.", "Save it without a password.")
    except MemoryError:
        refuse("needs more memory than a log of that size should.", _FAR)
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        refuse(f"cannot be read as a workbook ({type(error).__name__}).")
    print(json.dumps({"end": True}))


def _write_sheet(sheet: Any, facts: dict[str, Any], size: int, told: int) -> int:
    """Write one sheet and return how many characters its cells hold; `told` is how many were written before it."""
    width = sheet.total_width
    if width * sheet.total_height > MOST_CELLS:
        refuse(f"has more than {MOST_CELLS:,} cells on one sheet.", _FAR)
    faults = facts.get("faults", [])
    width = max([width, *(column + 1 for _, column, _ in faults)])
    merged = [[*low, *high] for low, high in sheet.merged_cell_ranges or []]
    # the rows end at the last one that holds anything: formatted blank rows below the table are no rows of a log
    rows = [[_as_text(cell) for cell in row] for row in _all_rows(sheet)]
    rows += [[] for _ in range(max((row + 1 for row, _, _ in faults), default=0) - len(rows))]
    characters = sum(len(cell) for row in rows for cell in row)
    if told + characters > max(MOST_TEXT, MOST_RATIO * size):
        refuse(f"holds {told + characters:,} characters in a file of {size:,} bytes, which no log does.")
    while rows and not any(rows[-1]) and not any(row == len(rows) - 1 for row, _, _ in faults):
        rows.pop()
    print(json.dumps({"sheet": sheet.name, "faults": faults, "merged": merged, "late": facts.get("late", False)}))
    for start in range(0, len(rows), _BATCH):
        print(json.dumps({"rows": [row + [""] * (width - len(row)) for row in rows[start : start + _BATCH]]}))
    return characters


def _all_rows(sheet: Any) -> list[list[object]]:
    # `skip_empty_area=False` keeps leading blank rows and columns, so that row numbers are those a spreadsheet shows
    found: list[list[object]] = sheet.to_python(skip_empty_area=False)
    return found


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 9e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main()
