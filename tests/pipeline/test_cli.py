"""The command contract: what each command prints where, and the code it leaves with."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from analysis.store import open_store

Run = Callable[..., Any]
COMMANDS = [
    "ingest", "report", "code", "explain", "lot", "demo", "lab", "doctor", "start", "template", "decide", "reproduce",
    "key export", "key import", "audit verify", "audit show", "review export", "review import",
]  # fmt: skip


@pytest.fixture
def own_store(demo_store: Path, tmp_path: Path) -> Path:
    """A copy of the demo's store and ledger that a test may damage."""
    shutil.copytree(demo_store.parent, tmp_path / "data")
    return tmp_path / "data" / "processed"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_and_quiet(ae: Run, command: str) -> None:
    said = ae(*command.split(), "--help")
    assert said.code == 0
    assert f"Example: ae {command}" in said.out
    assert "--quiet" in said.out
    assert said.err == ""


def test_ingest_says_first_who_needs_a_clinician_then_accounts_for_every_file(ae: Run, demo_raw: Path) -> None:
    said = ae("ingest", "--raw", demo_raw)
    lines = said.out.splitlines()
    assert said.code == 0
    now, today = map(int, re.match(r"\d+ entries need a clinician \((\d+) now, (\d+) today\)", lines[0]).groups())
    assert now + today == sum(line.startswith(("  now ", "  today ")) for line in lines)
    assert all(re.search(r" row \d+$", line) for line in lines if line.startswith("  now "))
    for path in demo_raw.rglob("*.csv"):
        assert path.relative_to(demo_raw).as_posix() in said.out
    assert Path("reports/today.html").read_text().rstrip().endswith("</html>")
    assert "\x1b" not in said.out + said.err


def test_quiet_ingest_prints_one_line(ae: Run, demo_raw: Path) -> None:
    said = ae("ingest", "--raw", demo_raw, "--quiet")
    assert (said.code, len(said.out.splitlines()), said.err) == (0, 1, "")


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
        (["report", "--audience", "shared"], "not built yet"),
        (["report", "--audience", "committee"], "not built yet"),
        (["report", "--audience", "injector:J-ABCD"], "not built yet"),
        (["report", "--audience", "everybody"], "There is no audience"),
        (["report", "--with-text"], "not built yet"),
        (["code", "nowhere.csv", "--text", "Note"], "There is no file"),
        (["demo", "--out", "trial", "--scenario", "wild"], "no scenario"),
        (["key", "import", "nowhere"], "There is no file"),
        (["reproduce", "reports/group/2026-10.director.html"], "not built yet"),
        (["review", "export", "list.xlsx"], "not built yet"),
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


def test_a_clinic_toml_with_an_unknown_key_is_2(ae: Run, demo_raw: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_raw, tmp_path / "raw")
    (tmp_path / "raw" / "sim-harbour" / "clinic.toml").write_text('[clinic]\nnmae = "Harbour"\n')
    said = ae("ingest", "--raw", "raw")
    assert said.code == 2
    assert "clinic.toml" in said.err
    assert "nmae" in said.err
    assert not Path("data/processed/CURRENT").exists()


def test_one_refused_file_is_3_with_the_others_stored_and_the_file_named(
    ae: Run, demo_raw: Path, tmp_path: Path
) -> None:
    shutil.copytree(demo_raw, tmp_path / "raw")
    (tmp_path / "raw" / "sim-harbour" / "events_2026-12.csv").write_bytes(b"%PDF-1.7\nnot a table")
    said = ae("ingest", "--raw", "raw")
    assert said.code == 3
    assert "events_2026-12.csv" in said.err
    store = open_store("data/processed")
    assert store.files["refused_reason"].notna().sum() == 1
    assert len(store.events) > 30


@pytest.mark.parametrize(
    "arguments",
    [["report"], ["report", "--all"], ["lot", "C1234"], ["report", "--processed", "nowhere/else"]],
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
def test_a_folder_that_cannot_be_is_5_before_any_work(ae: Run, demo_raw: Path, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("in the way")
    said = ae("ingest", "--raw", demo_raw, option, "file/below")
    assert said.code == 5
    assert "cannot be written" in said.err
    assert not Path("data/processed/CURRENT").exists()


def test_a_second_run_is_refused_with_5_while_the_first_writes(ae: Run, demo_raw: Path, own_store: Path) -> None:
    before = (own_store / "CURRENT").read_bytes()
    with FileLock(own_store / ".lock"):
        said = ae("ingest", "--raw", demo_raw)
    assert said.code == 5
    assert "Another run" in said.err
    assert (own_store / "CURRENT").read_bytes() == before


def test_another_key_is_5_and_says_how_to_restore_it(
    ae: Run, demo_raw: Path, own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (None, "0" * 64, "not a key"):
        monkeypatch.setenv("AE_KEY_FILE", str(tmp_path / f"key-{content}"))
        if content:
            (tmp_path / f"key-{content}").write_text(content)
        said = ae("ingest", "--raw", demo_raw)
        assert said.code == 5
        assert "ae key import" in said.err
    assert not (tmp_path / "key-None").exists()


def test_damage_is_6_naming_the_file_and_reading_the_raw_files_again_mends_it(
    ae: Run, demo_raw: Path, own_store: Path
) -> None:
    snapshot = open_store(own_store).folder
    for victim in ("events.parquet", "manifest.json"):
        path = snapshot / victim
        path.write_bytes(path.read_bytes()[:-7] + b"damaged")
        said = ae("report", "--month", "2026-10")
        assert said.code == 6
        assert victim in said.err
        assert ae("doctor").code == 6
        assert ae("ingest", "--raw", demo_raw, "--quiet").code == 0
        assert open_store(own_store).snapshot == snapshot.name


def test_an_older_store_is_read_again_and_a_newer_one_is_6(ae: Run, demo_raw: Path, own_store: Path) -> None:
    manifest = open_store(own_store).folder / "manifest.json"
    said = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**said, "schema_version": 0}))
    assert ae("report").code == 6
    assert ae("ingest", "--raw", demo_raw, "--quiet").code == 0
    manifest.write_text(json.dumps({**said, "schema_version": 999}))
    for command in (["report"], ["ingest", "--raw", demo_raw]):
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


def test_a_full_disk_is_5_in_words(ae: Run, demo_raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.pipeline.ingest.write_snapshot", full)
    said = ae("ingest", "--raw", demo_raw)
    assert said.code == 5
    assert "No space left" in said.err


def test_control_characters_in_names_do_not_reach_the_terminal(ae: Run, demo_raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "evil\x1b[2J\nclinic"
    folder.mkdir(parents=True)
    (folder / "log\x1b[31m.csv").write_bytes(b"%PDF-1.7")
    refused = ae("ingest", "--raw", "raw")
    (folder / "clinic.toml").write_text("nonsense = 1\n")
    wrong = ae("ingest", "--raw", "raw")
    assert (refused.code, wrong.code) == (3, 2)
    for said in (refused, wrong):
        assert "\x1b" not in said.out + said.err
    assert len(wrong.err.splitlines()) == 1


def test_nothing_printed_holds_words_or_patients_of_the_log(ae: Run, demo_raw: Path, demo_truth: Path) -> None:
    said = [ae("ingest", "--raw", demo_raw), ae("audit", "show"), ae("doctor"), ae("audit", "verify")]
    store = open_store("data/processed")
    lot = store.treatment_lines["lot"].dropna().iloc[0]
    said.append(ae("lot", lot))
    assert [one.code for one in said] == [0] * 5
    printed = "\n".join(one.out + one.err for one in said)
    for text in store.events["text"].dropna():
        assert len(text) < 6 or text not in printed
    for key in store.treatments["patient_key"].dropna():
        assert key not in printed
    with (demo_truth / "sessions.csv").open(encoding="utf-8") as handle:
        for session in csv.DictReader(handle):
            assert not re.search(rf"(?<!\w){session['patient_id']}(?!\w)", printed)


def test_a_lot_lists_the_sessions_that_received_it(ae: Run, demo_store: Path) -> None:
    lines = open_store(demo_store).treatment_lines
    lot = lines["lot"].dropna().iloc[0]
    said = ae("lot", lot.lower(), "--processed", demo_store)
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert {row["session_id"] for row in rows} == set(lines.loc[lines["lot"] == lot, "session_id"])


def test_the_key_goes_out_and_in_and_is_never_shown_or_overwritten(
    ae: Run, own_key: Path, demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = own_key.read_text().strip()
    said = [ae("key", "export", "backup.txt"), ae("key", "export", "backup.txt")]
    assert [one.code for one in said] == [0, 2]
    assert (tmp_path / "backup.txt").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("AE_KEY_FILE", str(tmp_path / "elsewhere" / "key"))
    said += [ae("key", "import", "backup.txt"), ae("doctor", "--processed", demo_store)]
    assert [one.code for one in said[2:]] == [0, 0]
    (tmp_path / "other.txt").write_text("1" * 64)
    (tmp_path / "poem.txt").write_text("no key")
    said.append(ae("key", "import", "other.txt"))
    assert said[-1].code == 5
    assert (tmp_path / "elsewhere" / "key").read_text().strip() == secret
    monkeypatch.setenv("AE_KEY_FILE", str(tmp_path / "third"))
    assert ae("key", "import", "poem.txt").code == 2
    assert all(secret not in one.out + one.err for one in said)


def test_codes_of_any_table_come_as_csv_on_standard_output(ae: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("Nr,Note\n1,left eyelid droop\n2,no complaints\n", encoding="utf-8")
    said = ae("code", "notes.csv", "--text", "Note")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert said.code == 0
    assert [(row["row"], row["subcode"] or row["category"]) for row in rows] == [("0", "F1"), ("1", "none")]
    assert ae("code", "notes.csv", "--text", "Nothing").code == 2
    written = ae("code", "notes.csv", "--text", "Note", "-o", "out.csv")
    assert written.out == ""
    assert (tmp_path / "out.csv").read_text() == said.out


def test_quiet_says_nothing_and_errors_speak_all_the_same(ae: Run, demo_store: Path) -> None:
    for command in (["doctor"], ["audit", "verify"]):
        said = ae(*command, "--processed", demo_store, "--quiet")
        assert (said.code, said.out, said.err) == (0, "", "")
    assert ae("demo", "--out", "trial", "--sessions", "1", "-q").err != ""


def test_a_reader_that_has_had_enough_ends_it_quietly(demo_store: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m analysis audit show --processed {demo_store} | true"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
