import re

import pandas as pd
import pytest
import sample_context as contexts

from analysis.report import cases, evidence, patients, quality, signals
from analysis.report.page_one import MOST_WORDS, page_one, words_in
from analysis.report.words import NEVER_USED, NO_FAULT

HEADINGS = ["Look today", "Waiting", "Trust", "Newest closed month", "so far", "Injectors"]
EVERY = [contexts.sample, contexts.empty, contexts.without_anything, contexts.hostile]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def everything(ctx) -> str:
    pieces = [
        page_one,
        evidence.every_entry,
        evidence.bridge,
        evidence.reported_by_month,
        evidence.mixed_note,
        evidence.power_note,
    ]
    pieces += [quality.data_quality, quality.missing_logs, quality.limits, quality.made_from]
    pieces += [cases.urgent_cases, cases.duty_checklist, cases.report_drafts, patients.patient_sheet]
    pieces += [signals.changed, signals.signals_table, signals.actions]
    html = [piece(ctx)._repr_html_() for piece in pieces]
    html.append(evidence.rates_table(ctx, "rates_by_area", by="area", column="area_label").html)
    return "\n".join(html)


@pytest.mark.parametrize("make", EVERY)
def test_six_sections_in_order(make):
    headings = re.findall(r"<h3[^>]*>(.*?)</h3>", page_one(make()).html)
    assert len(headings) == 6
    assert all(wanted in heading for wanted, heading in zip(HEADINGS, headings, strict=True))


@pytest.mark.parametrize("make", [contexts.sample, contexts.empty, contexts.without_anything])
def test_at_most_250_words(make):
    assert words_in(page_one(make()).html) <= MOST_WORDS


def test_numbers_of_page_one():
    said = text_of(page_one(contexts.sample()).html)
    for words in (
        "4 now , 11 today",
        "Swallowing difficulty, reported 27 October 2026",
        "All 15 entries",
        "14 follow-up contacts due by 9 November 2026. 3 external reports undecided. No action open. Sign-off: in the list of reports.",
        "Missing, left out: Northgate (Sep 2026: events log).",
        "Scheduled follow-up: 45 % of 6,190 sessions.",
        "not clinician-validated",
        "Above usual: lid droop.",
        "Lid droop 9 of 388 23.2 0–8 3 of 480",
        "Away from the face 0 of 530 up to 6.9",
        "Bruising: scheduled follow-up 45 %, under 80 %.",
        "At 517 sessions a month, twice the lid droop would stand out about 4 times in 10.",
        "517 sessions. 31 entries reported.",
        "severe pain or swelling 0",
        "Case-review rules met: 1 (level now, reported this month). Monitor: learning; case triggers only. Not reassurance:",
    ):
        assert words in said


def test_hidden_measures_keep_their_numbers_to_themselves():
    html = page_one(contexts.sample()).html
    closed = html[html.index("one-closed") : html.index("one-so-far")]
    assert "6 of 530" not in closed


def test_nobody_is_named_among_injectors():
    said = text_of(page_one(contexts.sample()).html)
    assert not re.search(r"\bI0?\d+\b", said)


def test_urgent_is_never_a_lone_zero():
    none = text_of(page_one(contexts.empty()).html)
    assert "0 now" not in none
    assert "No open entry needs a clinician." in none
    assert "does not mean none occurred" in none
    unread = text_of(page_one(contexts.empty(unread=3)).html)
    assert "3 unread" in unread
    assert "No open entry" not in unread


def test_unlinked_and_set_aside_entries_are_in_the_full_list():
    said = text_of(evidence.every_entry(contexts.sample()).html)
    assert said.count("no session") == 2
    assert len(re.findall(r"\b(?:Now|Today) (?:Eastbank|Harbour|Northgate|Old Town)", said)) == 15


@pytest.mark.parametrize("make", EVERY)
def test_words_never_used(make):
    said = text_of(everything(make())).lower()
    for word in NEVER_USED:
        assert not re.search(rf"\b{word}\w*", said), word


@pytest.mark.parametrize("make", EVERY)
def test_no_events_reported_is_never_none_occurred(make):
    said = text_of(everything(make())).lower()
    for found in re.finditer(r"(?:no|none|nothing)[^.]{0,60}occurr?ed", said):
        before = said[max(0, found.start() - 80) : found.start()]
        assert re.search(r"not mean|not the same|never the same", before + found[0]), found[0]


@pytest.mark.parametrize("make", EVERY)
def test_no_missing_value_shows(make):
    said = text_of(everything(make()))
    assert not re.search(r"\b(?:nan|NaN|NaT|None|<NA>)\b", said)


def test_the_bridge_adds_up():
    said = text_of(evidence.bridge(contexts.sample()).html)
    assert said.startswith("29 entries reported in October 2026 and counted:")
    assert 14 + 11 + 1 + 3 == 29
    assert "3 not linked to a session. 2 of them joined earlier episodes." in said
    assert "31 were reported in all; the others hold nothing that is counted." in said, "page one says 31"


def test_missing_coverage_is_not_full_coverage():
    assert "Northgate September 2026" in text_of(quality.missing_logs(contexts.sample()).html)
    assert "No log was received." in text_of(quality.missing_logs(contexts.empty()).html)


def test_fixed_sentence():
    assert NO_FAULT == "A difference in counts is a question, not a finding of fault."
    assert NO_FAULT in evidence.power_note(contexts.sample()).html


def test_usual_range_unknown_is_said():
    ctx = contexts.sample()
    ctx.frames["headline"][["usual_lower", "usual_upper"]] = pd.NA
    assert "Usual range: known after 12 closed months." in text_of(page_one(ctx).html)


def test_hostile_text_is_inert():
    html = everything(contexts.hostile())
    assert "<script" not in html
    assert "<img" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;" in html


def test_entries_that_nothing_could_be_linked_to_stand_beside_the_unlinked():
    said = page_one(contexts.sample(unlinked=0, without_sessions=12)).html
    assert "0 unlinked (12 more of clinics without session lists)" in said
    assert "session lists" not in page_one(contexts.sample(unlinked=0, without_sessions=0)).html
