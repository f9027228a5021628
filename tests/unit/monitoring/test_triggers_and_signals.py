"""Case triggers by hand-made cases, and what is new, persisting and resolved."""

from datetime import date

import pandas as pd
import pytest

from analysis.errors import UsageError
from analysis.monitoring import settings as rules
from analysis.monitoring.settings import Trigger, load_triggers, load_watch
from analysis.monitoring.signals import Look, signals, unbroken
from analysis.monitoring.triggers import triggered
from analysis.schemas.conform import conform_to
from analysis.schemas.signals import SIGNALS

CUT = date(2026, 6, 30)


def episode(number, reported, subcode="O5", *, lot="L1", injector="a", triage="routine", red_flag=False, counted=True):
    return {
        "clinic": "North", "whose": f"S{number}", "subcode": subcode, "triage": triage, "red_flag": red_flag, "counted": counted,
        "reported_date": pd.Timestamp(reported), "injector": injector, "lot": lot,
    }  # fmt: skip


def sessions(lot="L1", injector="a", many=30, first="2026-05-01"):
    days = pd.date_range(first, periods=many, freq="D")
    return pd.DataFrame(
        {
            "clinic": "North",
            "lot": lot,
            "injector": injector,
            "session_id": [f"{lot}-{n}" for n in range(many)],
            "treatment_date": days,
        }
    )


def by_day(places):
    """Sessions as the triggers take them: counted by lot, and by injector, and day."""
    keys = {"lot": ["lot", "treatment_date"], "injector": ["clinic", "injector", "treatment_date"]}
    each = {unit: places.drop_duplicates([*own, "clinic", "session_id"]).groupby(own) for unit, own in keys.items()}
    return {unit: own.size().rename("sessions").reset_index() for unit, own in each.items()}


EXPOSURE = pd.concat([sessions(), sessions("L2", "b", 300, "2025-09-01")], ignore_index=True)
EMPTY = pd.DataFrame([episode(0, "2026-06-01")]).iloc[:0]


def met(*episodes, until=CUT, entries=None):
    frame = pd.DataFrame(list(episodes)) if episodes else EMPTY
    found = triggered(frame, by_day(EXPOSURE), load_triggers(), until=until, entries=entries)
    return {(row.rule, row.lot if isinstance(row.lot, str) else row.injector if isinstance(row.injector, str) else row.entry): row
            for row in found.itertuples()}  # fmt: skip


def test_two_infections_of_one_lot_in_ninety_days():
    found = met(episode(1, "2026-04-02"), episode(2, "2026-06-29", injector="b"))
    assert set(found) == {("red_flags_of_lot", "L1")}
    assert found["red_flags_of_lot", "L1"].episodes == 2
    assert not met(episode(1, "2026-04-01"), episode(2, "2026-06-29", injector="b"))  # 91 days


def test_two_red_flags_of_one_injector_whatever_the_lot():
    assert set(met(episode(1, "2026-05-02", "S3", red_flag=True), episode(2, "2026-06-20", lot="L2"))) == {
        ("red_flags_of_injector", "a")
    }
    assert not met(
        episode(1, "2026-05-02", lot=None, injector="unknown"), episode(2, "2026-06-20", lot=None, injector="unknown")
    )


def test_what_did_not_happen_counts_for_level_now_only():
    entries = pd.DataFrame(
        {
            "clinic": "North",
            "entry": ["E1", "E2", "E3"],
            "triage": ["now", "today", "now"],
            "day": [pd.Timestamp("2026-06-02"), pd.Timestamp("2026-06-20"), pd.NaT],
        }
    )
    found = met(
        episode(1, "2026-06-02", "S1", triage="now", red_flag=True, counted=False),
        episode(2, "2026-06-20"),
        entries=entries,
    )
    assert set(found) == {("level_now", "E1"), ("level_now", "E3")}


def test_an_episode_that_nothing_dates_is_taken_for_recent():
    assert set(met(episode(1, None), episode(2, "2026-06-20", injector="b"))) == {("red_flags_of_lot", "L1")}


def test_lack_of_effect_needs_more_than_chance():
    few = [episode(n, "2026-06-10", "O12") for n in range(2)]
    many = [episode(n, "2026-06-10", "O12", injector=f"i{n}") for n in range(7)]
    usual = [episode(100 + n, "2026-03-10", "O12", lot="L2", injector=f"i{n}") for n in range(9)]
    assert not met(*few, *usual)
    found = met(*many, *usual)
    assert set(found) == {("suspected_product", "L1")}
    row = found["suspected_product", "L1"]
    assert row.expected == pytest.approx(30 * (9 + 1) / 300)
    assert row.chance < 0.001


def test_lack_of_effect_without_anybody_to_compare_with_is_met_by_its_count():
    few = pd.DataFrame([episode(n, "2026-06-10", "O12") for n in range(2)])
    for places in (sessions(), sessions().iloc[:0]):  # one lot of one injector; monthly totals
        found = triggered(few, by_day(places), load_triggers(), until=CUT)
        assert set(found["rule"]) == {"suspected_product", "suspected_product_of_injector"}
        assert found["chance"].isna().all()
    assert not len(triggered(few.iloc[:1], by_day(sessions()), load_triggers(), until=CUT))


def test_an_injector_is_held_against_the_same_clinic():
    # South asks and hears much more: its usual is not North's
    south = pd.concat([sessions("L3", "c", 60), sessions("L4", "d", 60)]).assign(clinic="South")
    places = pd.concat([EXPOSURE, south], ignore_index=True)
    asked = [episode(100 * k + n, "2026-06-10", "O12", lot=f"L{3 + k}", injector="cd"[k]) | {"clinic": "South"}
             for k in range(2) for n in range(9)]  # fmt: skip
    found = triggered(pd.DataFrame(asked), by_day(places), load_triggers(), until=CUT)
    assert "suspected_product_of_injector" not in set(found["rule"])
    many = [episode(500 + n, "2026-06-10", "O12", lot=f"M{n}") for n in range(7)]
    found = triggered(pd.DataFrame([*asked, *many]), by_day(places), load_triggers(), until=CUT)
    own = found[found["rule"] == "suspected_product_of_injector"].iloc[0]
    assert own["injector"] == "a"
    assert own["expected"] == pytest.approx(30 * (0 + 1) / 300)


def test_an_episode_of_two_lots_counts_once_in_each_and_twice_in_none():
    one = [episode(1, "2026-06-02"), episode(1, "2026-06-02", lot="L2")]
    assert not met(*one)


def test_two_findings_after_one_session_are_one_case():
    both = [episode(1, "2026-06-02", code, red_flag=True) for code in ("S2", "S3")]
    assert not met(*both)
    found = met(*both, episode(2, "2026-06-20"))
    assert found["red_flags_of_lot", "L1"].episodes == found["red_flags_of_injector", "a"].episodes == 2


def test_later_reports_are_not_known_yet():
    assert not met(episode(1, "2026-06-02"), episode(2, "2026-07-01"))


def test_no_case_at_all():
    assert not met()
    assert not triggered(EMPTY, by_day(EXPOSURE.iloc[:0]), load_triggers(), until=CUT).shape[0]


INJECTORS = pd.DataFrame({"clinic": ["North"], "injector": ["a"], "code": ["J-AAAA"]}).astype("str")
NOBODY = triggered(EMPTY, by_day(EXPOSURE), load_triggers(), until=CUT)


def look(month, *fired):
    columns = ["line", "measure", "tail", "unit_kind", "clinic", "injector", "signal", "method", "limit", "from_month"]
    rows = [(f"{m} more injector", m, "more", "injector", "North", "a", True, "e-detector", 10.0, None) for m in fired]
    rows.append(("bruise more injector", "bruise", "more", "injector", "North", "a", False, "e-detector", 10.0, None))
    return Look(month, pd.DataFrame(rows, columns=columns), NOBODY)


def state(*looks):
    found = conform_to(SIGNALS, signals(looks, INJECTORS))
    return {row.measure: (row.state, row.first_seen) for row in found.itertuples()}


def test_new_persisting_resolved():
    assert state(look("2026-05"), look("2026-06", "lid_droop")) == {"lid_droop": ("new", "2026-06")}
    assert state(look("2026-04"), look("2026-05", "lid_droop"), look("2026-06", "lid_droop")) == {
        "lid_droop": ("persisting", "2026-05")
    }
    assert state(look("2026-04", "lid_droop"), look("2026-05", "lid_droop"), look("2026-06")) == {
        "lid_droop": ("resolved", "2026-04")
    }
    assert state(look("2026-04", "lid_droop"), look("2026-05"), look("2026-06", "lid_droop")) == {
        "lid_droop": ("new", "2026-06")
    }
    assert state(look("2026-05"), look("2026-06")) == {}


def test_only_what_goes_back_to_the_oldest_look_is_asked_for_further():
    assert unbroken([look("2026-05", "lid_droop"), look("2026-06", "lid_droop", "headache")]) == {"lid_droop"}
    assert unbroken([look("2026-05"), look("2026-06", "lid_droop")]) == frozenset()


def test_a_signal_keeps_its_id_and_names_are_not_printed_unasked():
    first, second = (
        signals([look("2026-05"), look(month, "lid_droop")], INJECTORS) for month in ("2026-06", "2026-07")
    )
    assert first["signal_id"].tolist() == second["signal_id"].tolist()
    assert first["unit"].tolist() == ["J-AAAA"]
    assert conform_to(SIGNALS, first)["name"].isna().all()
    assert signals([look("2026-05"), look("2026-06", "lid_droop")], INJECTORS, names=True)["name"].tolist() == ["a"]


def test_the_lines_and_rules_that_ship_are_whole():
    watch = load_watch()
    assert sum(line.share for line in watch.monitors) == pytest.approx(1)
    assert all(line.measure == "any_reaction" for line in watch.monitors if line.tail == "few")
    assert {rule.id for rule in load_triggers()} == {
        "level_now",
        "red_flags_of_lot",
        "red_flags_of_injector",
        "suspected_product",
        "suspected_product_of_injector",
    }
    assert all(isinstance(rule, Trigger) for rule in load_triggers())


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("monitors.toml", ("lid_droop", "lid_drop"), "lid_drop"),
        ("monitors.toml", ("share = 0.40", "share = 0.41"), "add up to 1"),
        ("monitors.toml", ("ratio = 2.5", "ratio = 0.5"), "ratio above 1"),
        ("triggers.toml", ("O12", "O99"), "O99"),
        ("triggers.toml", ('unit = "lot"', 'unit = "vial"'), "vial"),
        ("triggers.toml", ('unit = "lot"', 'unit = "episode"'), "names levels"),
        ("triggers.toml", ('triage = ["now"]', 'triage = ["routine"]'), "names levels"),
        ("triggers.toml", ("days = 90", "days = 0"), "how many days"),
    ],
)
def test_a_wrong_entry_is_named(file, change, says, tmp_path, monkeypatch):
    text = rules.resource(f"monitoring/{file}").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / file).write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    monkeypatch.setattr(rules, "resource", lambda name: tmp_path / name.split("/")[1])
    load = load_watch if file == "monitors.toml" else load_triggers
    with pytest.raises(UsageError, match=says):
        load.__wrapped__()
