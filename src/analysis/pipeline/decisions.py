"""The director's decision log: what was made of each signal, kept in the ledger and carried from month to month."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import ledger
from analysis.coding.identifiers import likely_identifiers
from analysis.errors import UsageError
from analysis.measures import load_measures
from analysis.monitoring.settings import load_watch
from analysis.periods import parse_month
from analysis.pipeline import journal
from analysis.resources import read_rows, resource
from analysis.schemas.conform import conform_to
from analysis.schemas.signals import DECISIONS

DECISION, REBASE, SUMMARY = "decision", "monitor re-based", "case summary"
ATTRIBUTIONS = ("confirmed", "corrected", "not_asked")
"""What the injector said to whether the cases are hers: yes, no (and then whose), or she was not asked."""
LONGEST = 200
LONGEST_SUMMARY = 600
_IDENTIFIER = re.compile(r"\S@\S|\d[\d ().+-]{5,}\d|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\d{5,}")
_KEPT = ("cause", "attribution", "reply", "action", "owner", "recheck", "effect", "reviewer")


def causes() -> dict[str, str]:
    """Causes in their fixed order, with labels."""
    return {row["cause"]: row["label"] for row in read_rows(resource("monitoring/causes.csv"))}


def record(
    processed: Path, signal: dict[str, Any], said: dict[str, str | None], *, month: str, simulated: bool
) -> None:
    """Append a decision on a signal (signal_id, rule, unit, clinic). UsageError names the option that does not fit."""
    for name in ("cause", "reviewer"):
        if not said.get(name):
            raise UsageError(f"--{name} is missing. Give it, for example --{name} {_example(name)}")
    if said["cause"] not in causes():
        raise UsageError(f"There is no cause {said['cause']!r}. Causes, in this order: {', '.join(causes())}.")
    if said.get("attribution") not in (None, *ATTRIBUTIONS):
        raise UsageError(f"--attribution is one of {', '.join(ATTRIBUTIONS)}.")
    if said.get("action") and not said.get("owner"):
        raise UsageError("An action needs somebody who does it: --owner NAME")
    _is_day(said.get("recheck"))
    for name in _KEPT:
        if len(said.get(name) or "") > LONGEST:
            raise UsageError(f"--{name} is longer than {LONGEST} characters. Sum it up; no patient, please.")
    data = {key: signal.get(key) for key in ("signal_id", "rule", "unit", "clinic")}
    kept = {name: said[name] for name in _KEPT if said.get(name)}
    book = ledger.ledger_path(processed)
    earlier = journal.last_of(book, DECISION, signal_id=data["signal_id"])
    old = {name: earlier[name] for name in _KEPT if name in earlier} or None
    about = {"month": month, "simulated": simulated, "old": old, **journal.on_data(processed)}
    ledger.append(book, DECISION, {**data, **kept, **about})


def has_identifier(text: str) -> bool:
    """The text holds what looks like a date, a telephone number, an e-mail or a record number."""
    return bool(_IDENTIFIER.search(text))


def rebase(processed: Path, measure: str, *, month: str, reason: str | None, reviewer: str | None) -> None:
    """Append that the monitor of a measure starts anew with `month`, and why. It learns again and spends new error."""
    watched = sorted({line.measure for line in load_watch().monitors})
    if measure not in watched:
        raise UsageError(f"{measure!r} is not monitored. Measures that are: {', '.join(watched)}.")
    if not reason or not reviewer:
        raise UsageError("Re-basing needs --reason TEXT and --reviewer NAME: both are kept in the ledger.")
    if len(reason) > LONGEST:
        raise UsageError(f"--reason is longer than {LONGEST} characters.")
    book = ledger.ledger_path(processed)
    old = journal.last_of(book, REBASE, measure=measure).get("month")
    data = {"measure": measure, "month": parse_month(month), "old": old, "reason": reason, "reviewer": reviewer}
    ledger.append(book, REBASE, {**data, **journal.on_data(processed)})


def summarise(processed: Path, text: str, *, month: str, reviewer: str | None, simulated: bool) -> None:
    """Append the director's own summary of cases for a committee. UsageError when it is too long or looks like an identifier."""
    if not reviewer:
        raise UsageError("A summary needs --reviewer NAME: it is kept in the ledger with who wrote it.")
    if len(text) > LONGEST_SUMMARY:
        raise UsageError(f"--case-summary is longer than {LONGEST_SUMMARY} characters. Sum it up; no patient, please.")
    if _IDENTIFIER.search(text) or likely_identifiers(text):
        raise UsageError(
            "--case-summary holds what looks like a name, a date, a telephone number, an e-mail or a record number. Leave it out."
        )
    book, of = ledger.ledger_path(processed), {"month": parse_month(month), "simulated": simulated}
    old = journal.last_of(book, SUMMARY, **of).get("summary")
    ledger.append(
        book, SUMMARY, {**of, "summary": text, "old": old, "reviewer": reviewer, **journal.on_data(processed)}
    )


def case_summaries(processed: Path, *, month: str) -> pd.DataFrame:
    """Summaries typed for months up to `month`: month, summary, simulated; of a month that has several, the newest."""
    found = {}
    for entry in ledger.entries(ledger.ledger_path(processed)):
        data = entry["data"]
        if entry["kind"] == SUMMARY and data["month"] <= month:
            found[data["month"], data["simulated"]] = data
    rows = sorted(found.values(), key=lambda data: str(data["month"]))
    frame = pd.DataFrame(rows, columns=["month", "summary", "simulated"])
    return frame.astype({"month": "str", "summary": "str", "simulated": "bool"})


def starts(processed: Path, *, month: str) -> dict[str, str]:
    """First month of each re-based measure's monitor, by the newest entry that does not lie after `month`."""
    found = {}
    for entry in ledger.entries(ledger.ledger_path(processed)):
        data = entry["data"]
        if entry["kind"] == REBASE and data["month"] <= month and data["measure"] in load_measures():
            found[data["measure"]] = data["month"]
    return found


def decisions(
    processed: Path, *, month: str, cut: date, clinics: list[str] | None = None, simulated: bool | None = None
) -> pd.DataFrame:
    """What was decided up to a month, one row per signal: later entries fill in and replace what earlier ones said."""
    found: dict[str, dict[str, Any]] = {}
    for entry in ledger.entries(ledger.ledger_path(processed)):
        data = entry["data"]
        if entry["kind"] != DECISION or data["month"] > month:
            continue
        if simulated is not None and data["simulated"] != simulated:
            continue
        if clinics is None or data["clinic"] is None or data["clinic"] in clinics:
            before = found.get(data["signal_id"], {})
            if data.get("action"):  # a new action has had no effect yet
                before = {key: value for key, value in before.items() if key != "effect"}
            found[data["signal_id"]] = {**before, **data, "decided": entry["when"][:10]}
    rows = [
        {
            "attribution": "not_asked", **one, "cause_label": causes().get(one["cause"], one["cause"]),
            "open": bool(one.get("action") or one.get("recheck")) and not one.get("effect"),
            "due": not one.get("effect") and bool(one.get("recheck")) and one["recheck"] <= cut.isoformat(),
        }
        for one in found.values()
    ]  # fmt: skip
    return conform_to(DECISIONS, pd.DataFrame(rows, columns=list(DECISIONS.schema.columns) if not rows else None))


def _is_day(text: str | None) -> None:
    try:
        date.fromisoformat(text or "2026-01-01")
    except ValueError:
        raise UsageError(f"--recheck {text!r} is not a date. Write it as YYYY-MM-DD, for example 2027-01-31.") from None


def _example(name: str) -> str:
    return {"cause": "chance", "reviewer": '"Dr A. Director"'}[name]
