"""Sign-off, closed entries, complaints and near misses as a page says them."""

import re

import pandas as pd
import pytest
import sample_context as contexts
from sample_context import sample

from analysis.report import followup

SIGNED = {"state": "signed", "by": "Dr A <b>", "on": "2026-11-12", "said": None}


@pytest.mark.parametrize(
    ("given", "short", "long"),
    [
        ({}, "Sign-off: in the list of reports.", "ae decide --sign-off"),
        (SIGNED, "Changed since it was signed off.",
         "An earlier version was signed off by Dr A &lt;b&gt; on 12 November 2026; the page has changed since"),
        ({**SIGNED, "state": "changes wanted", "said": "name <i>the</i> gap"}, "Changes were wanted.",
         "were wanted by Dr A &lt;b&gt; on 12 November 2026: name &lt;i&gt;the&lt;/i&gt; gap."),
    ],
)  # fmt: skip
def test_sign_off_is_said_in_words(given, short, long):
    ctx = sample(sign_off=given)
    assert followup.signed_off(ctx.facts) == short
    assert long in followup.sign_off(ctx).html


def closed(**columns):
    rows = {
        "clinic": ["Harbour", "Harbour", "Willow"], "entry": ["E1", "E2", "x.csv row 4"], "category": ["systemic", "facial", None],
        "reviewer": ["Dr A", "Dr B", "Dr A"], "decided": ["2026-10-03", "2026-09-30", "2026-10-31"],
        "outcome": ["recovered", "recovered", None], "label": ["Swallowing difficulty", "Lid droop", "words of a row"],
    }  # fmt: skip
    return pd.DataFrame({**rows, **columns})


def test_entries_closed_in_the_month_have_who_when_and_category_only():
    ctx = sample()
    ctx.frames["closed_entries"] = closed()
    html = followup.closed_entries(ctx).html
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", html)
    assert len(rows) == 2
    assert "Away from the face" in rows[0]
    assert "Dr A" in rows[0]
    assert "3 October 2026" in rows[0]
    assert "recovered" in rows[0]
    assert "not coded" in rows[1]
    assert "not said" in rows[1]
    assert "Swallowing" not in html
    assert "words of a row" not in html
    assert "Nobody closed" in followup.closed_entries(contexts.empty()).html


def test_complaints_are_counts_and_a_kind_without_a_log_is_not_zero():
    ctx = sample()
    ctx.frames["process_by_month"] = pd.DataFrame({
        "month": pd.Series(["2026-09", "2026-10", None], dtype="str"), "complaint": pd.array([3, 0, 1], dtype="Int64"),
        "near_miss": pd.array([None] * 3, dtype="Int64"),
    })  # fmt: skip
    html = followup.process_table(ctx).html
    rows = [re.findall(r">([^<>]+)</t", row) for row in re.findall(r"<tr><th scope=\"row\".*?</tr>", html)]
    assert rows == [["no date", "1", "[x]"], ["October 2026", "0", "[x]"], ["September 2026", "3", "[x]"]]
    assert "not the same as none" in followup.process_table(contexts.empty()).html
