"""Readings of an entry as text in a cell, back again, and with all that the ledger keeps of them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from analysis import taxonomy
from analysis.resources import read_toml, resource
from analysis.review.apply import TOLD

_BETWEEN = " | "


class Wanted(NamedTuple):
    """One finding of a reading as a reviewer states it."""

    subcode: str
    status: str
    severity: str | None


def proposal(own: pd.DataFrame, coded: str) -> str:
    """The reading that counts, a line per finding: `F1 Upper-eyelid ptosis | asserted | mild`; else `none` or `unknown`."""
    table = taxonomy.load_taxonomy()
    lines = []
    for one in own[own["final"]].itertuples():
        severity = one.severity if isinstance(one.severity, str) else "severity not stated"
        lines.append(_BETWEEN.join((f"{one.subcode} {table[str(one.subcode)].label}", str(one.status), severity)))
    return "\n".join(dict.fromkeys(lines)) or coded


def parse_proposal(text: str) -> list[Wanted]:
    """Back from the cell; empty for `none`."""
    found = []
    for line in text.splitlines():
        if _BETWEEN in line:
            head, status, severity = (part.strip() for part in line.split(_BETWEEN))
            found.append(Wanted(head.split()[0], status, severity if severity in taxonomy.SEVERITIES else None))
    return found


def resolved(wanted: Iterable[Wanted], own: pd.DataFrame) -> list[dict[str, Any]]:
    """The findings with what text or field found beside them: side, site, flags, level, place of the words.

    A sub-code that neither had found takes flags and level from the taxonomy. `own` are all findings of the entry.
    """
    return [_resolved(one, own) for one in wanted]


def _resolved(one: Wanted, own: pd.DataFrame) -> dict[str, Any]:
    same = own[own["subcode"] == one.subcode]
    known = taxonomy.load_taxonomy()[one.subcode]
    told: dict[str, Any] = dict.fromkeys(TOLD)
    if len(same):
        best = same.assign(_same=same["status"] == one.status).sort_values(
            ["_same", "final", "start"], ascending=[False, False, True], kind="stable"
        )
        told |= {name: _plain(best.iloc[0][name]) for name in TOLD}
    else:
        told |= {"urgent": known.urgent, "red_flag": known.red_flag, "triage": known.triage}
    told |= {"subcode": one.subcode, "status": one.status, "severity": one.severity or told["severity"]}
    raised = _severe_levels().get(one.subcode)
    if (
        told["severity"] == "severe"
        and raised
        and taxonomy.TRIAGE.index(raised) < taxonomy.TRIAGE.index(told["triage"])
    ):
        told |= {"triage": raised, "urgent": True}
    return told


@cache
def _severe_levels() -> dict[str, str]:
    return dict(read_toml(resource("review/queue.toml"))["severe"])


def _plain(value: Any) -> Any:
    """A value that JSON knows."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def said(told: Sequence[dict[str, Any]]) -> list[list[str | None]]:
    """A reading in the shortest form: sub-code, status and severity of each finding."""
    return [[one["subcode"], one["status"], one["severity"]] for one in told]
