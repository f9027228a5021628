"""Random small groups of clinics as raw files, and what their page must say, counted by loops over the stored rows."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.store import Store

Record = dict[str, Any]
CUT, MONTH = date(2026, 11, 5), "2026-10"
FIRST = date(2026, 5, 1)
TEXTS = (
    "left eyelid droop", "bruise at the injection site", "mild headache for two days", "brow heavy, improving", "no complaint",
    "trouble swallowing since day 3", "blurred vision", "see attached", "severe pain at the site", "uneven smile", "rash on the arm",
    "patient's husband had a droop years ago", "difficulty breathing", "no bruising, happy",
)  # fmt: skip
URGENT = ("trouble swallowing since day 3", "difficulty breathing", "hoarse voice and trouble swallowing")
AREAS = ("glabella", "forehead", "masseter", "periocular")
TYPES = ("cosmetic", "migraine", "tmj", "")
SPECIAL = ("one entry", "none at all", "all urgent", "one clinic", "a log is missing")


def write_group(folder: Path, seed: int) -> str:
    """Logs of a group below `folder`; the first seeds are the special ones. Returns which it is."""
    draw, kind = random.Random(seed), SPECIAL[seed] if seed < len(SPECIAL) else "random"
    clinics = ["Ash", "Birch", "Cedar"][: 1 if kind == "one clinic" else draw.randint(1, 3) if kind == "random" else 2]
    for number, name in enumerate(clinics):
        own = folder / name.casefold()
        own.mkdir(parents=True)
        (own / "clinic.toml").write_text(f'[clinic]\nname = "{name}"\ncountry = "GB"\n')
        sessions = _sessions(draw, draw.randint(8, 40))
        (own / "treatments.csv").write_text(_csv("Visit date,Patient,Injector,Area,Indication,Product,Units", sessions))
        if kind == "a log is missing" and number == 0:
            continue
        entries = {"none at all": 0, "one entry": int(number == 0)}.get(kind, draw.randint(0, 9))
        texts = URGENT if kind == "all urgent" else TEXTS
        rows = [_entry(draw, n, sessions, texts) for n in range(entries)]
        head = "Event id,Date reported,Onset date,Treatment date,Patient,Injector,Description"
        (own / "events.csv").write_text(_csv(head, rows))
    return kind


def _sessions(draw: random.Random, many: int) -> list[list[str]]:
    rows = []
    for number in range(many):
        day = FIRST + timedelta(days=draw.randint(0, 183))
        patient, injector = f"P{draw.randint(1, many)}", draw.choice(("Ana Reyes", "Bo Li", "Cy Ode"))
        for _ in range(draw.choice((1, 1, 1, 2))):  # a second line may be of another indication
            row = [day.isoformat(), patient, injector, draw.choice(AREAS), draw.choice(TYPES), "Botox", "20"]
            rows.append(row)
        if number == 0:
            rows[0][0] = FIRST.isoformat()
    return rows


def _entry(draw: random.Random, number: int, sessions: list[list[str]], texts: Iterable[str]) -> list[str]:
    session = draw.choice(sessions)
    treated = date.fromisoformat(session[0])
    onset = treated + timedelta(days=draw.randint(1, 12))
    reported = min(onset + timedelta(days=draw.choice((0, 2, 5, 30))), CUT)
    linked = draw.random() < 0.85
    known = [session[0], session[1]] if linked else ["", ""]
    text = draw.choice(list(texts))
    return [
        f"E{number}",
        reported.isoformat(),
        min(onset, reported).isoformat(),
        *known,
        session[2] if linked else "",
        f'"{text}"',
    ]


def _csv(head: str, rows: list[list[str]]) -> str:
    return "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


def records(frame: pd.DataFrame) -> list[Record]:
    """Rows with None for what is missing."""
    return [{k: None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]


class Naive:
    """What the page of a small group has to say."""

    def __init__(self, store: Store) -> None:
        self.sessions = {row["session_id"]: row for row in records(store.treatments)}
        self.lines = records(store.treatment_lines)
        self.events = {(row["clinic"], row["event_id"]): row for row in records(store.events)}
        self.episodes = {(row["clinic"], row["episode_id"]): row for row in records(store.episodes)}
        self.findings = records(store.findings)
        self.aside = records(store.set_aside)
        self.coverage = records(store.coverage)

    def covered(self, month: str) -> set[str]:
        """Clinics whose two logs were received for a month."""
        good = ("received", "nil_return")
        return {
            c["clinic"]
            for c in self.coverage
            if c["month"] == month and c["treatments"] == "received" and c["events"] in good
        }

    def months(self) -> list[str]:
        return sorted({row["month"] for row in self.coverage})

    def at_risk(self, month: str, areas: frozenset[str]) -> set[str]:
        with_area = {line["session_id"] for line in self.lines if line["area"] in areas}
        return {
            key for key, row in self.sessions.items()
            if f"{row['treatment_date']:%Y-%m}" == month and row["clinic"] in self.covered(month) and (not areas or key in with_area)
        }  # fmt: skip

    def affected(self, month: str, subcodes: Iterable[str], areas: frozenset[str]) -> set[str]:
        hit = {e["session_id"] for e in self.episodes.values() if e["counted"] and e["subcode"] in set(subcodes)}
        return self.at_risk(month, areas) & hit

    def closed(self, follow_up_days: int) -> list[str]:
        """Months up to the report's whose follow-up was over at the cut."""
        ends = {month: _last_day(month) + timedelta(days=follow_up_days) for month in self.months() if month <= MONTH}
        return [month for month, end in ends.items() if end <= CUT]

    def pressing(self) -> dict[str, int]:
        """Entries by the level they are listed under; one that only adds to an episode stands in the row of its pressing entry."""
        levels: dict[tuple[str, str], set[str]] = defaultdict(set)
        for finding in self.findings:
            if finding["status"] in ("asserted", "resolved", "uncertain", "other_cause"):
                episode = self.episodes.get((finding["clinic"], finding["episode_id"]), {})
                entry = episode.get("pressing_event_id") or finding["event_id"]
                levels[finding["clinic"], entry].add(episode.get("triage") or finding["triage"])
        for key, event in self.events.items():
            if event["coded"] == "unknown":
                levels[key].add("unread")
        for row in self.aside:
            if row["triage"] in ("now", "today") and row["disposition"] != "duplicate":
                levels[row["path"], str(row["row"])].add(row["triage"])
        leading = [
            next((level for level in ("now", "today", "unread") if level in own), "routine") for own in levels.values()
        ]
        return {level: leading.count(level) for level in ("now", "today", "unread")}

    def reported(self) -> dict[str | None, int]:
        """Entries of the month that hold a counted finding, by month of their session (None: no session)."""
        counted: dict[str | None, int] = defaultdict(int)
        for key, event in self.events.items():
            own = [f for f in self.findings if (f["clinic"], f["event_id"]) == key and f["final"] and f["episode_id"]]
            happened = any(self.episodes[f["clinic"], f["episode_id"]]["counted"] for f in own)
            if event["reported_date"] is not None and f"{event['reported_date']:%Y-%m}" == MONTH and happened:
                session = self.sessions.get(event["session_id"])
                counted[f"{session['treatment_date']:%Y-%m}" if session else None] += 1
        return dict(counted)

    def by_type(self) -> tuple[int, int]:
        """Sessions of the closed window, and how many more the rows by type add up to because of mixed sessions."""
        months = self.closed(56)[-12:]
        inside = set().union(*(self.at_risk(month, frozenset()) for month in months)) if months else set()
        known: dict[str, set[str]] = defaultdict(set)
        for line in self.lines:
            if line["indication"] != "unknown":
                known[line["session_id"]].add(line["indication"])
        return len(inside), sum(max(len(known[key]) - 1, 0) for key in inside)

    def sessions_of(self, clinic: str, month: str) -> int:
        return sum(
            row["clinic"] == clinic and f"{row['treatment_date']:%Y-%m}" == month for row in self.sessions.values()
        )


def _last_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    return (date(year + number // 12, number % 12 + 1, 1)) - timedelta(days=1)
