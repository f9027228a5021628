"""Whatever rows are held back: corrected in the workbook and put back, the store is that of a log written right."""

import csv
import io
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import hypothesis.strategies as st
import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

sys.path.append(str(Path(__file__).parents[1] / "unit" / "intake"))
from deliver import KEY, Delivered, deliver
from test_delivery_order import EXAMPLES, assert_same

from analysis.intake.mending import FILE, ROW, grids, set_aside_workbook

pytestmark = pytest.mark.thorough

days = st.dates(date(2026, 1, 1), date(2026, 3, 31))
words = st.text(st.sampled_from("abc =+-@'\"\n,;é😢<&>%{}|"), min_size=1, max_size=12).map(lambda t: f"bruise {t}.")
events = st.lists(
    st.tuples(st.sampled_from(["P1", "P2", "007", "=1"]), days, st.integers(0, 20), words, st.sampled_from(["mild", "severe", ""])),
    min_size=1, max_size=6,
)  # fmt: skip
sessions = st.lists(
    st.tuples(st.sampled_from(["P1", "P2", "007", "=1"]), days, st.sampled_from(["Ana Reyes", "Bo Li"]), st.integers(1, 40)),
    min_size=1, max_size=6,
)  # fmt: skip
BROKEN = {"treatment_date": "someday", "reported_date": "2026-02-30", "dose_units": "0", "text": ""}
"""Cells that no count can do without, as they may be found."""
EVENT = {"Event ID": "event_id", "Client ID": "patient_key", "Treatment date": "treatment_date", "Date reported": "reported_date",
         "Description": "text", "Severity": "severity"}  # fmt: skip
SESSION = {"Client ID": "patient_key", "Treatment date": "treatment_date", "Injector": "injector", "Area": "area", "Units": "dose_units",
           "Product": "product"}  # fmt: skip


def _csv(header: dict[str, str], rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([[*header], *([row[c] for c in header.values()] for row in rows)])
    return out.getvalue()


def _corrected(result: Delivered, right: dict[str, list[dict[str, str]]], lines: dict[str, list[int]]) -> bytes:
    """The workbook, every cell that matters typed as it should have been; the patient only where it is not keyed."""
    book = openpyxl.load_workbook(io.BytesIO(set_aside_workbook(grids(result.parts, KEY.fingerprint))))
    for page in book.worksheets:
        header = {cell.value: cell.column for cell in page[2]} if page.max_row > 1 else {}
        for row in range(3, page.max_row + 1):
            file, number = page.cell(row, header[FILE]).value, int(page.cell(row, header[ROW]).value)
            for column, value in right[file][lines[file].index(number)].items():
                cell = page.cell(row, header[column])
                if column != "patient_key" or not cell.value:
                    cell.value, cell.data_type = value or None, "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(events, sessions, st.data())
def test_rows_corrected_in_the_workbook_count_as_if_written_right(
    events: list[tuple], sessions: list[tuple], data: st.DataObject
) -> None:
    told = [
        {"event_id": f"AE-{n}", "patient_key": p, "treatment_date": str(d), "reported_date": str(d + timedelta(days=late)), "text": text,
         "severity": s} for n, (p, d, late, text, s) in enumerate(events)
    ]  # fmt: skip
    done = [
        {
            "patient_key": p,
            "treatment_date": str(d),
            "injector": who,
            "area": "glabella",
            "dose_units": str(u),
            "product": "Botox",
        }
        for p, d, who, u in sessions
    ]
    right = {"C/events 2026-03-31.csv": told, "C/treatments 2026-03-31.csv": done}
    header = {name: EVENT if "events" in name else SESSION for name in right}
    wrong = {name: [dict(row) for row in rows] for name, rows in right.items()}
    for rows in wrong.values():
        for row in rows:
            for column in set(data.draw(st.lists(st.sampled_from(sorted(BROKEN)), max_size=2))) & set(row):
                row[column] = BROKEN[column]
    with tempfile.TemporaryDirectory() as folder:
        first = deliver(Path(folder), {name: _csv(header[name], rows) for name, rows in wrong.items()})
        lines = {name: list(range(2, len(rows) + 2)) for name, rows in right.items()}
        mended = deliver(
            Path(folder), {"C/back.xlsx": _corrected(first, right, lines)} if first.why("quarantined") else {}
        )
    held = set(
        first.aside.loc[first.aside["disposition"] == "quarantined", ["path", "row"]].itertuples(index=False, name=None)
    )
    # a row that was accepted with a cell withheld is nobody's to correct, and stays as it is
    meant = {
        name: [right[name][n] if (name, n + 2) in held else row for n, row in enumerate(rows)]
        for name, rows in wrong.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        whole = deliver(Path(folder), {name: _csv(header[name], rows) for name, rows in meant.items()})
    assert not mended.refused
    assert mended.why("quarantined") == []
    assert_same(mended, whole, coded=True)
