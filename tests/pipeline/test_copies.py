"""Copies for a committee, an injector and to share: what each holds, and what none of them ever does."""

import json
import re
import shutil
import threading
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import ledger
from analysis.counting.disclosure import CONTENTS, kind_of
from analysis.errors import CheckFailed, NothingToReport, UsageError
from analysis.pipeline import publication, publish
from analysis.pipeline.context import build_month
from analysis.pipeline.publish import Wanted, publish_month
from analysis.report.copies import copy_page
from analysis.store import open_store

Run = Callable[..., Any]
MONTH = "2026-10"


@pytest.fixture(scope="module")
def processed(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    shutil.copytree(demo_store.parent, folder / "data")
    return folder / "data" / "processed"


def somebody(processed: Path) -> str:
    """Audience of the injector with most sessions."""
    store = open_store(processed)
    busiest = (
        store.treatments.groupby(["clinic", "injector"])
        .size()
        .drop("unknown", level="injector", errors="ignore")
        .idxmax()
    )
    return f"injector:{store.injectors.set_index(['clinic', 'injector'])['code'][busiest]}"


def audiences(processed: Path) -> list[str]:
    return ["committee", "shared", somebody(processed)]


def words_of(path: Path) -> str:
    page = re.sub(r"<style.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "\n", page))


def test_a_context_holds_what_the_table_lists_and_nothing_else(processed: Path) -> None:
    for audience in audiences(processed):
        context = build_month(open_store(processed), month=MONTH, audience=audience)
        allowed = CONTENTS[kind_of(audience)]
        assert {name: tuple(frame.columns) for name, frame in context.frames.items()} == allowed.frames
        assert set(context.facts) == set(allowed.facts)
        assert all(set(entry) == {"sha256"} for entry in context.meta["inputs"])
        assert "key_fingerprint" not in context.meta


def test_pages_are_named_by_codes_and_hold_no_clinicians_name_patient_or_words(processed: Path, tmp_path: Path) -> None:
    store = open_store(processed)
    for audience in audiences(processed):
        made = publish_month(store, tmp_path / "reports", Wanted(audience=audience), month=MONTH, processed=processed)
        assert re.fullmatch(r"2026-10\.(committee|shared|injector-J-[A-Z2-7]{4})\.html", made.path.name)
        said = words_of(made.path) + made.path.with_suffix(".json").read_text(encoding="utf-8")
        assert "Simulated data" in said
        assert [name for name in store.injectors["injector"] if name in said] == []
        assert [text for text in store.events["text"].dropna() if len(text) > 12 and text in said] == []
        assert [lot for lot in store.treatment_lines["lot"].dropna().unique() if str(lot) in said] == []
        assert [key for key in store.treatments["patient_key"].dropna() if key[:16] in said] == []
        own = audience.partition(":")[2]
        assert [code for code in store.injectors["code"] if code in said and code != own] == []
        assert not re.search(r"\b(worst|best|bad|outlier|offender|rank|guilty)\b", words_of(made.path), flags=re.I)


def test_a_shared_page_holds_three_tables_of_a_closed_quarter_and_no_small_count(processed: Path) -> None:
    context = build_month(open_store(processed), month=MONTH, audience="shared")
    assert (context.facts["period_first"], context.facts["period_last"]) == ("2026-01", "2026-03")
    counts = context.frames["period_counts"]
    assert set(counts["table"]) <= {"category", "treatment_type", "area"}
    shown = counts.loc[~counts["hidden"], "count"]
    assert ((shown == 0) | (shown >= 11)).all()


def test_only_the_copy_to_share_is_printed_without_the_word_confidential(processed: Path) -> None:
    for audience in audiences(processed):
        page = copy_page(build_month(open_store(processed), month=MONTH, audience=audience))
        feet = re.findall(r'@bottom-left \{ content: "([^"]*)"', page)
        assert feet[0].endswith("keep it confidential")
        assert (feet[-1] == "") == (audience == "shared")  # the last rule holds


def test_a_period_is_printed_once_and_stays_though_the_store_changes(processed: Path, tmp_path: Path) -> None:
    shutil.copytree(processed.parent, tmp_path / "data")
    own, out = tmp_path / "data" / "processed", tmp_path / "reports"
    store = open_store(own)
    first = publish_month(store, out, Wanted(audience="shared"), month=MONTH, processed=own).context.frames[
        "period_counts"
    ]
    (tmp_path / "data" / "config").mkdir(exist_ok=True)
    settings = tmp_path / "data" / "config" / "group.toml"
    settings.write_text("[disclosure]\nrounded = true\n")
    again = publish_month(store, out, Wanted(audience="shared"), month=MONTH, processed=own).context.frames[
        "period_counts"
    ]
    pd.testing.assert_frame_equal(first, again)
    settings.write_text('[disclosure]\nperiod = "year"\n')
    with pytest.raises(NothingToReport):  # 2025 is no whole year here
        build_month(store, month=MONTH, audience="shared")
    settings.write_text("")
    with pytest.raises(UsageError, match="subtraction"):
        build_month(store, month=MONTH, audience="shared", clinic="Harbour")
    assert ledger.verify(ledger.ledger_path(own)) > 0


def test_no_shared_page_before_a_quarter_is_closed(processed: Path) -> None:
    from datetime import date

    with pytest.raises(NothingToReport, match="150 days"):
        build_month(open_store(processed), month="2025-06", audience="shared", as_of=date(2025, 7, 31))


def test_the_committee_reads_the_directors_own_summary_and_nothing_else_on_cases(
    ae: Run, processed: Path, tmp_path: Path
) -> None:
    said = (
        "decide",
        "--case-summary",
        "One lid droop, recovered after six weeks.",
        "--month",
        MONTH,
        "--processed",
        processed,
    )
    assert ae(*said).code == 2
    assert ae(*said, "--reviewer", "Dr A").code == 0
    for hostile in ("seen 03/04/2026", "call 07700 900123", "ann@example.org", "record 1234567"):
        refused = ae(
            "decide", "--case-summary", hostile, "--month", MONTH, "--reviewer", "Dr A", "--processed", processed
        )
        assert refused.code == 2
        assert hostile not in refused.err
    made = ae(
        "report", "--month", MONTH, "--audience", "committee", "--processed", processed, "--out", tmp_path / "reports"
    )
    assert "One lid droop, recovered after six weeks." in words_of(Path(made.out.strip()))
    assert "Dr A" not in words_of(Path(made.out.strip()))


def test_an_injectors_copy_is_of_that_injector_alone(processed: Path) -> None:
    store, audience = open_store(processed), somebody(processed)
    context = build_month(store, month=MONTH, audience=audience)
    clinic, name = store.injectors.set_index("code").loc[audience.partition(":")[2], ["clinic", "injector"]]
    own = store.treatments[(store.treatments["clinic"] == clinic) & (store.treatments["injector"] == name)]
    months = own["treatment_date"].dt.strftime("%Y-%m")
    sessions = context.frames["own_sessions"].set_index("month")["sessions"]
    assert dict(sessions[sessions > 0]) == dict(months[months.between(sessions.index.min(), MONTH)].value_counts())
    hit = store.episodes[store.episodes["counted"] & store.episodes["session_id"].isin(own["session_id"])]
    assert 0 < len(context.frames["own_cases"]) <= len(hit)
    assert len(context.frames["group_figure"]) == 1


def test_an_injector_whose_clinic_sends_totals_sees_their_own_cases(processed: Path) -> None:
    store = open_store(processed)
    free = store.episodes[store.episodes["counted"] & store.episodes["session_id"].isna()]
    senders = set(store.exposure_totals["clinic"]) - set(store.treatments["clinic"])
    names: dict[tuple[str, str], int] = {}
    for row in free[free["clinic"].isin(senders)].itertuples():
        entries = store.findings[store.findings["final"] & (store.findings["episode_id"] == row.episode_id)]["event_id"]
        told = store.events[(store.events["clinic"] == row.clinic) & store.events["event_id"].isin(entries)]
        first = told.sort_values(["reported_date", "event_id"]).iloc[0]
        if "2025-10" <= row.reported_date.strftime("%Y-%m") <= MONTH and isinstance(first["injector"], str):
            names[row.clinic, first["injector"]] = names.get((row.clinic, first["injector"]), 0) + 1
    assert len(names) > 1
    exact = build_month(store, month=MONTH).frames["oe_by_injector"].set_index(["measure", "code"])
    for (clinic, name), cases in names.items():
        code = store.injectors.set_index(["clinic", "injector"])["code"][clinic, name]
        frames = build_month(store, month=MONTH, audience=f"injector:{code}").frames
        assert len(frames["own_cases"]) == cases
        own = frames["own_ratios"].set_index("label")
        said = exact.loc[("any_reaction", code)]
        assert (own["courses"]["Any reaction"], own["observed"]["Any reaction"]) == (
            said["crude_courses"], said["crude_observed"],
        )  # fmt: skip
        assert own["observed"]["Any reaction"] > 0


@pytest.mark.parametrize("audience", ["injector:J-AAAA", "injector:", "injector:../x", "board"])
def test_who_is_not_there_gets_nothing(ae: Run, processed: Path, audience: str) -> None:
    assert ae("report", "--audience", audience, "--processed", processed).code == 2
    assert not list(Path("reports").rglob("*.html"))


def test_names_are_for_the_director_only(ae: Run, processed: Path) -> None:
    assert ae("report", "--audience", "committee", "--names", "--processed", processed).code == 2


def test_the_summary_beside_a_copy_tells_no_more_than_its_page(processed: Path, tmp_path: Path) -> None:
    made = publish_month(
        open_store(processed), tmp_path / "r", Wanted(audience="shared"), month=MONTH, processed=processed
    )
    said = json.loads(made.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert not {"look_now", "look_today", "sessions_month", "events_reported_month"} & said.keys()
    assert {"inputs", "code_sha256", "lock_sha256", "program_version", "parameters", "snapshot"} <= said.keys()


def test_one_period_cannot_be_given_out_twice_at_once_from_two_folders(
    processed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one run is about to publish a period, another with other counts waits, and then is refused."""
    own = tmp_path / "data" / "processed"
    shutil.copytree(processed.parent, tmp_path / "data")
    for place in ("ledger/ledger.jsonl", ".ledger-head"):
        (tmp_path / "data" / place).unlink(missing_ok=True)
    store, wanted = open_store(own), Wanted(audience="shared")
    inside, made, first_done = threading.Event(), threading.Event(), []
    put, summary_of = publication.put, publish.summary_of

    def slow(out: Path, *arguments: Any, **named: Any) -> Path:
        inside.set()
        assert made.wait(120)
        time.sleep(0.5)
        first_done.append(out.name)
        return put(out, *arguments, **named)

    def other(*arguments: Any, **named: Any) -> dict[str, Any]:
        said = summary_of(*arguments, **named)
        if threading.current_thread() is threading.main_thread():  # as after an ingest in between
            tables = said["shared_period"]["tables"]
            made.set()
            said["shared_period"]["tables"] = {name: {**cells, "none": 0} for name, cells in tables.items()}
        return said

    monkeypatch.setattr(publication, "put", slow)
    monkeypatch.setattr(publish, "summary_of", other)
    monkeypatch.setattr(publish, "check_counts", lambda *_: None)
    one = threading.Thread(target=lambda: publish_month(store, tmp_path / "a", wanted, month=MONTH, processed=own))
    one.start()
    assert inside.wait(60)
    with pytest.raises(CheckFailed, match="published meanwhile"):
        publish_month(store, tmp_path / "b", wanted, month=MONTH, processed=own)
    one.join(60)
    assert first_done == ["a"]
    assert not list((tmp_path / "b").rglob("*.html"))
