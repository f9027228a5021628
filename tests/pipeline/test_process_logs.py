"""Complaints and near misses: counted by month once, in no rate, and without a word of them anywhere."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis import ledger
from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.store import Store, open_store

Run = Callable[..., Any]
COMPLAINTS = [
    ("2026-04-28", "Waited an hour"), ("2026-05-02", "Rude on the phone"), ("2026-05-02", "Rude on the phone"), ("", "No date given"),
]  # fmt: skip
NEAR = [("2026-05-05", "Wrong vial picked up and put back")]


@pytest.fixture
def store(small_raw: Path, tmp_path: Path) -> Store:
    lines = [f"{day},{words}\n" for day, words in COMPLAINTS]
    (small_raw / "harbour" / "complaints_2026-04.csv").write_text("Date reported,Complaint\n" + lines[0])
    (small_raw / "harbour" / "complaints_2026-05.csv").write_text("Date reported,Complaint\n" + "".join(lines))
    (small_raw / "harbour" / "near.csv").write_text("Date,Near miss\n" + "".join(f"{d},{w}\n" for d, w in NEAR))
    ingest(small_raw, tmp_path / "data" / "processed")
    return open_store(tmp_path / "data" / "processed")


def test_each_is_counted_once_however_often_it_was_delivered(store: Store) -> None:
    kept = store.process_counts
    months = [None if gone else month for month, gone in zip(kept["month"], kept["month"].isna(), strict=True)]
    found = Counter(dict(zip(zip(kept["about"], months, strict=True), kept["entries"], strict=True)))
    wanted: Counter[tuple[str, str | None]] = Counter(("complaint", day[:7] or None) for day, _ in COMPLAINTS)
    wanted.update(("near_miss", day[:7]) for day, _ in NEAR)
    assert found == wanted


def test_the_page_has_counts_by_month_and_no_rate_changes(store: Store, small_raw: Path, tmp_path: Path) -> None:
    frames = build_month(store, month="2026-05").frames
    table = frames["process_by_month"].astype(object)
    rows = table.where(table.notna(), None).values.tolist()
    assert rows == [["2026-04", 1, None], ["2026-05", 2, 1], [None, 1, 0]]
    for log in ("complaints_2026-04.csv", "complaints_2026-05.csv", "near.csv"):
        (small_raw / "harbour" / log).unlink()
    ingest(small_raw, tmp_path / "without" / "processed")
    without = build_month(open_store(tmp_path / "without" / "processed"), month="2026-05").frames
    assert without["process_by_month"].empty
    assert without["rates_by_month"].equals(frames["rates_by_month"])


def test_no_word_of_a_complaint_is_stored(store: Store) -> None:
    for path in store.folder.glob("*"):
        content = path.read_bytes()
        assert [words for _, words in COMPLAINTS + NEAR if words.encode() in content] == []


def test_changes_wanted_are_kept_and_said_in_the_list(ae: Run, small_raw: Path) -> None:
    ae("ingest", "--raw", small_raw)
    ae("report", "--audience", "committee", "--month", "2026-05")
    page = Path("reports/group/2026-05.committee.html")
    want = ("decide", "--sign-off", page, "--changes-wanted")
    assert ae(*want, "say which clinic").code == 2
    assert ae(*want, "call 0171 234567", "--reviewer", "Dr A").code == 2
    assert ae(*want, "say which clinic", "--reviewer", "Dr A").code == 0
    entries = list(ledger.entries(ledger.ledger_path(Path("data/processed"))))
    assert entries[-1]["kind"] == "changes wanted"
    assert entries[-1]["data"]["said"] == "say which clinic"
    ae("report", "--audience", "committee", "--month", "2026-05")
    assert "changes wanted by Dr A" in Path("reports/index.html").read_text()
    assert ae("decide", "--sign-off", page, "--reviewer", "Dr A").code == 0
    assert "signed off by Dr A" in Path("reports/index.html").read_text()
    page.write_text(page.read_text() + " ")
    assert ae(*want, "more", "--reviewer", "Dr A").code == 7
