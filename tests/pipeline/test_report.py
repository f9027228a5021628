"""From the store to a published page: whole, without words or patients of the log, and never half."""

import csv
import hashlib
import json
import re
import shutil
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis import ledger
from analysis.pipeline import publish
from analysis.pipeline.notebooks import notebooks_folder
from analysis.store import open_store

Run = Callable[..., Any]
REPORT = "monthly_quality_report.ipynb"
NAME = "group/2026-10.director"


@pytest.fixture(scope="module")
def processed(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's store: publishing writes into the ledger beside it."""
    folder = tmp_path_factory.mktemp("report")
    shutil.copytree(demo_store.parent, folder / "data")
    return folder / "data" / "processed"


@pytest.fixture(scope="module")
def published(processed: Path) -> Path:
    """Reports folder with the page of one month."""
    from analysis.pipeline.publish import Wanted, publish_month

    out = processed.parent.parent / "reports"
    made = publish_month(open_store(processed), out, Wanted(), month="2026-10", processed=processed)
    assert made.path == out / f"{NAME}.html"
    return out


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put another source into a cell of a copy of the monthly notebook."""

    def edit(source: str) -> None:
        shutil.copytree(notebooks_folder(), tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        node = nbformat.read(tmp_path / "notebooks" / REPORT, as_version=4)
        [cell for cell in node.cells if cell.cell_type == "code"][1].source = source
        nbformat.write(node, tmp_path / "notebooks" / REPORT)
        monkeypatch.setattr("analysis.pipeline.notebooks.notebooks_folder", lambda: tmp_path / "notebooks")

    return edit


def test_the_page_is_whole_and_named_by_a_fixed_pattern(published: Path) -> None:
    html = (published / f"{NAME}.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert html.rstrip().endswith("</html>")
    assert "October 2026" in re.search(r"<title>(.*?)</title>", html)[1]
    assert {p.relative_to(published).as_posix() for p in published.rglob("*") if p.is_file()} == {
        f"{NAME}.html", f"{NAME}.json", "index.html", ".lock",
    }  # fmt: skip


def test_summary_page_store_and_ledger_agree(published: Path, processed: Path) -> None:
    page = (published / f"{NAME}.html").read_bytes()
    summary = json.loads((published / f"{NAME}.json").read_text(encoding="utf-8"))
    store = open_store(processed)
    assert summary["sha256"] == hashlib.sha256(page).hexdigest()
    assert summary["snapshot"] == store.snapshot
    months = store.events["reported_date"].dt.strftime("%Y-%m")
    assert summary["events_reported_month"] == (months == "2026-10").sum()
    (entry,) = [e for e in ledger.entries(ledger.ledger_path(processed)) if e["kind"] == "report published"]
    kept = entry["data"]["kept"]
    assert {name: entry["data"][name] for name in summary} == summary
    assert (entry["data"]["report"], entry["data"]["old"], entry["data"]["new"]) == (NAME, None, summary["sha256"])
    assert kept["counts"]
    assert all(re.fullmatch(r"[0-9a-f]{8,12}", mark) for row in kept["entries"] for mark in row[:3]), (
        "hashes and no ids"
    )


def test_the_index_leads_to_the_page(published: Path) -> None:
    index = (published / "index.html").read_text(encoding="utf-8")
    assert index.rstrip().endswith("</html>")
    assert f"{NAME}.html" in index
    assert "simulated" in index.casefold()


def test_the_page_says_that_it_is_simulated(published: Path) -> None:
    html = (published / f"{NAME}.html").read_text(encoding="utf-8")
    assert "simulated" in re.sub(r"<style.*?</style>|<title.*?</title>", "", html, flags=re.S)[:4000].casefold()


def test_the_page_holds_no_words_no_patient_and_no_name_of_the_log(
    published: Path, processed: Path, demo_truth: Path
) -> None:
    store = open_store(processed)
    for path in published.rglob("*.*ml"):
        html = path.read_text(encoding="utf-8")
        told = [t for column in ("text", "action_taken") for t in store.events[column].dropna() if len(t) > 12]
        assert len(told) > 20
        assert [text for text in told if text in html] == []
        keys = set(store.treatments["patient_key"].dropna()) | set(store.events["patient_key"].dropna())
        assert [key for key in keys if key in html or key[:16] in html] == []
        assert [name for name in store.injectors["injector"] if name in html] == []
        with (demo_truth / "sessions.csv").open(encoding="utf-8") as handle:
            patients = {session["patient_id"] for session in csv.DictReader(handle)}
        # in words only: attributes and pictures hold numbers of their own
        words = re.sub(r"<(svg|style).*?</\1>|<[^>]*>", " ", html, flags=re.S)
        assert [p for p in patients if re.search(rf"(?<![\w#-]){re.escape(p)}(?!\w)", words)] == []


def test_no_request_and_no_script_but_our_own(published: Path) -> None:
    html = (published / f"{NAME}.html").read_text(encoding="utf-8")
    (script,) = re.findall(r"<script[^>]*>(.*?)</script>", html, flags=re.S)
    assert html.count("<script") == html.count("<script>") == 1
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html
    assert not re.search(r"innerHTML|eval|fetch|XMLHttp|import|https?:", script)
    assert "<script" not in (published / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["'](https?:)?//""", html)


def test_the_same_store_gives_the_same_bytes(published: Path, processed: Path, tmp_path: Path) -> None:
    from analysis.pipeline.publish import Wanted, publish_month

    again = publish_month(open_store(processed), tmp_path / "reports", Wanted(), month="2026-10", processed=processed)
    for name in (f"{NAME}.html", f"{NAME}.json", "index.html"):
        assert (tmp_path / "reports" / name).read_bytes() == (published / name).read_bytes()
    assert again.context.month == "2026-10"


@pytest.mark.parametrize(
    "source", ["raise ValueError('Mrs Smith')", "import os\nos._exit(1)"], ids=["a failed cell", "a dead kernel"]
)
def test_a_cell_that_does_not_end_leaves_the_old_report_and_exits_7(
    ae: Run, published: Path, processed: Path, edited: Callable[[str], None], source: str
) -> None:
    edited(source)
    before = {path: path.read_bytes() for path in published.rglob("*") if path.is_file()}
    entries = ledger.verify(ledger.ledger_path(processed))
    said = ae("report", "--processed", processed, "--out", published, "--month", "2026-10")
    assert said.code == 7
    assert said.out == ""
    assert "no report was made" in said.err
    assert ("too little free memory" in said.err) == ("_exit" in source)
    assert "Smith" not in said.err
    assert "Traceback" not in said.err
    assert {path: path.read_bytes() for path in published.rglob("*") if path.is_file()} == before
    assert ledger.verify(ledger.ledger_path(processed)) == entries


def test_a_parameter_is_a_value_and_never_code(tmp_path: Path) -> None:
    from analysis.pipeline.notebooks import _inject

    node = nbformat.read(notebooks_folder() / REPORT, as_version=4)
    hostile = 'x"\nimport os\n\'\'\'"""'
    _inject(node, {"context": hostile})
    cell = next(cell for cell in node.cells if "parameters" in cell.metadata.get("tags", []))
    scope: dict[str, Any] = {}
    exec(cell.source, scope)
    assert scope["context"] == hostile
    assert "os" not in scope


def test_the_groups_settings_are_those_beside_the_store_wherever_the_command_runs(
    processed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.pipeline.context import build_month

    shutil.copytree(processed.parent, tmp_path / "data")
    (tmp_path / "data" / "config").mkdir()
    (tmp_path / "data" / "config" / "group.toml").write_text('name = "Coast clinics"\n')
    monkeypatch.chdir("/")
    assert build_month(open_store(tmp_path / "data" / "processed")).facts["title_subject"] == "Coast clinics"


@pytest.mark.thorough
@pytest.mark.parametrize("clinic", [None, "Harbour", "Northgate", "Willow", "Quayside"])
def test_every_clinic_and_month_can_be_looked_at(processed: Path, clinic: str | None) -> None:
    from analysis.pipeline.context import build_month
    from analysis.pipeline.publish import months_with_data

    store = open_store(processed)
    months = months_with_data(store, clinic)
    for month in (months[0], months[len(months) // 2], months[-1]):
        context = build_month(store, month=month, clinic=clinic)
        assert context.clinic == clinic
        for name, frame in context.frames.items():
            if {"rate", "numerator", "denominator"} <= set(frame.columns):
                missing = frame["rate"].isna() & frame["denominator"].notna()
                assert frame.loc[missing, "reason"].notna().all(), name


@pytest.mark.slow
def test_all_makes_a_page_of_every_month_that_has_ended(ae: Run, processed: Path) -> None:
    said = ae("report", "--processed", processed, "--all", "--clinic", "Quayside")
    made = said.out.split()
    assert said.code == 0
    assert len(made) == len(set(made)) == 18
    assert all(Path(path).read_text(encoding="utf-8").rstrip().endswith("</html>") for path in made)
    assert Path("reports/index.html").read_text(encoding="utf-8").count(".director.html") == 18
    told = ["The month before" in Path(path).read_text(encoding="utf-8") for path in made]
    assert told == [False] + 17 * [True], "whichever core made its page first"


@pytest.mark.parametrize(("audience", "told"), [("director", "2026-09"), ("committee", None)])
def test_months_made_together_tell_the_month_before_whichever_is_made_first(
    processed: Path, monkeypatch: pytest.MonkeyPatch, audience: str, told: str | None
) -> None:
    for name, instead in {
        "page_and_data": lambda *_, **__: ("", None), "summary_of": lambda *_, **__: {}, "check_counts": lambda *_: None
    }.items():  # fmt: skip
        monkeypatch.setattr(publish, name, instead)
    wanted = publish.Wanted(audience=audience)
    alone = publish.make(open_store(processed), wanted, month="2026-10")
    made = publish.make(open_store(processed), wanted, month="2026-10", together=("2026-09", "2026-10"))
    assert alone.context.facts.get("month_before") is None, "nothing was published yet"
    assert made.context.facts.get("month_before") == told
