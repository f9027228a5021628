"""Any decisions, by any reviewers, handed in in any order and more than once: what applies is what a plain reading of the rules says."""

import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

sys.path.append(str(Path(__file__).parents[1] / "pipeline"))
from review_file import CLOSE, fill, write_logs

from analysis import ledger, taxonomy
from analysis.pipeline.ingest import ingest
from analysis.pipeline.review import export
from analysis.pipeline.review_import import import_file
from analysis.store import open_store

pytestmark = pytest.mark.thorough

CODED = ("E1", "E2", "E4", "E5", "E8")
codes = st.lists(st.sampled_from(list(taxonomy.load_taxonomy())), min_size=1, max_size=3, unique=True)
readings = codes.flatmap(
    lambda chosen: st.lists(st.sampled_from(taxonomy.STATUSES), min_size=len(chosen), max_size=len(chosen)).map(
        lambda statuses: dict(zip(chosen, statuses, strict=True))
    )
)
days = st.integers(0, 6).map(lambda n: date(2026, 6, 1) + timedelta(days=n))
decision = st.one_of(st.just("accept"), st.just("not an event"), st.just("leave open"), readings)
files = st.lists(
    st.tuples(st.sampled_from(["Lee", "Roy"]), days, st.dictionaries(st.sampled_from(CODED), decision, min_size=1), st.booleans()),
    min_size=1, max_size=4,
)  # fmt: skip


def cells(told: Any, proposal: str) -> dict[str, Any]:
    if isinstance(told, dict):
        return {"Decision": "change", "New sub-code": "; ".join(told), "New status": "; ".join(told.values())}
    return {"Decision": "not an event" if told == "accept" and proposal == "unknown" else told}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, own_key: Path) -> Path:
    """A folder with logs and a review file of every entry, made once."""
    folder = tmp_path_factory.mktemp("review")
    write_logs(folder / "raw")
    ingest(folder / "raw", folder / "data" / "processed")
    export(folder / "all.xlsx", folder / "data" / "processed", month=None, clinic=None, everything=True)
    return folder


@settings(
    max_examples=int(os.environ.get("AE_EXAMPLES", "12")) // 2, deadline=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(files, st.sampled_from([None, "E4"]))
def test_export_decide_import_ingest_applies_exactly_what_was_decided(
    exported: Path, told: list[tuple], closed: str | None
) -> None:
    own = open_store(exported / "data" / "processed").findings
    before = {
        entry: set(rows[["subcode", "status"]].itertuples(index=False, name=None))
        for entry, rows in own[own["final"]].groupby("event_id")
    }
    with tempfile.TemporaryDirectory() as folder:
        processed = Path(folder) / "data" / "processed"
        ingest(exported / "raw", processed)
        latest: dict[str, tuple[date, int, Any]] = {}
        for number, (who, day, decisions, twice) in enumerate(told):
            by_entry = {entry: cells(one, "unknown" if entry == "E2" else "") for entry, one in decisions.items()}
            wanted = {"Codings": by_entry} | ({"Open entries": {closed: CLOSE}} if closed else {})
            file = fill(
                exported / "all.xlsx", wanted, to=Path(folder) / f"{number}.xlsx", Reviewer=who, Date=day.isoformat()
            )
            for _ in range(1 + twice):
                import_file(file, processed)
            for entry in decisions:
                if _is_new(told[:number], who, day, entry, decisions[entry]):
                    latest[entry] = max(
                        latest.get(entry, (date.min, 0, None)), (day, number, decisions[entry]), key=lambda x: x[:2]
                    )
        ingest(exported / "raw", processed)
        store = open_store(processed)
        ledger.verify(ledger.ledger_path(processed))
        for entry in CODED:
            final = store.findings[(store.findings["event_id"] == entry) & store.findings["final"]]
            found = set(final[["subcode", "status"]].itertuples(index=False, name=None))
            one = latest.get(entry, (None, None, "leave open"))[2]
            if isinstance(one, dict):
                assert found == set(one.items())
            elif one == "not an event" or (one == "accept" and entry == "E2"):
                assert found == set()
            else:
                assert found == before.get(entry, set())
            assert set(final["source"]) <= ({"reviewer"} if one != "leave open" else {"rule", "field"})
        same = ["event_id", "text", "session_id", "event_category_raw"]
        pd.testing.assert_frame_equal(store.events[same], open_store(exported / "data" / "processed").events[same])
        snapshot = store.snapshot
        ingest(exported / "raw", processed)
        assert open_store(processed).snapshot == snapshot


def _is_new(before: list[tuple], who: str, day: date, entry: str, one: Any) -> bool:
    """The same decision of the same person and day on record already is not a second one."""

    def plain(told: Any) -> Any:
        return "not an event" if entry == "E2" and told == "accept" else told

    return not any(w == who and d == day and entry in ds and plain(ds[entry]) == plain(one) for w, d, ds, _ in before)
