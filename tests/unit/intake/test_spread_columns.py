"""Logs with a column for each reaction or each area: a tick is what its header says, and units belong to their area."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from deliver import Delivered, deliver

from analysis.intake.dates import read_written
from analysis.intake.onsets import relative_days
from analysis.intake.sessions import by_area
from analysis.pipeline.ingest import ingest
from analysis.pipeline.start import explain
from analysis.store import open_store

EVENTS = "Event ID,Patient ID,Treatment date,Date reported,"
LOG = EVENTS + (
    "Bruising,Ptosis,Trouble swallowing,Other\n"
    "E1,P1,2026-03-03,2026-03-10,X,,,\n"
    "E2,P2,2026-03-03,2026-03-10,no,yes,no,also dizzy\n"
    "E3,P3,2026-03-03,2026-03-10,No,No,\N{CHECK MARK},\n"
    "E4,P4,2026-03-03,2026-03-10,No,No,No,\n"
    "E5,P5,2026-03-03,2026-03-10,severe,,,cannot swallow\n"
    "E6,P6,2026-03-03,2026-03-10,,,,\n"
)


def texts(result: Delivered) -> dict[str, str]:
    return dict(result.events[["event_id", "text"]].itertuples(index=False))


def test_ticked_reactions_are_the_words_of_the_entry(tmp_path: Path) -> None:
    result = deliver(tmp_path, {"C/log.csv": LOG.encode()})
    assert texts(result) == {
        "E1": "Bruising", "E2": "Ptosis\nOther: also dizzy", "E3": "Trouble swallowing", "E4": "none",
        "E5": "Bruising: severe\nOther: cannot swallow",
    }  # fmt: skip
    assert result.account() == {
        "rows_read": 6, "accepted": 5, "duplicate": 0, "superseded": 0, "quarantined": 1, "ignored": 0,
    }  # fmt: skip


def test_ticks_stand_after_the_description_and_scores_are_left_alone(tmp_path: Path) -> None:
    log = (
        EVENTS
        + "Description,Bruising,Pain\nE1,P1,2026-03-03,2026-03-10,sore,y,7\nE2,P2,2026-03-03,2026-03-10,fine,n,2\n"
    )
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert texts(result) == {"E1": "sore\nBruising", "E2": "fine"}
    assert result.notes.loc[result.notes["code"] == "column_unknown", "column"].tolist() == ["Pain"]


def test_a_treatments_list_with_ticks_holds_entries_and_no_follow_up(tmp_path: Path) -> None:
    log = (
        "Date,Patient ID,Injector,Area,Units,Bruising (Y/N),Headache\n2026-03-03,P1,Ann,Glabella,20,N,N\n"
        "2026-03-04,P2,Ann,Glabella,20,Y,N\n2026-03-05,P3,Ann,Glabella,20,,Y\n2026-03-06,P4,Ann,Glabella,20,,\n"
    )
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert sorted(result.events["text"]) == ["Bruising", "Headache"]
    assert len(result.lines) == 4
    assert set(result.lines["followup_kind"]) == {"unknown"}  # a tick on the day says nothing of days 10 to 28


def test_what_patients_come_with_is_no_reaction_in_a_treatments_list(tmp_path: Path) -> None:
    log = "Date,Patient ID,Injector,Area,Units,Migraine\n2026-03-03,P1,Ann,Glabella,20,yes\n"
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert (len(result.lines), len(result.events)) == (1, 0)


def test_spanish_ticks(tmp_path: Path) -> None:
    log = (
        "Nº evento;Nº historia;Fecha tratamiento;Fecha notificación;Moratón;Ptosis palpebral;Disfagia;Otros\n"
        "E1;P1;13/03/2026;20/03/2026;Sí;No;No;\nE2;P2;13/03/2026;20/03/2026;No;No;sí;dificultad para respirar\n"
    )
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert texts(result) == {"E1": "Moratón", "E2": "Disfagia\nOtros: dificultad para respirar"}


def test_the_file_that_explain_writes_reads_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "C"
    folder.mkdir()
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    before = deliver(tmp_path / "first", {"C/log.csv": LOG.encode()})
    explain(folder / "log.csv")
    assert "a reaction to be ticked" in capsys.readouterr().out
    after = deliver(
        tmp_path / "second", {"C/log.csv": LOG.encode(), "C/clinic.toml": (folder / "clinic.toml").read_bytes()}
    )
    assert texts(after) == texts(before)


@pytest.mark.parametrize("header", ["Note for nurse", "Anything else", "Q7"])
def test_few_words_in_an_unknown_column_of_an_events_log_are_heard(tmp_path: Path, header: str) -> None:
    folder = tmp_path / "raw" / "C"
    folder.mkdir(parents=True)
    rows = "".join(f"E{n},P{n},2026-03-03,2026-03-10,bruise,ok\n" for n in range(2, 9))
    (folder / "log.csv").write_text(
        EVENTS + f"Description,{header}\nE1,P1,2026-03-03,2026-03-10,bruise,trouble swallowing\n{rows}",
        encoding="utf-8",
    )
    ingest(tmp_path / "raw", tmp_path / "processed")
    notes = open_store(tmp_path / "processed").notes
    heard = notes[notes["code"] == "pressing_remark"]
    assert (heard["row"].tolist(), heard["new"].tolist()) == ([2], ["now"])


def test_a_row_without_a_description_is_set_aside_with_its_ticks_heard(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "C"
    folder.mkdir(parents=True)
    (folder / "log.csv").write_text(
        EVENTS + "Bruising,Dysphagia\nE1,P1,soon,later,no,yes\n" + "E2,P2,2026-03-03,2026-03-10,yes,no\n",
        encoding="utf-8",
    )
    ingest(tmp_path / "raw", tmp_path / "processed")
    store = open_store(tmp_path / "processed")
    listed = pd.concat([store.set_aside["triage"].dropna(), store.findings["triage"]])
    assert "now" in set(listed)


WIDE = "Date,Patient,Injector,Product,Glabella units,Forehead units,Crows feet L units,Crows feet R units\n"


def areas(result: Delivered) -> list[tuple[str, float | None]]:
    found = by_area(result.lines).dropna(subset="area").sort_values(["session_id", "area"])
    return sorted((row.area, None if pd.isna(row.dose_units) else row.dose_units) for row in found.itertuples())


def test_columns_of_one_area_each_are_lines_with_their_own_units(tmp_path: Path) -> None:
    log = WIDE + "2026-03-03,P1,Ann,Botox,20,10,,\n2026-03-04,P2,Ann,Botox,0,,12,12u\n2026-03-05,P3,Ann,Botox,,,,n/a\n"
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert areas(result) == [("forehead", 10), ("glabella", 20), ("periocular", 24)]
    doses = result.lines.set_index("treatment_date")["dose_units"]
    assert doses["2026-03-03"] == 30
    assert doses["2026-03-04"] == 24
    assert pd.isna(doses["2026-03-05"])  # a product and a day, no units: the session stands without a dose
    assert result.notes.loc[result.notes["code"].isin(["column_unknown", "column_not_used"])].empty


def test_a_total_beside_them_stands_and_ticks_name_areas_without_units(tmp_path: Path) -> None:
    log = "Date,Patient,Injector,Total units,Glabella,Masseter\n2026-03-03,P1,Ann,50,20,30\n2026-03-04,P2,Ann,25,x,\n"
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert sorted(result.lines["dose_units"]) == [25, 50]
    assert areas(result) == [("glabella", 20), ("glabella", 25), ("masseter", 30)]


def test_units_of_an_area_that_cannot_be_read_leave_the_total_open(tmp_path: Path) -> None:
    log = WIDE + "2026-03-03,P1,Ann,Botox,20,some,,\n"
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    first = result.lines.sort_values("treatment_date").iloc[0]
    assert pd.isna(first["dose_units"])
    assert result.notes.loc[result.notes["code"] == "dose_withheld", "old"].tolist() == ["20+some"]


@pytest.mark.parametrize("cell", ["20;10", "20 ; again", "20;forehead"])
def test_marks_in_a_cell_of_units_make_no_other_area(tmp_path: Path, cell: str) -> None:
    log = WIDE + f"2026-03-03,P1,Ann,Botox,{cell},5,,\n"
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    own = by_area(result.lines[result.lines["dose_units"].isna()])
    assert set(own["area"]) == {"glabella", "forehead"}
    units = own.set_index("area")["dose_units"]
    assert pd.isna(units["glabella"])
    assert units["forehead"] == 5
    assert "dose_withheld" in set(result.notes["code"])


def test_the_same_units_in_other_areas_are_no_duplicate(tmp_path: Path) -> None:
    log = WIDE + "2026-03-03,P1,Ann,Botox,20,10,,\n2026-03-03,P1,Ann,Botox,10,20,,\n2026-03-03,P1,Ann,Botox,10,20,,\n"
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert (result.account()["accepted"], result.account()["duplicate"]) == (2, 1)
    assert areas(result) == [("forehead", 30), ("glabella", 30)]


@pytest.mark.parametrize(
    ("area", "units", "each", "total"),
    [
        ("Glabella, Forehead", "20+10", {"glabella": 20, "forehead": 10}, 30),
        ("Forehead/Glabella/Crow's feet", "10/20/24", {"forehead": 10, "glabella": 20, "periocular": 24}, 54),
        ("Glabella", "10+10", {"glabella": 20}, 20),
        ("Glabella, Forehead", "30", {"glabella": None, "forehead": None}, 30),
        ("Glabella, Forehead", "10+10+10", {"glabella": None, "forehead": None}, 30),
        ("Glabella, Forehead", "20+0", {"glabella": None, "forehead": None}, 20),
        ("Glabella, Elsewhere", "20/10", {"glabella": None}, None),
    ],
)
def test_lists_of_areas_and_units_of_one_length_belong_together(
    tmp_path: Path, area: str, units: str, each: dict[str, float | None], total: float | None
) -> None:
    log = f'Date,Patient,Injector,Product,Area,Units\n2026-03-03,P1,Ann,Botox,"{area}","{units}"\n'
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert dict(areas(result)) == each
    dose = result.lines["dose_units"].iloc[0]
    assert (None if pd.isna(dose) else dose) == total


def test_the_written_toml_reads_areas_the_same(tmp_path: Path) -> None:
    log = WIDE + "2026-03-03,P1,Ann,Botox,20,10,,\n2026-03-04,P2,Ann,Botox,0,,12,12u\n"
    folder = tmp_path / "C"
    folder.mkdir()
    (folder / "log.csv").write_text(log, encoding="utf-8")
    explain(folder / "log.csv")
    again = deliver(tmp_path / "b", {"C/log.csv": log, "C/clinic.toml": (folder / "clinic.toml").read_bytes()})
    assert areas(again) == areas(deliver(tmp_path / "a", {"C/log.csv": log}))


def test_columns_that_say_who_did_not_come_leave_those_rows_out(tmp_path: Path) -> None:
    log = (
        "Appointment ID,Patient ID,Practitioner,Appointment type,Appointment date,Did not arrive?,Cancelled?\n"
        "A1,P1,Ann,Anti-wrinkle 3 areas,2026-03-03,No,No\nA2,P2,Ann,Anti-wrinkle 1 area,2026-03-03,Yes,No\n"
        "A3,P3,Ann,Anti-wrinkle 2 areas,2026-03-04,No,Yes\nA4,P4,Ann,Dermal filler lips,2026-03-04,,\nA5,P5,Ann,Anti-wrinkle,2026-03-05,,\n"
    )
    result = deliver(tmp_path, {"C/log.csv": log.encode()})
    assert sorted(result.why("ignored")) == ["appointment cancelled", "appointment no show", "not toxin: filler"]
    assert sorted(result.lines["treatment_id"]) == ["A1", "A5"]


@pytest.mark.parametrize(
    ("onset", "days"),
    [
        ("48 hrs", 2), ("72 hours later", 3), ("12h", 0), ("90 min", 0), ("D+5", 5), ("+3d", 3), ("two weeks", 14), ("a week after", 7),
        ("next morning", 1), ("that evening", 0), ("a bit later", None), ("within 24 hours", None),
    ],
)  # fmt: skip
def test_relative_onsets(onset: str, days: int | None) -> None:
    assert relative_days(onset) == days


@pytest.mark.parametrize("stamp", ["2026/03/10 9:14:02 AM GMT", "2026/03/10 9:14:02 PM GMT+1", "2026-03-10 21:14 UTC"])
def test_a_form_stamps_the_day_as_it_is_written(stamp: str) -> None:
    found = read_written(stamp)
    assert found is not None
    assert found.day_first == found.month_first == date(2026, 3, 10)
