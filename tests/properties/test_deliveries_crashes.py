"""Deliveries in any order, split, sent again and corrected, with runs that die half-way: the stored frames end up the same.

What they must end up as is the store made at once of one file that says what was said last.
"""

import os
import sys
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import rule
from test_deliveries_machine import EVENT_HEAD, LINE_HEAD, Clinic, table

from analysis import ledger
from analysis.pipeline.ingest import ingest
from analysis.store import open_store

sys.path.append(str(Path(__file__).parents[1] / "faults"))
from striking import in_child, strike

CUT = date(2026, 9, 1)
CONVERGING = ("treatments", "events", "episodes", "findings")


class Crashing(Clinic):
    """The clinic of the deliveries machine, whose ingest dies at a random step on disk, or ends, between deliveries."""

    def __init__(self) -> None:
        super().__init__()
        self.processed = self.folder / "data" / "processed"

    @rule(step=st.integers(1, 120), mode=st.sampled_from(["kill", "full"]))
    def ingest_dies(self, step: int, mode: str) -> None:
        def faulted() -> None:
            strike(step, mode)
            ingest(self.raw, self.processed, as_of=CUT)

        before = open_store(self.processed).snapshot if (self.processed / "CURRENT").exists() else None
        code, _ = in_child(faulted)
        if (self.processed / "CURRENT").exists():
            store = open_store(self.processed)  # whole, whichever it is
            assert code != 1 or store.snapshot == before
        ledger.verify(ledger.ledger_path(self.processed))

    @rule()
    def ingest_ends(self) -> None:
        ingest(self.raw, self.processed, as_of=CUT)

    def the_store_says_what_was_said_last(self) -> None:
        """Held at the end only, on the stored frames."""

    def teardown(self) -> None:
        found = ingest(self.raw, self.processed, as_of=CUT).snapshot
        store = open_store(self.processed)
        assert store.snapshot == found
        once = self.folder / "once"
        (once / "raw" / "C").mkdir(parents=True)
        for name, head, rows in (
            ("events", EVENT_HEAD, [self.told[n].row for n in sorted(self.told)]),
            ("treatments", LINE_HEAD, [self.done[n].row for n in sorted(self.done)]),
        ):
            (once / "raw" / "C" / f"{name}_{self.day}.csv").write_text(table(head, rows, ","), encoding="utf-8")
        ingest(once / "raw", once / "data" / "processed", as_of=CUT)
        at_once = open_store(once / "data" / "processed")
        for name in CONVERGING:
            pd.testing.assert_frame_equal(store.frame(name), at_once.frame(name))
        assert ledger.audit(ledger.ledger_path(self.processed)) > 0
        super().teardown()


EXAMPLES = int(os.environ.get("AE_EXAMPLES", "6"))
Crashing.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=8, deadline=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TestCrashing = pytest.mark.slow(
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is ended in a fork")(Crashing.TestCase)
)
