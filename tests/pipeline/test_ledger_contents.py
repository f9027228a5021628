"""Every kind of entry in the ledger says who, when, old, new, why, by which program, and on which inputs."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from review_file import fill, write_logs

from analysis import ledger
from analysis.pipeline import decisions

Run = Callable[..., Any]
BOOK = Path("data/ledger/ledger.jsonl")
RAW, PROCESSED = Path("raw"), Path("data/processed")


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [entry["data"] for entry in ledger.entries(BOOK) if entry["kind"] == kind]


def test_each_kind_of_entry_can_be_traced(ae: Run) -> None:
    write_logs(RAW)
    assert ae("ingest", "--raw", RAW).code == 0
    first = of_kind("ingest published")[-1]
    files = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in (RAW / "harbour").iterdir())
    assert (first["old"], first["inputs"], first["why"]) == (None, files, "2 files new or changed, 0 gone or changed")

    later = RAW / "harbour" / "events 2026-07-01.csv"
    later.write_text(
        "Event id,Date reported,Treatment date,Patient,Injector,Area,Description,Version\n"
        "E5,2026-05-23,2026-05-18,P5,Bo Li,glabella,left eyelid droop,2\n"
    )
    ae("ingest", "--raw", RAW)
    second = of_kind("ingest published")[-1]
    assert (second["old"], second["new"]) == (first["snapshot"], second["snapshot"])
    assert second["why"].startswith("1 files new")
    (said,) = of_kind("amendments")
    (amended,) = [one for one in said["amendments"] if one["column"] == "reported_date"]
    assert (amended["old"], amended["new"]) == ("2026-05-22", "2026-05-23")
    assert amended["file"] == hashlib.sha256(later.read_bytes()).hexdigest()
    assert "newer version" in amended["why"]
    ae("ingest", "--raw", RAW)
    assert len(of_kind("amendments")) == 1, "an amendment is said once"

    ae("review", "export", "review.xlsx")
    fill(Path("review.xlsx"), {"Codings": {"E1": {"Decision": "not an event"}}})
    assert ae("review", "import", "review.xlsx").code == 0
    (imported,) = of_kind("review decisions")
    assert imported["file"] == hashlib.sha256(Path("review.xlsx").read_bytes()).hexdigest()
    assert imported["snapshot"] == second["snapshot"]
    (told,) = imported["decisions"]
    assert all(told[name] for name in ("reviewer", "decided", "old", "why", "content")), told
    assert "new" in told
    signal = {"signal_id": "G-1", "rule": "r", "unit": None, "clinic": None}
    for said_now in (
        {"cause": "chance", "reviewer": "Dr A"},
        {"cause": "chance", "reviewer": "Dr B", "action": "x", "owner": "y"},
    ):
        decisions.record(PROCESSED, signal, said_now, month="2026-05", simulated=False)
    newest = of_kind("decision")[-1]
    assert newest["old"] == {"cause": "chance", "reviewer": "Dr A"}
    decisions.rebase(PROCESSED, "lid_droop", month="2026-05", reason="new product", reviewer="Dr A")
    decisions.rebase(PROCESSED, "lid_droop", month="2026-06", reason="again", reviewer="Dr A")
    assert [of_kind("monitor re-based")[-1][name] for name in ("old", "month", "reason")] == [
        "2026-05",
        "2026-06",
        "again",
    ]
    for text in ("one", "two"):
        ae("decide", "--case-summary", text, "--month", "2026-05", "--reviewer", "Dr A")
    assert [of_kind("case summary")[-1][name] for name in ("old", "summary")] == ["one", "two"]
    for kind in ("decision", "monitor re-based", "case summary"):
        assert of_kind(kind)[-1]["snapshot"] == second["snapshot"]

    for _ in range(2):
        ae("report", "--audience", "committee", "--month", "2026-05")
    before, again = of_kind("report published")
    assert (before["old"], before["why"]) == (None, "first of its kind and month")
    assert (again["old"], again["new"], again["why"]) == (before["sha256"], again["sha256"], "changed: nothing")
    assert {one["sha256"] for one in again["inputs"]} == {*files, amended["file"]}
    page = Path("reports/group/2026-05.committee.html")
    ae("decide", "--sign-off", page, "--reviewer", "Dr A", "--reason", "read at the meeting")
    (signed,) = of_kind("sign-off")
    assert (signed["old"], signed["sha256"], signed["why"]) == (None, again["sha256"], "read at the meeting")
    assert signed["snapshot"] == second["snapshot"]
    assert ledger.audit(BOOK) > 0
    assert ae("audit", "verify").code == 0
    assert ae("audit", "show").out.splitlines()[0] == "n,when,kind,data,by,program"
    for entry in ledger.entries(BOOK):
        assert all(entry[name] for name in ("by", "when", "program"))
        text = str(entry)
        assert "eyelid" not in text
        assert "events 2026" not in text or entry["kind"].startswith("report")


def test_audit_verify_refuses_a_ledger_without_its_last_entry(ae: Run, small_raw: Path) -> None:
    ae("ingest", "--raw", small_raw)
    assert ae("audit", "verify").code == 0
    BOOK.write_bytes(b"".join(BOOK.read_bytes().splitlines(keepends=True)[:-1]))
    said = ae("audit", "verify")
    assert said.code == 7
    assert "taken away" in said.err
    assert ae("audit", "accept", "--reviewer", "Dr A", "--reason", "test").code == 0
    assert ae("audit", "verify").code == 0
