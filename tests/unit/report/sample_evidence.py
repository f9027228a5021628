"""Frames of onset, recovery, severity, follow-up and lag for the sample months."""

from typing import Any

import numpy as np
import pandas as pd

CATEGORIES = (
    ("bruise", "Bruising at the injection site"),
    ("facial", "Facial weakness or drooping"),
    ("systemic", "Away from the face (breathing, swallowing, vision, voice, weakness)"),
    ("hair_skin", "Hair changes"),
)
ONSET = {
    "bruise": {0: 30, 1: 40, 2: 6},
    "facial": {3: 4, 7: 20, 9: 14, 21: 2},
    "systemic": {5: 2, 8: 1},
    "hair_skin": {},
}
WITHOUT_ONSET = {"bruise": 4, "facial": 6, "systemic": 1, "hair_skin": 0}


def evidence_frames(clinics: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    return {
        "onset_by_category": _onset(),
        "onset_days_by_category": _days(),
        "recovery_by_category": _recovery(),
        "severity_by_category": _severity(),
        "followup_mix_by_clinic": _followup(clinics),
        "lag_by_clinic": _lag(clinics),
        "funnel_by_injector": _funnel(clinics),
        "funnel_limits": _limits(),
        "units_by_area": _units(),
    }


def _onset() -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for category, label in CATEGORIES:
        days = [day for day, n in ONSET[category].items() for _ in range(n)]
        few = len(days) < 5
        q1, median, q3 = (np.nan,) * 3 if few else np.quantile(days, [0.25, 0.5, 0.75])
        rows.append({
            "category": category, "label": label, "episodes": len(days) + WITHOUT_ONSET[category], "dated": len(days),
            "median": median, "q1": q1, "q3": q3, "latest": np.nan if few else max(days),
            "reason": "under 5 episodes with a day of onset" if few else None,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _days() -> pd.DataFrame:
    return pd.DataFrame([
        {"category": category, "label": label, "day": day, "episodes": n}
        for category, label in CATEGORIES for day, n in ONSET[category].items()
    ])  # fmt: skip


def _recovery() -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    shares = {"bruise": (0.0, 0.32, 0.82, 0.93, 1.0), "facial": (0.0, 0.05, 0.4, np.nan, np.nan)}
    for category, label in CATEGORIES:
        for at, day in enumerate((7, 14, 28, 56, 84)):
            share = shares.get(category, (np.nan,) * 5)[at]
            gone = np.isnan(share)
            rows.append({
                "category": category, "label": label, "day": day, "episodes": 80 if category in shares else 3, "recovered": 2,
                "known": 2, "followed": 2, "share": share, "lower": np.nan if gone else max(0.0, share - 0.1),
                "upper": np.nan if gone else min(1.0, share + 0.1),
                "reason": None if not gone else "nobody followed so long" if category in shares else "under 5 episodes",
            })  # fmt: skip
    return pd.DataFrame(rows)


def _severity() -> pd.DataFrame:
    grades = ("mild", "moderate", "severe", "not stated")
    counts = {"bruise": (31, 10, 1, 38), "facial": (23, 9, 3, 11), "systemic": (0, 0, 0, 4), "hair_skin": (0, 0, 0, 0)}
    return pd.DataFrame([
        {"category": category, "label": label, "grade": grade, "episodes": n}
        for category, label in CATEGORIES for grade, n in zip(grades, counts[category], strict=True)
    ])  # fmt: skip


def _followup(clinics: tuple[str, ...]) -> pd.DataFrame:
    kinds = ("scheduled", "other_days", "patient_initiated", "none", "unknown")
    return pd.DataFrame([
        {"clinic": clinic, "kind": kind, "sessions": (n + 1) * size}
        for n, clinic in enumerate(clinics) for kind, size in zip(kinds, (300, 12, 20, 90, 0), strict=True)
    ])  # fmt: skip


def _lag(clinics: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame([
        {"measure": "any_reaction", "label": "Any reaction", "clinic": clinic, "reports": 40 * n, "median": np.nan if n == 0 else 9.0 + n,
         "p90": np.nan if n == 0 else 15.0 + n, "reason": "under five linked reports" if n == 0 else None}
        for n, clinic in enumerate(clinics)
    ])  # fmt: skip


def _funnel(clinics: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame([
        {"measure": "any_reaction", "label": "Any reaction", "clinic": clinic, "code": f"I{n:02d}", "name": None, "observed": 6 + 9 * n,
         "expected": 8.0 + 6 * n, "ratio": (6 + 9 * n) / (8 + 6 * n), "lower95": 0.4, "upper95": 1.6, "lower998": 0.2, "upper998": 2.0,
         "method": "exact"}
        for n, clinic in enumerate(clinics)
    ])  # fmt: skip


def _limits() -> pd.DataFrame:
    expected = np.linspace(5, 40, 8)
    parts = {f"{side}{name}": 1 + sign * z / np.sqrt(expected)
             for name, z in (("95", 1.96), ("998", 2.9)) for side, sign in (("lower", -0.9), ("upper", 1))}  # fmt: skip
    return pd.DataFrame({"expected": expected, **parts, "measure": "any_reaction", "method": "exact"})


def _units() -> pd.DataFrame:
    return pd.DataFrame([
        {"area": area, "product": product, "product_label": label, "sessions": 9, "units": 180.0, "median": 20.0}
        for area in ("glabella", "masseter") for product, label in (("a", "Botox"), ("b", "Dysport"))
    ])  # fmt: skip
