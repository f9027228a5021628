"""Five further vendors: three commands at most, two questions at most, no column silently wrong."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from further_vendors import FURTHER, FurtherVendor

from analysis.intake.explain import SheetRead, explain_folder
from analysis.intake.find import raw_file
from analysis.pipeline.ingest import ingest
from analysis.pipeline.start import start

pytestmark = pytest.mark.thorough

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Started:
    vendor: FurtherVendor
    asked: list[str]
    sheets: list[SheetRead]
    frames: dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=FURTHER, ids=lambda v: v.name)
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, own_key: Path) -> Started:
    folder = tmp_path_factory.mktemp("vendor")
    (folder / "exports").mkdir()
    for export in request.param.exports:
        (folder / "exports" / export.name).write_bytes(export.content())
    files = sorted((folder / "exports").iterdir())
    asked: list[str] = []

    def answer(question: str, default: str | None) -> str:
        asked.append(question)
        return "day"

    start(files, folder / "raw", clinic="Vendor", date_order=None, ask=answer, quiet=True)
    sheets = explain_folder(folder / "exports", [raw_file(path) for path in files], today=TODAY)
    return Started(request.param, asked, sheets, ingest(folder / "raw", folder / "processed").frames)


def _sheets(started: Started, name: str) -> list[SheetRead]:
    return [sheet for sheet in started.sheets if sheet.part.file.name == name]


def test_nothing_is_asked_or_refused(started):
    assert len(started.asked) == started.vendor.questions
    assert started.frames["files"]["refused_reason"].dropna().tolist() == []


def test_kinds(started):
    for export in started.vendor.exports:
        assert {sheet.part.kind for sheet in _sheets(started, export.name)} == {export.kind}


def test_no_column_is_silently_wrong(started):
    for export in started.vendor.exports:
        for sheet in _sheets(started, export.name):
            for column in sheet.columns:
                allowed = export.means[column.header].split("/")
                assert column.read_as is None or column.read_as in allowed, (export.name, column)


def test_what_is_not_read_is_listed(started):
    notes = started.frames["notes"]
    for export in started.vendor.exports:
        listed = set(
            notes.loc[notes["path"].str.endswith(export.name) & notes["code"].str.startswith("column_"), "column"]
        )
        for sheet in _sheets(started, export.name):
            unread = {column.header for column in sheet.columns if column.read_as is None}
            assert unread <= listed


def test_no_column_that_means_something_is_missed(started):
    missed = {
        (export.name, column.header)
        for export in started.vendor.exports
        for sheet in _sheets(started, export.name)
        for column in sheet.columns
        if column.read_as is None and "-" not in export.means[column.header].split("/")
    }
    assert missed == set()


def test_account(started):
    files = started.frames["files"]
    for export in started.vendor.exports:
        own = files[files["path"].str.endswith(export.name)]
        assert tuple(int(own[c].sum()) for c in ("accepted", "quarantined", "ignored")) == export.account, export.name


def test_values(started):
    frames, vendor = started.frames, started.vendor
    assert len(frames["treatments"]) == vendor.sessions
    assert sorted(frames["treatments"]["dose_units"].dropna()) == list(vendor.doses)
    assert frames["treatments"]["patient_key"].notna().all()
    events = frames["events"]
    assert (
        int(events.loc[events["coded"] != "none", "session_id"].notna().sum())
        + int(events.loc[events["coded"] == "none", "session_id"].notna().sum())
        >= vendor.linked
    )
    for column, expected in (("onset_date", vendor.onsets), ("resolved_date", vendor.resolved)):
        if expected:
            assert sorted(events[column].dropna().dt.strftime("%Y-%m-%d")) == list(expected)
    if vendor.severities:
        assert sorted(events["severity"].dropna()) == list(vendor.severities)
