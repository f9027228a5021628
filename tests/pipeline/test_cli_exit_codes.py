"""The command contract: the code each command leaves with, and what it says then."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from analysis.pipeline.ingest import ingest
from analysis.store import open_store

Run = Callable[..., Any]


@pytest.fixture
def own_store(small_raw: Path, tmp_path: Path) -> Path:
    """A store and ledger that a test may damage."""
    ingest(small_raw, tmp_path / "data" / "processed")
    return tmp_path / "data" / "processed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ingest", "--nonsense"], "No such option"),
        (["nonsense"], "No such command"),
        (["ingest", "--raw", "nowhere"], "There is no folder"),
        (["ingest", "--as-of", "tomorrow"], "not a date"),
        (["report", "--month", "2026-13"], "not a month"),
        (["report", "--as-of", "31/10/2026"], "not a date"),
        (["report", "--month", "2026-10", "--all"], "exclude each other"),
        (["report", "--audience", "injector:Ana"], "by code"),
        (["report", "--audience", "committee", "--names"], "director's report only"),
        (["report", "--audience", "everybody"], "There is no audience"),
        (["report", "--audience", "committee", "--with-text"], "director's report only"),
        (["code", "nowhere.csv", "--text", "Note"], "There is no file"),
        (["demo", "--out", "trial", "--scenario", "wild"], "no scenario"),
        (["key", "import", "nowhere"], "There is no file"),
        (["reproduce", "reports/group/2026-10.director.html"], "There is no report"),
        (["review", "export", "list.csv"], "End it in .xlsx"),
        (["review", "export", "list.xlsx", "--month", "October"], "not a month"),
        (["review", "import", "nowhere.xlsx"], "There is no file"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_says_what_is_wrong(ae: Run, arguments: list[str], words: str) -> None:
    said = ae(*arguments)
    assert said.code == 2
    assert words in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_clinic_that_is_not_there_is_named_with_those_that_are(ae: Run, demo_store: Path) -> None:
    said = ae("report", "--processed", demo_store, "--clinic", "Nowhere")
    assert said.code == 2
    assert "Harbour, Northgate, Quayside, Willow" in said.err


def test_a_clinic_toml_with_an_unknown_key_is_2(ae: Run, small_raw: Path, tmp_path: Path) -> None:
    shutil.copytree(small_raw, tmp_path / "raw")
    (tmp_path / "raw" / "harbour" / "clinic.toml").write_text('[clinic]\nnmae = "Harbour"\n')
    said = ae("ingest", "--raw", "raw")
    assert said.code == 2
    assert "clinic.toml" in said.err
    assert "nmae" in said.err
    assert not Path("data/processed/CURRENT").exists()


def test_one_refused_file_is_3_with_the_others_stored_and_the_file_named(
    ae: Run, small_raw: Path, tmp_path: Path
) -> None:
    shutil.copytree(small_raw, tmp_path / "raw")
    (tmp_path / "raw" / "harbour" / "events_2026-12.csv").write_bytes(b"%PDF-1.7\nnot a table")
    said = ae("ingest", "--raw", "raw")
    assert said.code == 3
    assert "events_2026-12.csv" in said.err
    store = open_store("data/processed")
    assert store.files["refused_reason"].notna().sum() == 1
    assert len(store.events) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["report"],
        ["report", "--all"],
        ["lot", "C1234"],
        ["review", "export", "list.xlsx"],
        ["report", "--processed", "nowhere/else"],
    ],
    ids=" ".join,
)
def test_without_data_there_is_nothing_to_report_and_nothing_is_made(
    ae: Run, arguments: list[str], tmp_path: Path
) -> None:
    said = ae(*arguments)
    assert said.code == 4
    assert "ae ingest" in said.err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("month", ["2019-01", "2031-05"])
def test_a_month_without_data_is_4(ae: Run, demo_store: Path, month: str) -> None:
    said = ae("report", "--processed", demo_store, "--month", month)
    assert said.code == 4
    assert month[:4] in said.err


def test_a_lot_that_nobody_received_is_4(ae: Run, demo_store: Path) -> None:
    assert ae("lot", "NO-SUCH-LOT", "--processed", demo_store).code == 4


def test_empty_raw_folder_is_stored_and_then_there_is_nothing_to_report(ae: Run, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    assert ae("ingest", "--raw", "raw").code == 0
    assert ae("report").code == 4


@pytest.mark.parametrize("option", ["--processed", "--out"])
def test_a_folder_that_cannot_be_is_5_before_any_work(ae: Run, small_raw: Path, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("in the way")
    said = ae("ingest", "--raw", small_raw, option, "file/below")
    assert said.code == 5
    assert "cannot be written" in said.err
    assert not Path("data/processed/CURRENT").exists()


def test_a_second_run_is_refused_with_5_while_the_first_writes(ae: Run, small_raw: Path, own_store: Path) -> None:
    before = (own_store / "CURRENT").read_bytes()
    with FileLock(own_store / ".lock"):
        said = ae("ingest", "--raw", small_raw)
    assert said.code == 5
    assert "Another run" in said.err
    assert (own_store / "CURRENT").read_bytes() == before


@pytest.mark.thorough
def test_a_run_that_holds_the_ledger_is_waited_for_and_then_said(
    ae: Run, small_raw: Path, own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that was halted by the system: without patience every other run would wait without a word, for ever."""
    monkeypatch.setattr("analysis.ledger.lines.PATIENCE", 0.2)
    before, book = (own_store / "CURRENT").read_bytes(), own_store.parent / "ledger" / "ledger.jsonl"
    kept = book.read_bytes()
    with (small_raw / "harbour" / "events.csv").open("a") as log:
        log.write("3,2026-05-31,2026-05-16,P2,Ana Reyes,headache\n")
    with FileLock(book.with_suffix(".lock")):
        for command in (
            ["ingest", "--raw", small_raw],
            ["report", "--audience", "committee", "--month", "2026-05"],
            ["decide", "--case-summary", "Mild.", "--month", "2026-05", "--reviewer", "Dr A"],
        ):
            said = ae(*command)
            assert said.code == 5, command
            assert "ledger.jsonl: another run is writing to it" in said.err
            assert "Wait until it has ended" in said.err
    assert (own_store / "CURRENT").read_bytes() == before
    assert book.read_bytes() == kept
    assert ae("ingest", "--raw", small_raw).code == 0


def test_another_key_is_5_and_says_how_to_restore_it(
    ae: Run, small_raw: Path, own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (None, "0" * 64, "not a key"):
        monkeypatch.setenv("AE_KEY_FILE", str(tmp_path / f"key-{content}"))
        if content:
            (tmp_path / f"key-{content}").write_text(content)
        said = ae("ingest", "--raw", small_raw)
        assert said.code == 5
        assert "ae key import" in said.err
    assert not (tmp_path / "key-None").exists()


def test_damage_is_6_naming_the_file_and_reading_the_raw_files_again_mends_it(
    ae: Run, small_raw: Path, own_store: Path
) -> None:
    snapshot = open_store(own_store).folder
    for victim in ("events.parquet", "manifest.json"):
        path = snapshot / victim
        path.write_bytes(path.read_bytes()[:-7] + b"damaged")
        said = ae("report")
        assert said.code == 6
        assert victim in said.err
        assert ae("doctor").code == 6
        assert ae("ingest", "--raw", small_raw, "--quiet").code == 0
        assert open_store(own_store).snapshot == snapshot.name


def test_an_older_store_is_read_again_and_a_newer_one_is_6(ae: Run, small_raw: Path, own_store: Path) -> None:
    manifest = open_store(own_store).folder / "manifest.json"
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**said, "schema_version": 0}))
    assert ae("report").code == 6
    assert ae("ingest", "--raw", small_raw, "--quiet").code == 0
    manifest.write_text(json.dumps({**said, "schema_version": 999}))
    for command in (["report"], ["ingest", "--raw", small_raw]):
        refused = ae(*command)
        assert refused.code == 6
        assert "newer version" in refused.err


def test_a_ledger_that_was_changed_is_7_naming_the_line(ae: Run, own_store: Path) -> None:
    book = own_store.parent / "ledger" / "ledger.jsonl"
    assert ae("audit", "verify").code == 0
    book.write_bytes(book.read_bytes().replace(b'"n": 1', b'"n": 9', 1))
    said = ae("audit", "verify")
    assert said.code == 7
    assert "line 1" in said.err
    book.write_bytes(b"no json\n")
    assert ae("audit", "show").code == 7


def test_a_bug_of_ours_is_1_with_one_line_and_a_log_without_its_message(
    ae: Run, demo_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def fail(*_: object, **__: object) -> None:
        raise KeyError("Mrs Smith 1970-01-01")

    monkeypatch.setattr("analysis.pipeline.publish.build_month", fail)
    said = ae("report", "--processed", demo_store)
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    (log,) = (tmp_path / "state").rglob("errors.log")
    assert "KeyError at" in log.read_text()
    assert "Smith" not in said.err + said.out + log.read_text()


def test_a_full_disk_is_5_in_words(ae: Run, small_raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.pipeline.ingest.write_snapshot", full)
    said = ae("ingest", "--raw", small_raw)
    assert said.code == 5
    assert "No space left" in said.err
