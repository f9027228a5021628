"""Hostile small files: seconds and peak memory until each is read or refused.

python -m benchmarks.limits
"""

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def package(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP archive, compressed as far as it goes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def workbook(rows: str, *, strings: str = "", sheets: int = 1) -> bytes:
    """An XLSX with the same rows on every sheet."""
    numbers = range(1, sheets + 1)
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    links += f'<Relationship Id="s" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>'
    book = f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="b" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": book,
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_REL}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
        "xl/sharedStrings.xml": f"<sst {_MAIN}>{strings}</sst>",
    }
    body = f"<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>"
    return package(parts | {f"xl/worksheets/sheet{n}.xml": body for n in numbers})


def ods(rows: int, columns: int) -> bytes:
    """An ODS whose one row and cell are repeated."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    return package({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row '
        f'table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string" table:number-columns-repeated="{columns}">'
        "<text:p>bruise</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>",
    })  # fmt: skip


def _cell(letters: str, row: int, value: str = "<v>0</v>", kind: str = ' t="s"') -> str:
    return f'<c r="{letters}{row}"{kind}>{value}</c>'


def _rows(count: int, letters: tuple[str, ...]) -> str:
    return "".join(f'<row r="{n}">{"".join(_cell(x, n) for x in letters)}</row>' for n in range(1, count + 1))


def _text(length: int) -> str:
    return f"<si><t>{'x' * length}</t></si>"


CASES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "80 MB of zeros in 80 kB": ("a.xlsx", lambda: package({"xl/workbook.xml": "<workbook/>", "a.xml": "0" * 80_000_000})),
    "a cell in the last row and column": ("a.xlsx", lambda: workbook(_cells_at([("A", 1), ("XFD", 1_048_576)]))),
    "20,000 rows, one cell in column ALL": ("a.xlsx", lambda: workbook(_cells_at([("A", 1), ("ALL", 20_000)]), strings=_text(5))),
    "300,000 rows of 4 cells": ("a.xlsx", lambda: workbook(_rows(300_000, ("A", "B", "C", "D")), strings=_text(5))),
    "one text of 1 MB in 3,000 cells": ("a.xlsx", lambda: workbook(_rows(3_000, ("A",)), strings=_text(1_000_000))),
    "one text of 30 MB in 100 cells": ("a.xlsx", lambda: workbook(_rows(100, ("A",)), strings=_text(30_000_000))),
    "one text of 400 kB in 1,000 cells": ("a.xlsx", lambda: workbook(_rows(1_000, ("A",)), strings=_text(400_000))),
    "2,000 sheets": ("a.xlsx", lambda: workbook(_rows(3, ("A", "B")), strings=_text(5), sheets=2_000)),
    "ODS, 10 million repeated cells": ("a.ods", lambda: ods(10_000, 1_000)),
    "ODS, a billion repeated cells": ("a.ods", lambda: ods(1_000_000, 1_000)),
    "CSV, 3 million empty cells": ("a.csv", lambda: b"Event ID,Description\n" + (b"," * 15_000 + b"\n") * 200),
    "CSV, 5 MB of quotation marks": ("a.csv", lambda: b"Event ID,Description\n" + b'"' * 5_000_001),
    "CSV, one line of 5 million cells": ("a.csv", lambda: b"," * 5_000_000),
    "CSV, 200,000 short rows": ("a.csv", lambda: b"Event ID,Client ID,Date reported,Description\n" + b"1,P1,2026-03-01,bruise\n" * 200_000),
}  # fmt: skip


def _cells_at(places: list[tuple[str, int]]) -> str:
    return "".join(f'<row r="{row}">{_cell(letters, row)}</row>' for letters, row in places)


def main() -> None:
    """Print one line per file: its size, how long it took, the peak of this program and of its child, and the outcome."""
    for name, (file, content) in CASES.items():
        with tempfile.TemporaryDirectory(prefix="ae-limits-") as folder:
            path = Path(folder) / file
            path.write_bytes(content())
            size = path.stat().st_size
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.limits", str(path)], capture_output=True, text=True, check=False
            )
            told = json.loads(done.stdout) if done.returncode == 0 else {"outcome": f"ended with {done.returncode}"}
            print(f"{name} ({size:,} bytes): {told}")


def one(path: Path) -> None:
    """Read one file as ingest does and print what it took."""
    from datetime import date

    from analysis.intake.find import raw_file
    from analysis.intake.folder import read_folder
    from analysis.keys import Key

    start = time.perf_counter()
    parts = read_folder(path.parent, [raw_file(path)], key=Key(b"k" * 32), today=date(2026, 11, 1))
    own, child = (
        resource.getrusage(who).ru_maxrss / 1024**2 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    refused = next((part.refused for part in parts if part.refused), None)
    rows = sum(part.rows_read for part in parts)
    print(json.dumps({
        "seconds": round(time.perf_counter() - start, 1), "peak_gib": round(own, 2), "child_peak_gib": round(child, 2),
        "outcome": refused[refused.index(":") + 1 :][:90] if refused else f"{rows:,} rows read",
    }))  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(Path(sys.argv[1]))
    else:
        main()
