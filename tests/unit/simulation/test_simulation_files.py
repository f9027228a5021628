"""The truth describes the delivered rows, row by row."""

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from simulated_files import Table, read_csv, read_truth

from analysis.schemas.config import load_clinic_config
from analysis.simulation import DemoSummary, write_demo

EXPECTED_DIRT = {
    "blank", "cancelled", "day_first_date", "duplicate", "excel_serial", "filler", "impossible_date", "injector_declared",
    "injector_respelled", "name_in_text", "no_patient", "no_show", "no_treatment_date", "odd_dose", "onset_before_treatment",
    "retail", "test_patient", "total", "two_events_in_one_row", "unreadable_text", "wrong_injector",
}  # fmt: skip


def grids(summary: DemoSummary) -> dict[tuple[str, str], list[list[object]]]:
    found: dict[tuple[str, str], list[list[object]]] = {}
    for path in summary.files:
        file = summary.raw / path
        if file.suffix == ".xlsx":
            book = openpyxl.load_workbook(file)
            found |= {(path, sheet.title): [list(line) for line in sheet.iter_rows(values_only=True)] for sheet in book}
        else:
            found[path, ""] = [list(line) for line in read_csv(file)]
    return found


def test_every_delivered_row_is_in_the_truth_and_nothing_else(base: DemoSummary, truth: dict[str, Table]) -> None:
    rows = Counter((row["path"], row["sheet"]) for row in truth["rows"])
    for (path, sheet), grid in grids(base).items():
        header = next(number for number, line in enumerate(grid, 1) if sum(cell not in (None, "") for cell in line) > 3)
        assert rows.pop((path, sheet)) == len(grid) - header
    assert not rows


def test_row_numbers_are_those_of_a_spreadsheet(base: DemoSummary, truth: dict[str, Table]) -> None:
    delivered = grids(base)
    for row in truth["rows"]:
        line = delivered[row["path"], row["sheet"]][int(row["row"]) - 1]
        if row["what"] in ("event", "followup", "non_event"):
            assert line[0] == row["event_id"]
        elif row["what"] == "blank":
            assert not any(line)
        elif row["what"] == "total":
            assert str(line[0]).lower() == "total"


def test_sessions_and_delivered_treatments_agree(truth: dict[str, Table]) -> None:
    delivered = {row["session_key"]: row["disposition"] for row in truth["rows"] if row["what"] == "session"}
    for session in truth["sessions"]:
        if session["delivered_as"] == "rows":
            wanted = "quarantined" if session["hidden_by"] else "accepted"
            assert delivered.pop(session["session_key"]) == wanted
    assert not delivered


def test_totals_add_up_to_the_sessions(base: DemoSummary, truth: dict[str, Table]) -> None:
    lines = read_csv(base.raw / "sim-quayside" / "totales_sesiones.csv")
    what = {int(row["row"]): row["what"] for row in truth["rows"] if row["kind"] == "totals"}
    told = sum(int(line[3]) for number, line in enumerate(lines, 1) if what.get(number) == "totals")
    assert told == sum(session["clinic"] == "Quayside" for session in truth["sessions"])


def test_duplicates_repeat_an_accepted_row_exactly(base: DemoSummary, truth: dict[str, Table]) -> None:
    delivered = grids(base)
    kept = {
        (row["path"], row["sheet"], tuple(map(str, delivered[row["path"], row["sheet"]][int(row["row"]) - 1])))
        for row in truth["rows"]
        if row["disposition"] == "accepted"
    }
    copies = [row for row in truth["rows"] if row["what"] == "duplicate"]
    assert copies
    for row in copies:
        line = tuple(map(str, delivered[row["path"], row["sheet"]][int(row["row"]) - 1]))
        assert (row["path"], row["sheet"], line) in kept


def test_episodes_say_whether_a_reader_can_find_them(truth: dict[str, Table]) -> None:
    ids = {row["event_id"] for row in truth["rows"] if row["what"] in ("event", "followup")}
    for episode in truth["episodes"]:
        found = ids & set(filter(None, episode["event_ids"].split(";")))
        assert bool(found) == (episode["delivered"] == "True")
        assert (episode["hidden_by"] == "") == (episode["readable"] == "True")
    assert any(episode["hidden_by"] == "undelivered log" for episode in truth["episodes"])
    follow_ups = sum(row["what"] == "followup" for row in truth["rows"])
    events = sum(row["what"] == "event" for row in truth["rows"])
    assert 0.05 < follow_ups / events < 0.17


def test_the_dirt_of_the_list_is_planted(truth: dict[str, Table]) -> None:
    planted = {code for row in truth["rows"] for code in row["dirt"].split(";") if code}
    assert planted >= EXPECTED_DIRT
    share = sum(row["what"] == "duplicate" for row in truth["rows"]) / len(truth["rows"])
    assert 0.02 < share < 0.04


def test_one_events_log_is_missing_and_said_to_be(base: DemoSummary, truth: dict[str, Table]) -> None:
    missing = [(row["clinic"], row["month"]) for row in truth["coverage"] if row["events"] == "missing"]
    assert missing == [("Harbour", "2026-02")]
    assert not (base.raw / "sim-harbour" / "events_2026-02.csv").exists()
    assert ("Quayside", "2026-03") in [
        (r["clinic"], r["month"]) for r in truth["coverage"] if r["events"] == "nil_return"
    ]


def test_the_workbook_opens_in_both_readers(base: DemoSummary) -> None:
    path = base.raw / "sim-group" / "northgate_willow_export.xlsx"
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Treatments", "Adverse events"]
    ours = openpyxl.load_workbook(path)["Treatments"]
    theirs = book.get_sheet_by_name("Treatments").to_python()
    assert len(theirs) == ours.max_row
    assert "SIMULATED" in str(theirs[0][0])


@pytest.mark.parametrize("folder", ["sim-harbour", "sim-group", "sim-quayside"])
def test_clinic_toml_is_valid_and_says_simulated(base: DemoSummary, folder: str) -> None:
    config = load_clinic_config(base.raw / folder)
    assert config.clinic.simulated
    assert config.clinic.as_of is not None


def test_texts_vary(base: DemoSummary) -> None:
    grid = grids(base)["sim-quayside/efectos_adversos.csv", ""]
    texts = [line[12] for line in grid[1:] if line[12] and line[12] != "Nil return"]
    assert len(set(texts)) > 0.75 * len(texts)
    assert not any("{" in str(text) or "[" in str(text) for text in texts)


def test_without_dirt_every_row_is_usable(tmp_path: Path) -> None:
    rows = read_truth(write_demo(tmp_path, sessions=400, dirt=False))["rows"]
    assert {row["disposition"] for row in rows if row["what"] != "nil_return"} == {"accepted"}
    assert {code for row in rows for code in row["dirt"].split(";") if code} <= {"two_events_in_one_row"}
