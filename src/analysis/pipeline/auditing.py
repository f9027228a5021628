"""What `ae audit` does: check the ledger, print it, accept that entries are missing, and empty what is older than the group keeps."""

import csv
import json
import sys
from datetime import date
from pathlib import Path

import typer

from analysis import durable, ledger, periods
from analysis.errors import UsageError
from analysis.pipeline import clock
from analysis.schemas.config import load_group_config


def verify(processed: Path) -> None:
    """Check the chain, its end, and what was emptied."""
    typer.echo(f"{ledger.audit(ledger.ledger_path(processed))} entries; the chain holds.")


def show(processed: Path) -> None:
    """Print the ledger as CSV: n, when, kind, data, by, program. Of emptied entries nothing is left to print."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["n", "when", "kind", "data", "by", "program"])
    for entry in ledger.entries(ledger.ledger_path(processed)):
        told = json.dumps(entry["data"], sort_keys=True)
        writer.writerow([entry["n"], entry["when"], entry["kind"], told, entry.get("by", ""), entry.get("program", "")])


def accept(processed: Path, *, reviewer: str | None, reason: str | None, quiet: bool) -> None:
    """Keep by name that missing entries are known of."""
    ledger.accept_cut(ledger.ledger_path(processed), reviewer=reviewer, reason=reason)
    if not quiet:
        typer.echo("Kept in the ledger.", err=True)


def retain(processed: Path, *, reviewer: str | None, quiet: bool, today: str | None = None) -> None:
    """Empty entries older than `[retention] ledger_months` of `group.toml` that nothing needs. UsageError where nothing is set.

    What is emptied does not come back, so the clock alone is not believed: see `clock.sure_of_today`, and `today` there.
    """
    settings = processed.parent / "config" / "group.toml"
    months = load_group_config(settings).retention.ledger_months
    if months is None:
        raise UsageError(
            f"Nothing is emptied: {settings} sets no retention. To set one: [retention] ledger_months = 120 (12 or more)"
        )
    book = ledger.ledger_path(processed)
    now = clock.sure_of_today(book, processed, said=periods.parse_day(today) if today else None)
    first = date.fromisoformat(periods.shift(now.isoformat()[:7], -months) + "-01")
    with durable.writing(processed):
        emptied = ledger.retain(book, before=first, reviewer=reviewer, months=months)
    if not quiet:
        typer.echo(f"{len(emptied)} entries from before {first} were emptied; the chain holds.", err=True)
