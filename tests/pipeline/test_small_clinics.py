"""Small clinics written by hand: what must be seen, counted once, left out or refused. Dates and words are the whole story."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.pipeline.publish import months_with_data
from analysis.pipeline.selection import select
from analysis.report.evidence import rates_table
from analysis.store import open_store

pytestmark = pytest.mark.thorough

EVENTS = "Event ID,Patient ID,Treatment date,Onset date,Date reported,Injector,Description\n"
SESSIONS = "Patient ID,Treatment date,Injector,Area,Product,Units\n"
TOTALS = "Month,Treatment type,Injector,Sessions\n"


def sessions(first: date, count: int, step: int = 1) -> str:
    """One glabella session a day, patients P0, P1, …"""
    days = [first + timedelta(days=step * n) for n in range(count)]
    return SESSIONS + "".join(f"P{n},{day},Dr Ann Sample,glabella,Botox,20\n" for n, day in enumerate(days))


def put(raw: Path, clinic: str, toml: str = "", **files: str) -> None:
    folder = raw / clinic
    folder.mkdir(parents=True, exist_ok=True)
    if toml:
        (folder / "clinic.toml").write_text(toml)
    for name, text in files.items():
        (folder / f"{name.replace('__', '-')}.csv").write_text(text)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


def store(raw: Path):
    ingest(raw, raw.parent / "processed")
    return open_store(raw.parent / "processed")


def listed(context) -> list[tuple[str, str, str]]:
    frame = context.frames["look_today"]
    return list(frame[["entry", "triage", "reported_date"]].itertuples(index=False, name=None))


def test_an_entry_that_makes_an_episode_worse_is_listed_itself_and_meets_the_rule_of_its_month(raw):
    put(
        raw, "elm", treatments=sessions(date(2026, 1, 2), 50),
        events=EVENTS + "E1,P20,2026-01-22,2026-01-30,2026-01-31,Dr Ann Sample,blurred vision\n"
        "E2,P20,2026-01-22,2026-02-02,2026-02-03,Dr Ann Sample,sudden loss of vision cannot see\n"
        "E3,P1,2026-01-03,2026-01-04,2026-03-02,Dr Ann Sample,bruise\n",
    )  # fmt: skip
    context = build_month(store(raw), month="2026-02")
    assert ("E2", "now", "2026-02-03") in listed(context)
    assert context.facts["triggers"][0] == {"level": "now", "count": 1}
    due = context.frames["look_today"].set_index("entry").at["E2", "contact_due"]
    assert due == "2026-02-03"


def test_the_same_complaint_after_another_treatment_is_another_episode_without_sessions_too(raw):
    put(
        raw, "elm", totals=TOTALS + "".join(f"2026-{m:02d},cosmetic,Dr Ann Sample,110\n" for m in range(1, 10)),
        events=EVENTS + "E1,P1,2026-01-10,2026-01-12,2026-01-12,Dr Ann Sample,trouble swallowing\n"
        "E2,P1,2026-01-10,,2026-01-20,Dr Ann Sample,swallowing still difficult\n"
        "E3,P1,2026-07-10,2026-07-12,2026-07-12,Dr Ann Sample,trouble swallowing\n"
        "E4,P2,2026-09-10,2026-09-12,2026-09-12,Dr Ann Sample,bruise\n",
    )  # fmt: skip
    opened = store(raw)
    own = opened.episodes[opened.episodes["subcode"] == "S2"]
    assert sorted(own["entries"]) == [1, 2]
    july = build_month(opened, month="2026-07")
    assert july.facts["triggers"][0] == {"level": "now", "count": 1}
    monthly = july.frames["rates_by_month"].set_index(["measure", "month"])
    assert monthly.at[("away_from_face", "2026-07"), "numerator"] == 1
    assert monthly.at[("away_from_face", "2026-07"), "denominator"] == 110


def test_totals_of_no_sessions_are_no_denominator_of_that_injectors_entries(raw):
    put(
        raw, "elm", totals=TOTALS + "2026-08,cosmetic,Dr Ann Sample,4\n2026-08,cosmetic,Dr Ben Sample,0\n"
        "2026-09,cosmetic,Dr Ann Sample,9\n",
        events=EVENTS + "E1,P1,2026-08-03,,2026-08-12,Dr Ann Sample,lid droop\nE2,P2,2026-08-05,,2026-08-13,Dr Ben Sample,bruise\n"
        "E3,P3,2026-09-05,,2026-09-13,Dr Ann Sample,bruise\n",
    )  # fmt: skip
    august = (
        build_month(store(raw), month="2026-08")
        .frames["rates_by_month"]
        .query("month == '2026-08'")
        .set_index("measure")
    )
    assert august["denominator"].eq(4).loc[["any_reaction", "bruise"]].all()
    assert august.loc[["any_reaction", "bruise"], "numerator"].tolist() == [1, 0]
    assert august.loc[["any_reaction", "bruise"], "if_unlinked_counted"].tolist() == [0.5, 0.25]


def test_a_clinic_missing_from_the_headlined_month_is_named_on_page_one(raw):
    for clinic in ("elm", "oak"):
        files = {
            f"events_2026__{m:02d}": EVENTS + f"{clinic}{m},P9,,,2026-{m:02d}-15,Dr Ann Sample,bruise\n"
            for m in range(1, 9)
        }
        if clinic == "oak":
            del files["events_2026__05"]
        put(raw, clinic, treatments=sessions(date(2026, 1, 1), 240), **files)
    context = build_month(store(raw), month="2026-07")
    assert context.facts["window_first"] <= "2026-05" <= context.facts["window_last"]
    assert {"clinic": "oak", "month": "2026-05", "what": "events log not received"} in context.facts["left_out"]


def test_hair_is_looked_at_in_months_that_are_closed_for_hair(raw):
    logs = "".join(f"E{m},P9,,,2026-{m:02d}-15,Dr Ann Sample,bruise\n" for m in range(1, 9))
    put(raw, "elm", treatments=sessions(date(2026, 1, 1), 240).replace("glabella", "scalp"), events=EVENTS + logs)
    context = build_month(store(raw), month="2026-07")
    assert (context.facts["window_first"], context.facts["window_last"]) == ("2026-01", "2026-06")
    for name in ("rates_by_treatment_type", "rates_by_area", "rates_by_product", "rates_by_injector"):
        sessions_of = context.frames[name].groupby("measure")["denominator"].sum()
        # 181 days of January to June; 90 of January to March, which ended 150 days before the data cut
        assert (sessions_of["any_reaction"], sessions_of["hair"]) == (181, 90), name
    statements = context.frames["article_claims"].set_index("claim")["n"]
    assert statements[[11, 14, 15]].tolist() == [181, 90, 90]
    assert context.facts["closed_later"] == [{"label": "Hair changes", "last": "2026-03"}]
    assert (
        "Hair changes: only months up to March 2026"
        in rates_table(context, "rates_by_area", by="area", column="area_label").html
    )


def test_a_late_row_does_not_make_the_month_between_received(raw):
    put(
        raw, "elm", treatments=sessions(date(2026, 3, 1), 100),
        events_2026__03=EVENTS + "".join(f"A{d},P{d},,,2026-03-{d:02d},Dr Ann Sample,bruise\n" for d in range(10, 20)),
        events_2026__05=EVENTS + "L1,P3,,,2026-03-28,Dr Ann Sample,bruise\n"
        + "".join(f"B{d},P{d},,,2026-05-{d:02d},Dr Ann Sample,bruise\n" for d in range(10, 20)),
    )  # fmt: skip
    covered = store(raw).coverage.set_index("month")["events"]
    assert covered["2026-03"] == covered["2026-05"] == "received"
    assert covered["2026-04"] == "missing"


def test_an_undated_pressing_entry_meets_the_rule_and_is_due_at_once(raw):
    put(
        raw, "elm", treatments=sessions(date(2026, 1, 1), 60),
        events=EVENTS + "E1,P3,2026-01-04,,not known,Dr Ann Sample,cannot breathe properly\n"
        ",P4,,,,Dr Ann Sample,trouble swallowing\n"
        "E2,P5,2026-01-06,2026-01-07,2026-02-20,Dr Ann Sample,bruise\n",
    )  # fmt: skip
    context = build_month(store(raw), month="2026-01")
    now = context.frames["look_today"].query("triage == 'now'")
    assert len(now) == 2
    assert now["contact_due"].notna().all()
    assert context.facts["triggers"][0] == {"level": "now", "count": 2}


def test_totals_beside_listed_sessions_are_not_added(raw):
    put(
        raw, "elm", treatments=sessions(date(2026, 1, 1), 31), totals=TOTALS + "2026-01,cosmetic,Dr Ann Sample,30\n",
        events=EVENTS + "E1,P1,,,2026-01-20,Dr Ann Sample,bruise\n",
    )  # fmt: skip
    opened = store(raw)
    assert opened.exposure_totals.empty
    assert (opened.notes["code"] == "total_not_counted").sum() == 1
    assert build_month(opened, month="2026-01").facts["sessions_month"] == 31


def test_one_unlinked_entry_of_three_findings_counts_once(raw):
    put(
        raw, "elm", treatments=sessions(date(2026, 1, 1), 60),
        events=EVENTS + "E1,X1,2026-01-10,2026-01-12,2026-01-12,Dr Ann Sample,bruise and headache and lid droop\n"
        "E2,P5,2026-01-06,2026-01-07,2026-02-27,Dr Ann Sample,bruise\n",
    )  # fmt: skip
    monthly = build_month(store(raw), month="2026-01").frames["rates_by_month"].set_index(["measure", "month"])
    row = monthly.loc[("any_reaction", "2026-01")]
    assert row["if_unlinked_counted"] * row["denominator"] == pytest.approx(row["numerator"] + 1)


def test_a_day_that_was_stated_closes_months_though_nothing_was_logged_since(small_raw, tmp_path, own_key):
    ingest(small_raw, tmp_path / "processed", as_of=date(2026, 8, 1))
    context = build_month(open_store(tmp_path / "processed"), month="2026-05")
    assert context.facts["data_cut"] == "2026-08-01"
    months = context.frames["rates_by_month"].set_index(["measure", "month"])["provisional"]
    assert not months["any_reaction", "2026-05"]  # 31 May and 56 days are 26 July
    ingest(small_raw, tmp_path / "processed")
    context = build_month(open_store(tmp_path / "processed"), month="2026-05")
    assert context.facts["data_cut"] == "2026-05-31"
    assert context.frames["rates_by_month"].set_index(["measure", "month"])["provisional"]["any_reaction", "2026-05"]


def test_simulated_clinics_neither_move_the_data_cut_of_real_ones_nor_share_a_name(raw):
    real = {
        "treatments": sessions(date(2026, 1, 1), 60),
        "events": EVENTS + "E1,P1,2026-01-02,2026-01-03,2026-02-20,Dr Ann Sample,bruise\n",
    }
    put(raw, "elm", **real)
    put(raw, "sim", '[clinic]\nname = "Invented"\nsimulated = true\n', treatments=sessions(date(2026, 6, 1), 60))
    chosen = select(store(raw), None)
    assert chosen.clinics == ["elm"]
    assert chosen.left_out_simulated == ["Invented"]
    assert chosen.data_cut == date(2026, 3, 1)
    opened = open_store(raw.parent / "processed")
    assert select(opened, "elm").data_cut == date(2026, 3, 1)
    assert select(opened, "Invented").data_cut == date(2026, 7, 30)
    assert months_with_data(opened, None) == ["2026-01", "2026-02"]
    put(raw, "sim", '[clinic]\nname = "elm"\nsimulated = true\n')
    with pytest.raises(UsageError, match="real and for a simulated"):
        ingest(raw, raw.parent / "processed")


def test_the_first_month_of_a_clinic_has_a_page(raw):
    put(
        raw,
        "elm",
        treatments=sessions(date(2026, 2, 1), 10),
        events=EVENTS + "E1,P1,,,2026-02-08,Dr Ann Sample,bruise\n",
    )
    context = build_month(store(raw))
    assert context.month == "2026-02"
    assert context.facts["sessions_month"] == 10


def test_a_log_that_was_not_received_is_not_a_month_without_events(raw):
    from analysis.report.page_one import page_one

    put(raw, "elm", treatments=sessions(date(2026, 1, 1), 60))
    context = build_month(store(raw), month="2026-01")
    said = page_one(context).html
    assert "Events log not received." in said
    assert "No events reported" not in said
    assert not re.search(r"(?<!\d)0 %", said)
