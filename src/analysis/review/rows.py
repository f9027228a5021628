"""The rows of each sheet: what a reviewer sees of an entry, and the key cells by which the decision finds its way back."""

from typing import Any

import pandas as pd

from analysis.review.cells import Span, marked, shown
from analysis.review.content import aside_hashes, content_hashes, sealed
from analysis.review.decisions import closable, places
from analysis.review.queue import Read
from analysis.review.readings import proposal
from analysis.review.sheets import BY_KIND

SheetRow = dict[str, Any]
"""Cells by key of the column: text, or for `words` pieces with whether they are evidence; `_choices` are sessions to choose from."""
_KEY = ["clinic", "event_id"]
_CANDIDATES = 8


class Rows:
    """Makes the rows of one export; `codes` are the injectors' printed codes."""

    def __init__(self, read: Read, injectors: pd.DataFrame) -> None:
        self.read = read
        self.events = read.events.set_index(_KEY, drop=False)
        self.findings = dict(list(read.findings.sort_values("start", kind="stable").groupby(_KEY)))
        self.codes = injectors.set_index(["clinic", "injector"])["code"].to_dict()
        self.sessions = read.treatments.set_index(["clinic", "session_id"], drop=False)
        self.hashes = {
            kind: pd.Series(content_hashes(read.events, kind).to_numpy(), index=self.events.index) for kind in BY_KIND
        }

    def of_queue(self, waiting: pd.DataFrame, kind: str) -> list[SheetRow]:
        """Rows of a sheet out of the queue, in its order."""
        rows = []
        for one in waiting[waiting["kind"] == kind].to_dict("records"):
            event = self.events.loc[(one["clinic"], one["event_id"])]
            own = self.findings.get((one["clinic"], one["event_id"]), self.read.findings.iloc[:0])
            row = {
                "label": one["label"],
                "reported": _day(event["reported_date"]),
                "words": _words(event, own),
                "part": one["part"],
            }
            row |= {"coding": self._coding, "link": self._link, "merge": self._merge}[kind](event, own, one)
            rows.append(self._keyed(row, kind, one["clinic"], one["event_id"]))
        return rows

    def _coding(self, event: pd.Series, own: pd.DataFrame, one: dict[str, Any]) -> SheetRow:
        reading = proposal(own, str(event["coded"]))
        return {"own_code": event["event_category_raw"], "proposal": reading, **_traced(own)}

    def _link(self, event: pd.Series, own: pd.DataFrame, one: dict[str, Any]) -> SheetRow:
        injector = self.codes.get((event["clinic"], event["injector"]))
        told = [
            f"treated {_day(event['treatment_date'])}" if pd.notna(event["treatment_date"]) else None,
            event["area"],
            injector,
        ]
        candidates = [self._session(session) for session in self._candidates(event)]
        now = event["session_id"]
        linked = self._session(self.sessions.loc[(event["clinic"], now)]) if isinstance(now, str) else "none"
        return {
            "says": ", ".join(part for part in told if isinstance(part, str)),
            "now": linked,
            "_choices": candidates,
        }

    def _merge(self, event: pd.Series, own: pd.DataFrame, one: dict[str, Any]) -> SheetRow:
        def counted(found: pd.DataFrame) -> Any:
            here = found.loc[(found["subcode"] == one["part"]) & found["episode_id"].notna(), "episode_id"]
            return here.iloc[0] if len(here) else None

        beside = self.findings.get((one["clinic"], one["beside"]), own.iloc[:0])
        together = counted(own) == counted(beside) and one["beside"] != one["event_id"]
        return {"beside": one["beside"], "now": "once with the entry beside" if together else "apart"}

    def _candidates(self, event: pd.Series) -> list[pd.Series]:
        """Sessions of the clinic that may be meant: of the same patient, else of the stated day, nearest first."""
        own = self.read.treatments[self.read.treatments["clinic"] == event["clinic"]]
        day = event["treatment_date"] if pd.notna(event["treatment_date"]) else event["onset_date"]
        day = day if pd.notna(day) else event["reported_date"]
        if isinstance(event["patient_key"], str) and (own["patient_key"] == event["patient_key"]).any():
            own = own[own["patient_key"] == event["patient_key"]]
        elif pd.notna(event["treatment_date"]):
            own = own[own["treatment_date"] == event["treatment_date"]]
        else:
            return []
        gap = (own["treatment_date"] - day).abs() if pd.notna(day) else own["treatment_date"]
        order = own.assign(_other=own["injector"] != event["injector"], _gap=gap).sort_values(
            ["_gap", "_other", "session_id"]
        )
        return [row for _, row in order.head(_CANDIDATES).iterrows()]

    def _session(self, session: pd.Series) -> str:
        code = self.codes.get((session["clinic"], session["injector"]))
        parts = (session["session_id"], _day(session["treatment_date"]), session["areas"], code)
        return " ".join(part for part in parts if isinstance(part, str))

    def of_open(self, entries: pd.DataFrame, set_aside: pd.DataFrame) -> list[SheetRow]:
        """Rows of the sheet of open entries, in the order of the first screen."""
        held = closable(set_aside)
        hashes = dict(zip(zip(held["clinic"], places(held), strict=True), aside_hashes(held), strict=True))
        rows = []
        for one in entries.to_dict("records"):
            key = (one["clinic"], one["entry"])
            row = {
                "look": one["triage"], "what": one["label"], "status": one["status"], "due": one["contact_due"], "part": "",
                "reported": one["reported_date"],
            }  # fmt: skip
            if one["source"] == "set_aside":
                row |= {"words": [("See the row itself: it was set aside.", False)]}
                rows.append(self._keyed(row, "entry", *key, content=hashes[key]))
            else:
                own = self.findings.get(key, self.read.findings.iloc[:0])
                rows.append(
                    self._keyed(row | {"words": _words(self.events.loc[key], own), **_traced(own)}, "entry", *key)
                )
        return rows

    def _keyed(self, row: SheetRow, kind: str, clinic: str, entry: str, content: str | None = None) -> SheetRow:
        cells = {key: value if key in ("words", "_choices") else shown(value) for key, value in row.items()}
        cells |= {"clinic": shown(clinic), "entry": shown(entry)}
        content = content or str(self.hashes[kind][(clinic, entry)])
        told = BY_KIND[kind].proposal
        cells["check"] = sealed(
            content, kind=kind, clinic=cells["clinic"], entry=cells["entry"], part=cells["part"],
            proposal=cells[told] if told else "",
        )  # fmt: skip
        return cells


def _words(event: pd.Series, own: pd.DataFrame) -> list[tuple[str, bool]]:
    spans: list[Span] = [
        (int(a), int(b)) for a, b in zip(own["start"], own["end"], strict=True) if pd.notna(a) and pd.notna(b)
    ]
    return marked(event["text"], spans)


def _traced(own: pd.DataFrame) -> dict[str, str]:
    """Every finding with its words, and every finding with its rule, line by line in the same order."""
    evidence, rule = [], []
    for one in own.itertuples():
        what = f"{one.subcode} {one.status}"
        words = (
            one.evidence
            if isinstance(one.evidence, str)
            else "the clinic's own code"
            if one.source == "field"
            else "no words"
        )
        evidence.append(f"{what}: {' '.join(words.split())}")
        rule.append(f"{what}: {one.rule}")
    return {"evidence": "\n".join(evidence), "rule": "\n".join(rule)}


def _day(day: Any) -> str:
    return day.strftime("%Y-%m-%d") if pd.notna(day) else ""
