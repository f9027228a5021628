"""What the page says of open cases and of the closed window, against loops over the stored rows."""

from collections import defaultdict

import pandas as pd
import pytest

from analysis.pipeline.cases import COLUMNS, NEEDS, open_cases
from analysis.pipeline.context import build_month
from analysis.pipeline.selection import select
from analysis.store import open_store


@pytest.fixture(scope="module")
def store(demo_store):
    return open_store(demo_store)


@pytest.fixture(scope="module")
def month(store):
    return build_month(store)


def plain(row):
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def test_every_open_case_by_loops(store, month):
    events = {(e["clinic"], e["event_id"]): plain(e) for e in store.events.to_dict("records")}
    sessions = {(t["clinic"], t["session_id"]): plain(t) for t in store.treatments.to_dict("records")}
    lots = defaultdict(set)
    for line in map(plain, store.treatment_lines.to_dict("records")):
        lots[line["clinic"], line["session_id"]] |= {line["lot"]} - {None}
    found = {(row["clinic"], row["entry"]): plain(row) for row in month.frames["open_cases"].to_dict("records")}
    listed = [row for row in month.frames["look_today"].to_dict("records") if row["triage"] in ("now", "today")]
    wanted = [(row["clinic"], row["entry"]) for row in listed if (row["clinic"], row["entry"]) in events]
    assert list(found) == wanted
    assert len(wanted) >= 5
    undecided = 0
    for key in wanted:
        event, case = events[key], found[key]
        session = sessions.get((key[0], event["session_id"]), {})
        product = event["product"] or session.get("product")
        lot = event["lot"] or ";".join(sorted(lots[key[0], event["session_id"]])) or None
        assert case["product"] == product
        assert case["lot"] == lot
        dose = event["dose_units"] if event["dose_units"] is not None else session.get("dose_units")
        day = event["treatment_date"] or session.get("treatment_date")
        assert case["dose_units"] == dose
        assert case["treatment_date"] == (day and f"{day:%Y-%m-%d}")
        blanks = {
            "onset_date": case["onset_date"], "seriousness": event["seriousness"], "outcome": event["outcome"], "product": product,
            "lot": lot, "dose_units": dose, "treatment_date": day,
        }  # fmt: skip
        missing = [NEEDS[name] for name, value in blanks.items() if value is None]
        assert (case["missing"] or "") == ", ".join(missing)
        serious = event["seriousness"] not in (None, "none")
        assert case["draft"] == (case["triage"] == "now" or serious)
        assert case["has_patient"] == (event["patient_key"] is not None)
        assert case["told_outside"] == (event["reported_to"] is not None)
        undecided += case["draft"] and not case["told_outside"]
    assert month.facts["outside_undecided"] == undecided


def test_no_words_of_an_entry_and_no_patient_key(store, month):
    frame = month.frames["open_cases"]
    assert not {"text", "patient_key", "action_taken", "causality", "reported_to"} & set(frame.columns)
    values = {str(value) for column in frame for value in frame[column].dropna()}
    assert not values & set(store.events["patient_key"].dropna())
    assert not values & set(store.events["text"].dropna())


def test_nothing_open_keeps_the_columns(store, month):
    none = open_cases(month.frames["look_today"].iloc[0:0], select(store, None).counted())
    assert list(none.columns) == COLUMNS
    assert none.empty


def test_the_closed_window_is_the_sum_of_its_months(month):
    months, whole = month.frames["rates_by_month"], month.frames["rates_in_window"]
    first, last = month.facts["window_first"], month.facts["window_last"]
    for row in whole.to_dict("records"):
        own = [m for m in months.to_dict("records") if m["measure"] == row["measure"] and first <= m["month"] <= last]
        own = [m for m in own if not m["provisional"]]  # hair closes later than the window
        assert len(own) > 0
        assert row["numerator"] == sum(m["numerator"] for m in own if not pd.isna(m["numerator"]))
        assert row["denominator"] == sum(m["denominator"] for m in own if not pd.isna(m["denominator"]))


def test_the_power_for_one_injector_is_the_highest_of_the_frame(month):
    units = [u for u in month.frames["monitor_units"].to_dict("records") if u["line"] == "lid_droop more injector"]
    chances = [u["power_2"] for u in units if not pd.isna(u["power_2"])]
    said = month.facts["one_injector_power"]
    if not chances:
        assert said is None
    else:
        assert (said["highest"], said["injectors"]) == (max(chances), len(chances))
