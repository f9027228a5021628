"""Public test files of other readers: every one is read as others read it, or refused in words."""

import csv
import datetime as dt
import io
import json
from pathlib import Path

import openpyxl
import pytest
from deliver import deliver

from analysis.errors import InputRefused
from analysis.intake.find import raw_file
from analysis.intake.read import read_sheets
from analysis.schemas.config import FilePart

SHEETS = Path(__file__).parents[4] / "shared" / "data" / "spreadsheets"
if not SHEETS.is_dir():
    pytest.skip("the public spreadsheets are not beside the repository (../shared/data)", allow_module_level=True)
BOOKS = sorted((SHEETS / "readxl").iterdir())
ANY = FilePart(match="*")


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name.removeprefix("tests_testthat_sheets_"))
def test_workbook(path: Path) -> None:
    try:
        sheets = read_sheets(raw_file(path), ANY)
    except InputRefused as refused:
        if "no visible sheet that holds anything" in refused.reason:
            return
        raise
    assert any(cell for sheet in sheets for row in sheet.rows for cell in row)
    if path.suffix == ".xlsx":
        _compare(path, {sheet.name: sheet.rows for sheet in sheets})


def _compare(path: Path, ours: dict[str, list[list[str]]]) -> None:
    """What a second, independent reader sees in the same cells."""
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:
        pytest.skip(f"openpyxl cannot read it ({type(error).__name__})")
    for sheet in book.worksheets:
        if sheet.title not in ours:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float | str | bool):
                    mine = ours[sheet.title][cell.row - 1][cell.column - 1]
                    assert _same(mine, cell.value), (sheet.title, cell.coordinate)


def _same(mine: str, theirs: float | str | bool) -> bool:
    if isinstance(theirs, bool):
        return mine == str(theirs).upper()
    if isinstance(theirs, int | float):
        try:
            return float(mine) == pytest.approx(float(theirs), rel=1e-14)
        except ValueError:
            return _is_time(mine)
    if theirs.startswith("#"):
        return mine in ("", theirs)  # an error, which the sandbox reports beside the cells
    return _plain(mine) == _plain(theirs)


def _plain(text: str) -> str:
    return text.replace("\r", "").replace("_x000D_", "")


def _is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def test_a_workbook_and_its_older_format_say_the_same() -> None:
    for name in ("inst_extdata_datasets", "inst_extdata_deaths", "inst_extdata_type-me"):
        ours, theirs = (read_sheets(raw_file(SHEETS / "readxl" / f"{name}.{kind}"), ANY) for kind in ("xlsx", "xls"))
        assert {s.name: list(s.rows) for s in ours} == {s.name: list(s.rows) for s in theirs}


@pytest.mark.parametrize("path", sorted((SHEETS / "csv-spectrum" / "csvs").iterdir()), ids=lambda path: path.stem)
def test_csv_spectrum(path: Path) -> None:
    (sheet,) = read_sheets(raw_file(path), ANY)
    expected = json.loads((SHEETS / "csv-spectrum" / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    header, *rows = sheet.rows
    if path.stem == "location_coordinates":  # its two files give two different telephone numbers
        header, rows, expected = (
            header[1:],
            [row[1:] for row in rows],
            [{k: v for k, v in expected.items() if "Phone" not in k}],
        )
    read = [{key: _plain(cell) for key, cell in zip(header, row, strict=True)} for row in rows]
    assert read == [{key: _plain(cell) for key, cell in row.items()} for row in expected]


@pytest.mark.parametrize("name", ["blns.txt", "csv_injection_payloads.txt"])
def test_naughty_strings_stay_as_they_are(name: str, tmp_path: Path) -> None:
    lines = (SHEETS / name).read_text(encoding="utf-8").splitlines()
    strings = [line for line in lines if line.strip() and not line.startswith("#") and line.isprintable()]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Event ID", "Date reported", "Description"])
    writer.writerows([f"AE-{n}", "2026-03-01", text] for n, text in enumerate(strings))
    result = deliver(tmp_path, {"C/log.csv": out.getvalue()})
    said = dict(zip(result.events["event_id"], result.events["text"], strict=True))
    aside = set(result.aside["row"])
    for n, text in enumerate(strings):
        assert said.get(f"AE-{n}") == text or n + 2 in aside
    assert len(aside) < 0.02 * len(strings) + 3
