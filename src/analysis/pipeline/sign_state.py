"""What a page may say of sign-offs: of earlier versions only. What is signed are its bytes, so it cannot hold word of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import ledger
from analysis.errors import CheckFailed
from analysis.pipeline import publication
from analysis.pipeline.decisions import DECISION, REBASE, SUMMARY

SIGNED, CHANGES = "sign-off", "changes wanted"
_SHOWN = (DECISION, REBASE, SUMMARY)
"""What is said in the ledger after a signature and stands on the page."""
_SOURCE = ("snapshot", "code_sha256", "data_cut", "parameters")


def sign_state(book: Path, report: str, made: Mapping[str, Any]) -> dict[str, Any]:
    """`state` (`signed`, `changes wanted`, or `none`), `by`, `on` and `said` of the newest word on an earlier version of a report.

    Word on this version is left out, so that the page stays the same when it is signed: on one that was made from the same
    snapshot, program, data cut and parameters (`made`), with nothing decided since that stands on it. A ledger that cannot be
    read says nothing.
    """
    none: dict[str, Any] = {"state": "none", "by": None, "on": None, "said": None}
    published: dict[str, Mapping[str, Any]] = {}
    earlier = none
    present: list[dict[str, Any]] = []
    try:
        for entry in ledger.entries(book):
            kind, data = entry["kind"], entry["data"]
            if kind == publication.PUBLISHED and data.get("report") == report:
                published[data["sha256"]] = data
            elif kind in _SHOWN and present:
                earlier, present = present[-1], []
            elif kind in (SIGNED, CHANGES) and data.get("report") == report:
                was = published.get(data["sha256"], {})
                state = "signed" if kind == SIGNED else CHANGES
                said = {"state": state, "by": data["reviewer"], "on": entry["when"][:10], "said": data.get("said")}
                if was and all(was.get(name) == made.get(name) for name in _SOURCE):
                    present.append(said)
                else:
                    earlier = said
    except CheckFailed:
        return none
    return earlier
