"""A person's corrections: out to a spreadsheet, back into the ledger, and into every later run."""

import json
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from review_file import CLOSE, ENTRIES, fill, rows_of, write_logs

from analysis import ledger
from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.store import Store, open_store

pytestmark = pytest.mark.thorough

Run = Callable[..., Any]
RAW, PROCESSED = Path("raw"), Path("data/processed")
BOOK = Path("data/ledger/ledger.jsonl")
FILE = Path("review.xlsx")


@pytest.fixture
def waiting(ae: Run) -> Path:
    """The logs read, and what waits written to a file, in a working folder of the test's own."""
    write_logs(RAW)
    ingest(RAW, PROCESSED)
    assert ae("review", "export", FILE).code == 0
    return FILE


def decided(ae: Run, decisions: dict[str, Any], **who: Any) -> Store:
    """Fill in, import, ingest."""
    fill(FILE, decisions, **who)
    said = ae("review", "import", FILE)
    assert said.code == 0, said.err
    ingest(RAW, PROCESSED)
    return open_store(PROCESSED)


def readings(store: Store, entry: str, *, final: bool = True) -> list[tuple[str, str, str]]:
    own = store.findings[(store.findings["event_id"] == entry) & (store.findings["final"] == final)]
    return list(own[["subcode", "status", "source"]].itertuples(index=False, name=None))


def event(store: Store, entry: str) -> pd.Series:
    return store.events.set_index("event_id").loc[entry]


def look_today(store: Store) -> list[str]:
    return build_month(store).frames["look_today"]["entry"].tolist()


def test_the_file_is_for_its_owner_alone_and_holds_the_most_pressing_first(waiting: Path) -> None:
    assert stat.S_IMODE(waiting.stat().st_mode) == 0o600
    assert list(rows_of(waiting, "Codings")) == ["E1", "E8", "E2"]
    assert list(rows_of(waiting, "Links")) == ["E7", "E3"]
    assert list(rows_of(waiting, "Open entries")) == ["E7", "E4", "E1", "E2"]
    assert rows_of(waiting, "Merges") == {}


def test_every_finding_is_traced_to_its_words_and_its_rule_in_one_step(waiting: Path) -> None:
    found = open_store(PROCESSED).findings
    for sheet in ("Codings", "Open entries"):
        for entry, row in rows_of(waiting, sheet).items():
            for one in found[found["event_id"] == entry].itertuples():
                words = one.evidence if isinstance(one.evidence, str) else "the clinic's own code"
                assert f"{one.subcode} {one.status}: {words}" in row["Evidence"].splitlines()
                assert f"{one.subcode} {one.status}: {one.rule}" in row["Rule"].splitlines()
    (piece,) = [p for p in _rich(waiting, "Open entries", "E4") if not isinstance(p, str)]
    assert (piece.text, piece.font.b) == ("trouble swallowing", True)


def _rich(file: Path, sheet: str, entry: str) -> Any:
    page = openpyxl.load_workbook(file, rich_text=True)[sheet]
    at = {cell.value: cell.column for cell in page[1]}
    row = next(r for r in range(2, page.max_row + 1) if page.cell(r, at["Entry"]).value == entry)
    return page.cell(row, at["Words"]).value


def test_accepted_changed_and_dismissed_readings_count_and_the_others_stay(ae: Run, waiting: Path) -> None:
    before = open_store(PROCESSED)
    change = {
        "Decision": "change",
        "New sub-code": "F2; O1",
        "New status": "asserted; resolved",
        "New severity": "mild",
    }
    store = decided(ae, {"Codings": {"E1": {"Decision": "accept"}, "E2": change, "E8": {"Decision": "Not an event"}}})
    assert readings(store, "E1") == [("S3", "uncertain", "reviewer")]
    assert sorted(readings(store, "E2")) == [("F2", "asserted", "reviewer"), ("O1", "resolved", "reviewer")]
    assert readings(store, "E8") == []
    assert readings(store, "E1", final=False) == [("S3", "uncertain", "rule")]
    assert {source for *_, source in readings(store, "E8", final=False)} == {"rule", "field"}
    assert [event(store, entry)["coded"] for entry in ("E1", "E2", "E8")] == ["none", "findings", "none"]
    raw = [column for column in before.events.columns if column.endswith("_raw")] + ["text"]
    pd.testing.assert_frame_equal(store.events[raw], before.events[raw])


def test_a_reviewers_finding_keeps_words_and_flags_and_names_the_ledger(ae: Run, waiting: Path) -> None:
    store = decided(
        ae,
        {
            "Codings": {
                "E1": {"Decision": "change", "New sub-code": "S3 Vision: blurred/double", "New status": "asserted"}
            }
        },
    )
    own = store.findings[store.findings["source"] == "reviewer"].iloc[0]
    assert (own["evidence"], own["triage"], bool(own["red_flag"])) == ("double vision", "today", True)
    assert own["evidence"] == event(store, "E1")["text"][own["start"] : own["end"]]
    number = next(entry["n"] for entry in ledger.entries(BOOK) if entry["kind"] == "review decisions")
    assert own["rule"] == f"reviewer: change, ledger entry {number}"


def test_links_are_set_cleared_and_confirmed(ae: Run, waiting: Path) -> None:
    session = event(open_store(PROCESSED), "E4")["session_id"]
    store = decided(
        ae, {"Links": {"E7": {"Decision": "link to session", "Session": session}, "E3": {"Decision": "unlink"}}}
    )
    assert tuple(event(store, "E7")[["session_id", "link_method"]]) == (session, "reviewer")
    assert event(store, "E7")["link_days"] == 9
    assert store.findings.set_index("event_id").loc["E7", "in_window"]
    assert pd.isna(event(store, "E3")["session_id"])
    assert event(store, "E3")["link_method"] == "none"
    again = Path("again.xlsx")
    ae("review", "export", again)
    assert rows_of(again, "Links") == {}


def test_a_confirmed_link_is_no_longer_probable(ae: Run, waiting: Path) -> None:
    before = event(open_store(PROCESSED), "E3")["session_id"]
    store = decided(ae, {"Links": {"E3": {"Decision": "accept"}}})
    assert tuple(event(store, "E3")[["session_id", "link_method"]]) == (before, "reviewer")


def test_a_merge_is_undone_and_made_again(ae: Run, waiting: Path) -> None:
    def droops(store: Store) -> int:
        return len(store.episodes[store.episodes["subcode"] == "F1"])

    FILE.unlink()
    assert ae("review", "export", FILE, "--all").code == 0
    assert rows_of(FILE, "Merges")["E6/F1"]["Counted now"] == "once with the entry beside"
    assert droops(open_store(PROCESSED)) == 1
    assert droops(decided(ae, {"Merges": {"E6/F1": {"Decision": "split episode"}}})) == 2
    FILE.unlink()
    ae("review", "export", FILE, "--all")
    rejoined = {"E6/F1": {"Decision": "join", "Join with entry": "E5", "Date": "2026-06-21"}}
    assert droops(decided(ae, {"Merges": rejoined})) == 1


def test_entries_counted_apart_are_joined(ae: Run, waiting: Path) -> None:
    FILE.unlink()
    before_the_session = ("2026-05-10", "", "P5", "", "", "left eyelid droop", "")
    write_logs(RAW, ENTRIES | {"E5": before_the_session})
    ingest(RAW, PROCESSED)
    assert len(open_store(PROCESSED).episodes.query("subcode == 'F1'")) == 2
    assert ae("review", "export", FILE).code == 0
    row = rows_of(FILE, "Merges")["E6/F1"]
    assert (row["Counted now"], row["Beside entry"]) == ("apart", "E5")
    store = decided(ae, {"Merges": {"E6/F1": {"Decision": "join", "Join with entry": "E5"}}})
    (episode,) = store.episodes.query("subcode == 'F1'").to_dict("records")
    assert (episode["entries"], episode["reported_date"]) == (2, pd.Timestamp("2026-05-10"))


def test_a_closed_entry_leaves_the_first_screen_and_stays_in_the_history(ae: Run, waiting: Path) -> None:
    assert look_today(open_store(PROCESSED)) == ["E7", "E4", "E1", "E2"]
    store = decided(ae, {"Open entries": {"E4": CLOSE, "E2": CLOSE | {"Outcome": "unknown"}}})
    assert look_today(store) == ["E7", "E1"]
    ctx = build_month(store)
    history = ctx.frames["closed_entries"].set_index("entry")
    assert history["reviewer"].tolist() == ["Dr Lee", "Dr Lee"]
    assert history.loc["E4", "outcome"] == "recovered"
    assert ctx.facts["triggers"] == build_month(store).facts["triggers"]
    swallowing = store.episodes.set_index("subcode").loc["S2"]
    assert swallowing["state"] == "closed"
    assert pd.isna(swallowing["next_contact_due"])
    assert ae("ingest", "--raw", RAW).out.startswith("2 entries need a clinician (1 now, 1 today)")
    words = set(re.findall(r"[\w-]+", Path("reports/today.html").read_text()))
    assert "E7" in words
    assert "E4" not in words  # whole words: an injector's code may hold these two characters


def test_what_makes_a_closed_entry_worse_brings_it_back(ae: Run, waiting: Path) -> None:
    store = decided(ae, {"Open entries": {"E4": CLOSE}})
    assert "E4" not in look_today(store)
    worse = ("2026-06-24", *ENTRIES["E4"][1:5], "swallowing trouble is worse", "")
    write_logs(RAW, ENTRIES | {"E10": worse})
    ingest(RAW, PROCESSED)
    assert "E10" in look_today(open_store(PROCESSED))
    write_logs(RAW, ENTRIES | {"E4": (*ENTRIES["E4"][:5], "trouble swallowing, choking on food", "")})
    ingest(RAW, PROCESSED)
    assert "E4" in look_today(open_store(PROCESSED))


def test_leave_open_takes_a_decision_back(ae: Run, waiting: Path) -> None:
    decided(ae, {"Open entries": {"E4": CLOSE}, "Codings": {"E8": {"Decision": "not an event"}}})
    FILE.unlink()
    ae("review", "export", FILE, "--all")
    later = {"Decision": "leave open", "Date": "2026-06-25"}
    store = decided(ae, {"Open entries": {"E4": later}, "Codings": {"E8": later}})
    assert "E4" in look_today(store)
    assert ("O4", "asserted", "rule") in readings(store, "E8")


def test_a_changed_row_is_not_decided_silently(ae: Run, waiting: Path) -> None:
    decided(ae, {"Codings": {"E1": {"Decision": "not an event"}}})
    write_logs(RAW, ENTRIES | {"E1": (*ENTRIES["E1"][:5], "double vision, seen by an optician", "")})
    ingest(RAW, PROCESSED)
    store = open_store(PROCESSED)
    assert ("S3", "asserted", "rule") in readings(store, "E1")
    assert store.notes["code"].tolist().count("review_stale") == 1
    again = Path("again.xlsx")
    ae("review", "export", again)
    assert "changed since" in rows_of(again, "Codings")["E1"]["Why here"]
    write_logs(RAW)
    ingest(RAW, PROCESSED)
    assert readings(open_store(PROCESSED), "E1") == []


def test_a_recovery_noted_later_undoes_no_decision(ae: Run, waiting: Path) -> None:
    decided(ae, {"Codings": {"E1": {"Decision": "not an event"}}, "Open entries": {"E4": CLOSE}})
    text = (RAW / "harbour" / "events.csv").read_text().splitlines()
    head, *rows = text
    filled = [f"{head},Outcome", *(f"{row},Recovered" for row in rows)]
    (RAW / "harbour" / "events.csv").write_text("\n".join(filled) + "\n")
    ingest(RAW, PROCESSED)
    store = open_store(PROCESSED)
    assert set(store.events["outcome"]) == {"recovered"}
    assert set(store.reviews["state"]) == {"applied"}


def test_decisions_outlive_another_lexicon(ae: Run, waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.pipeline import site as coding

    decided(ae, {"Codings": {"E1": {"Decision": "accept"}, "E8": {"Decision": "not an event"}}})
    real = coding.code_texts
    monkeypatch.setattr(
        coding, "code_texts", lambda texts, **_: real(["severe bruise, trouble breathing"] * len(texts))
    )
    ingest(RAW, PROCESSED, cache=False)  # readings are kept for as long as the program's words are the same
    store = open_store(PROCESSED)
    assert readings(store, "E1") == [("S3", "uncertain", "reviewer")]
    assert readings(store, "E8") == []
    assert ("S1", "asserted", "rule") in readings(store, "E1", final=False)


def test_two_imports_of_one_file_are_one(ae: Run, waiting: Path) -> None:
    fill(FILE, {"Codings": {"E1": {"Decision": "accept"}}})
    assert "1 decisions recorded." in ae("review", "import", FILE).out
    before = BOOK.read_bytes()
    assert "0 decisions recorded; 1 were recorded before" in ae("review", "import", FILE).out
    assert BOOK.read_bytes() == before
    assert ledger.verify(BOOK) == 3


def test_the_ledger_holds_who_when_old_new_why_and_no_words(ae: Run, waiting: Path) -> None:
    change = {"Decision": "change", "New sub-code": "F1", "New status": "asserted", "Reason": "seen in the room"}
    decided(ae, {"Codings": {"E1": change}})
    (told,) = [e["data"]["decisions"][0] for e in ledger.entries(BOOK) if e["kind"] == "review decisions"]
    assert (told["reviewer"], told["decided"], told["why"]) == ("Dr Lee", "2026-06-20", "seen in the room")
    assert told["old"] == [["S3", "uncertain", None]]
    assert told["reading"] == [["F1", "asserted", None]]
    assert "double vision" not in json.dumps(told)


def test_the_later_decision_counts_in_whatever_order_they_come(ae: Run, waiting: Path) -> None:
    one = fill(FILE, {"Codings": {"E1": {"Decision": "not an event"}}}, to=Path("one.xlsx"), Date="2026-06-22")
    two = fill(
        FILE, {"Codings": {"E1": {"Decision": "accept"}}}, to=Path("two.xlsx"), Date="2026-06-21", Reviewer="Dr Roy"
    )
    for order in ((one, two), (two, one)):
        shutil.rmtree("data")
        ingest(RAW, PROCESSED)
        assert [ae("review", "import", file).code for file in order] == [0, 0]
        ingest(RAW, PROCESSED)
        store = open_store(PROCESSED)
        assert readings(store, "E1") == []
        assert store.reviews["state"].value_counts().to_dict() == {"applied": 1, "overruled": 1}


def test_two_reviewers_on_the_same_rows_give_kappa_and_what_they_read_differently(ae: Run, waiting: Path) -> None:
    both = {"E1": {"Decision": "accept"}, "E2": {"Decision": "not an event"}}
    other = {"Decision": "change", "New sub-code": "F1", "New status": "asserted"}
    one = fill(FILE, {"Codings": both | {"E8": {"Decision": "not an event"}}}, to=Path("one.xlsx"))
    two = fill(FILE, {"Codings": both | {"E8": other}}, to=Path("two.xlsx"), Reviewer="Dr Roy")
    assert "kappa" not in ae("review", "import", one).out
    said = ae("review", "import", two).out
    assert "Dr Lee and Dr Roy, entries read by both: 3" in said
    assert (
        "Harbour E8: Dr Lee: none | Dr Roy: F1 asserted" in said
        or "harbour E8: Dr Lee: none | Dr Roy: F1 asserted" in said
    )
    assert "2 of 3" in said


def test_a_damaged_ledger_applies_nothing_and_says_so(ae: Run, waiting: Path) -> None:
    decided(ae, {"Open entries": {"E4": CLOSE}})
    BOOK.write_bytes(BOOK.read_bytes().replace(b'"close entry"', b'"close gates"'))
    ingest(RAW, PROCESSED)
    store = open_store(PROCESSED)
    assert "E4" in look_today(store)
    assert "review_not_applied" in set(store.notes["code"])
    assert ae("review", "import", FILE).code == 7


def test_exit_codes(ae: Run, waiting: Path) -> None:
    assert ae("review", "export", FILE).code == 2  # it may hold decisions
    assert ae("review", "export", "other.xlsx", "--month", "2031-01").code == 4
    assert ae("review", "import", FILE).code == 4
    Path("document.xlsx").write_bytes(b"%PDF-1.7")
    assert ae("review", "import", "document.xlsx").code == 3
    Path("table.xlsx").write_bytes(_other_workbook())
    said = ae("review", "import", "table.xlsx")
    assert (said.code, "no sheet of a review file" in said.err) == (3, True)
    assert ae("review", "export", "none/file.xlsx").code == 5
    assert ae("review", "export", "quiet.xlsx", "--quiet").out == ""


def _other_workbook() -> bytes:
    import io

    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "anything"
    book.save(buffer)
    return buffer.getvalue()


def test_months_and_clinics_narrow_the_file(ae: Run, waiting: Path) -> None:
    assert ae("review", "export", "may.xlsx", "--month", "2026-05", "--clinic", "harbour").code == 0
    assert list(rows_of(Path("may.xlsx"), "Codings")) == ["E1", "E8", "E2"]
    assert ae("review", "export", "june.xlsx", "--month", "2026-06").code == 4
    assert ae("review", "export", "x.xlsx", "--clinic", "Nowhere").code == 2


def test_what_waits_is_the_figure_on_page_one(ae: Run, waiting: Path) -> None:
    store = open_store(PROCESSED)
    entries = {*rows_of(waiting, "Codings"), *rows_of(waiting, "Links")}
    assert build_month(store).facts["to_review"] == len(entries) == 5


@pytest.mark.parametrize("which", ["shipped", pytest.param("500 sessions a month", marks=pytest.mark.slow)])
def test_the_load_is_bearable_and_nothing_pressing_or_unknown_is_left_out(which: str, tmp_path: Path) -> None:
    from analysis.pipeline.recorded import recorded
    from analysis.pipeline.review import waiting as wait
    from analysis.pipeline.selection import select
    from analysis.simulation import write_demo

    raw = Path(__file__).parents[2] / "data" / "raw"
    if which != "shipped":
        write_demo(tmp_path / "demo", seed=1, sessions=9500)
        raw = tmp_path / "demo" / "raw"
    ingest(raw, tmp_path / "data" / "processed")
    store = open_store(tmp_path / "data" / "processed")
    found = wait(store, select(store, None), recorded(None))
    sessions = len(store.treatments) + int(store.exposure_totals["sessions"].sum())
    assert (len(found.rows) + len(found.open)) / sessions * 500 <= 15
    listed = set(found.rows.loc[found.rows["kind"] == "coding", "event_id"])
    assert set(store.events.loc[store.events["coded"] == "unknown", "event_id"]) <= listed
    doubtful = store.findings[store.findings["needs_review"] & store.findings["triage"].isin(["now", "today"])]
    assert set(doubtful["event_id"]) <= listed
    pressing = set(store.episodes.loc[store.episodes["triage"] != "routine", "pressing_event_id"])
    assert pressing <= set(found.open["entry"])


def test_a_row_set_aside_is_closed_by_its_content_wherever_it_lies_now(ae: Run, waiting: Path) -> None:
    FILE.unlink()
    undated = ("", "", "P1", "", "", "cannot breathe", "")
    write_logs(RAW, {"E0": undated} | ENTRIES)
    ingest(RAW, PROCESSED)
    assert ae("review", "export", FILE).code == 0
    (place,) = [entry for entry in rows_of(FILE, "Open entries") if "row 2" in entry]
    store = decided(ae, {"Open entries": {place: CLOSE | {"Outcome": "unknown"}}})
    assert not [entry for entry in look_today(store) if "row" in entry]
    write_logs(RAW, ENTRIES | {"E0": undated})
    ingest(RAW, PROCESSED)
    store = open_store(PROCESSED)
    assert "row 11" in store.reviews["event_id"].iloc[0]
    assert not [entry for entry in look_today(store) if "row" in entry]
    write_logs(RAW, ENTRIES | {"E0": (*undated[:5], "cannot breathe at all", "")})
    ingest(RAW, PROCESSED)
    assert [entry for entry in look_today(open_store(PROCESSED)) if "row 11" in entry]


def test_ingest_says_which_decisions_are_not_applied(ae: Run, waiting: Path) -> None:
    decided(ae, {"Codings": {"E1": {"Decision": "not an event"}}})
    write_logs(RAW, ENTRIES | {"E1": (*ENTRIES["E1"][:5], "double vision, seen by an optician", "")})
    assert "1 decisions are not applied" in ae("ingest", "--raw", RAW).err
    BOOK.write_bytes(BOOK.read_bytes().replace(b'"not an event"', b'"not an error"'))
    assert "Restore it from a backup" in ae("ingest", "--raw", RAW, "--quiet").err


def test_decisions_wait_for_logs_that_are_away_for_a_while(ae: Run, waiting: Path) -> None:
    decided(
        ae,
        {
            "Codings": {"E1": {"Decision": "not an event"}},
            "Links": {"E3": {"Decision": "accept"}},
            "Open entries": {"E4": CLOSE},
        },
    )
    shutil.rmtree(RAW / "harbour")
    ingest(RAW, PROCESSED)
    store = open_store(PROCESSED)
    assert store.reviews["state"].tolist() == ["gone"] * 3
    assert store.notes["code"].tolist() == ["review_stale"] * 3
    write_logs(RAW)
    ingest(RAW, PROCESSED)
    assert open_store(PROCESSED).reviews["state"].tolist() == ["applied"] * 3
