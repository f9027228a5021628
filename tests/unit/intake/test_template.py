"""The event log template is read back without a clinic.toml, drop-down words included."""

import io

import openpyxl
import pytest

from analysis.errors import Place
from analysis.intake import values
from analysis.intake.find import raw_file
from analysis.intake.layout import understand
from analysis.intake.read import read_sheets
from analysis.intake.template import event_log_template
from analysis.schemas.config import FilePart

OPTIONS = FilePart(match="*")


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(event_log_template()))


def test_same_bytes_every_time():
    assert event_log_template() == event_log_template()


def test_every_column_is_recognised(tmp_path):
    path = tmp_path / "log.xlsx"
    path.write_bytes(event_log_template())
    (sheet,) = read_sheets(raw_file(path), OPTIONS)
    layout = understand(sheet, Place("log.xlsx"), OPTIONS)
    assert layout.kind == "events"
    assert layout.unknown == []
    wanted = {"event_id", "patient_key", "treatment_date", "injector", "text", "onset_date", "laterality", "severity"}
    assert wanted | {"seriousness", "outcome", "resolved_date", "area", "product", "lot", "reported_date"} <= set(
        layout.columns
    )


def test_every_word_of_a_drop_down_means_something_to_the_reader(book):
    headers = [cell.value for cell in book["Adverse events"][1]]
    readers = {
        "Side": lambda w: values.word(w, "laterality"),
        "Severity": lambda w: values.word(w, "severity"),
        "Serious?": values.seriousness,
        "Outcome": lambda w: values.word(w, "outcome"),
        "Area treated": values.areas,
        "Product": values.product,
        "Follow-up kind": lambda w: values.word(w, "followup_kind"),
    }
    checked = 0
    for header, read in readers.items():
        column = headers.index(header) + 1
        words = [row[0] for row in book["Lists"].iter_rows(min_col=column, max_col=column, values_only=True) if row[0]]
        assert words, header
        assert [word for word in words if not read(word)] == [], header
        checked += len(words)
    assert checked > 30
