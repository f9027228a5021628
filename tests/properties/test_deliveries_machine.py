"""A clinic that delivers, splits, re-sends, corrects, leaves out and replays: the store always says what was said last."""

import csv
import io
import os
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

sys.path.append(str(Path(__file__).parents[1] / "unit" / "intake"))
from deliver import KEY, Delivered, read

pytestmark = pytest.mark.thorough

TEXTS = ("bruise left cheek", "lid ptosis", "trouble swallowing", "headache", "no complaint")
FIRST_DAY = date(2026, 4, 1)


@dataclass(frozen=True)
class Entry:
    """One event as the clinic last told it; the patient and the day of treatment belong to the entry for good."""

    id: int
    text: str
    severity: str
    onset: int

    @property
    def row(self) -> list[str]:
        treated = date(2026, 1, 1) + timedelta(days=self.id)
        return [
            f"AE-{self.id}",
            f"P{self.id % 3}",
            str(treated),
            str(treated + timedelta(days=self.onset)),
            self.text,
            self.severity,
        ]


@dataclass(frozen=True)
class Line:
    """One treatment line as last told."""

    id: int
    units: int

    @property
    def row(self) -> list[str]:
        return [
            f"T-{self.id}",
            f"P{self.id % 3}",
            str(date(2026, 1, 1) + timedelta(days=self.id)),
            "Ana Reyes",
            "glabella",
            "Botox",
            str(self.units),
        ]


EVENT_HEAD = ["Event ID", "Client ID", "Treatment date", "Onset date", "Description", "Severity"]
LINE_HEAD = ["Treatment ID", "Client ID", "Treatment date", "Injector", "Area", "Product", "Units"]


def table(head: list[str], rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue()


class Clinic(RuleBasedStateMachine):
    """Every delivery carries the day it speaks for in its name; `told` and `done` are what stands."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.raw = self.folder / "raw"
        (self.raw / "C").mkdir(parents=True)
        self.told: dict[int, Entry] = {}
        self.done: dict[int, Line] = {}
        self.sent: list[tuple[str, str]] = []
        self.day = FIRST_DAY
        self.number = 0

    def _send(self, entries: list[Entry], lines: list[Line], *, delimiter: str = ",") -> None:
        self.day += timedelta(days=1)
        for what, head, rows in (
            ("events", EVENT_HEAD, [e.row for e in entries]),
            ("treatments", LINE_HEAD, [x.row for x in lines]),
        ):
            if rows:
                self._write(f"{what}_{self.day}.csv", table(head, rows, delimiter))

    def _write(self, name: str, content: str) -> None:
        self.number += 1
        prefix = f"{random.Random(self.number).randrange(1000):03d}-{self.number}"  # arrival says nothing of order
        (self.raw / "C" / f"{prefix} {name}").write_text(content, encoding="utf-8")
        self.sent.append((name, content))

    @initialize()
    def begins(self) -> None:
        self.delivers_more(2)

    @rule(count=st.integers(1, 3))
    def delivers_more(self, count: int) -> None:
        entries = [Entry(len(self.told) + n, TEXTS[(len(self.told) + n) % 5], "mild", 2) for n in range(count)]
        lines = [Line(len(self.done) + n, 20) for n in range(count)]
        self.told |= {e.id: e for e in entries}
        self.done |= {line.id: line for line in lines}
        self._send(entries, lines)

    @rule(
        data=st.data(),
        text=st.sampled_from(TEXTS),
        severity=st.sampled_from(["mild", "severe", ""]),
        onset=st.integers(0, 20),
    )
    def corrects_an_entry(self, data: st.DataObject, text: str, severity: str, onset: int) -> None:
        which = data.draw(st.sampled_from(sorted(self.told)))
        self.told[which] = replace(self.told[which], text=text, severity=severity, onset=onset)
        self._send([self.told[which]], [])

    @rule(data=st.data(), units=st.integers(1, 40))
    def corrects_a_line(self, data: st.DataObject, units: int) -> None:
        which = data.draw(st.sampled_from(sorted(self.done)))
        self.done[which] = replace(self.done[which], units=units)
        self._send([], [self.done[which]])

    @rule(data=st.data(), delimiter=st.sampled_from([",", ";", "\t"]))
    def sends_everything_but_some(self, data: st.DataObject, delimiter: str) -> None:
        left_out = data.draw(st.sets(st.sampled_from(sorted(self.told)), max_size=2))
        self._send(
            [e for e in self.told.values() if e.id not in left_out], list(self.done.values())[1:], delimiter=delimiter
        )

    @rule(data=st.data())
    def replays_an_old_file(self, data: st.DataObject) -> None:
        name, content = data.draw(st.sampled_from(self.sent))
        self._write(name, content)

    @rule(data=st.data())
    def replays_an_old_file_in_two_parts(self, data: st.DataObject) -> None:
        name, content = data.draw(st.sampled_from(self.sent))
        head, *rows = content.splitlines(keepends=True)
        cut = data.draw(st.integers(0, len(rows)))
        for part in (rows[:cut], rows[cut:]):
            if part:
                self._write(name, head + "".join(part))

    @precondition(lambda self: len(self.sent) % 4 == 0)
    @invariant()
    def the_store_says_what_was_said_last(self) -> None:
        self._compare(read(self.raw))

    def _compare(self, found: Delivered) -> None:
        assert not found.refused
        told = {
            e.row[0]: (KEY.patient("C", e.row[1].casefold()), e.row[3], e.text, e.severity or None)
            for e in self.told.values()
        }
        rows = found.events
        severities = rows["severity"].astype(object).where(rows["severity"].notna(), None)
        onsets = rows["onset_date"].dt.strftime("%Y-%m-%d")
        assert (
            dict(
                zip(
                    rows["event_id"],
                    zip(rows["patient_key"], onsets, rows["text"], severities, strict=True),
                    strict=True,
                )
            )
            == told
        )
        assert len(rows) == len(told)
        assert dict(zip(found.lines["treatment_id"], found.lines["dose_units"], strict=True)) == {
            x.row[0]: float(x.units) for x in self.done.values()
        }

    def teardown(self) -> None:
        try:
            self._compare(read(self.raw))
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


EXAMPLES = int(os.environ.get("AE_EXAMPLES", "12"))
Clinic.TestCase.settings = settings(
    max_examples=max(3, EXAMPLES // 3), stateful_step_count=10, deadline=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
TestClinic = Clinic.TestCase
