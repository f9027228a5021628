"""Which closed periods were given out, from the ledger: each once. What was printed stays, whatever the store says later.

Two versions of one period, or a quarter and its year, or a clinic and its group, would give hidden counts back by subtraction.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from analysis import ledger
from analysis.errors import UsageError
from analysis.pipeline.publication import ABANDONED, PREPARED, PUBLISHED


def published_period(
    book: Path, *, first: str, last: str, clinic: str | None, clinics: list[str]
) -> dict[str, Any] | None:
    """What was printed of this very period and group; None when nothing was.

    Raises UsageError when another published period has months and clinics in common with it, and CheckFailed when the ledger cannot
    be read: without it nobody knows what is out.
    """
    for period in periods_out(book):
        if period["last"] < first or period["first"] > last or not set(period["clinics"]) & set(clinics):
            continue
        if (period["first"], period["last"], period["clinic"]) == (first, last, clinic):
            return period
        whose = period["clinic"] or "the group"
        raise UsageError(
            f"{period['first']} to {period['last']} was published for {whose}. {first} to {last} has months and clinics in common "
            "with it, and hidden counts could be told by subtraction. Ask for a period that does not."
        )
    return None


def periods_out(book: Path) -> list[dict[str, Any]]:
    """Every period that was given out, or may have been when its run died, oldest first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    done: set[tuple[str, str]] = set()
    for entry in ledger.entries(book):
        data = entry["data"]
        if not isinstance(period := data.get("shared_period"), dict):
            continue
        about = (data["report"], data["sha256"])
        if entry["kind"] in (PREPARED, PUBLISHED):
            found.setdefault(about, period)
            if entry["kind"] == PUBLISHED:
                done.add(about)
        elif entry["kind"] == ABANDONED and about not in done:
            found.pop(about, None)
    return list(found.values())


def to_keep(
    context_facts: dict[str, Any], counts: pd.DataFrame, *, clinic: str | None, clinics: list[str]
) -> dict[str, Any]:
    """What the ledger keeps of a period when it is published: its ends, whose it is, the rule, and what is printed."""
    tables: dict[str, dict[str, int | None]] = {}
    for table, cell, printed in counts[["table", "cell", "count"]].astype(object).itertuples(index=False):
        tables.setdefault(table, {})[cell] = None if pd.isna(printed) else int(printed)
    return {
        "first": context_facts["period_first"], "last": context_facts["period_last"], "clinic": clinic, "clinics": clinics,
        "rule": context_facts["rule"], "too_few": context_facts["too_few"], "tables": tables,
    }  # fmt: skip
