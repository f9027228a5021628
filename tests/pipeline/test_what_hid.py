"""Ways in which something grave once hid, or was not counted: each stays closed."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.schemas import MonthContext
from analysis.store import open_store

pytestmark = pytest.mark.thorough

EVENTS = "Event ID,Date reported,Visit ID,Patient ID,Treatment date,Injector,Description,Severity,Outcome,Serious?\n"
SESSIONS = "Visit ID,Treatment date,Patient ID,Injector,Area,Product,Units\n" + "".join(
    f"V{n},2026-03-{n:02d},P{n},Ana,Glabella,Botox,20\n" for n in range(1, 25)
)


def month(tmp_path: Path, **files: str) -> MonthContext:
    folder = tmp_path / "raw" / "harbour"
    folder.mkdir(parents=True)
    for name, text in {"sessions": SESSIONS, **files}.items():
        (folder / f"{name.replace('__', '_2026-03-')}.csv").write_text(text, encoding="utf-8")
    ingest(tmp_path / "raw", tmp_path / "processed")
    return build_month(open_store(tmp_path / "processed"), month="2026-03")


def listed(context: MonthContext) -> dict[str, str]:
    found = context.frames["look_today"]
    return dict(zip(found["entry"], found["triage"], strict=True))


@pytest.mark.parametrize(
    ("row", "entry", "level"),
    [
        ("E1,2026-03-05,V1,P1,2026-03-01,Ana,,Severe,Died,Death", "harbour/log.csv, row 2", "now"),
        ("E1,,,P2,,Ana,bruise,,,Death", "harbour/log.csv, row 2", "now"),
        ("E1,2026-03-06,V3,P3,2026-03-03,Ana,none,Severe,,Life-threatening", "E1", "unread"),
        ("E1,2026-03-06,V4,P4,2026-03-04,Ana,bruise,mild,Deceased,", "E1", "now"),
        ("E1,2026-03-06,V5,P5,2026-03-05,Ana,bruise,Grade 4,,", "E1", "now"),
        ("E1,2026-03-07,V6,P6,2026-03-06,Ana,pain,Severe,,", "E1", "today"),
        ("E1,2026-03-07,V6,P6,2026-03-06,Ana,swelling,Severe,,", "E1", "today"),
    ],
)
def test_death_and_gravity_count_in_whatever_cell_they_stand(tmp_path: Path, row: str, entry: str, level: str) -> None:
    assert listed(month(tmp_path, log=EVENTS + row + "\n")) == {entry: level}


def test_a_correction_takes_no_urgent_entry_off_the_list(tmp_path: Path) -> None:
    first = "E1,2026-03-10,V1,P1,2026-03-01,Ana,struggling to breathe,,,\n"
    then = "E1,2026-03-10,V1,P1,2026-03-01,Ana,small bruise,,,\n"
    assert listed(month(tmp_path, log__11=EVENTS + first, log__13=EVENTS + then)) == {
        "harbour/log_2026-03-11.csv, row 2": "now"
    }


def test_a_correction_as_grave_as_what_it_replaces_is_listed_once(tmp_path: Path) -> None:
    first = "E1,2026-03-10,V1,P1,2026-03-01,Ana,struggling to breathe,,,\n"
    then = "E1,2026-03-10,V1,P1,2026-03-01,Ana,cannot breathe since this morning,,,\n"
    assert listed(month(tmp_path, log__11=EVENTS + first, log__13=EVENTS + then)) == {"E1": "now"}


def test_complaints_are_read_for_danger_though_they_are_coded_nowhere(tmp_path: Path) -> None:
    head = "Complaint ID,Date of complaint,Patient ID,Injector,Complaint\n"
    text = head + "C1,2026-03-02,P1,Ana,could not breathe afterwards\nC2,2026-03-02,P2,Ana,rude\n"
    assert listed(month(tmp_path, complaints=text)) == {"harbour/complaints.csv, row 2": "now"}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Clinical notes", "swallowing difficulty since d3"),
        ("", "anaphylaxis"),
        ("Action taken", "admitted with anaphylaxis"),
    ],
)
def test_columns_that_are_not_coded_are_read_for_danger(tmp_path: Path, header: str, cell: str) -> None:
    text = f"Event ID,Date reported,Patient ID,Description,{header}\nE1,2026-03-05,P1,bruise,{cell}\nE2,2026-03-05,P2,bruise,fine\n"
    assert listed(month(tmp_path, log=text)) == {"harbour/log.csv, row 2": "now"}


def test_a_column_told_to_be_ignored_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "raw" / "harbour").mkdir(parents=True)
    told = '[clinic]\nname = "Harbour"\n[[file]]\nmatch = "log.csv"\n[file.columns]\n"Clinical notes" = "ignore"\n'
    text = "Event ID,Date reported,Patient ID,Description,Clinical notes\nE1,2026-03-05,P1,bruise,anaphylaxis\n"
    for name, content in {"clinic.toml": told, "log.csv": text, "sessions.csv": SESSIONS}.items():
        (tmp_path / "raw" / "harbour" / name).write_text(content, encoding="utf-8")
    ingest(tmp_path / "raw", tmp_path / "processed")
    assert listed(build_month(open_store(tmp_path / "processed"), month="2026-03")) == {}


def test_an_entry_dated_by_its_treatment_alone_is_counted(tmp_path: Path) -> None:
    rows = "".join(
        f"2026-03-{n:02d},P{n},Ana,Glabella,Botox,20,{'bruise' if n % 5 == 0 else 'None'}\n" for n in range(1, 29)
    )
    text = "Treatment date,Patient ID,Injector,Area,Product,Units,Complications\n" + rows
    found = month(tmp_path, sessions=text).frames["rates_by_month"].set_index("measure")
    assert (found.at["bruise", "numerator"], found.at["bruise", "denominator"]) == (5, 28)


def test_a_telephone_number_in_a_column_of_words_is_not_repeated(tmp_path: Path) -> None:
    text = SESSIONS.replace("V1,2026-03-01,P1,Ana,Glabella", "V1,2026-03-01,P1,Ana,Jane 07700 900123", 1)
    month(tmp_path, sessions=text)
    notes = open_store(tmp_path / "processed").notes
    assert "word_unknown" in set(notes["code"])
    assert not pd.concat([notes["old"], notes["message"]]).str.contains("900123").fillna(False).any()
