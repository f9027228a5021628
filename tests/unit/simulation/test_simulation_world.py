"""Volumes and rates of the simulated world lie near the parameters they were drawn from."""

from collections import Counter, defaultdict
from datetime import date
from math import sqrt
from statistics import median

import numpy as np
import pytest

from analysis.simulation.demo import make_world
from analysis.simulation.dialect import World
from analysis.simulation.happenings import Happening, true_risks
from analysis.simulation.parameters import load_parameters
from analysis.taxonomy import load_taxonomy

Made = tuple[World, list[Happening]]


@pytest.fixture(scope="module")
def full() -> Made:
    return make_world(seed=1, sessions=9500, scenario="base", dirt=True)


@pytest.fixture(scope="module")
def planted() -> Made:
    return make_world(seed=1, sessions=9500, scenario="planted", dirt=True)


def test_volumes_are_those_asked_for(full: Made) -> None:
    sessions = full[0].sessions
    cells = Counter((s.injector.name, s.month) for s in sessions)
    assert len(sessions) == 9500
    assert len({s.clinic.name for s in sessions}) == 4
    assert len({s.injector.name for s in sessions}) == 12
    assert {s.month for s in sessions} == set(full[0].parameters.months)
    assert 3_400 <= len({(s.clinic.name, s.patient.number) for s in sessions}) <= 3_800
    assert 40 <= median(cells.values()) <= 50
    assert min(cells.values()) >= 6
    assert max(cells.values()) <= 120
    december = sum(count for (_, month), count in cells.items() if month == "2025-12")
    assert december > 1.1 * 9500 / 18
    touch_ups = sum(s.touch_up for s in sessions) / 9500
    assert 0.04 <= touch_ups <= 0.06


def test_two_join_and_one_leaves(full: Made) -> None:
    months = defaultdict(set)
    for session in full[0].sessions:
        months[session.injector.name].add(session.month)
    assert sorted(name for name, seen in months.items() if min(seen) > "2025-05") == ["Dina Fictley", "Marc Novela"]
    assert [name for name, seen in months.items() if max(seen) < "2026-10"] == ["Gwen Storyford"]


def test_a_session_is_one_patient_on_one_day_with_one_injector(full: Made) -> None:
    keys = Counter((s.clinic.name, s.patient.number, s.day, s.injector.name) for s in full[0].sessions)
    assert max(keys.values()) == 1
    assert all(s.day.weekday() != 6 and date(2025, 5, 1) <= s.day <= date(2026, 10, 31) for s in full[0].sessions)
    third = [s for s in full[0].sessions if s.touch_up]
    index = {(s.clinic.name, s.patient.number): s.injector.name for s in full[0].sessions if not s.touch_up}
    by_another = sum(index[s.clinic.name, s.patient.number] != s.injector.name for s in third) / len(third)
    assert 0.2 <= by_another <= 0.5


def test_events_happen_at_the_rates_of_the_table(full: Made) -> None:
    world, happenings = full
    risks = true_risks(world.sessions, world.parameters)
    seen = Counter(happening.concept.name for happening in happenings)
    for name in ("B1", "F1", "F2", "F5", "O4", "O12"):
        expected, spread = risks[name].sum(), sqrt((risks[name] * (1 - risks[name])).sum())
        assert abs(seen[name] - expected) < 4 * spread, name


def test_clinics_that_telephone_hear_more(full: Made) -> None:
    bruises = [h for h in full[1] if h.concept.name == "B1" and h.session.day < date(2026, 8, 1)]
    heard = {
        flag: [h.reported is not None for h in bruises if (h.session.asked_on is not None) == flag]
        for flag in (True, False)
    }
    for flag, probability in ((True, 0.8), (False, 0.15)):
        share, n = sum(heard[flag]) / len(heard[flag]), len(heard[flag])
        assert abs(share - probability) < 4 * sqrt(probability * (1 - probability) / n) + 0.03
    uncalled = [s for s in full[0].sessions if s.injector.name == "Beth Mockridge"]
    assert sum(s.follow_up == "scheduled" for s in uncalled) / len(uncalled) < 0.3


def test_onset_lies_within_the_link_window_and_reports_before_the_data_cut(full: Made) -> None:
    windows = {name: subcode.window_days for name, subcode in load_taxonomy().items()}
    for happening in full[1]:
        assert 0 <= (happening.onset - happening.session.day).days <= windows[happening.concept.subcode]
        assert happening.reported is None or happening.onset <= happening.reported <= date(2026, 11, 6)
    late = [h for h in full[1] if h.why_not_logged == "after the data cut"]
    assert late
    assert all(h.session.month >= "2026-05" for h in late)


def test_in_the_null_scenario_nobody_and_no_clinic_differs() -> None:
    world, _ = make_world(seed=2, sessions=3000, scenario="null", dirt=False)
    plain = [s for s in world.sessions if s.treatment.name == "upper_face" and not s.touch_up and not s.added]
    for name, risk in true_risks(plain, world.parameters).items():
        assert np.unique(risk).size == 1, name
    shares = defaultdict(list)
    for session in world.sessions:
        if session.month < "2026-10":
            shares[session.clinic.name].append(session.follow_up == "scheduled")
    assert all(abs(np.mean(asked) - 0.15) < 0.05 for asked in shares.values())
    assert "nil_month" not in world.parameters.rules


def test_what_is_planted_is_there(planted: Made) -> None:
    world, happenings = planted
    cells = Counter((s.injector.name, s.month) for s in world.sessions)
    assert min(cells["Dr Ana Reyes", month] for month in world.parameters.months) >= 80
    assert min(cells["Dr Edwin Fableton", month] for month in world.parameters.months) >= 60
    silent = [h for h in happenings if h.session.injector.name == "Dr Edwin Fableton" and h.session.month >= "2026-02"]
    assert len(silent) > 100
    assert not any(h.reported for h in silent)
    droops = Counter(
        h.session.month >= "2025-11"
        for h in happenings
        if h.session.injector.name == "Dr Ana Reyes" and h.concept.name == "F1"
    )
    assert droops[True] / 12 > 1.5 * droops[False] / 6
    infections = [h for h in happenings if h.forced]
    assert len(infections) == 2
    assert {h.session.lot for h in infections} == {infections[0].session.lot}
    assert all(h.reported for h in infections)
    lot = [s for s in world.sessions if s.lot == infections[0].session.lot]
    lack = [h for h in happenings if h.concept.name == "O12" and h.session.lot == infections[0].session.lot]
    assert 0.1 < len(lack) / len(lot) < 0.4


def test_every_parameter_file_agrees_with_the_others() -> None:
    parameters = load_parameters("base")
    names = {concept.name for concept in parameters.concepts}
    assert {concept for concept, _ in parameters.risks} == names
    assert set(parameters.texts["concept"]) == names
    assert {line.area for treatment in parameters.treatments for line in treatment.areas} == set(parameters.areas)
    assert (
        {i.clinic for i in parameters.injectors}
        == {c.name for c in parameters.clinics}
        == set(parameters.texts["style"])
    )
    for concept in parameters.concepts:
        assert concept.onset[2] <= concept.window_days
    assert abs(sum(parameters.settings["status_of_non_events"].values()) - 1) < 1e-9
