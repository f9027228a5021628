"""How a log is split, in what order it comes and how often changes nothing, where files say as of when they speak."""

import csv
import io
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

sys.path.append(str(Path(__file__).parents[1] / "unit" / "intake"))
from deliver import KEY, Delivered, deliver

from analysis.intake.courses import add_courses
from analysis.intake.link import link_events
from analysis.intake.sessions import by_area, to_sessions
from analysis.pipeline.building import build_frames
from analysis.schemas import conform

pytestmark = pytest.mark.thorough

PLACE = ["path", "sheet", "row", "as_of"]
FRAMES = ("treatments", "treatment_lines", "events", "episodes", "findings")
days = st.dates(date(2026, 1, 1), date(2026, 3, 31))
sessions = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2", "P3"]), days, st.sampled_from(["Ana Reyes", "REYES, Ana", "Bo Li"]),
        st.sampled_from(["glabella", "forehead", "masseter", ""]), st.sampled_from(["20", "12.3", "0.1", "10+10", ""]),
        st.sampled_from(["Botox", "Dysport"]), st.sampled_from(["yes", "no", ""]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
events = st.lists(
    st.tuples(
        st.sampled_from(["AE-1", "AE-2", "AE-3"]), st.sampled_from(["P1", "P2", "P3", ""]), days, st.integers(0, 20),
        st.sampled_from(["bruise left cheek", "lid ptosis", "trouble swallowing", "no complaint"]), st.sampled_from(["mild", "severe", ""]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def session_log(rows: list[tuple]) -> str:
    return _csv(["Client ID", "Treatment date", "Injector", "Area", "Units", "Product", "Blood thinner"], rows)


def event_log(rows: list[tuple]) -> str:
    told = [(i, p, d, d + timedelta(days=late), text, severity) for i, p, d, late, text, severity in rows]
    return _csv(["Event ID", "Client ID", "Treatment date", "Date reported", "Description", "Severity"], told)


def _csv(header: list[str], rows: list[tuple]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def delivered(files: dict[str, str]) -> Delivered:
    with tempfile.TemporaryDirectory() as folder:
        result = deliver(Path(folder), {f"C/{name}": content for name, content in files.items()})
    assert not result.refused
    return result


def assert_same(one: Delivered, other: Delivered, *, coded: bool = False) -> None:
    """The frames of intake are the same; with `coded`, everything that is stored of them, coding and episodes included."""
    ours, theirs = (stored(d) if coded else linked(d) for d in (one, other))
    for name in ours:
        pd.testing.assert_frame_equal(ours[name], theirs[name], obj=name)


def stored(result: Delivered) -> dict[str, pd.DataFrame]:
    frames = build_frames(result.parts, result.rows, key=KEY, as_of=date(2026, 11, 1))
    return {name: frames[name] for name in FRAMES}


def linked(result: Delivered) -> dict[str, pd.DataFrame]:
    if result.lines.empty:
        return {"events": result.events.drop(columns=PLACE).sort_values("event_id", ignore_index=True)}
    by_line = by_area(result.lines)
    treatments = add_courses(to_sessions(result.lines, by_line))
    events = link_events(result.events, result.lines, treatments).drop(columns=PLACE)
    return {
        "treatments": conform("treatments", treatments),
        "treatment_lines": conform("treatment_lines", by_line),
        "events": events.sort_values("event_id", ignore_index=True),
    }


PHASES = (Phase.explicit, Phase.generate)  # shrinking would cost minutes
EXAMPLES = int(os.environ.get("AE_EXAMPLES", "12"))
quick = settings(max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
few = settings(
    max_examples=max(3, EXAMPLES // 10), deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)


def split_up(sessions: list[tuple], events: list[tuple], data: st.DataObject) -> dict[str, str]:
    """The same rows in another order, cut into two files each, and everything once more."""
    order = data.draw(st.permutations(sessions)), data.draw(st.permutations(events))
    cuts = [data.draw(st.integers(0, len(rows))) for rows in order]
    files = {
        "z treatments_2026-03-31.csv": session_log(order[0][: cuts[0]]),
        "a treatments_2026-03-31.csv": session_log(order[0][cuts[0] :]),
        "b events_2026-03-31.csv": event_log(order[1][: cuts[1]]),
        "y events_2026-03-31.csv": event_log(order[1][cuts[1] :]),
        "again events_2026-03-31.csv": event_log(events),
        "again treatments_2026-03-31.csv": session_log(sessions),
    }
    return {name: text for name, text in files.items() if text.count("\n") > 1}


@quick
@given(sessions, events, st.data())
def test_splitting_and_sending_twice_change_nothing(
    sessions: list[tuple], events: list[tuple], data: st.DataObject
) -> None:
    whole = {"treatments_2026-03-31.csv": session_log(sessions), "events_2026-03-31.csv": event_log(events)}
    assert_same(delivered(whole), delivered(split_up(sessions, events, data)))


@few
@given(sessions, events, st.data())
def test_splitting_changes_no_stored_frame(sessions: list[tuple], events: list[tuple], data: st.DataObject) -> None:
    whole = {"treatments_2026-03-31.csv": session_log(sessions), "events_2026-03-31.csv": event_log(events)}
    assert_same(delivered(whole), delivered(split_up(sessions, events, data)), coded=True)


@quick
@given(events, events, st.booleans())
def test_a_newer_correction_stands_whenever_it_comes(old: list[tuple], new: list[tuple], replayed: bool) -> None:
    old_first = {"a_2026-04-30.csv": event_log(old), "b_2026-05-31.csv": event_log(new)}
    new_first = {"z_2026-04-30.csv": event_log(old), "c_2026-05-31.csv": event_log(new)}
    if replayed:
        new_first["zz_2026-04-30.csv"] = event_log(list(reversed(old)))
    assert_same(delivered(old_first), delivered(new_first))
