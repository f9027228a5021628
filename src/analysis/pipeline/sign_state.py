"""What a page may say of sign-offs: of earlier versions only. What is signed are its bytes, so it cannot hold word of its own."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from analysis import ledger
from analysis.errors import CheckFailed, UsageError
from analysis.pipeline import publication
from analysis.pipeline.decisions import DECISION, LONGEST, REBASE, SUMMARY, has_identifier

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
    earlier, present = none, []
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


def name_of(month: str, clinic: str | None, audience: str) -> str:
    """`<clinic or group>/<YYYY-MM>.<audience>`: fixed pattern, whatever the clinic is called."""
    folder = re.sub(r"[^a-z0-9]+", "-", (clinic or "group").casefold()).strip("-") or "clinic"
    return f"{folder}/{month}.{re.sub(r'[^A-Za-z0-9]+', '-', audience)}"


def want_changes(processed: Path, report: Path | None, said: str, *, reviewer: str | None, quiet: bool) -> None:
    """Append that a reviewer wants changes in a published page, and which. UsageError names what does not fit."""
    if report is None or report.suffix != ".html" or not report.is_file():
        raise UsageError("Name the page in which changes are wanted: --sign-off reports/group/2026-10.director.html")
    if not reviewer:
        raise UsageError("Changes are wanted by somebody: --reviewer NAME; it is kept in the ledger.")
    if len(said) > LONGEST or has_identifier(said):
        raise UsageError(
            f"--changes-wanted is at most {LONGEST} characters, without a date, number or address that could be a patient's."
        )
    book, name = ledger.ledger_path(processed), f"{report.parent.name}/{report.stem}"
    digest = hashlib.sha256(report.read_bytes()).hexdigest()
    if not any(entry["report"] == name and entry["sha256"] == digest for entry in publication.reports_in(book)):
        raise CheckFailed(f"{report} is not a page that was published. Make it again: ae report")
    ledger.append(book, CHANGES, {"report": name, "sha256": digest, "reviewer": reviewer, "said": said})
    if not quiet:
        typer.echo(f"Kept in the ledger: changes wanted in {name}. The next ae report says so.", err=True)
