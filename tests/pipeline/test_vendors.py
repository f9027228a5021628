"""Five vendors' exports, written without sight of the reader: how they are read, row by row, and what is still missed."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from vendor_tables import MEANINGS, Expected, FileExpected
from vendors import EXPECTED

from analysis.intake.explain import SheetRead, explain_folder
from analysis.intake.find import raw_file
from analysis.intake.values import injector_key, product
from analysis.keys import Key, load_key
from analysis.pipeline.ingest import Ingested, ingest
from analysis.pipeline.start import start

TODAY = date(2026, 11, 23)
REASONS = {
    "title above the header": "title", "section title": "title", "blank row": "blank", "total or footer line": "footer",
    "appointment no show": "no_show", "appointment cancelled": "cancelled", "appointment refunded": "refund",
    "not toxin: filler": "filler", "not toxin: retail": "retail", "not toxin: other procedure": "other_service",
    "the entry has neither a description nor a coded term": "no text", "no usable date": "no date",
    "no usable date of treatment": "no treatment date",
}  # fmt: skip
DISPUTED = {
    "20404": "a fridge that was too warm: whether a log entry without a patient is an event at all is for the coder",
    "20406": "a needlestick to staff: a reaction of nobody treated, yet an adverse event of the clinic",
    "20410": "a bruise after a nerve block: an event, but not of toxin; the row itself does not name a toxin session",
    "F-3344": "swelling after lip filler on the day of a toxin session: the words alone tell whose it was",
}
"""Events that a fair person could count otherwise than the vendors' tables do, each with why."""


@dataclass(frozen=True)
class Vendor:
    expected: Expected
    questions: list[str]
    sheets: list[SheetRead]
    done: Ingested
    key: Key

    def sheet(self, name: str, file: FileExpected) -> SheetRead:
        found = [s for s in self.sheets if s.part.file.name == name and file.sheet in (None, s.part.sheet)]
        assert len(found) == 1
        return found[0]

    def patient(self, reference: str, frame: pd.DataFrame) -> pd.Series:
        """Rows of one patient, whatever clinic of the vendor's they belong to."""
        keys = {clinic: self.key.patient(clinic, reference.casefold()) for clinic in frame["clinic"].unique()}
        return frame["patient_key"] == frame["clinic"].map(keys)


@pytest.fixture(scope="module", params=EXPECTED, ids=lambda writer: writer.__name__)
def vendor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, own_key: Path) -> Vendor:
    folder = tmp_path_factory.mktemp(request.param.__name__)
    exports = folder / "exports"
    exports.mkdir()
    request.param(exports)
    files = sorted(exports.iterdir())
    questions: list[str] = []

    def answer(question: str, default: str | None) -> str:
        questions.append(question)
        return "day"

    start(files, folder / "raw", clinic="Vendor", date_order=None, ask=answer, quiet=True)
    sheets = explain_folder(exports, [raw_file(path) for path in files], today=TODAY)
    done = ingest(folder / "raw", folder / "processed")
    return Vendor(EXPECTED[request.param], questions, sheets, done, load_key())


def test_nothing_is_asked_that_the_files_say(vendor):
    assert len(vendor.questions) == (1 if vendor.expected.question else 0)
    assert all("day first" in question for question in vendor.questions)


def test_nothing_is_refused(vendor):
    assert vendor.done.frames["files"]["refused_reason"].isna().all()


def test_kinds(vendor):
    assert {name: vendor.sheet(name, file).part.kind for name, file in vendor.expected.files.items()} == {
        name: file.kind for name, file in vendor.expected.files.items()
    }


def test_no_column_is_read_wrongly(vendor):
    for name, file in vendor.expected.files.items():
        for column in vendor.sheet(name, file).columns:
            meanings = MEANINGS[file.table][column.header][0]
            if column.read_as is not None:
                assert column.read_as in meanings, (name, column)


def test_no_column_that_means_something_is_missed(vendor):
    missed = [
        (name, column.header)
        for name, file in vendor.expected.files.items()
        for column in vendor.sheet(name, file).columns
        if column.read_as is None and None not in (MEANINGS[file.table][column.header][0] or (None,))
    ]
    assert missed == []


def test_a_column_that_is_not_read_is_listed(vendor):
    notes = vendor.done.frames["notes"]
    for name, file in vendor.expected.files.items():
        here = notes[notes["path"].str.endswith(name) & notes["code"].str.startswith("column_")]
        for column in vendor.sheet(name, file).columns:
            if column.read_as is None:
                assert column.header in set(here["column"]), (name, column.header)


def test_every_row_is_accounted_for_as_expected(vendor):
    files, aside = vendor.done.frames["files"], vendor.done.frames["set_aside"]
    for name, file in vendor.expected.files.items():
        row = files[files["path"].str.endswith(name) & files["sheet"].isin(["", file.sheet or ""])].iloc[0]
        assert (row["accepted"], row["duplicate"], row["superseded"]) == (file.accepted, file.duplicate, 0)
        own = aside[(aside["path"] == row["path"]) & (aside["sheet"] == row["sheet"])]
        for disposition, expected in (("ignored", file.ignored), ("quarantined", file.held)):
            why = own.loc[own["disposition"] == disposition, "reason"]
            assert Counter(REASONS.get(reason, reason) for reason in why) == Counter(expected), (name, disposition)


def test_sessions_and_injectors(vendor):
    sessions = vendor.done.frames["treatments"]
    assert len(sessions) == vendor.expected.sessions
    assert len({injector_key(name) for name in sessions["injector"]}) == vendor.expected.injectors


def test_sessions_have_the_expected_dose_and_brand(vendor):
    sessions = vendor.done.frames["treatments"]
    for reference, day, units, brand in vendor.expected.session_values:
        found = sessions[vendor.patient(reference, sessions) & (sessions["treatment_date"] == day)]
        assert len(found) == 1, (reference, day)
        assert found["product"].iloc[0] == product(brand)
        dose = found["dose_units"].iloc[0]
        assert (None if pd.isna(dose) else dose) == units, (reference, day)


def test_events_have_the_expected_values(vendor):
    events = vendor.done.frames["events"]
    for reference, meaning, value in vendor.expected.event_values:
        own = (events["event_id"] == reference) | (vendor.patient(reference, events) & events["reported_date"].notna())
        assert own.sum() == 1, reference
        found = events.loc[own, meaning].iloc[0]
        assert (str(found.date()) if meaning.endswith("_date") else found) == value, (reference, meaning)


def test_what_happened(vendor):
    events = vendor.done.frames["events"]
    happened = events[(events["coded"] == "findings") & ~events["event_id"].isin(DISPUTED)]
    assert len(happened) == sum(vendor.expected.happened.values())
    for reference in vendor.expected.quiet:
        if reference not in DISPUTED:
            own = (events["event_id"] == reference) | (
                vendor.patient(reference, events) & events["reported_date"].notna()
            )
            assert own.sum() == 1, reference
            assert events.loc[own, "coded"].iloc[0] != "findings", reference


def test_the_disputed_points_are_few_and_reasoned():
    assert len(DISPUTED) <= 5
    assert all(re.search(r"\w+ \w+ \w+", why) for why in DISPUTED.values())


# Not asserted, because the reader cannot yet say it: which session an event belongs to where a vendor's two files name their
# places differently (`Main` and `Toxin clinic A`).
