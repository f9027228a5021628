"""Reports of many months: the same pages whoever makes them, and no page made again that would be the same."""

import shutil
from pathlib import Path

import pytest

from analysis.pipeline.engine import Here, Processes
from analysis.pipeline.every_month import report_months
from analysis.pipeline.ingest import ingest
from analysis.pipeline.publish import Wanted, publish_month
from analysis.store import open_store

MONTHS = ["2026-08", "2026-09"]


@pytest.mark.slow
def test_pages_are_the_same_by_one_kernel_or_many_and_are_not_made_twice(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(Path(__file__).parents[2] / "data" / "raw" / "sim-quayside", raw / "sim-quayside")
    processed = tmp_path / "processed"
    ingest(raw, processed, cache=False)
    store = open_store(processed)
    for month in MONTHS:  # one after the other, so that the second tells the month before as in a run of both
        alone = publish_month(store, tmp_path / "a", Wanted(), month=month, processed=processed).path.read_bytes()
    for name, engine in (("b", Here()), ("c", Processes(2))):
        made = list(report_months(store, tmp_path / name, Wanted(), MONTHS, processed=processed, engine=engine))
        assert [(one.month, one.new) for one in made] == [(month, True) for month in MONTHS]
        assert made[1].path is not None
        assert made[1].path.read_bytes() == alone
    again = list(report_months(store, tmp_path / "b", Wanted(), MONTHS, processed=processed, engine=Here()))
    assert [one.new for one in again] == [False, False]
    assert again[0].path is not None
    again[0].path.write_bytes(again[0].path.read_bytes() + b" ")
    mended = list(report_months(store, tmp_path / "b", Wanted(), MONTHS, processed=processed, engine=Here()))
    assert [one.new for one in mended] == [True, False]
    assert mended[0].path is not None
    assert not mended[0].path.read_bytes().endswith(b" ")
