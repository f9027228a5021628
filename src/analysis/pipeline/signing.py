"""Sign-off: a person's name bound to the bytes of one published page. A page made again with other bytes is not signed."""

import hashlib
import json
from pathlib import Path

import typer

from analysis import durable, ledger
from analysis.errors import CheckFailed, UsageError
from analysis.pipeline import journal, publication
from analysis.pipeline.decisions import LONGEST, has_identifier
from analysis.pipeline.listing import index_of, signatures
from analysis.pipeline.sign_state import CHANGES, SIGNED


def sign_off(processed: Path, report: Path, *, reviewer: str | None, reason: str | None = None, quiet: bool) -> None:
    """Append the sign-off and say it in the list of reports.

    Raises CheckFailed when page, summary and ledger do not agree: what is signed is what was published, as it was.
    """
    if not reviewer:
        raise UsageError("A sign-off needs --reviewer NAME: it is kept in the ledger.")
    out, name, book = report.parent.parent, f"{report.parent.name}/{report.stem}", ledger.ledger_path(processed)
    if report.suffix != ".html" or not report.is_file():
        raise UsageError(f"There is no page {report}. Name one, for example reports/group/2026-10.director.html")
    with durable.writing(out):
        publication.settle(out, book)
        digest = hashlib.sha256(report.read_bytes()).hexdigest()
        ledger.verify(book)
        published = [entry for entry in publication.reports_in(book) if entry["report"] == name]
        if not published or published[-1]["sha256"] != digest or _summary_of(report) != digest:
            raise CheckFailed(f"{report} is not the page that was published last. Make it again: ae report")
        if (name, digest) not in signatures(book):
            old = journal.last_of(book, SIGNED, report=name).get("sha256")
            said = {"report": name, "old": old, "sha256": digest, "reviewer": reviewer, "month": published[-1]["month"]}
            made = {part: published[-1].get(part) for part in ("snapshot", "code_sha256", "lock_sha256")}
            ledger.append(book, SIGNED, {**said, **made, "why": reason or "read and signed off"})
        durable.replace_file(out / "index.html", index_of(out, processed))
    if not quiet:
        typer.echo(f"Signed off in the ledger: {name}, {digest[:12]}.", err=True)


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
    out, name, book = report.parent.parent, f"{report.parent.name}/{report.stem}", ledger.ledger_path(processed)
    with durable.writing(out):
        publication.settle(out, book)
        digest = hashlib.sha256(report.read_bytes()).hexdigest()
        if not any(entry["report"] == name and entry["sha256"] == digest for entry in publication.reports_in(book)):
            raise CheckFailed(f"{report} is not a page that was published. Make it again: ae report")
        ledger.append(book, CHANGES, {"report": name, "sha256": digest, "reviewer": reviewer, "said": said})
        durable.replace_file(out / "index.html", index_of(out, processed))
    if not quiet:
        typer.echo(f"Kept in the ledger, and said in the list of reports: changes wanted in {name}.", err=True)


def _summary_of(report: Path) -> str | None:
    try:
        return str(json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError):
        return None
