"""Headline rates under each reading, held against counts in plain loops over the stored frames."""

from pathlib import Path

import pytest

from analysis.counting.sensitivity import READINGS, agreement_by_category
from analysis.measures import load_measures
from analysis.pipeline.context import build_month
from analysis.schemas import MonthContext
from analysis.store import Store, open_store


@pytest.fixture(scope="module")
def store(demo_store: Path) -> Store:
    return open_store(demo_store)


@pytest.fixture(scope="module")
def ctx(store: Store) -> MonthContext:
    return build_month(store)


def test_every_headline_measure_has_every_reading_over_the_same_sessions(ctx: MonthContext) -> None:
    table = ctx.frames["rates_by_reading"]
    assert table.groupby("measure")["reading"].agg(list).map(sorted).map(tuple).unique().tolist() == [
        tuple(sorted(READINGS))
    ]
    assert (table.groupby("measure")["denominator"].nunique() == 1).all()


@pytest.mark.parametrize(("reading", "source"), [("field", "field"), ("text", "rule")])
def test_one_reading_alone_as_counted_in_plain_loops(store: Store, reading: str, source: str) -> None:
    ctx = build_month(store, clinic="Northgate")  # a clinic whose sessions are listed one by one
    window = {ctx.facts["window_first"], ctx.facts["window_last"]}
    covered = {
        (row.clinic, row.month)
        for row in store.coverage.itertuples()
        if row.clinic == "Northgate"
        and row.treatments == "received"
        and row.events in ("received", "nil_return")
        and min(window) <= row.month <= max(window)
    }
    session_of = {(e.clinic, e.event_id): e.session_id for e in store.events.itertuples()}
    month_of = {s.session_id: (s.clinic, s.treatment_date.strftime("%Y-%m")) for s in store.treatments.itertuples()}
    measures = load_measures()
    table = ctx.frames["rates_by_reading"].set_index(["measure", "reading"])["numerator"]
    for name in ("any_reaction", "bruise", "away_from_face", "severe_local"):
        hit = set()
        for one in store.findings.itertuples():
            session = session_of[(one.clinic, one.event_id)]
            happened = one.status in ("asserted", "resolved") and one.in_window
            if (
                one.source == source
                and happened
                and one.subcode in measures[name].subcodes
                and isinstance(session, str)
            ):
                hit |= {session} if month_of[session] in covered else set()
        assert table[(name, reading)] == len(hit), name


def test_field_and_text_in_plain_loops(store: Store) -> None:
    table = agreement_by_category(store.events, store.findings).set_index("label")
    told: dict[tuple[str, str], set[str]] = {}
    for one in store.findings.itertuples():
        if one.source == "rule" and one.status in ("asserted", "resolved"):
            told.setdefault((one.clinic, one.event_id), set()).add(one.category)
    both = [e for e in store.events.itertuples() if isinstance(e.text, str) and isinstance(e.event_category, str)]
    assert table.loc["all", "n"] == len(both)
    for category in ("bruise", "facial", "systemic", "other"):
        field = {e.event_id for e in both if e.event_category == category}
        text = {e.event_id for e in both if category in told.get((e.clinic, e.event_id), set())}
        assert table.loc[category, ["first", "second", "both"]].tolist() == [len(field), len(text), len(field & text)]
    agreed = sum(e.event_category in (told.get((e.clinic, e.event_id)) or {"none"}) for e in both)
    assert table.loc["all", "agreed"] == agreed
