"""A newer version of an entry is listed with what it changed, from what to what, and where both stand."""

from pathlib import Path

from deliver import Delivered, deliver
from hostile import CLEAN, HEAD, ROW2, VISITS

from analysis.intake.amendments import amendments


def test_each_changed_value_is_listed_once_with_old_new_when_and_file(tmp_path: Path) -> None:
    newer = HEAD + ROW2.replace("moderate", "mild").replace("2026-03-20", "2026-03-21").replace(
        "Lid droop", "Lid droop, left"
    )
    newer = newer.replace("Lid droop, left", '"Lid droop, left"')
    result = deliver(tmp_path, {"C/e_2026-03.csv": CLEAN, "C/e_2026-04.csv": newer})
    notes = amendments(result.parts, result.rows.others)
    listed = (
        notes.astype(object).where(notes.notna(), None)[["path", "row", "column", "old", "new"]].to_numpy().tolist()
    )
    assert listed == [
        ["C/e_2026-04.csv", 2, "reported_date", "2026-03-20", "2026-03-21"],
        ["C/e_2026-04.csv", 2, "severity", "moderate", "mild"],
        ["C/e_2026-04.csv", 2, "text", None, None],
    ]
    assert notes["message"].str.contains("as of 2026-04-30").all()
    assert notes["message"].str.contains("C/e_2026-03.csv row 3").all()
    assert not notes["message"].str.contains("droop|P002").any()


def test_three_versions_are_two_steps(tmp_path: Path) -> None:
    files = {
        f"C/e_2026-0{n}.csv": HEAD + ROW2.replace("moderate", said)
        for n, said in ((3, "moderate"), (4, "mild"), (5, "severe"))
    }
    notes = amendments((result := deliver(tmp_path, files)).parts, result.rows.others)
    assert notes[["old", "new"]].to_numpy().tolist() == [["moderate", "mild"], ["mild", "severe"]]


def test_a_corrected_dose_is_listed(tmp_path: Path) -> None:
    head = VISITS.replace("Client ID", "Treatment ID,Client ID")
    line = "T1,P001,2026-03-01,Ana Reyes,glabella,20,Botox\n"
    files = {"C/v_2026-03.csv": head + line, "C/v_2026-04.csv": head + line.replace(",20,", ",24,")}
    notes = amendments((result := deliver(tmp_path, files)).parts, result.rows.others)
    assert notes[["column", "old", "new"]].to_numpy().tolist() == [["dose_units", "20", "24"]]


LINE = "T1,P001,2026-03-01,Ana Reyes,glabella,20,Botox\n"
OTHER = "T1,P001,2026-03-01,Ana Reyes,forehead,10,Botox\n"


def _visits(tmp_path: Path, march: str, april: str) -> Delivered:
    head = VISITS.replace("Client ID", "Treatment ID,Client ID")
    return deliver(tmp_path, {"C/v_2026-03.csv": head + march, "C/v_2026-04.csv": head + april})


def test_a_corrected_area_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    result = _visits(tmp_path, LINE + OTHER, LINE + OTHER.replace("forehead", "crow's feet"))
    assert sorted(result.lines["area"]) == ["glabella", "periocular"]
    assert result.why("superseded") == ["replaced by a newer version"]
    notes = amendments(result.parts, result.rows.others)
    assert notes[["column", "old", "new"]].to_numpy().tolist() == [["area", "forehead", "periocular"]]


def test_a_newer_file_with_fewer_lines_of_a_treatment_deletes_none(tmp_path: Path) -> None:
    result = _visits(tmp_path, LINE + OTHER, LINE.replace("glabella,20", "chin,4"))
    assert sorted(result.lines["area"]) == ["forehead", "glabella", "lower_face"]


def test_the_same_treatment_number_on_another_day_is_no_correction_of_the_area(tmp_path: Path) -> None:
    result = _visits(tmp_path, LINE, OTHER.replace("2026-03-01", "2026-04-11"))
    assert sorted(result.lines["area"]) == ["forehead", "glabella"]


def test_a_repeat_and_a_replay_amend_nothing(tmp_path: Path) -> None:
    files = {"C/e_2026-03.csv": CLEAN, "C/e_2026-04.csv": CLEAN, "C/old e_2026-03.csv": CLEAN}
    result = deliver(tmp_path, files)
    assert amendments(result.parts, result.rows.others).empty
