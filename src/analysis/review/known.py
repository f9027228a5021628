"""What an import is checked against: the stored entries, their findings and sessions, under the names that the file shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.review.cells import shown
from analysis.review.content import KINDS, aside_hashes, content_hashes
from analysis.review.decisions import closable, places

_KEY = ["clinic", "event_id"]
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """The stored frames of the same names."""

    events: pd.DataFrame
    findings: pd.DataFrame
    treatments: pd.DataFrame
    set_aside: pd.DataFrame

    @cached_property
    def _entries(self) -> dict[tuple[str, str], tuple[str, str]]:
        keys = zip(self.events["clinic"], self.events["event_id"], strict=True)
        return {(shown(clinic), shown(event)): (clinic, event) for clinic, event in keys}

    @cached_property
    def _contents(self) -> dict[tuple[str, str, str], str]:
        keys = list(zip(self.events["clinic"], self.events["event_id"], strict=True))
        return {
            (kind, *key): content
            for kind in KINDS
            for key, content in zip(keys, content_hashes(self.events, kind), strict=True)
        }

    @cached_property
    def _aside(self) -> dict[str, list[str]]:
        """Places of the rows set aside, by content: several rows may say the same."""
        held = closable(self.set_aside)
        found: dict[str, list[str]] = {}
        for content, place in zip(aside_hashes(held), places(held), strict=True):
            found.setdefault(content, []).append(place)
        return found

    @cached_property
    def _clinics(self) -> dict[str, str]:
        names = {*self.events["clinic"], *self.set_aside["clinic"]}
        return {shown(name): name for name in names}

    @cached_property
    def _sessions(self) -> set[tuple[str, str]]:
        return set(zip(self.treatments["clinic"], self.treatments["session_id"], strict=True))

    def has(self, cells: Cells, kind: str, content: str) -> bool:
        """Is the entry of these key cells stored, or the row still set aside?"""
        return (cells["clinic"], cells["entry"]) in self._entries or (kind == "entry" and content in self._aside)

    def clinic(self, cells: Cells) -> str:
        """The clinic's name as stored."""
        return self._clinics[cells["clinic"]]

    def entry(self, cells: Cells, kind: str, content: str) -> str:
        """The entry's id as stored; the place of a row set aside."""
        found = self._entries.get((cells["clinic"], cells["entry"]))
        there = self._aside.get(content, [])
        return found[1] if found else next((place for place in there if shown(place) == cells["entry"]), there[0])

    @cached_property
    def _first_days(self) -> dict[tuple[str, str], date]:
        dates = self.events[["reported_date", "onset_date", "treatment_date"]]
        days = dates["reported_date"].fillna(dates["onset_date"]).fillna(dates["treatment_date"])
        there = days.notna()
        keys = zip(self.events.loc[there, "clinic"], self.events.loc[there, "event_id"], strict=True)
        return dict(zip(keys, days[there].dt.date, strict=True))

    def began(self, clinic: str, event_id: str) -> date | None:
        """Day an entry was reported (else began, else of its treatment): nobody can have decided on it before."""
        return self._first_days.get((clinic, event_id))

    def named(self, clinic: str, cell: str) -> str | None:
        """An entry of a clinic by the name that a reviewer typed; missing when there is none."""
        found = self._entries.get((shown(clinic), shown(cell.removeprefix("'")))) or self._entries.get(
            (shown(clinic), cell)
        )
        return found[1] if found else None

    def content(self, told: Mapping[str, Any]) -> str | None:
        """The content hash that the row of a decision has now."""
        if told["content"] in self._aside:
            return str(told["content"])
        return self._contents.get((told["kind"], told["clinic"], told["event_id"]))

    def has_session(self, clinic: str, session: str) -> bool:
        """Is there such a session of the clinic?"""
        return (clinic, session) in self._sessions

    def findings_of(self, clinic: str, event: str) -> pd.DataFrame:
        """All readings of an entry."""
        own = self.findings
        return own[(own["clinic"] == clinic) & (own["event_id"] == event)]
