"""Observed and expected, statements, open months and lots as a reader sees them: code order, reasons, no blank and no verdict too many."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import sample_context as contexts

from analysis import charts
from analysis.charts import theme
from analysis.report import arrivals, claims, injectors
from analysis.report.words import NEVER_USED, NO_FAULT

WITHHELD = "withheld: scheduled follow-up under 60 % (16 % here, 90 % with the colleagues)"
HOSTILE = "<script>alert(1)</script> $x^$"


def oe(clinic: str = "Harbour") -> pd.DataFrame:
    base = {
        "measure": "any_reaction", "label": "Any reaction", "clinic": clinic, "courses": 300, "observed": 12, "expected": 10.0,
        "ratio": 1.2, "lower": 0.6, "upper": 2.3, "reason": None, "crude_observed": 14, "crude_courses": 310, "crude_ratio": 1.4,
        "without_comparator": 10, "collapsed_share": 0.25, "followup": 0.9, "power_doubled": 0.6, "lower95": 0.5, "upper95": 1.6,
        "so_few": 0.4, "code": "I02", "name": None,
    }  # fmt: skip
    none = dict.fromkeys(
        ("expected", "ratio", "lower", "upper", "crude_ratio", "power_doubled", "lower95", "upper95", "so_few"), np.nan
    )
    rows = [
        base,
        {**base, "code": "I01", "observed": 2, "expected": 9.0, "ratio": 0.22, "lower": 0.03, "upper": 0.8, "so_few": 0.006},
        {**base, **none, "code": "I03", "observed": 0, "reason": WITHHELD},
        {**base, **none, "measure": "lid_droop", "label": "Lid droop", "expected": 3.0, 
         "reason": "under 5 expected: case review, no verdict"},
    ]  # fmt: skip
    return pd.DataFrame(rows)


def statements() -> pd.DataFrame:
    base = {
        "estimand": "share",
        "comparison": "one half",
        "n": 50,
        "unit": "share",
        "effect": 0.73,
        "lower": 0.52,
        "upper": 0.89,
        "note": None,
    }
    gone = {"n": pd.NA, "unit": None, "effect": np.nan, "lower": np.nan, "upper": np.nan}
    return pd.DataFrame([
        {**base, "claim": 1, "statement": "Mostly mild", "verdict": "supported", "why": "38 of 52"},
        {**base, "claim": 2, "statement": "Ratio", "unit": "ratio", "effect": 1.19, "lower": 0.56, "upper": 2.49, "verdict": "cannot tell",
         "why": "wide", "note": "Not a reason to stop a prescribed medicine."},
        {**base, "claim": 3, "statement": "Difference", "unit": "difference", "effect": -0.012, "lower": -0.03, "upper": 0.01,
         "verdict": "contradicted", "why": "less"},
        {**base, **gone, "claim": 4, "statement": "Works", "verdict": "not estimable", "why": "a log cannot"},
    ])  # fmt: skip


def ctx(**frames: pd.DataFrame):
    return replace(contexts.sample(), frames={**contexts.sample().frames, **frames})


CHARTS = {
    "oe": (charts.observed_expected_by_injector, oe),
    "statements": (charts.statements_by_verdict, statements),
}


@pytest.mark.parametrize("name", CHARTS)
def test_charts_of_nothing_one_and_hostile_text(name):
    draw, made = CHARTS[name]
    frame = made()
    hostile = frame.assign(**{column: HOSTILE for column in ("clinic", "label", "statement", "why") if column in frame})
    for own in (frame, frame[:0], frame[:1], hostile, pd.DataFrame()):
        chart = draw(own)
        assert chart.png()[:4] == theme.png(chart.narrow)[:4] == b"\x89PNG"
        for text in (chart.title, chart.alt, chart.caption):
            assert text.strip()
            assert not re.search(r"\bnan\b|\bNaN\b|<NA>|\bNone\b", text)
        assert "<script" not in chart.to_html()
    assert draw(frame).to_html() == draw(frame).to_html()


def test_injectors_stand_in_code_order_and_the_finding_names_nobody():
    chart = charts.observed_expected_by_injector(oe(), measure="any_reaction")
    assert re.findall(r"I\d\d", chart.alt) == ["I01", "I02", "I03"]
    assert not re.search(r"I\d\d", chart.title)
    assert "2 of 3 injectors can be compared, 1 interval without 1" in chart.title
    assert "16 % here, 90 % with the colleagues" in chart.alt
    assert NO_FAULT in chart.caption


def test_the_tables_say_why_and_show_what_was_observed_where_nothing_is_expected():
    html = injectors.observed_expected(ctx(oe_by_injector=oe())).html
    text = re.sub(r"<[^>]+>", " ", html)
    assert "1.20 (0.60 to 2.30)" in text
    assert re.search(r"I03\s+310\s+14\s+\[x\]\s+\[z\]", text), "a withheld row hides its observed cases"
    assert "few reports, follow-up 90 %" in text
    assert "No ratio for any injector: lid droop." in text
    assert "2 comparisons; an interval without 1: 1. By chance alone at most about 0.1" in text
    assert NO_FAULT in text
    assert not [word for word in NEVER_USED if re.search(rf"\b{word}\b", text.lower())]
    assert "No injector can be compared" in injectors.observed_expected(ctx(oe_by_injector=pd.DataFrame())).html


def test_statements_are_said_in_their_units_with_the_note_and_without_advice():
    html = re.sub(r"<[^>]+>", " ", claims.claims_table(ctx(article_claims=statements())).html)
    assert "73 % (52 % to 89 %)" in html
    assert "1.19 (0.56 to 2.49)" in html
    assert "−12.0 (−30.0 to 10.0) per 1,000" in html
    assert "Not a reason to stop a prescribed medicine." in html
    assert "No closed month has both logs" in claims.claims_table(ctx(article_claims=pd.DataFrame())).html


def test_open_months_and_lots():
    months = pd.DataFrame([
        {"measure": "m", "label": "Any", "month": "2026-09", "sessions": 200, "affected": 3, "arrived": 0.83, "estimate": np.nan,
         "lower": np.nan, "upper": np.nan, "reason": "under 10 expected: nothing is estimated"},
        {"measure": "m", "label": "Any", "month": "2026-10", "sessions": 500, "affected": 12, "arrived": 0.5, "estimate": 24.2,
         "lower": 18.0, "upper": 31.0, "reason": None},
    ])  # fmt: skip
    lag = pd.DataFrame([{"measure": "any_reaction", "clinic": "Harbour", "median": 11.0, "p90": 16.0}])
    html = re.sub(r"<[^>]+>", " ", arrivals.still_arriving(ctx(provisional_months=months, lag_by_clinic=lag)).html)
    assert html.index("October 2026") < html.index("September 2026")
    assert "24.2 (18 to 31)" in html
    assert "83 %" in html
    assert "Harbour 11 (nine in ten within 16)" in html
    row = {"label": "Infection", "lot": "C1", "clinic": "Harbour", "code": "all", "sessions": 40, "observed": 2, "expected_lot": np.nan,
           "expected_injector": 0.3, "ratio": np.nan, "lower": np.nan, "upper": np.nan,
           "reason": "nothing to compare with: case review, no verdict"}  # fmt: skip
    html = re.sub(
        r"<[^>]+>", " ", arrivals.lots_table(ctx(lots=pd.DataFrame([row, {**row, "observed": 0, "lot": "C2"}]))).html
    )
    assert "Harbour C1" in html
    assert "C2" not in html
    assert "2 of 40" in html
    for empty in (arrivals.still_arriving(contexts.empty()), arrivals.lots_table(contexts.empty())):
        assert empty.html.strip()
