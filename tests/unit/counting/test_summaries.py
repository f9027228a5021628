"""Plain counts of a page on made-up groups where the answer is known."""

from dataclasses import replace

import pandas as pd
from small_groups import MONTHS, group, session

from analysis.counting.followup import completeness
from analysis.counting.standardise import indirect
from analysis.counting.summaries import followed_up, mixed_sessions

DAY = pd.Timestamp("2026-01-10")


def contacted(number: int, days: int | None, **more) -> dict:
    """A session with a scheduled contact so many days later."""
    when = None if days is None else DAY + pd.Timedelta(days=days)
    return session(number, treatment_date=DAY, contact_date=when, **more)


def test_follow_up_is_counted_by_one_definition() -> None:
    kinds = [contacted(n, days) for n, days in enumerate([1, 9, 10, 28, 29, None])]
    clinics = group([*kinds, contacted(6, 14, followup_kind="none")])
    # days 10 and 28, and the contact whose day nobody wrote down
    assert followed_up(clinics, months=MONTHS) == (3, 7)
    table = completeness(clinics, months=MONTHS, by=["clinic"]).iloc[0]
    assert (table["asked"], table["sessions"]) == (3, 7)
    assert followed_up(clinics, months=["2026-02"]) == (0, 0)


def test_clinic_months_without_their_logs_do_not_dilute_follow_up() -> None:
    clinics = group(
        [contacted(1, 14), contacted(2, 14, clinic="B"), contacted(3, None, clinic="B", followup_kind="none")]
    )
    coverage = clinics.coverage.assign(
        events=clinics.coverage["events"].mask(clinics.coverage["clinic"] == "B", "missing")
    )
    assert followed_up(replace(clinics, coverage=coverage), months=MONTHS) == (1, 1)


def test_mixed_sessions_are_those_of_the_months_in_the_table() -> None:
    days = [pd.Timestamp(f"2026-0{month}-10") for month in (1, 1, 2, 3)]
    clinics = group([session(n, treatment_date=day, areas="glabella;masseter") for n, day in enumerate(days)])
    lines = clinics.treatment_lines.copy()
    first = lines.groupby("session_id").cumcount() == 0
    # the second session says nothing of its second line, which makes no second indication
    lines["indication"] = (
        lines["indication"].where(first, "tmj").mask(~first & (lines["session_id"] == "S00001"), "unknown")
    )
    clinics = replace(clinics, treatment_lines=lines)
    assert [mixed_sessions(clinics, months) for months in (["2026-01"], ["2026-01", "2026-02"], MONTHS)] == [1, 2, 3]
    seen = replace(clinics, coverage=clinics.coverage[clinics.coverage["month"] != "2026-03"])
    assert mixed_sessions(seen, MONTHS) == 2


def test_no_strata_are_one_stratum_of_everybody() -> None:
    frame = pd.DataFrame({"who": ["x", "y"], "events": [4, 2], "exposure": [10, 20], "one": 1})
    columns = ["observed", "expected", "ratio", "lower", "upper"]
    pd.testing.assert_frame_equal(
        indirect(frame, unit="who", strata=[])[columns], indirect(frame, unit="who", strata="one")[columns]
    )
