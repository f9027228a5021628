"""Words about signals, actions, cases, duties, drafts and the patients' page, from the sample month."""

import re
from dataclasses import replace

import pandas as pd
import pytest
import sample_context as contexts

from analysis.report import cases, drafts, patients, signals
from analysis.report.page_one import page_one
from analysis.report.sentences import one_injector


def text_of(piece) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", piece.html).split())


def test_changed_in_words():
    said = text_of(signals.changed(contexts.sample()))
    assert "Signals: 1 new this month and 1 there last month too." in said
    assert "A difference in counts is a question, not a finding of fault." in said
    assert "Run rules" in said


def test_a_signal_in_figures_and_its_power_in_words():
    said = text_of(signals.signals_table(contexts.sample()))
    assert "Monitor, lid droop: more than expected" in said
    assert "9 observed, 3.1 expected, ratio 2.90 (1.33 to 5.51)" in said
    assert "twice the expected about 1 time in 12, three times about 5 times in 10, within a year" in said
    assert "entry E1040, Eastbank" in said


def test_no_signal_is_no_reassurance():
    assert "This is not reassurance." in text_of(signals.signals_table(contexts.empty()))


def test_actions_with_owner_due_and_effect():
    said = text_of(signals.actions(contexts.sample()))
    assert "Supervised sessions Lead nurse 2 November 2026, due not known yet 2 September 2026, Dr A. Director" in said
    assert "none decided nobody named none set none since" in said


def test_page_one_counts_actions_and_due():
    said = text_of(page_one(contexts.sample(decisions_open=2, decisions_due=1)))
    assert "2 actions open, 1 due." in said


@pytest.mark.parametrize(
    ("highest", "said"),
    [(0.0, "less than 1 time in 100"), (0.0825, "at most about 1 time in 12"), (0.4, "at most about 4 times in 10")],
)
def test_power_for_one_injector(highest, said):
    ctx = contexts.sample(
        one_injector_power={"measure": "lid_droop", "label": "Lid droop", "injectors": 9, "highest": highest}
    )
    assert one_injector(ctx) == f"Twice the lid droop of one injector would be noticed within a year {said}."
    assert said in text_of(page_one(ctx))


def test_missing_elements_are_named():
    said = text_of(cases.urgent_cases(contexts.sample()))
    frame = contexts.sample().frames["open_cases"]
    assert (
        f"{int(frame['draft'].sum())} open cases are of level now or serious; an outside body is recorded for 1."
        in said
    )
    assert "missing present present present seriousness, lot yes, by the log" in said
    assert "clinician’s decision" in said


def test_duties_are_dated_facts_with_a_source_for_five_places():
    assert {row["jurisdiction"] for row in cases.duties()} == {"US", "UK", "EU", "CA", "AU"}
    for row in cases.duties():
        assert all(row.values())
        assert re.fullmatch(r"\d{4}-\d{2}", row["compiled"])


def test_declared_jurisdictions_narrow_duties_and_forms():
    ctx = contexts.sample(jurisdictions=["UK"])
    said = text_of(cases.duty_checklist(ctx))
    assert "Yellow Card" in said
    assert "MedWatch" not in said
    assert "FDA Form" not in text_of(cases.report_drafts(ctx))
    assert [form["id"] for form in drafts.forms_for([])] == ["fda_3500", "yellow_card"]
    assert "No draft is made" in text_of(cases.report_drafts(contexts.sample(jurisdictions=["CA"])))


@pytest.mark.parametrize("form", drafts.forms(), ids=lambda form: form["id"])
def test_a_draft_is_marked_and_keeps_the_order_of_the_form(form):
    row = contexts.sample().frames["open_cases"].to_dict("records")[0]
    lines = drafts.draft(row, form).splitlines()
    assert lines[0].startswith("DRAFT. Not sent.")
    assert lines[-1] == "DRAFT"
    assert [line.split(": ")[0] for line in lines[2:-1]] == [name.split(": ")[0] for name, _ in form["fields"]]
    assert any("to be filled in" in line and "Reporter" in line for line in lines)
    assert not any("{" in line or "nan" in line.lower() for line in lines)


def test_a_draft_of_a_case_with_nothing_says_so():
    row = dict.fromkeys(contexts.sample().frames["open_cases"].columns) | {"entry": "E1", "clinic": "Eastbank"}
    for form in drafts.forms():
        text = drafts.draft(row, form)
        assert "None" not in text
        assert text.count(drafts.TO_FILL) >= len(form["fields"]) - 2


def test_own_figures_for_patients_need_follow_up_and_sessions():
    thin = text_of(patients.patient_sheet(contexts.sample()))
    assert thin.count(patients.NOT_MEASURED) == len(patients.sheet()["effect"])
    enough = text_of(patients.patient_sheet(contexts.sample(followup_scheduled=4952, followup_sessions=6190)))
    assert "about 15 in 1,000 treatments (93 of 6,190)" in enough
    assert "none in 6,190 treatments, which does not mean that it cannot happen" in enough
    assert "fewer than 1 in 1,000 treatments (1 of 6,190)" in enough
    assert enough.count(patients.NOT_MEASURED) == 2, "headache has 299 treatments, hair has no rate"
    just_under = contexts.sample(followup_scheduled=4951, followup_sessions=6190)
    assert text_of(patients.patient_sheet(just_under)).count(patients.NOT_MEASURED) == 6


def test_the_patients_page_never_says_to_stop_a_medicine():
    said = text_of(patients.patient_sheet(contexts.sample()))
    assert "Do not stop or change a prescribed medicine" in said
    assert not re.search(r"(?<!not )\b(?:stop|avoid|discontinue)\b", said)


def test_a_null_month_names_no_injector_on_page_one():
    ctx = contexts.sample(monitor_signals=0, monitor_new=0, learning=False, triggers=[])
    quiet = replace(ctx, frames={**ctx.frames, "signals": ctx.frames["signals"].iloc[0:0]})
    said = text_of(page_one(quiet))
    assert "No case-review rule was met. Monitor: no signal. Not reassurance:" in said
    codes = set(
        pd.concat([ctx.frames["rates_by_injector"]["code"], ctx.frames["look_today"]["injector_code"]]).dropna()
    )
    assert len(codes) > 5
    assert not any(re.search(rf"\b{code}\b", said) for code in codes)
