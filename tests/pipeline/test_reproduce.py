"""A report can be made again, what changed is said, and a sign-off holds for the bytes it was given."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis import ledger

Run = Callable[..., Any]
PAGE = Path("reports/group/2026-05.committee.html")


@pytest.fixture
def made(ae: Run, small_raw: Path) -> Path:
    """Raw folder of a small clinic that was read, and of which a report lies in the working folder."""
    assert ae("ingest", "--raw", small_raw).code == 0
    assert ae("report", "--audience", "committee", "--month", "2026-05").code == 0
    return small_raw


def test_a_report_made_again_is_identical(ae: Run, made: Path) -> None:
    said = ae("reproduce", PAGE)
    assert (said.code, said.out.strip()) == (0, "identical")
    book = ledger.ledger_path(Path("data/processed"))
    before = ledger.verify(book)
    assert ae("reproduce", PAGE.with_suffix(".json"), "--raw", made).code == 0
    assert ledger.verify(book) == before


def test_raw_files_changed_since_are_noticed_and_the_difference_is_shown(ae: Run, made: Path) -> None:
    events = made / "harbour" / "events.csv"
    events.write_text(events.read_text() + "3,2026-05-30,2026-05-16,P2,Ana Reyes,right brow droop\n")
    (made / "harbour" / "later.csv").write_text(
        "Visit date,Patient,Injector,Area,Product,Units\n2026-05-20,P3,Ana Reyes,brow,Botox,4\n"
    )
    said = ae("reproduce", PAGE)
    assert said.code == 7
    assert "1 of then are not there as they were, 2 are new or changed" in said.err
    assert "snapshot: " in said.err
    assert "droop" not in said.err
    report = ae("report", "--audience", "committee", "--month", "2026-05")
    assert report.code == 0
    assert "1 changed, 1 new" in report.err
    assert "events.csv" not in report.err
    ae("ingest", "--raw", made)
    assert "not those that were read" not in ae("report", "--audience", "committee", "--month", "2026-05").err


def test_a_page_that_was_edited_is_not_the_one_published(ae: Run, made: Path) -> None:
    PAGE.write_text(PAGE.read_text().replace("0", "1", 1))
    said = ae("reproduce", PAGE)
    assert said.code == 7
    assert "changed after" in said.err
    assert ae("decide", "--sign-off", PAGE, "--reviewer", "Dr A").code == 7


def test_no_such_report_is_said(ae: Run, made: Path) -> None:
    assert ae("reproduce", "reports/group/2020-01.director.html").code == 2


def test_a_sign_off_holds_for_the_bytes_it_was_given(ae: Run, made: Path) -> None:
    index = Path("reports/index.html")
    assert "not signed off" in index.read_text()
    assert ae("decide", "--sign-off", PAGE).code == 2
    assert ae("decide", "--sign-off", PAGE, "--reviewer", "Dr A").code == 0
    assert "signed off by Dr A" in index.read_text()
    assert "sign-off" in ae("audit", "show").out
    ae("report", "--audience", "committee", "--month", "2026-05")  # the same bytes: still signed
    assert "signed off by Dr A" in index.read_text()
    ae("decide", "--case-summary", "Two entries, both mild.", "--month", "2026-05", "--reviewer", "Dr A")
    ae("report", "--audience", "committee", "--month", "2026-05")
    assert "signed off by Dr A" not in index.read_text()
    assert "changed since it was signed off" in index.read_text()
    assert ledger.verify(ledger.ledger_path(Path("data/processed"))) > 0


@pytest.mark.slow
def test_the_directors_page_is_made_again_identical_and_its_sign_off_outlives_a_second_run(
    ae: Run, small_raw: Path
) -> None:
    page, index = Path("reports/group/2026-05.director.html"), Path("reports/index.html")
    ae("ingest", "--raw", small_raw)
    assert ae("report", "--month", "2026-05").code == 0
    before = page.read_bytes()
    said = ae("reproduce", page)
    assert (said.code, said.out.strip()) == (0, "identical"), said.err
    assert ae("decide", "--sign-off", page, "--reviewer", "Dr A").code == 0
    assert "signed off by Dr A" in index.read_text()
    ae("report", "--month", "2026-05")
    assert page.read_bytes() == before, (
        "the page says nothing of its own sign-off, so its bytes are those that were signed"
    )
    assert "signed off by Dr A" in index.read_text()
    assert b"ot signed off" not in before
