"""Every number of a small group's page equals what loops over the stored rows count, and what should add up does."""

import re
from pathlib import Path

import pytest
from in_process import page, table, words
from invented_groups import CUT, MONTH, Naive, write_group

from analysis.measures import load_measures
from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.report.numbers import month as say_month
from analysis.store import open_store

MANY = 50
ALWAYS = (1, 4)
"""None at all, and a log that is missing: the others are slow."""
SEEDS = [pytest.param(seed, marks=() if seed in ALWAYS else pytest.mark.slow) for seed in range(MANY)]
OF = re.compile(r"([\d,]+) of ([\d,]+)\Z")


@pytest.fixture
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are looked at elsewhere; here the numbers beside them are."""
    monkeypatch.setattr("analysis.charts.chart.png", lambda _: b"\x89PNG")


@pytest.mark.usefixtures("no_drawing")
@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_on_the_page_are_those_of_the_store(seed: int, tmp_path: Path) -> None:
    write_group(tmp_path / "raw", seed)
    ingest(tmp_path / "raw", tmp_path / "data" / "processed", as_of=CUT)
    store = open_store(tmp_path / "data" / "processed")
    html = page(build_month(store, month=MONTH))
    naive, text = Naive(store), words(html)
    look_list(naive, html, text)
    closed_months(naive, html, text)
    bridge(naive, text)
    types(naive, html)
    clinics(naive, html)


def look_list(naive: Naive, html: str, text: str) -> None:
    wanted = naive.pressing()
    shown = {
        level: int(n.replace(",", ""))
        for n, level in re.findall(r"([\d,]+) (now|today|unread)\b", text.split("Waiting")[0])
    }
    if not sum(wanted.values()):
        assert "No open entry needs a clinician." in text
        assert table(html, "entries") == []
        return
    assert {level: shown.get(level, 0) for level in wanted} == wanted
    rows = table(html, "entries")
    assert len(rows) == sum(wanted.values())
    assert {level: sum(row["Look"] == level.capitalize() for row in rows) for level in wanted} == wanted


def closed_months(naive: Naive, html: str, text: str) -> None:
    measures = {one.label: one for one in load_measures().values()}
    rows = table(html, "one-closed-counts")
    assert rows or "No month is closed yet." in text
    for row in rows:
        measure = measures[row["Sessions with"]]
        month = naive.closed(measure.follow_up_days)[-1]
        assert "Month" in row or f"Newest closed month: {say_month(month)}" in text
        found = OF.search(row["Count"])
        if not naive.covered(month):
            assert found is None, "a month of which no log was received has no count"
            continue
        sessions = naive.at_risk(month, measure.areas)
        if found is None:
            assert not sessions
            continue
        counted = naive.affected(month, measure.subcodes, measure.areas)
        assert tuple(map(int, found.groups())) == (len(counted), len(sessions)), row


def bridge(naive: Naive, text: str) -> None:
    wanted = naive.reported()
    found = re.search(rf"(\d+) entr(?:y|ies) reported in {say_month(MONTH)} and counted(?:: ([^.]*))?\.", text)
    if found is None:
        assert sum(wanted.values()) == 0
        return
    assert int(found[1]) == sum(wanted.values())
    months = {month: int(n) for n, month in re.findall(r"(\d+) from (\w+ \d{4})", found[2] or "")}
    assert months == {say_month(month): n for month, n in wanted.items() if month}
    loose = re.search(r"(\d+) not linked to a session", found[2] or "")
    assert (int(loose[1]) if loose else 0) == wanted.get(None, 0)


def types(naive: Naive, html: str) -> None:
    rows = table(html, "chart-any-reaction-by-treatment-type-data")
    sums = [OF.search(row["Sessions with one, of all"]) for row in rows]
    sessions, more = naive.by_type()
    assert sum(int(one[2]) for one in sums if one) == sessions + more
    if more:
        assert "rows add to more than the total" in words(html)


def clinics(naive: Naive, html: str) -> None:
    rows = table(html, "chart-sessions-per-month-data")
    assert rows
    received = {(row["clinic"], row["month"]) for row in naive.coverage if row["treatments"] == "received"}
    for month in [one for one in naive.months() if one <= MONTH]:
        (row,) = [row for row in rows if row["Month"] == say_month(month)]
        for clinic in {clinic for clinic, _ in received}:
            if (clinic, month) in received:
                assert row[clinic] == str(naive.sessions_of(clinic, month)), (clinic, month)
