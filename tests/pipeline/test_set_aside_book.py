"""`set_aside.xlsx` beside the snapshot: the same bytes for the same logs, no part of what the store needs, and a way back."""

import io
from pathlib import Path

import openpyxl
from typer.testing import CliRunner

from analysis import open_store
from analysis.cli import app
from analysis.pipeline.ingest import SET_ASIDE

HEAD = "Event ID,Client ID,Treatment date,Date reported,Description,Severity\n"
LOG = HEAD + "AE-1,P001,2026-03-01,2026-03-04,Small bruise,mild\nAE-2,P002,someday,soon,Lid droop,moderate\n"


def ingest(folder: Path) -> str:
    said = CliRunner().invoke(
        app, ["ingest", "--raw", str(folder / "raw"), "--processed", str(folder / "p"), "--out", str(folder / "r")]
    )
    assert said.exit_code == 0, said.output
    return said.output


def book(folder: Path) -> Path:
    return folder / "p" / (folder / "p" / "CURRENT").read_text(encoding="ascii").strip() / SET_ASIDE


def test_out_corrected_and_back(tmp_path: Path, own_key: Path) -> None:
    (tmp_path / "raw" / "C").mkdir(parents=True)
    (tmp_path / "raw" / "C" / "log.csv").write_text(LOG, encoding="utf-8")
    said = ingest(tmp_path)
    book_path = book(tmp_path)
    assert f"To correct them: {book_path}" in said
    first = book_path.read_bytes()
    ingest(tmp_path)
    assert book(tmp_path).read_bytes() == first
    made = openpyxl.load_workbook(io.BytesIO(first))
    page = made.worksheets[0]
    header = {cell.value: cell.column for cell in page[2]}
    page.cell(3, header["treatment_date"]).value = "2026-03-02"
    page.cell(3, header["reported_date"]).value = "2026-03-20"
    made.save(book_path)  # saved in its place, as somebody will: the store is not damaged by it
    assert len(open_store(tmp_path / "p").events) == 1
    (tmp_path / "raw" / "C" / "back.xlsx").write_bytes(book_path.read_bytes())
    said = ingest(tmp_path)
    store = open_store(tmp_path / "p")
    assert sorted(store.events["text"]) == ["Lid droop", "Small bruise"]
    assert "Set aside" not in said
    assert set(store.notes.loc[store.notes["code"] == "corrected", "path"]) == {"C/log.csv"}
    assert sorted(path.name for path in (tmp_path / "p").iterdir() if path.is_dir()) == [book(tmp_path).parent.name]
