"""What the sample month says over time and of single cases: run charts, gaps, signals, decisions, the monitor, open cases."""

from datetime import date
from typing import Any

import pandas as pd

from analysis.monitoring.timeline import days_since_last, run_charts


def trend_frames(monthly: pd.DataFrame, look_today: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Frames of the look back, made of the sample's own months."""
    labels = dict(zip(monthly["measure"], monthly["label"], strict=True))
    points, tests = run_charts(monthly, month="2026-10", starts={})
    days = [{"measure": name, "day": pd.Timestamp(2026, 1 + i, 3)} for name in labels for i in range(4)]
    return {
        "run_chart_by_measure": points,
        "run_test_by_measure": tests,
        "days_since_last": days_since_last(pd.DataFrame(days), labels, until=date(2026, 10, 31)),
        "signals": _signals(),
        "decisions": _decisions(),
        "open_cases": _cases(look_today),
        "rates_in_window": _window(),
    }


def _signals() -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {"signal_id": "G-00000001", "kind": "trigger", "rule": "level_now", "unit_kind": "episode", "unit": "E1040", "clinic": "Eastbank",
         "first_seen": "2026-10", "state": "new", "observed": 1, "method": "An entry of level now"},
        {"signal_id": "G-00000002", "kind": "monitor", "rule": "lid_droop more injector", "measure": "lid_droop", "tail": "more",
         "unit_kind": "injector", "unit": "I03", "clinic": "Harbour", "first_seen": "2026-08", "state": "persisting", "observed": 9,
         "expected": 3.1, "size": 2.903, "lower": 1.33, "upper": 5.51, "e_value": 14.2, "limit": 12.0, "power_2": 0.082, "power_3": 0.51,
         "method": "e-detector"},
    ]  # fmt: skip
    columns = (
        "signal_id kind rule measure tail unit_kind unit clinic name first_seen state sessions observed expected size lower upper "
        "e_value limit chance power_2 power_3 method"
    )
    return pd.DataFrame(rows).reindex(columns=columns.split())


def _decisions() -> pd.DataFrame:
    return pd.DataFrame([
        {"signal_id": "G-00000002", "rule": "lid_droop more injector", "unit": "I03", "clinic": "Harbour", "decided": "2026-09-02",
         "month": "2026-08", "cause": "training", "cause_label": "Training", "attribution": "confirmed", "reply": None,
         "action": "Supervised sessions", "owner": "Lead nurse", "recheck": "2026-11-02", "effect": None, "reviewer": "Dr A. Director",
         "open": True, "due": True},
        {"signal_id": "G-00000003", "rule": "red_flags_of_lot", "unit": "C1234", "clinic": None, "decided": "2026-06-02",
         "month": "2026-05", "cause": "chance", "cause_label": "Chance", "attribution": "not_asked", "reply": None, "action": None,
         "owner": None, "recheck": None, "effect": "none since", "reviewer": "Dr A. Director", "open": False, "due": False},
    ])  # fmt: skip


def _cases(look_today: pd.DataFrame) -> pd.DataFrame:
    own = look_today[look_today["source"] == "episode"].reset_index(drop=True)
    first = own.index == 0
    return own[
        ["clinic", "entry", "label", "status", "triage", "reported_date", "onset_date", "contact_due", "injector_code", "linked"]
    ].assign(
        treatment_date="2026-10-02", resolved_date=None, treatment_type="tmj", area="masseter;temporalis", product="botox",
        lot=pd.Series(first).map({True: None, False: "C1234"}), severity="severe", seriousness=None, outcome="recovering", dose_units=50.0,
        missing=pd.Series(first).map({True: "seriousness, lot", False: "seriousness"}), told_outside=first, has_patient=~first,
        has_reporter=True, has_product=True, has_event=True, draft=own["triage"] == "now",
    )  # fmt: skip


def _window() -> pd.DataFrame:
    rows = [
        ("bruise", 93, 6190), ("lid_droop", 52, 4310), ("other_facial", 0, 6190), ("headache", 3, 299), ("away_from_face", 1, 6190),
    ]  # fmt: skip
    return pd.DataFrame([
        {"measure": name, "numerator": k, "denominator": n, "rate": k / n, "lower": 0.0, "upper": 0.1, "linked_only": k / n,
         "if_unlinked_counted": k / n, "per": 1000, "provisional": False, "reason": None}
        for name, k, n in rows
    ])  # fmt: skip
