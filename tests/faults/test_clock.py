"""A clock that jumps between two runs, or stands at an awkward moment: nothing is lost, refused, emptied or put in another order."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import ingesting
import pytest

from analysis import ledger
from analysis.ledger import book as book_module
from analysis.pipeline import clock
from analysis.store import open_store

Run = Callable[..., Any]
BOOK, PROCESSED = Path("data/ledger/ledger.jsonl"), Path("data/processed")


@pytest.fixture
def clock_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the clock of the machine, as far as the program reads it."""

    def says(day: date, at: time = time(12)) -> None:
        class Days(date):
            @classmethod
            def today(cls) -> date:
                return day

        class Times(datetime):
            @classmethod
            def now(cls, zone: Any = None) -> datetime:
                return datetime.combine(day, at, tzinfo=UTC)

        monkeypatch.setattr(clock, "date", Days)
        monkeypatch.setattr(book_module, "datetime", Times)

    return says


@pytest.mark.thorough
@pytest.mark.parametrize("back", [date(2026, 6, 1), date(2026, 5, 30), date(2000, 1, 1)])
def test_a_clock_that_jumps_back_changes_nothing_stored(
    ae: Run, small_raw: Path, clock_says: Callable[..., None], back: date
) -> None:
    """The newest entry is of 31 May; the clock goes back a day, to the day before that entry, and to where an empty battery leaves it."""
    clock_says(date(2026, 6, 2))
    assert ae("ingest", "--raw", small_raw).code == 0
    snapshot, before = (
        open_store(PROCESSED).snapshot,
        list(ledger.entries(BOOK)),
    )  # the name is a hash of all that is stored
    clock_says(back)
    for no_cache in ((), ("--no-cache",)):
        said = ae("ingest", "--raw", small_raw, *no_cache)
        assert said.code == 0
        assert ("clock" in said.err) == (back < date(2026, 6, 1))
        assert open_store(PROCESSED).snapshot == snapshot
    entries = list(ledger.entries(BOOK))
    assert entries[: len(before)] == before
    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1]["when"] < before[-1]["when"]
    assert ae("audit", "verify").code == 0


@pytest.mark.thorough
def test_what_was_decided_last_stands_though_its_clock_was_behind(
    ae: Run, small_raw: Path, clock_says: Callable[..., None]
) -> None:
    clock_says(date(2026, 6, 2))
    ae("ingest", "--raw", small_raw)
    asked = ("decide", "--month", "2026-05", "--reviewer", "Dr A", "--case-summary")
    ae(*asked, "First.")
    clock_says(date(2026, 6, 1))
    ae(*asked, "Second.")
    page = ("report", "--audience", "committee", "--month", "2026-05")
    assert ae(*page).code == 0
    printed = Path("reports/group/2026-05.committee.html").read_text()
    assert "Second." in printed
    assert "First." not in printed


@pytest.mark.thorough
def test_a_clock_that_is_behind_accepts_no_new_date_and_comes_right(
    ae: Run, small_raw: Path, clock_says: Callable[..., None]
) -> None:
    clock_says(date(2026, 6, 2))
    ae("ingest", "--raw", small_raw)
    with (small_raw / "harbour" / "events.csv").open("a") as log:
        log.write("3,2026-06-02,2026-05-16,P2,Ana Reyes,headache\n")
    clock_says(date(2026, 1, 1))
    assert ae("ingest", "--raw", small_raw).code == 0
    assert reported() == [
        "2026-05-19",
        "2026-05-31",
        None,
    ]  # the row is there by its treatment date; a note says why its own is not
    assert open_store(PROCESSED).set_aside.empty
    clock_says(date(2026, 6, 3))
    ae("ingest", "--raw", small_raw)
    assert reported() == ["2026-05-19", "2026-05-31", "2026-06-02"]


def reported() -> list[str | None]:
    found = open_store(PROCESSED).events.sort_values("event_id")["reported_date"]
    return [None if day is None or day != day else str(day)[:10] for day in found]


def test_without_a_ledger_or_a_store_the_clock_is_what_the_machine_says(tmp_path: Path) -> None:
    book = tmp_path / "ledger" / "ledger.jsonl"
    assert clock.today(book, tmp_path / "processed") == date.today()
    ledger.append(book, "decision", {})
    assert clock.today(book, tmp_path / "processed") == date.today()
    book.write_text("{}\n")
    assert clock.newest_day(book) is None
    assert clock.behind(book) == ""


@pytest.mark.thorough
def test_old_entries_are_not_emptied_on_the_word_of_a_clock_alone(
    ae: Run, small_raw: Path, clock_says: Callable[..., None]
) -> None:
    """The clock jumps twenty years ahead, where every entry is older than what is kept; an ingest then does not vouch for it either."""
    settings = Path("data/config/group.toml")
    settings.parent.mkdir(parents=True)
    settings.write_text("[retention]\nledger_months = 120\n")
    retain = ("audit", "retain", "--reviewer", "Dr A")
    clock_says(date(2026, 6, 2))
    ae("ingest", "--raw", small_raw)
    assert ae(*retain).code == 0
    clock_says(date(2046, 6, 2))
    before = BOOK.read_bytes()
    said = ae(*retain)
    assert said.code == 2
    assert "2046-06-02" in said.err
    assert "2026-05-31" in said.err
    ae("ingest", "--raw", small_raw)
    assert ae(*retain).code == 2
    assert ae(*retain, "--today", "2026-06-02").code == 2
    assert ae(*retain, "--today", "tomorrow").code == 2
    assert BOOK.read_bytes().startswith(before)
    said = ae(*retain, "--today", "2046-06-02")  # twenty years later, and somebody says so
    assert (said.code, said.err.split()[0]) == (0, "2")  # what the first ingest said, before and after
    assert ae("audit", "verify").code == 0


@pytest.mark.thorough
def test_an_awkward_moment_stores_and_prints_the_same(
    ae: Run, small_raw: Path, clock_says: Callable[..., None]
) -> None:
    """The last second of a month, the hour that a change of clocks repeats, a leap day, and past 31 bits of seconds."""
    found = set()
    moments = [
        (date(2026, 5, 31), time(23, 59, 59)), (date(2026, 10, 25), time(0, 30)), (date(2026, 10, 25), time(1, 30)),
        (date(2028, 2, 29), time(12)), (date(2038, 1, 19), time(3, 14, 8)),
    ]  # fmt: skip
    for day, at in moments:
        clock_says(day, at)
        for file in (small_raw / "harbour").iterdir():  # what a copy or a restore makes of times of files
            os.utime(file, (datetime.combine(day, at).timestamp(),) * 2)
        assert ae("ingest", "--raw", small_raw, "--no-cache").code == 0
        said = ae("report", "--audience", "committee", "--month", "2026-05", "--as-of", "2026-05-31")
        assert (said.code, "clock" in said.err) == (0, False), said.err
        found.add((open_store(PROCESSED).snapshot, Path("reports/group/2026-05.committee.html").read_bytes()))
    assert len(found) == 1
    assert ae("audit", "verify").code == 0


@pytest.mark.thorough
def test_the_store_is_the_same_in_other_zones_languages_hash_seeds_and_numbers_of_threads(
    tmp_path: Path, demo_raw: Path
) -> None:
    settings = [
        ("0", "UTC", "C.UTF-8", "1"), ("4711", "Pacific/Kiritimati", "tr_TR.UTF-8", "2"), ("1", "America/St_Johns", "de_DE.UTF-8", "4"),
    ]  # fmt: skip
    names = set()
    for number, setting in enumerate(settings):
        told = dict(zip(("PYTHONHASHSEED", "TZ", "LC_ALL", "OMP_NUM_THREADS"), setting, strict=True))
        place = tmp_path / str(number) / "data" / "processed"
        asked = ingesting.command(demo_raw, place, tmp_path / "r")
        done = subprocess.run(asked, env=os.environ | told, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        names.add((open_store(place).snapshot, done.stdout.replace(str(place), "")))
    assert len(names) == 1
