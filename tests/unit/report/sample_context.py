"""Months to test pages with: a realistic one, an empty one, one of hostile text, and small odd ones."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sample_evidence import evidence_frames
from sample_trends import trend_frames
from scipy.stats import beta

from analysis.periods import month_range
from analysis.resources import resource
from analysis.schemas.month import MonthContext

MEASURES = {
    "any_reaction": ("Any reaction", 0.030),
    "lid_droop": ("Lid droop", 0.008),
    "other_facial": ("Other facial weakness", 0.006),
    "away_from_face": ("Away from the face", 0.003),
    "severe_pain_or_swelling": ("Severe pain or swelling", 0.002),
    "bruise": ("Bruising", 0.015),
}
CLINICS = ("Eastbank", "Harbour", "Northgate", "Old Town")
MONTHS = list(month_range("2025-05", "2026-10"))
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "$x^$ and $\\frac{1}{0}$",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    '=HYPERLINK("http://example.invalid","click")',
    "![x](http://example.invalid/x.png) [a](javascript:alert(3))",
    "\u202egnp.exe Zoë 山田 🙂 " + "very long " * 40,
)


def without_own_script(html: str) -> str:
    """The page without the one script that is ours, word for word; any other stays and is seen."""
    own = (resource("template") / "page.js").read_text(encoding="utf-8")
    assert html.count(f"<script>{own}</script>") == 1
    return html.replace(f"<script>{own}</script>", "")


def block(numerator: int | None, denominator: int | None, **more: Any) -> dict[str, Any]:
    """A rate block with Clopper–Pearson limits."""
    given = numerator is not None and bool(denominator)
    k, n = (numerator, denominator) if given else (0, 1)
    lower = 0.0 if k == 0 else float(beta.ppf(0.025, k, n - k + 1))
    upper = 1.0 if k == n else float(beta.ppf(0.975, k + 1, n - k))
    rate = k / n
    base = {
        "numerator": numerator,
        "denominator": denominator,
        "rate": rate if given else np.nan,
        "lower": lower if given else np.nan,
        "upper": upper if given else np.nan,
        "per": 1000,
        "method": "clopper_pearson",
        "linked_only": rate if given else np.nan,
        "if_unlinked_counted": rate if given else np.nan,
        "provisional": False,
        "basis": "session",
        "reason": None if given else "events log of Northgate not received",
    }
    return {**base, **more}


def typed(rows: list[dict[str, Any]], columns: list[str] | None = None) -> pd.DataFrame:
    """A frame with the contract's plain dtypes."""
    frame = pd.DataFrame(rows, columns=columns)
    whole = {
        "numerator",
        "denominator",
        "usual_lower",
        "usual_upper",
        "before_numerator",
        "before_denominator",
        "episodes",
        "linked",
        "unlinked",
        "sessions",
    }
    for name in whole & set(frame.columns):
        if name != "linked" or "episodes" in frame.columns:
            frame[name] = frame[name].astype("Int64")
    return frame


def sample(**facts: Any) -> MonthContext:
    """October 2026 of a simulated group of four clinics."""
    frames = {
        "look_today": _look_today(),
        "coverage": _coverage(),
        "headline": _headline(),
        "month_so_far": typed(
            [
                {"measure": m, "label": text, "numerator": k, "denominator": 517, "still_arriving": True}
                for (m, (text, _)), k in zip(MEASURES.items(), (9, 2, 1, 1, 0, 4), strict=True)
            ]
        ),
        "rates_by_month": _by_month(),
        "rates_by_treatment_type": _by("treatment_type", "type_label", TYPES),
        "rates_by_area": _by("area", "area_label", AREAS),
        "rates_by_product": _by("product", "product_label", PRODUCTS),
        "rates_by_injector": _by_injector(),
        "counts_by_category": _counts(),
        "counts_by_month_reported": typed(
            [{"month": m, "category": "facial", "label": "Facial weakness or drooping", "episodes": 3} for m in MONTHS]
        ),
        "activity": typed(
            [
                {
                    "month": m,
                    "clinic": c,
                    "sessions": None if (c, m) == ("Northgate", "2026-09") else 90 + 17 * i + 7 * (j % 5),
                }
                for j, m in enumerate(MONTHS)
                for i, c in enumerate(CLINICS)
            ]
        ),
        "row_account": _rows(),
        "set_aside_reasons": pd.DataFrame(
            [
                {
                    "reason": "Date not readable",
                    "column": "reported_date",
                    "rows": 14,
                    "mend": "Write dates as 2026-10-03.",
                },
                {
                    "reason": "No patient and no treatment date",
                    "column": "treatment_date",
                    "rows": 5,
                    "mend": "Add the date of treatment.",
                },
            ]
        ),
        "notes_by_code": pd.DataFrame(
            [{"code": "dose_unreadable", "message": "Dose not readable; the row stays without it", "notes": 37}]
        ),
    }
    frames |= trend_frames(frames["rates_by_month"], frames["look_today"]) | evidence_frames(CLINICS)
    return MonthContext("2026-10", None, "director", {**_facts(), **facts}, frames, _meta())


def empty(**facts: Any) -> MonthContext:
    """A month of which nothing is known: every frame without rows, counts 0, optional facts missing."""
    full = sample()
    frames = {name: frame.iloc[0:0] for name, frame in full.frames.items()}
    nothing = {
        **full.facts,
        "look_now": 0,
        "look_today": 0,
        "sessions_month": None,
        "sessions_total": 0,
        "events_reported_month": 0,
        "to_review": 0,
        "unlinked": 0,
        "linked": 0,
        "set_aside": 0,
        "files_refused": 0,
        "followup_scheduled": 0,
        "followup_sessions": 0,
        "contacts_due": 0,
        "contacts_overdue_before": None,
        "left_out": [],
        "triggers": [],
        "power": None,
        "bridge": {"reported": 0, "from_month": [], "unlinked": 0, "joined": 0},
        "window_first": None,
        "window_last": None,
        "counts_only": True,
        "simulated": False,
    }
    return replace(full, facts={**nothing, **facts}, frames=frames)


def without_anything() -> MonthContext:
    """No facts and no frames at all."""
    return MonthContext("2026-10", None, "director")


def hostile() -> MonthContext:
    """The realistic month with every text replaced by something that wants to be code."""
    full = sample()
    facts = {**full.facts, "title_subject": HOSTILE[0], "clinics": list(HOSTILE)}
    facts["left_out"] = [{"clinic": HOSTILE[1], "month": "2026-09", "what": HOSTILE[2]}]
    safe = {
        "month",
        "before_month",
        "reported_date",
        "onset_date",
        "contact_due",
        "triage",
        "status",
        "measure",
        "category",
    }
    frames = {}
    for name, frame in full.frames.items():
        changed = frame.copy()
        for column in set(frame.columns) - safe:
            if pd.api.types.is_string_dtype(frame[column]) and frame[column].notna().any():
                changed[column] = [HOSTILE[i % len(HOSTILE)] for i in range(len(frame))]
        frames[name] = changed
    return replace(full, facts=facts, frames=frames)


def _facts() -> dict[str, Any]:
    return {
        "title_subject": "All clinics",
        "simulated": True,
        "data_cut": "2026-11-09",
        "clinics": list(CLINICS),
        "left_out": [{"clinic": "Northgate", "month": "2026-09", "what": "events log"}],
        "sessions_month": 517,
        "sessions_total": 9486,
        "events_reported_month": 31,
        "look_now": 4,
        "look_today": 11,
        "to_review": 23,
        "unlinked": 19,
        "linked": 402,
        "set_aside": 61,
        "files_refused": 1,
        "followup_scheduled": 2804,
        "followup_sessions": 6190,
        "contacts_due": 14,
        "contacts_overdue_before": "2026-11-09",
        "sign_off": {"state": "none", "by": None, "on": None, "said": None},
        "decisions_open": 0,
        "outside_undecided": 3,
        "jurisdictions": [],
        "bridge": {
            "reported": 29,
            "from_month": [{"month": "2026-10", "n": 14}, {"month": "2026-09", "n": 11}, {"month": "2026-06", "n": 1}],
            "unlinked": 3,
            "joined": 2,
        },
        "learning": True,
        "triggers": [{"level": "now", "count": 1}],
        "power": {
            "measure": "lid_droop",
            "label": "Lid droop",
            "sessions": 517,
            "usual_rate": 0.008,
            "ratio": 2.0,
            "chance": 0.41,
        },
        "mixed_sessions": 212,
        "skin_reactions": 5,
        "outside_window": 8,
        "counts_only": False,
        "window_first": "2025-09",
        "window_last": "2026-08",
    }


def _meta() -> dict[str, Any]:
    return {
        "program_version": "0.1.0",
        "schema_version": 1,
        "snapshot": "3f9a1c0de2",
        "key_fingerprint": "9b1d",
        "as_of": "2026-11-09",
        "parameters": {"month": "2026-10", "audience": "director"},
        "inputs": [
            {"path": "eastbank/events.csv", "sha256": "ab" * 32},
            {"path": "harbour/log.xlsx", "sha256": "cd" * 32},
        ],
        "lock_sha256": "ef" * 32,
    }


LOOKS = (
    ("S2", "Swallowing difficulty", "systemic", "now", "asserted"),
    ("S1", "Breathing difficulty", "systemic", "now", "uncertain"),
    ("S5", "Voice/speech change", "systemic", "now", "resolved"),
    ("S4", "Muscle weakness outside the face", "systemic", "now", "other_cause"),
    ("S3", "Vision: blurred/double", "systemic", "today", "asserted"),
    ("U1", "Severe pain", "severe_local", "today", "asserted"),
    ("U2", "Severe swelling", "severe_local", "today", "resolved"),
    ("B2", "Haematoma", "bruise", "today", "asserted"),
)


def _look_today() -> pd.DataFrame:
    rows = []
    for i in range(15):
        code, label, category, triage, status = LOOKS[i] if i < 4 else LOOKS[4 + i % 4]
        aside = i in (3, 9)
        rows.append(
            {
                "clinic": CLINICS[i % 4],
                "entry": "events.csv row 214" if aside else f"E{1040 + 7 * i}",
                "source": "set_aside" if aside else "episode",
                "label": "Row set aside; its words are pressing" if aside else label,
                "subcode": code,
                "category": category,
                "status": "not coded" if aside else status,
                "triage": triage,
                "linked": not aside,
                "reported_date": f"2026-{10 - i // 4:02d}-{27 - i:02d}",
                "onset_date": None if aside else f"2026-{10 - i // 4:02d}-{20 - i:02d}",
                "injector_code": f"I{i % 5 + 1}",
                "contact_due": f"2026-{10 - i // 4:02d}-{27 - i:02d}",
                "state": "ongoing",
            }
        )
    return pd.DataFrame(rows)


def _coverage() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "clinic": c,
            "month": m,
            "treatments": "received",
            "events": "missing" if (c, m) == ("Northgate", "2026-09") else "received",
            "covered_to": f"{m}-28",
            "basis": "session",
        }
        for c in CLINICS
        for m in MONTHS
    )


def _headline() -> pd.DataFrame:
    counts = {
        "any_reaction": 17,
        "lid_droop": 9,
        "other_facial": 2,
        "away_from_face": 0,
        "severe_pain_or_swelling": 1,
        "bruise": 6,
    }
    rows = []
    for measure, (label, rate) in MEASURES.items():
        shown = measure != "bruise"
        rows.append(
            {
                "measure": measure,
                "label": label,
                "month": "2026-08",
                "sessions_label": "of sessions at risk" if measure == "lid_droop" else "of sessions",
                **block(counts[measure], 388 if measure == "lid_droop" else 530),
                "usual_lower": max(0, int(530 * rate) - 5),
                "usual_upper": int(530 * rate) + 4,
                "before_month": "2025-08",
                "before_numerator": int(480 * rate),
                "before_denominator": 480,
                "shown": shown,
                "hidden_reason": None if shown else "scheduled follow-up 45 %, under 80 %",
            }
        )
    return typed(rows)


def _by_month() -> pd.DataFrame:
    rows = []
    for measure, (label, rate) in MEASURES.items():
        for j, m in enumerate(MONTHS):
            n = 440 + 13 * (j % 7)
            k = max(0, round(n * rate) + (-2, 1, 0, 3, -1)[(j + len(measure)) % 5])
            if m == "2026-02":
                rows.append({"measure": measure, "label": label, "month": m, **block(None, None)})
                continue
            more = {"if_unlinked_counted": (k + 3) / n} if (m == "2026-04" and k) else {}
            rows.append(
                {"measure": measure, "label": label, "month": m, **block(k, n, provisional=m >= "2026-09", **more)}
            )
    return typed(rows)


TYPES = (
    ("cosmetic", "Cosmetic", 4310),
    ("tmj", "Jaw (TMJ)", 412),
    ("migraine", "Migraine", 388),
    ("hair", "Hair and scalp", 41),
    ("hyperhidrosis", "Sweating", 207),
    ("other_medical", "Other medical", 130),
    ("unknown", "Not stated", 0),
)
AREAS = (
    ("glabella", "Glabella", 2900),
    ("forehead", "Forehead", 2400),
    ("periocular", "Crow's feet", 1800),
    ("masseter", "Masseter", 700),
)
PRODUCTS = (("botox", "Botox", 3300), ("dysport", "Dysport", 1100), ("xeomin", "Xeomin", 700), ("mixed", "Mixed", 60))


def _by(name: str, label_name: str, groups: tuple[tuple[str, str, int], ...]) -> pd.DataFrame:
    rows = []
    for measure, (label, rate) in MEASURES.items():
        for i, (key, text, n) in enumerate(groups):
            k = round(n * rate * (1, 1.4, 0.6, 2, 0, 1, 0)[i])
            more = {} if n else {"reason": "no sessions"}
            rows.append({"measure": measure, "label": label, name: key, label_name: text, **block(k, n, **more)})
    return typed(rows)


def _by_injector() -> pd.DataFrame:
    rows = []
    for measure, (label, rate) in MEASURES.items():
        for i in range(12):
            n = (610, 540, 88, 700, 320, 410, 150, 690, 560, 300, 47, 480)[i]
            k = round(n * rate * (0.4, 1.5, 1, 0, 1.1, 1.6, 0.9, 1, 0.7, 1.3, 1, 1.2)[i])
            rows.append(
                {
                    "measure": measure,
                    "label": label,
                    "clinic": CLINICS[i // 3],
                    "code": f"I{i + 1:02d}",
                    "name": None,
                    **block(k, n),
                }
            )
    return typed(rows)


def _counts() -> pd.DataFrame:
    rows = [
        ("bruise", "Bruising at the injection site", "B1", "Bruise / ecchymosis", 7, 6),
        ("bruise", "Bruising at the injection site", "B2", "Haematoma", 0, 0),
        ("facial", "Facial weakness or drooping", "F1", "Upper-eyelid ptosis / lid heaviness", 5, 4),
        ("facial", "Facial weakness or drooping", "F2", "Brow/forehead ptosis or heaviness", 2, 2),
        ("systemic", "Away from the face", "S2", "Swallowing difficulty", 1, 1),
        ("other", "Not in the article", "O4", "Headache / migraine", 6, 5),
        ("other", "Not in the article", "O12", "Lack/loss of effect; antibodies; dissatisfaction", 4, 3),
    ]
    names = ("category", "label", "subcode", "sub_label", "episodes", "linked")
    return typed([{**dict(zip(names, row, strict=True)), "unlinked": row[4] - row[5]} for row in rows])


def _rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "path": f"{c.lower()}/{kind}.csv",
            "sheet": None,
            "clinic": c,
            "kind": kind,
            "rows_read": n,
            "accepted": n - 9,
            "duplicate": 4,
            "superseded": 1,
            "quarantined": 3,
            "ignored": 1,
            "refused_reason": None,
        }
        for c in CLINICS
        for kind, n in (("treatments", 2400), ("events", 140))
    )
