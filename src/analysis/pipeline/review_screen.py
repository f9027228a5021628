"""What `ae review` says on the screen: counts, codes and entries' ids, never a word of an entry."""

from pathlib import Path

import pandas as pd
import typer

from analysis.pipeline.plain import plain

_LISTED = 20


def export(file: Path, processed: Path, *, month: str | None, clinic: str | None, everything: bool) -> None:
    """Write the file and say how many rows each sheet has."""
    from analysis.periods import parse_month
    from analysis.pipeline.review import export as write

    wanted = parse_month(month) if month else None
    rows = write(file, processed, month=wanted, clinic=clinic, everything=everything)
    told = ", ".join(f"{name}: {count}" for name, count in rows.items())
    typer.echo(f"{sum(rows.values())} rows ({told}) in {plain(file)}")
    typer.echo("It holds the words of entries: keep it as you keep the logs.", err=True)


def take_in(file: Path, processed: Path) -> None:
    """Record the decisions, and say how far reviewers agree."""
    from analysis.pipeline.review_import import agreement, import_file

    done = import_file(file, processed)
    known = f"; {done.known_before} were recorded before" if done.known_before else ""
    typer.echo(f"{done.recorded} decisions recorded{known}.")
    if done.older:
        typer.echo(
            f"{done.older} of them are on an entry that has changed since the export: not applied, and in the queue again."
        )
    for pair in done.pairs:
        typer.echo()
        typer.echo(plain(f"{pair.first} and {pair.second}, entries read by both: {len(pair.entries)}"))
        _say_agreement(agreement(pair))
        _say_disagreements(pair.first, pair.second, pair.disagreements())
    typer.echo("They count from the next: ae ingest", err=True)


def _say_agreement(table: pd.DataFrame) -> None:
    typer.echo(f"{'':<10}{'':<14}{'alike':>9}{'kappa':>8}")
    for row in table.itertuples():
        if row.label != "all" and not row.first and not row.second:  # nobody used it
            continue
        kappa = "no variation" if pd.isna(row.kappa) else f"{row.kappa:.2f}"
        kappa += "" if pd.isna(row.lower) else f" ({row.lower:.2f} to {row.upper:.2f})"
        typer.echo(f"{row.of:<10}{row.label:<14}{f'{row.agreed} of {row.n}':>9}  {kappa}")


def _say_disagreements(first: str, second: str, rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    typer.echo(f"Read differently: {len(rows)}")
    for row in rows.head(_LISTED).itertuples():
        typer.echo(plain(f"  {row.clinic} {row.event_id}: {first}: {row.first} | {second}: {row.second}"))
    if len(rows) > _LISTED:
        typer.echo(f"  … and {len(rows) - _LISTED} more")
