"""What is known on an earlier day through marks and counts, against frames cut to that day and plain loops over their rows."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analysis.counting.cells import cells
from analysis.counting.expected import apply_expected, expected_table
from analysis.counting.tallies import contacts_by_month, exposure, mixed_by_month
from analysis.measures import load_measures
from analysis.pipeline.selection import Known, Selection, known_on, select
from analysis.pipeline.signals import cases
from analysis.store import Store, open_store

MEASURES = {name: load_measures()[name] for name in ("any_reaction", "lid_droop", "bruise")}
DAYS = [date(2026, 4, 12), date(2026, 8, 31)]


@pytest.fixture(scope="module")
def store(demo_store) -> Store:
    return open_store(demo_store)


@pytest.fixture(scope="module", params=DAYS)
def both(request, store) -> tuple[Known, Selection]:
    return known_on(store, None, request.param), select(store, None, until=request.param)


def test_frames_are_those_cut_to_the_day(both):
    known, cut = both
    assert 0 < known.seen.sum() == len(cut.frames["treatments"]) < len(known.seen)
    assert set(cut.frames) - set(known.frames) == {"treatments", "treatment_lines"}
    for name, frame in known.frames.items():
        pd.testing.assert_frame_equal(frame, cut.frames[name])


def test_counts_of_courses_and_sessions_are_those_of_the_sessions_known(both):
    known, cut = (one.counted() for one in both)
    for measure in MEASURES.values():
        pd.testing.assert_frame_equal(cells(known, measure), cells(cut, measure))
    months = sorted(set(cut.coverage["month"]))[:8]
    table = expected_table(cut, MEASURES, months=months)
    pd.testing.assert_frame_equal(expected_table(known, MEASURES, months=months), table)
    pd.testing.assert_frame_equal(apply_expected(known, table, MEASURES), apply_expected(cut, table, MEASURES))


def test_exposure_and_cases_are_those_of_plain_loops(both):
    known, cut = both
    day = max(cut.frames["treatments"]["treatment_date"]).date()
    sessions = {(s["clinic"], s["session_id"]): s for s in cut.frames["treatments"].to_dict("records")}
    lots = defaultdict(set)
    for line in cut.frames["treatment_lines"].to_dict("records"):
        lots[line["clinic"], line["session_id"]].add(line["lot"] if isinstance(line["lot"], str) else None)
    by_lot = Counter((lot, sessions[key]["treatment_date"]) for key, own in lots.items() for lot in own if lot)
    by_injector = Counter((s["clinic"], s["injector"], s["treatment_date"]) for s in sessions.values())
    found = exposure(known.chosen.counted(), until=day)
    assert dict(found["lot"].set_index(["lot", "treatment_date"])["sessions"]) == by_lot
    assert dict(found["injector"].set_index(["clinic", "injector", "treatment_date"])["sessions"]) == by_injector
    rows = cases(known)
    assert len(rows) >= 20
    for key, own in rows[rows["session_id"].notna()].groupby(["clinic", "episode_id"]):
        session = sessions.get((key[0], own["session_id"].iloc[0]))
        if session is not None:
            assert set(own["injector"]) == {session["injector"]}
            named = lots[key[0], session["session_id"]] - {None}
            assert named <= set(own["lot"])


def test_contacts_and_mixed_sessions_are_those_of_plain_loops(store):
    counted = select(store, None).counted()
    days = counted.treatments["treatment_date"] + pd.to_timedelta(
        pd.Series(range(len(counted.treatments))) % 40, unit="D"
    )
    own = counted.treatments.assign(contact_date=days.where(days.dt.day > 3))
    counted = replace(counted, treatments=own)
    kinds, several = Counter(), defaultdict(set)
    months = {}
    for one in counted.treatments.to_dict("records"):
        month, kind = f"{one['treatment_date']:%Y-%m}", one["followup_kind"]
        months[one["clinic"], one["session_id"]] = month
        if kind == "scheduled" and pd.notna(one["contact_date"]):
            kind = kind if 10 <= (one["contact_date"] - one["treatment_date"]).days <= 28 else "other_days"
        kinds[one["clinic"], one["injector"], month, kind] += 1
    found = contacts_by_month(counted)
    assert dict(found.set_index(["clinic", "injector", "month", "kind"])["sessions"]) == kinds
    assert {"scheduled", "other_days", "unknown"} <= set(found["kind"])
    for line in counted.treatment_lines.to_dict("records"):
        if line["indication"] != "unknown":
            several[line["clinic"], line["session_id"]].add(line["indication"])
    mixed = Counter((key[0], months[key]) for key, own in several.items() if len(own) > 1)
    assert mixed
    assert dict(mixed_by_month(counted).set_index(["clinic", "month"])["sessions"]) == mixed
