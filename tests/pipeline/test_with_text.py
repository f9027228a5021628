"""`--with-text`: the words of open entries on the director's page, inert, and nowhere else."""

import html
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.pipeline.ingest import ingest
from analysis.pipeline.publish import Wanted, publish_month
from analysis.store import open_store

Run = Callable[..., Any]
HOSTILE = (
    "Trouble swallowing since day 3 <script>alert(1)</script> <img src=x onerror=alert(2)> $x^2$ [a](javascript:b)"
)
ROUTINE = "mild bruise on the forehead"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str, str]:
    """Store, reports folder, and the page without and with words."""
    folder = tmp_path_factory.mktemp("words")
    raw = folder / "raw" / "harbour"
    raw.mkdir(parents=True)
    (raw / "treatments.csv").write_text(
        "Visit date,Patient,Injector,Area,Product,Units\n2026-05-14,MRN-77812,Ana Reyes,platysma,Botox,20\n"
    )
    (raw / "events.csv").write_text(
        "Event id,Date reported,Treatment date,Patient,Injector,Description\n"
        f'1,2026-05-19,2026-05-14,MRN-77812,Ana Reyes,"{HOSTILE}"\n2,2026-05-20,2026-05-14,MRN-77812,Ana Reyes,{ROUTINE}\n'
        "3,2026-06-20,2026-05-14,MRN-77812,Ana Reyes,see attached\n"
    )
    ingest(folder / "raw", folder / "data" / "processed")
    store = open_store(folder / "data" / "processed")
    made = []
    for wanted in (Wanted(), Wanted(with_text=True)):
        path = publish_month(
            store, folder / "reports", wanted, month="2026-05", processed=folder / "data" / "processed"
        ).path
        made.append(path.read_text(encoding="utf-8"))
    return folder / "data" / "processed", folder / "reports", made[0], made[1]


def test_words_are_printed_only_where_they_are_asked_for(pages: tuple[Path, Path, str, str]) -> None:
    _, reports, without, with_words = pages
    assert "swallowing since day 3" not in without
    assert html.escape("Trouble swallowing since day 3 <script>alert(1)</script>", quote=False) in with_words
    assert "Confidential" in with_words
    assert ROUTINE not in with_words
    for file in reports.rglob("*.json"):
        assert "swallowing" not in file.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="files have no mode there")
def test_pages_with_words_ledger_and_key_are_for_their_owner_only(
    pages: tuple[Path, Path, str, str], own_key: Path
) -> None:
    """Whatever the account's umask says; a page without words is as it says."""
    processed, reports, *_ = pages
    page, book = reports / "group" / "2026-05.director.html", processed.parent / "ledger" / "ledger.jsonl"
    private = (page, book, processed.parent / ".ledger-head", own_key, processed / open_store(processed).snapshot)
    assert [oct(path.stat().st_mode & 0o077) for path in private] == ["0o0"] * 5
    umask = os.umask(0)
    os.umask(umask)
    assert (reports / "index.html").stat().st_mode & 0o077 == 0o066 & ~umask


def test_the_words_are_inert_and_name_no_patient(pages: tuple[Path, Path, str, str]) -> None:
    *_, with_words = pages
    assert "<script>alert" not in with_words
    assert "<img src=x" not in with_words
    assert 'href="javascript' not in with_words
    assert "77812" not in with_words


def test_a_page_with_words_is_made_again_alike(pages: tuple[Path, Path, str, str], ae: Run) -> None:
    processed, reports, *_ = pages
    said = ae("reproduce", reports / "group" / "2026-05.director.html", "--processed", processed)
    assert "identical" in said.out
