"""The command contract: what each command prints, and where."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.store import open_store

Run = Callable[..., Any]
COMMANDS = [
    "ingest", "report", "code", "explain", "lot", "demo", "lab", "doctor", "start", "template", "decide", "reproduce",
    "key export", "key import", "audit verify", "audit show", "review export", "review import",
]  # fmt: skip


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


def test_ingest_of_an_empty_folder_says_how_to_begin(ae: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    said = ae("ingest", "--raw", tmp_path / "none")
    assert said.code == 0
    assert "ae start FILE" in said.err
    assert "ae template" in said.err
    assert "ae report" not in said.err


def test_quiet_ingest_prints_one_line(ae: Run, demo_raw: Path) -> None:
    said = ae("ingest", "--raw", demo_raw, "--quiet")
    assert (said.code, len(said.out.splitlines()), said.err) == (0, 1, "")


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


def test_what_libraries_do_after_the_end_does_not_change_the_exit_code(tmp_path: Path) -> None:
    """A thread of Arrow's that outlives the interpreter aborts it; here an object does so while modules are taken down."""
    code = (
        "import os, sys, atexit, analysis.cli as cli\n"
        "class Late:\n"
        "    def __del__(self, abort=os.abort):\n"
        "        abort()\n"
        "late = Late()\n"
        "atexit.register(print, 'registered for the end')\n"
        "sys.argv = ['ae', 'template', '--out', 'log.xlsx']\n"
        "cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "registered for the end"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_results_that_could_not_be_written_are_not_passed_over(tmp_path: Path) -> None:
    command = f"{sys.executable} -m analysis explain 'lid droop' > /dev/full"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (5, 1)
