"""Small made-up clinic groups as the frames that counting reads."""

from typing import Any

import pandas as pd

from analysis.counting.clinics import Clinics
from analysis.schemas.conform import conform, empty

MONTHS = ["2026-01", "2026-02", "2026-03"]


def session(number: int, **more: Any) -> dict[str, Any]:
    """One session; `bad` lists the sub-codes of its counted episodes."""
    base = {
        "clinic": "A", "session_id": f"S{number:05}", "course_id": f"S{number:05}", "touch_up": False,
        "treatment_date": pd.Timestamp("2026-01-10"), "treatment_type": "cosmetic", "areas": "glabella", "injector": "x",
        "patient_key": f"P{number:05}", "followup_kind": "scheduled", "simulated": True, "hit": (),
    }  # fmt: skip
    return {**base, **more}


def group(sessions: list[dict[str, Any]], *, covered: bool = True, linked: bool = True) -> Clinics:
    """The frames of these sessions, every month of `MONTHS` covered (or none), their episodes linked (or none)."""
    frame = pd.DataFrame(sessions, columns=list(session(0)) if not sessions else None)
    treatments = conform("treatments", frame) if len(frame) else empty("treatments")
    lines = [
        {"clinic": s["clinic"], "session_id": s["session_id"], "area": area, "indication": s["treatment_type"],
         "product": s.get("product"), "lot": s.get("lot")}
        for s in sessions for area in str(s["areas"]).split(";")
    ]  # fmt: skip
    episodes, events, findings = [], [], []
    for s in sessions:
        for subcode in s["hit"]:
            identity = f"E{s['session_id']}{subcode}"
            place = {"clinic": s["clinic"], "session_id": s["session_id"] if linked else None}
            reported = s["treatment_date"] + pd.Timedelta(days=s.get("lag", 5))
            episodes.append({
                **place, "episode_id": identity, "category": s.get("category", "facial"), "subcode": subcode,
                "class": s.get("class", "reaction"), "status": s.get("status", "asserted"), "counted": True,
                "onset_date": s["treatment_date"] + pd.Timedelta(days=2), "reported_date": reported, "resolved_date": s.get("resolved"),
                "state": "ongoing", "severity": s.get("severity"), "triage": "routine", "urgent": False, "red_flag": False,
                "entries": 1, "pressing_event_id": identity,
            })  # fmt: skip
            events.append({
                **place, "event_id": identity, "link_method": "treatment_id" if linked else "none", "injector": s["injector"],
                "reported_date": reported, "coded": "findings", "simulated": True,
            })  # fmt: skip
            findings.append({
                **place, "event_id": identity, "episode_id": identity, "category": "facial", "subcode": subcode,
                "class": "reaction", "status": "asserted", "urgent": False, "red_flag": False, "triage": "routine",
                "rule": "r", "source": "rule", "final": True, "in_window": linked, "needs_review": False,
            })  # fmt: skip
    state = "received" if covered else "missing"
    coverage = [
        {"clinic": c, "month": m, "treatments": state, "events": state, "basis": "test"}
        for c in sorted({s["clinic"] for s in sessions}) for m in MONTHS
    ]  # fmt: skip

    def made(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
        return conform(name, pd.DataFrame(rows)) if rows else empty(name)

    return Clinics(
        treatments=treatments, treatment_lines=made("treatment_lines", lines), exposure_totals=empty("exposure_totals"),
        events=made("events", events), findings=made("findings", findings), episodes=made("episodes", episodes),
        coverage=made("coverage", coverage),
    )  # fmt: skip
