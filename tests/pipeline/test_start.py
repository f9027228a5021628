"""The five-minute start: exports are put in place, at most two questions are asked, and how columns were read is said."""

import tomllib

import pytest

from analysis.errors import UsageError
from analysis.pipeline.start import start

TREATMENTS = """Appointment list,,,,,
Client ID,Tx Date,Practitioner,Area treated,Brand,Units
P1,13/01/2026,Dr Ana Reyes,Glabella,Botox,20u
P2,02/02/2026,Nurse Kim,Masseter,Botox,60
"""
EVENTS = """AE ID,Client ID,Date of treatment,Practitioner,Description,Onset
1,P1,13/01/2026,Ana Reyes,lid droop L,day 5
"""
UNDECIDED = """AE ID,Client ID,Onset,Description
1,P1,03/04/2026,bruise L
2,P2,05/06/2026,lid droop
"""


@pytest.fixture
def exports(tmp_path):
    (tmp_path / "treatments.csv").write_text(TREATMENTS)
    (tmp_path / "events.csv").write_text(EVENTS)
    return [tmp_path / "treatments.csv", tmp_path / "events.csv"]


def nobody(question, default):
    raise AssertionError(f"a question was asked: {question}")


def test_files_are_copied_unchanged_and_described(exports, tmp_path):
    folder = start(exports, tmp_path / "raw", clinic="Elm Street", date_order=None, ask=nobody)
    assert folder == tmp_path / "raw" / "elm-street"
    for file in exports:
        assert (folder / file.name).read_bytes() == file.read_bytes()
    said = tomllib.loads((folder / "clinic.toml").read_text())
    assert said["clinic"]["name"] == "Elm Street"
    columns = {header: ours for file in said["file"] for header, ours in file["columns"].items()}
    assert columns["Tx Date"] == "treatment_date"
    assert columns["Description"] == "text"


def test_what_is_written_reads_the_same_files_again(exports, tmp_path):
    from analysis.pipeline.ingest import ingest

    folder = start(exports, tmp_path / "raw", clinic="Elm Street", date_order=None, ask=nobody)
    done = ingest(folder.parent, tmp_path / "processed")
    assert done.frames["files"]["refused_reason"].isna().all()
    assert sorted(done.frames["treatments"]["treatment_date"].dt.strftime("%Y-%m-%d")) == ["2026-01-13", "2026-02-02"]
    assert list(done.frames["events"]["onset_date"].dt.strftime("%Y-%m-%d")) == ["2026-01-18"]


def test_an_undecidable_date_is_asked_for_once_and_the_answer_is_kept(tmp_path):
    (tmp_path / "log.csv").write_text(UNDECIDED)
    asked = []

    def answer(question, default):
        asked.append(question)
        return "Elm Street" if "clinic" in question else "day"

    folder = start([tmp_path / "log.csv"], tmp_path / "raw", clinic=None, date_order=None, ask=answer)
    assert len(asked) == 2
    assert "2026-04-03" in asked[1]
    assert "2026-03-04" in asked[1]
    assert tomllib.loads((folder / "clinic.toml").read_text())["file"][0]["date_order"] == "dmy"


def test_without_anybody_to_answer_it_says_which_option_to_give(tmp_path, ae):
    (tmp_path / "log.csv").write_text(UNDECIDED)
    said = ae("start", tmp_path / "log.csv", "--clinic", "Elm Street", "--no-open")
    assert said.code == 2
    assert "--date-order" in said.err
    assert not (tmp_path / "data" / "raw").exists()


def test_a_file_that_is_there_with_other_content_is_not_overwritten(exports, tmp_path):
    folder = start(exports, tmp_path / "raw", clinic="Elm Street", date_order=None, ask=nobody)
    before = (folder / "events.csv").read_bytes()
    exports[1].write_text(EVENTS.replace("lid droop", "bruise"))
    with pytest.raises(UsageError, match="other content"):
        start(exports, tmp_path / "raw", clinic="Elm Street", date_order=None, ask=nobody)
    assert (folder / "events.csv").read_bytes() == before


def test_explain_names_every_header_and_shows_no_cell(exports, ae):
    said = ae("ingest", "--explain", exports[1])
    assert said.code == 0
    for header in EVENTS.splitlines()[0].split(","):
        assert header in said.out
    for cell in ("lid droop", "Reyes", "P1"):
        assert cell not in said.out + said.err
    written = exports[1].parent / "clinic.toml"
    assert tomllib.loads(written.read_text())["file"][0]["kind"] == "events"


def test_rows_left_out_say_why_before_anything_is_put_in_place(tmp_path, ae):
    log = tmp_path / "visits.csv"
    log.write_text(
        "Client ID,Tx Date,Practitioner,Area treated,Brand,Units,Appointment status\n"
        "P1,13/01/2026,Ana Reyes,Glabella,Botox,20,Did not attend\nP2,14/01/2026,Ana Reyes,Glabella,Botox,20,Completed\n"
    )
    said = ae("ingest", "--explain", log).out
    assert "left out: 1 appointment no show" in said
