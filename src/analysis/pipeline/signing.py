"""Sign-off: a person's name bound to the bytes of one published page. A page made again with other bytes is not signed."""

import hashlib
import json
from pathlib import Path

import typer

from analysis import durable, ledger
from analysis.errors import CheckFailed, UsageError
from analysis.pipeline import publication
from analysis.pipeline.listing import SIGNED, index_of, signatures


def sign_off(processed: Path, report: Path, *, reviewer: str | None, quiet: bool) -> None:
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
            said = {"report": name, "sha256": digest, "reviewer": reviewer, "month": published[-1]["month"]}
            ledger.append(book, SIGNED, said)
        durable.replace_file(out / "index.html", index_of(out, processed))
    if not quiet:
        typer.echo(f"Signed off in the ledger: {name}, {digest[:12]}.", err=True)


def _summary_of(report: Path) -> str | None:
    try:
        return str(json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError):
        return None
