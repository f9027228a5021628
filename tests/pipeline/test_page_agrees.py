"""A page is published only when every cell ended and page, saved data and ledger say the same counts."""

import hashlib
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis import ledger
from analysis.errors import CheckFailed
from analysis.pipeline import notebooks
from analysis.pipeline.agreeing import check_counts
from analysis.pipeline.context import build_month
from analysis.pipeline.kernel import Kernel
from analysis.pipeline.publish import summary_of
from analysis.report.attention import attention_table
from analysis.report.copies import copy_page
from analysis.report.page_one import page_one
from analysis.schemas import MonthContext
from analysis.store import open_store

sys.path.append(str(Path(__file__).parents[1] / "unit" / "report"))
from sample_context import sample

Run = Callable[..., Any]
Made = tuple[str, MonthContext, dict[str, Any]]
COUNTS = ("look_now", "look_today", "sessions_month", "events_reported_month")


@pytest.fixture(scope="module")
def director() -> Made:
    """The counted parts of a director's page, its context and its summary; the notebook shows the same two."""
    made = sample()
    entries, month = made.frames["look_today"], made.frames["activity"]["month"] == made.month
    levels = entries["triage"].astype("str").value_counts()
    facts = {f"look_{level}": int(levels.get(level, 0)) for level in ("now", "today")}
    facts["unread"] = int(levels.get("unread", 0))
    facts["sessions_month"] = int(made.frames["activity"].loc[month, "sessions"].sum())
    context = replace(made, facts={**made.facts, **facts})
    html = page_one(context).html + attention_table(entries).html + "</html>"
    summary = {name: context.facts[name] for name in COUNTS} | {"sha256": hashlib.sha256(html.encode()).hexdigest()}
    return html, context, summary


def refused(html: str, context: MonthContext, summary: dict[str, Any]) -> str:
    """What is said of a page, with its own hash in the summary."""
    summary = {**summary, "sha256": hashlib.sha256(html.encode()).hexdigest()}
    with pytest.raises(CheckFailed) as failed:
        check_counts(html, context, summary)
    return "\n".join(failed.value.details)


def test_what_is_the_same_passes(director: Made) -> None:
    check_counts(*director)


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (r"<p>(\d+) sessions?\.", "999"),
        (r"(\d+) entr(?:y|ies) reported", "999"),
        (r'id="entries".*?(<tr><th scope="row".*?</tr>)', ""),
        (r"(\d+) of \d+", "999"),
        (r"\d+ of (\d+)", "999"),
    ],
    ids=["sessions", "entries reported", "a row of the list", "numerator", "denominator"],
)
def test_a_page_that_says_something_else_is_refused(director: Made, pattern: str, by: str) -> None:
    html, context, summary = director
    where = 'id="one-closed-counts"' if " of " in pattern else ""
    start = html.index(where)
    hit = re.search(pattern, html[start:], flags=re.S)
    assert hit is not None
    low, high = hit.span(1)
    told = refused(html[: start + low] + by + html[start + high :], context, summary)
    assert "page" in told


def test_saved_data_that_holds_something_else_is_refused(director: Made) -> None:
    html, context, summary = director
    fewer = context.frames["look_today"].iloc[1:]
    assert "data" in refused(html, replace(context, frames={**context.frames, "look_today": fewer}), summary)
    activity = context.frames["activity"]
    other = activity.assign(sessions=activity["sessions"] + 1)
    assert "sessions of the month" in refused(
        html, replace(context, frames={**context.frames, "activity": other}), summary
    )


@pytest.mark.parametrize("name", COUNTS)
def test_a_ledger_that_would_say_something_else_is_refused(director: Made, name: str) -> None:
    html, context, summary = director
    assert "ledger" in refused(html, context, {**summary, name: summary[name] + 1})


@pytest.mark.parametrize("audience", ["committee", "shared", "injector"])
def test_the_copies_are_held_to_the_same(demo_store: Path, audience: str) -> None:
    store = open_store(demo_store)
    asked = f"injector:{store.injectors['code'].iloc[0]}" if audience == "injector" else audience
    context = build_month(store, month="2026-10", audience=asked)
    html = copy_page(context)
    summary = summary_of(context, html, clinics=[])
    check_counts(html, context, summary)
    cell = re.search(r'<td class="num"[^>]*>([\d,]+)(?: of [\d,]+)?</td>', html)
    assert cell is not None
    assert refused(html[: cell.start(1)] + "987654" + html[cell.end(1) :], context, summary)
    assert "not whole" in refused(html.rstrip().removesuffix("</html>"), context, summary)
    name = {"committee": "clinic_counts", "shared": "period_counts", "injector": "own_sessions"}[audience]
    other = context.frames[name].iloc[:-1]
    assert refused(html, replace(context, frames={**context.frames, name: other}), summary)
    if audience == "shared":
        tables = {**summary["shared_period"]["tables"], "category": {}}
        assert "ledger" in refused(html, context, {**summary, "shared_period": {"tables": tables}})


@pytest.mark.parametrize("what", ["page", "data", "ledger"])
def test_nothing_is_published_when_one_of_the_three_disagrees(
    ae: Run, small_raw: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    ae("ingest", "--raw", small_raw)
    code = open_store("data/processed").injectors["code"].iloc[0]
    asked = ("report", "--audience", f"injector:{code}", "--month", "2026-05")
    assert ae(*asked).code == 0
    page = Path(f"reports/group/2026-05.injector-{code}.html")
    before, entries = page.read_bytes(), ledger.verify(Path("data/ledger/ledger.jsonl"))
    load = MonthContext.load

    def fewer_rows(*arguments: Any, **named: Any) -> str:
        return re.sub(
            r'(id="table-cases">.*?<tbody>\s*)<tr>.*?</tr>', r"\1", copy_page(*arguments, **named), flags=re.S
        )

    def fewer_cases(folder: Path) -> MonthContext:
        found = load(folder)
        return replace(found, frames={**found.frames, "own_cases": found.frames["own_cases"].iloc[1:]})

    def another_hash(*arguments: Any, **named: Any) -> dict[str, Any]:
        return summary_of(*arguments, **named) | {"sha256": "0" * 64}

    if what == "page":
        monkeypatch.setattr("analysis.pipeline.page.copy_page", fewer_rows)
    elif what == "data":
        monkeypatch.setattr(MonthContext, "load", fewer_cases)
    else:
        monkeypatch.setattr("analysis.pipeline.publish.summary_of", another_hash)
    said = ae(*asked)
    assert said.code == 7, said.err
    assert "nothing was published" in said.err
    assert page.read_bytes() == before
    assert ledger.verify(Path("data/ledger/ledger.jsonl")) == entries


@pytest.mark.parametrize("left", ["not run", "failed"])
def test_a_notebook_with_a_cell_that_did_not_end_makes_no_page(monkeypatch: pytest.MonkeyPatch, left: str) -> None:
    def half(_: Kernel, node: Any, name: str) -> None:
        code = [cell for cell in node.cells if cell.cell_type == "code"]
        for number, cell in enumerate(code, start=1):
            cell.execution_count = number
        if left == "not run":
            code[-1].execution_count = None
        else:
            code[-1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]

    monkeypatch.setattr(Kernel, "run", half)
    with pytest.raises(CheckFailed, match="did not end"):
        notebooks.execute("monthly_quality_report.ipynb", {"context": None})
