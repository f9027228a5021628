"""`ae decide` and the signals of a month: from the store to the ledger and back into the next month."""

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import ledger
from analysis.pipeline.context import build_month
from analysis.pipeline.decisions import causes, decisions, starts
from analysis.schemas.signals import DECISIONS, SIGNALS
from analysis.store import open_store

pytestmark = pytest.mark.thorough

Run = Callable[..., Any]
MONTH = "2026-05"  # the month in which the small group has a signal


@pytest.fixture
def own(demo_store: Path, tmp_path: Path) -> Path:
    """A store of the test's own, with a ledger it may write to."""
    shutil.copytree(demo_store.parent, tmp_path / "data")
    return tmp_path / "data" / "processed"


def listed(ae: Run, own: Path) -> list[dict[str, str]]:
    said = ae("decide", "--list", "--month", MONTH, "--processed", own)
    assert said.code == 0
    assert all(cause in said.err for cause in causes())
    return list(csv.DictReader(io.StringIO(said.out)))


def test_causes_come_in_the_fixed_order():
    assert list(causes()) == [
        "coding_or_attribution", "unequal_follow_up", "case_mix", "lot_or_dilution", "equipment_or_protocol", "communication",
        "training", "individual_technique", "chance", "not_known",
    ]  # fmt: skip


def test_a_decision_is_kept_and_carried_into_the_next_month(ae: Run, own: Path):
    signal = listed(ae, own)[0]["signal_id"]
    said = ae(
        "decide", signal, "--month", MONTH, "--cause", "training", "--attribution", "confirmed", "--reply", "agrees", "--action",
        "two supervised lists", "--owner", "Nurse lead", "--recheck", "2026-10-20", "--reviewer", "Dr A", "--processed", own,
    )  # fmt: skip
    assert (said.code, said.out) == (0, "")
    newest = list(ledger.entries(ledger.ledger_path(own)))[-1]
    assert (newest["kind"], newest["data"]["cause"], newest["data"]["signal_id"]) == ("decision", "training", signal)
    later = build_month(open_store(own), month="2026-10")
    row = later.frames["decisions"].set_index("signal_id").loc[signal]
    assert (row["action"], row["owner"], bool(row["open"]), bool(row["due"])) == (
        "two supervised lists",
        "Nurse lead",
        True,
        True,
    )
    assert later.facts["decisions_open"] == 1
    assert decisions(own, month="2026-04", cut=date(2026, 11, 6)).empty
    assert next(one for one in listed(ae, own) if one["signal_id"] == signal)["action"] == "two supervised lists"


def test_an_effect_closes_the_action_and_a_new_action_opens_it_again(ae: Run, own: Path):
    signal = listed(ae, own)[0]["signal_id"]
    base = ("decide", signal, "--month", MONTH, "--processed", own)
    assert ae(*base, "--cause", "chance", "--action", "watch", "--owner", "A", "--reviewer", "Dr A").code == 0
    assert ae(*base, "--effect", "no more cases").code == 0
    row = decisions(own, month=MONTH, cut=date(2026, 11, 6)).iloc[0]
    assert (row["cause"], row["action"], row["effect"], bool(row["open"])) == (
        "chance",
        "watch",
        "no more cases",
        False,
    )
    assert ae(*base, "--action", "watch longer").code == 0
    row = decisions(own, month=MONTH, cut=date(2026, 11, 6)).iloc[0]
    assert (row["action"], bool(row["open"]), pd.isna(row["effect"])) == ("watch longer", True, True)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--reviewer", "Dr A"], "--cause"),
        (["--cause", "chance"], "--reviewer"),
        (["--cause", "bad luck", "--reviewer", "Dr A"], "coding_or_attribution, unequal_follow_up"),
        (["--cause", "chance", "--reviewer", "Dr A", "--action", "watch"], "--owner"),
        (["--cause", "chance", "--reviewer", "Dr A", "--recheck", "soon"], "YYYY-MM-DD"),
        (["--cause", "chance", "--reviewer", "Dr A", "--attribution", "maybe"], "confirmed, corrected, not_asked"),
        (["--cause", "chance", "--reviewer", "Dr A", "--reply", "x" * 201], "200"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_kept(ae: Run, own: Path, options: list[str], says: str):
    signal = listed(ae, own)[0]["signal_id"]
    before = list(ledger.entries(ledger.ledger_path(own)))
    said = ae("decide", signal, "--month", MONTH, "--processed", own, *options)
    assert said.code == 2
    assert says in said.err
    assert list(ledger.entries(ledger.ledger_path(own))) == before


def test_an_unknown_signal_is_answered_with_how_to_see_them(ae: Run, own: Path):
    said = ae("decide", "G-00000000", "--month", MONTH, "--cause", "chance", "--reviewer", "Dr A", "--processed", own)
    assert said.code == 2
    assert "ae decide --list" in said.err


def test_re_basing_starts_a_measure_anew_and_never_backwards(ae: Run, own: Path):
    base = ("decide", "--rebase", "lid_droop", "--processed", own)
    assert ae(*base).code == 2
    assert ae(*base, "--month", "2026-03").code == 2
    assert (
        ae(
            "decide",
            "--rebase",
            "hair",
            "--month",
            "2026-03",
            "--reason",
            "x",
            "--reviewer",
            "Dr A",
            "--processed",
            own,
        ).code
        == 2
    )
    assert ae(*base, "--month", "2026-03", "--reason", "new dilution", "--reviewer", "Dr A").code == 0
    assert starts(own, month="2026-03") == {"lid_droop": "2026-03"}
    assert starts(own, month="2026-02") == {}
    frames = build_month(open_store(own), month="2026-10").frames
    assert frames["monitor_units"].loc[frames["monitor_units"]["measure"] == "lid_droop", "reason"].eq("learning").all()
    test = frames["run_test_by_measure"].set_index("measure").loc["lid_droop"]
    assert "twelve are needed" in test["reason"]


def test_a_month_has_its_frames_and_they_fit_their_schemas(demo_store: Path):
    context = build_month(open_store(demo_store), month="2026-10")
    assert {
        "signals",
        "monitor_units",
        "decisions",
        "run_chart_by_measure",
        "run_test_by_measure",
        "days_since_last",
    } <= set(context.frames)
    for frame, spec in (("signals", SIGNALS), ("decisions", DECISIONS)):
        spec.schema.validate(context.frames[frame])
    assert not set(context.frames["signals"]["unit"]) & set(open_store(demo_store).frame("injectors")["injector"])
    assert context.frames["signals"]["name"].isna().all()


def test_early_months_are_learning_and_later_rows_do_not_change_them(own: Path):
    store = open_store(own)
    early = build_month(store, month="2025-10")
    assert early.facts["learning"]
    assert early.frames["monitor_units"]["reason"].eq("learning").all()
    cut = build_month(store, month="2026-07", as_of=date(2026, 7, 31)).frames["signals"]
    pd.testing.assert_frame_equal(build_month(store, month="2026-07").frames["signals"], cut)


def test_signals_of_a_clinic_are_those_of_the_group(demo_store: Path):
    store = open_store(demo_store)
    group, own = (build_month(store, month=MONTH, clinic=clinic).frames["signals"] for clinic in (None, "Harbour"))
    expected = group[group["clinic"].eq("Harbour") | group["clinic"].isna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, expected)
