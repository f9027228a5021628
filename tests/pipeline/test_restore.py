"""A backup put in a new place gives the same store and reports; what is stored can be read without this program."""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis import ledger
from analysis.keys import key_path
from analysis.schemas import FRAMES
from analysis.store import open_store

Run = Callable[..., Any]


def test_raw_ledger_config_and_key_in_a_new_place_give_the_same_store_and_report(
    ae: Run, small_raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small_raw, "data/raw")
    Path("data/config").mkdir()
    Path("data/config/group.toml").write_text('name = "The Group"\nbanner = "Copy"\n')
    ae("ingest")
    ae("decide", "--case-summary", "Two entries, both mild.", "--month", "2026-05", "--reviewer", "Dr A")
    asked = ("report", "--audience", "committee", "--month", "2026-05")
    assert ae(*asked).code == 0
    page, before = Path("reports/group/2026-05.committee.html").read_bytes(), open_store("data/processed").snapshot
    new = tmp_path / "elsewhere"
    for part in ("raw", "ledger", "config"):
        shutil.copytree(Path("data") / part, new / "data" / part)
    shutil.copy(key_path(), new / "key")
    monkeypatch.chdir(new)
    monkeypatch.setenv("AE_KEY_FILE", str(new / "key"))
    assert ae("ingest").code == 0
    assert open_store("data/processed").snapshot == before
    assert ae(*asked).code == 0
    assert Path("reports/group/2026-05.committee.html").read_bytes() == page
    assert b"both mild" in page
    assert ae("audit", "verify").code == 0
    assert len([e for e in ledger.entries(Path("data/ledger/ledger.jsonl")) if e["kind"] == "report published"]) == 2


def test_without_the_key_the_store_is_not_made_anew_under_another(
    ae: Run, small_raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ae("ingest", "--raw", small_raw)
    before = open_store("data/processed").snapshot
    monkeypatch.setenv("AE_KEY_FILE", str(Path("none.key").resolve()))
    said = ae("ingest", "--raw", small_raw)
    assert said.code == 5
    assert "ae key import" in said.err
    assert open_store("data/processed").snapshot == before


READ = """
import json, sys
from pathlib import Path
import pyarrow.parquet as parquet
rows = {path.stem: parquet.read_table(path).num_rows for path in Path(sys.argv[1]).glob("*.parquet")}
assert not any(name.startswith("analysis") for name in sys.modules)
print(json.dumps(rows))
"""


def test_an_export_is_read_without_this_program(ae: Run, small_raw: Path) -> None:
    events = small_raw / "harbour" / "events.csv"
    events.write_text(events.read_text() + '3,2026-05-30,2026-05-16,P2,Ana Reyes,"=HYPERLINK(""x"") brow droop"\n')
    ae("ingest", "--raw", small_raw)
    assert ae("export", "out").code == 0
    assert ae("export", "out").code == 2
    store = open_store("data/processed")
    for folder in (Path("out"), store.folder):
        done = subprocess.run([sys.executable, "-c", READ, folder], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == {name: len(store.frame(name)) for name in FRAMES}
    for name in FRAMES:
        with Path(f"out/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            head, *rows = list(csv.reader(file))
        assert head == list(store.frame(name).columns)
        assert len(rows) == len(store.frame(name))
    with Path("out/events.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    assert [row["reported_date"] for row in told] == ["2026-05-19", "2026-05-31", "2026-05-30"]
    assert told[2]["text"].startswith("'=HYPERLINK")
    assert store.events["text"].iloc[2].startswith("=HYPERLINK")
    assert Path("out/events.csv").stat().st_mode & 0o077 == 0
    assert not list(Path().glob(".stage*"))
