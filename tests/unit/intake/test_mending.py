"""Rows set aside go out to a workbook, are corrected there, come back, and count as if they had been written right."""

import io
from pathlib import Path

import openpyxl
import pytest
from deliver import KEY, Delivered, deliver, read
from hostile import HEAD, ROW1, ROW2, VISIT1, VISIT2, VISITS

from analysis.intake.mending import MARK, grids, set_aside_workbook

EVIL = "=HYPERLINK(1)"
EVENTS = (
    HEAD + ROW1 + ROW2.replace("2026-03-02,2026-03-20", "someday,soon").replace("Lid droop", f'"{EVIL} lid, ""droop"""')
)
CELL_COLUMNS = ["event_id", "text", "patient_key", "treatment_date", "reported_date", "severity", "severity_raw"]


def workbook(result: Delivered) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(set_aside_workbook(grids(result.parts, KEY.fingerprint))))


def corrected(book: openpyxl.Workbook, changes: dict[tuple[int, str], object], *, sheet: int = 0) -> bytes:
    """The workbook as a person saves it after typing into some cells: row (from 3) and column → what is typed."""
    page = book.worksheets[sheet]
    header = {cell.value: cell.column for cell in page[2]}
    for (row, column), value in changes.items():
        page.cell(row, header[column]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def events_of(result: Delivered) -> list[list[object]]:
    frame = result.events.sort_values("event_id")[CELL_COLUMNS]
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def test_the_workbook_shows_what_to_mend_and_nothing_that_is_hidden(tmp_path: Path) -> None:
    result = deliver(tmp_path, {"C/log.csv": EVENTS})
    book = workbook(result)
    header, row = ([cell.value for cell in line] for line in book.worksheets[0].iter_rows(min_row=2, max_row=3))
    told = dict(zip(header, row, strict=True))
    assert (told["Set aside: file"], told["Set aside: row"], told["Set aside: why"]) == (
        "C/log.csv",
        3,
        "no usable date",
    )
    assert "YYYY-MM-DD" in told["Set aside: how to mend"]
    assert told["text"] == f'{EVIL} lid, "droop"'
    assert told["patient_key"] == KEY.patient("C", "p002")
    assert not any(cell.data_type == "f" for line in book.worksheets[0].iter_rows() for cell in line)
    assert "P002" not in str(list(book.worksheets[0].values))


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    one, other = (deliver(tmp_path / name, {"C/log.csv": EVENTS}) for name in "ab")
    assert set_aside_workbook(grids(one.parts, KEY.fingerprint)) == set_aside_workbook(
        grids(other.parts, KEY.fingerprint)
    )


def test_a_corrected_row_counts_as_if_it_had_been_written_right(tmp_path: Path) -> None:
    first = deliver(tmp_path / "a", {"C/log.csv": EVENTS})
    back = corrected(workbook(first), {(3, "treatment_date"): "2026-03-02", (3, "reported_date"): "2026-03-20"})
    mended = deliver(tmp_path / "a", {"C/set_aside.xlsx": back})
    right = deliver(tmp_path / "b", {"C/log.csv": EVENTS.replace("someday,soon", "2026-03-02,2026-03-20")})
    assert events_of(mended) == events_of(right)
    assert mended.events["path"].tolist() == ["C/log.csv"] * 2
    assert mended.why("quarantined") == []
    assert mended.why("duplicate") == ["counted at C/log.csv row 3, which it corrects"]
    log = mended.files[mended.files["path"] == "C/log.csv"].iloc[0]
    assert (log["rows_read"], log["accepted"]) == (2, 2)
    notes = mended.notes[mended.notes["code"] == "corrected"]
    assert notes["message"].str.contains("C/set_aside.xlsx").all()
    assert workbook(mended).sheetnames == ["Nothing set aside"]


def test_a_workbook_with_nothing_set_aside_may_be_dropped_back(tmp_path: Path) -> None:
    clean = deliver(tmp_path, {"C/log.csv": EVENTS.replace("someday,soon", "2026-03-02,2026-03-20")})
    again = deliver(tmp_path, {"C/set_aside.xlsx": set_aside_workbook(grids(clean.parts, KEY.fingerprint))})
    assert again.refused == ""
    assert events_of(again) == events_of(clean)


def test_a_row_left_as_it_was_stays_set_aside_where_it_was_delivered(tmp_path: Path) -> None:
    first = deliver(tmp_path, {"C/log.csv": EVENTS})
    mended = deliver(tmp_path, {"C/again.xlsx": corrected(workbook(first), {})})
    held = mended.aside[mended.aside["disposition"] == "quarantined"]
    assert held[["path", "row"]].to_numpy().tolist() == [["C/log.csv", 3]]
    assert "not corrected yet" in mended.why("ignored")


def test_a_correction_that_is_wrong_too_is_held_once_with_its_new_reason_and_can_be_corrected_again(
    tmp_path: Path,
) -> None:
    first = deliver(tmp_path, {"C/log.csv": EVENTS})
    second = deliver(
        tmp_path, {"C/one.xlsx": corrected(workbook(first), {(3, "treatment_date"): "2026-02-30", (3, "text"): None})}
    )
    held = second.aside[second.aside["disposition"] == "quarantined"]
    assert held[["path", "row"]].to_numpy().tolist() == [["C/log.csv", 3]]
    assert "neither a description" in held["reason"].iloc[0]
    assert "droop" in held["words"].iloc[0]  # what it said first is still read for triage
    back = corrected(workbook(second), {(3, "treatment_date"): "2026-03-02", (3, "text"): "Lid droop"})
    third = deliver(tmp_path, {"C/two.xlsx": back})
    assert third.events["text"].tolist() == ["Bruise on the left cheek", "Lid droop"]
    assert third.why("quarantined") == []


def test_a_patient_typed_anew_is_keyed_and_a_keyed_one_is_not_keyed_twice(tmp_path: Path) -> None:
    log = VISITS + VISIT1.replace("2026-03-01", "?") + VISIT2.replace("P002,2026-03-02", ",?")
    first = deliver(tmp_path, {"C/log.csv": log})
    typed = {(3, "treatment_date"): "2026-03-01", (4, "treatment_date"): "2026-03-02", (4, "patient_key"): "P002"}
    mended = deliver(tmp_path, {"C/back.xlsx": corrected(workbook(first), typed)})
    assert mended.lines["patient_key"].tolist() == [KEY.patient("C", "p001"), KEY.patient("C", "p002")]


def test_a_row_whose_cells_slipped_is_typed_in_again(tmp_path: Path) -> None:
    first = deliver(tmp_path, {"C/log.csv": HEAD + ROW1 + ROW2.replace("Lid", "Lid, left,")})
    whole = {
        "event_id": "AE-2",
        "patient_key": "P002",
        "treatment_date": "2026-03-02",
        "reported_date": "2026-03-20",
        "text": "Lid droop",
    }
    back = corrected(
        workbook(first), {(3, column): value for column, value in whole.items()} | {(3, "severity"): "moderate"}
    )
    mended = deliver(tmp_path, {"C/back.xlsx": back})
    assert events_of(mended) == events_of(deliver(tmp_path / "b", {"C/log.csv": HEAD + ROW1 + ROW2}))


def test_a_correction_lies_in_any_folder_and_is_read_by_its_own_clinics_rules(tmp_path: Path) -> None:
    toml = '[clinic]\nname="Harbour"\n[values.severity]\n"so so"="moderate"\n'
    (tmp_path / "C").mkdir()
    (tmp_path / "C" / "clinic.toml").write_text(toml, encoding="utf-8")
    first = deliver(tmp_path, {"C/log.csv": EVENTS.replace("moderate", "so so"), "D/log.csv": HEAD + ROW1})
    back = corrected(workbook(first), {(3, "treatment_date"): "2026-03-02"})
    mended = deliver(tmp_path, {"D/back.xlsx": back})
    assert sorted(mended.events["clinic"]) == ["D", "Harbour", "Harbour"]
    assert "moderate" in set(mended.events["severity"].dropna())


def test_the_newest_of_two_corrections_of_one_row_stands(tmp_path: Path) -> None:
    first = deliver(tmp_path, {"C/log.csv": EVENTS})
    old = corrected(workbook(first), {(3, "treatment_date"): "2026-03-02", (3, "severity"): "severe"})
    new = corrected(workbook(first), {(3, "treatment_date"): "2026-03-02", (3, "severity"): "mild"})
    mended = deliver(tmp_path, {"C/z 2026-03.xlsx": old, "C/a 2026-04.xlsx": new})
    assert mended.events["severity"].tolist() == ["mild", "mild"]
    assert mended.why("superseded") == ["another correction of the same row stands"]


def test_a_correction_outlives_the_file_it_corrects(tmp_path: Path) -> None:
    first = deliver(tmp_path, {"C/log.csv": EVENTS})
    back = corrected(workbook(first), {(3, "treatment_date"): "2026-03-02"})
    (tmp_path / "C" / "log.csv").unlink()
    alone = deliver(tmp_path, {"C/back.xlsx": back})
    assert len(alone.events) == 1
    replaced = deliver(
        tmp_path, {"C/log.csv": HEAD + ROW1 + ROW1.replace("AE-1", "AE-7").replace("2026-03-01,2026-03-04", "?,?")}
    )
    assert sorted(replaced.events["event_id"]) == ["AE-1", "AE-2"]
    assert (
        len(replaced.why("quarantined")) == 1
    )  # another row stands at that place now; it is not the one that was corrected


def test_a_workbook_of_another_key_is_refused(tmp_path: Path) -> None:
    first = deliver(tmp_path, {"C/log.csv": EVENTS})
    book = workbook(first)
    header = [cell.value for cell in book.worksheets[0][2]]
    mark = book.worksheets[0].cell(3, header.index(MARK) + 1)
    mark.value = "0123456789ab" + str(mark.value)[12:]
    mended = deliver(tmp_path, {"C/back.xlsx": corrected(book, {(3, "treatment_date"): "2026-03-02"})})
    assert "under another key" in mended.refused


def test_saved_as_csv_it_is_known_too(tmp_path: Path) -> None:
    first = deliver(tmp_path, {"C/log.csv": EVENTS})
    book = openpyxl.load_workbook(io.BytesIO(corrected(workbook(first), {(3, "treatment_date"): "2026-03-02"})))
    lines = [
        ",".join('"' + str("" if v is None else v).replace('"', '""') + '"' for v in row)
        for row in book.worksheets[0].values
    ]
    mended = deliver(tmp_path, {"C/back.csv": "\n".join(lines)})
    assert len(mended.events) == 2
    assert mended.why("quarantined") == []


@pytest.mark.parametrize("name", ["../C", "/etc", "C/../..", "C\\log"])
def test_a_path_that_leads_elsewhere_is_not_followed(tmp_path: Path, name: str) -> None:
    first = deliver(tmp_path / "raw", {"C/log.csv": EVENTS})
    book = workbook(first)
    mended = deliver(
        tmp_path / "raw",
        {
            "C/back.xlsx": corrected(
                book, {(3, "Set aside: file"): f"{name}/log.csv", (3, "treatment_date"): "2026-03-02"}
            )
        },
    )
    assert len(mended.events) == 2
    assert read(tmp_path / "raw").refused == ""
