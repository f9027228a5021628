# ruff: noqa: E501
"""Whatever becomes of a row, pressing words in it reach the screen, today's page and the report's first list."""

import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis import open_store
from analysis.cli import app
from analysis.pipeline.context import build_month

pytestmark = pytest.mark.thorough

HEAD = "Event ID,Client ID,Treatment date,Date reported,Description,Severity\n"
PLAIN = "AE-1,P001,2026-03-01,2026-03-04,Small bruise,mild\n"
VISITS = "Client ID,Treatment date,Injector,Area,Units,Product\nP001,2026-03-01,Ana Reyes,glabella,20,Botox\n"
URGENT = "cannot swallow or breathe"
MONTH = "2026-03"

CASES: dict[str, dict[str, str]] = {
    "held for its date": {"C/e.csv": HEAD + PLAIN + f"AE-2,P002,someday,soon,{URGENT},severe\n"},
    "a row with a cell too many": {"C/e.csv": HEAD + PLAIN + f"AE-2,P002,2026-03-02,2026-03-09,{URGENT},she says,severe\n"},
    "a row too short": {"C/e.csv": HEAD + PLAIN + f"{URGENT},2026-03-09\n"},
    "the loser of a conflict": {"C/a.csv": HEAD + PLAIN, "C/b.csv": HEAD + PLAIN.replace("Small bruise", URGENT).replace("03-04", "03-03")},
    "a line above the header": {"C/e.csv": f"Call P002: {URGENT},,,,,\n" + HEAD + PLAIN},
    "a row above the header": {"C/e.csv": f"AE-2,P002,2026-03-02,2026-03-09,{URGENT},severe\n" + HEAD + PLAIN},
    "a line that looks like a section": {"C/e.csv": HEAD + PLAIN + f"P002 {URGENT},,,,,\n" + PLAIN.replace("AE-1", "AE-3")},
    "a line that looks like a footer": {"C/e.csv": HEAD + PLAIN + f"Printed and called: {URGENT},,,,,\n"},
    "a whole row in one cell": {"C/e.csv": HEAD + PLAIN + f'"AE-2,P002,2026-03-02,2026-03-09,{URGENT},severe"\n'},
    "under a second row of headers": {
        "C/e.csv": HEAD + PLAIN + "Client ID,Description,Date reported,Event ID,Severity,Treatment date\n"
        + f"P002,{URGENT},2026-03-09,AE-2,severe,2026-03-02\n"
    },
    "a no-show with a complaint": {
        "C/v.csv": VISITS.replace("Product\n", "Product,Status,Complications\n").replace("Botox\n", "Botox,done,\n")
        + f"P002,2026-03-02,Ana Reyes,glabella,20,Botox,no show,rang and {URGENT} since last week\n"
    },
    "a test entry": {"C/e.csv": HEAD + PLAIN + f"AE-2,TEST,2026-03-02,2026-03-09,{URGENT},severe\n"},
    "a held line of a combined log": {
        "C/v.csv": VISITS.replace("Product\n", "Product,Complications\n").replace("Botox\n", "Botox,none\n")
        + f"P002,someday,Ana Reyes,glabella,20,Botox,{URGENT}\n"
    },
    "linked to nothing": {"C/e.csv": HEAD + PLAIN + f"AE-2,,2026-03-02,2026-03-09,{URGENT},severe\n"},
    "the clinic's own code says more than the text": {
        "C/e.csv": HEAD.replace("Severity", "AE type") + PLAIN.replace("mild", "bruise") + "AE-2,P002,2026-03-02,2026-03-09,see attached,dysphagia\n"
    },
}  # fmt: skip


@pytest.mark.parametrize("files", CASES.values(), ids=CASES.keys())
def test_an_urgent_row_is_listed_wherever_it_ends_up(files: dict[str, str], tmp_path: Path, own_key: Path) -> None:
    files = {"C/treatments 2026-03.csv": VISITS} | files
    for name, content in files.items():
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    said = CliRunner().invoke(
        app,
        ["ingest", "--raw", str(tmp_path / "raw"), "--processed", str(tmp_path / "p"), "--out", str(tmp_path / "r")],
    )
    assert said.exit_code == 0, said.output
    counted = re.match(r"(\d+) entries need a clinician \((\d+) now, (\d+) today\)", said.output)
    assert counted is not None
    assert int(counted[1]) >= 1
    assert re.search(r"\n  (now|today) .*C.*row \d+", said.output)
    page = (tmp_path / "r" / "today.html").read_text(encoding="utf-8")
    assert "0 now, 0 today" not in page
    assert "swallow" not in said.output  # and no text of it is printed
    assert "swallow or breathe" not in page
    context = build_month(open_store(tmp_path / "p"), month=MONTH)
    listed: pd.DataFrame = context.frames["look_today"]
    assert listed["triage"].isin(["now", "today"]).any()


def test_an_entry_that_cannot_be_read_is_counted_as_such(tmp_path: Path, own_key: Path) -> None:
    (tmp_path / "raw" / "C").mkdir(parents=True)
    (tmp_path / "raw" / "C" / "e.csv").write_text(HEAD + PLAIN.replace("Small bruise", "xyzzy plugh"), encoding="utf-8")
    said = CliRunner().invoke(
        app,
        ["ingest", "--raw", str(tmp_path / "raw"), "--processed", str(tmp_path / "p"), "--out", str(tmp_path / "r")],
    )
    assert "1 could not be read" in said.output


def test_remarks_beside_sessions_are_looked_at_though_they_are_not_read(tmp_path: Path, own_key: Path) -> None:
    log = VISITS.replace("Product\n", "Product,Notes,Paid\n").replace("Botox\n", "Botox,no issues,20\n")
    log += f"P002,2026-03-02,Ana Reyes,glabella,20,Botox,rang today and {URGENT},20\n"
    (tmp_path / "raw" / "C").mkdir(parents=True)
    (tmp_path / "raw" / "C" / "v.csv").write_text(log, encoding="utf-8")
    said = CliRunner().invoke(
        app,
        ["ingest", "--raw", str(tmp_path / "raw"), "--processed", str(tmp_path / "p"), "--out", str(tmp_path / "r")],
    )
    assert "Look too: C/v.csv, column 'Notes'" in said.output
    assert "(row 3)" in said.output
    assert "swallow" not in said.output
    store = open_store(tmp_path / "p")
    assert "swallow" not in " ".join(store.notes["message"])
    assert len(store.treatments) == 2
