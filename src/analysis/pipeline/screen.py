"""What ingest says on the screen: who needs a clinician first, then what came of every file. No free text, no identifier."""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd
import typer

from analysis.pipeline.plain import plain

_LISTED = 20


class Bar:
    """A progress bar on standard error: on a terminal only, and not when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.completed}/{task.total}"),
                TimeElapsedColumn(),
            )
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def step(self, what: str, done: int, total: int) -> None:
        """Say what is being worked on, and how far along."""
        if self._bar:
            self._bar.update(self._task, description=plain(what), completed=done, total=total)


def say_account(
    frames: Mapping[str, pd.DataFrame], pressing: pd.DataFrame, *, page: Path, book: Path, quiet: bool
) -> None:
    """Entries that need a clinician with file and row, then the row account per file, then why rows were set aside.

    `book` is where the rows set aside can be corrected. `pressing`: one row per entry with triage, clinic and place, most pressing first.
    """
    levels = pressing["triage"].value_counts()
    now, today, unread = (int(levels.get(level, 0)) for level in ("now", "today", "unread"))
    more = f"; {unread} could not be read" if unread else ""
    typer.echo(f"{now + today} entries need a clinician ({now} now, {today} today){more}")
    if quiet:
        return
    for row in pressing.head(_LISTED).itertuples():
        typer.echo(plain(f"  {row.triage:<7}{row.clinic}  {row.place}"))
    if len(pressing) > _LISTED:
        typer.echo(f"  … and {len(pressing) - _LISTED} more")
    typer.echo(f"All of them: {page}\n")
    notes = frames["notes"]
    remarks = notes[(notes["code"] == "pressing_remark") & notes["column"].notna()]
    for row in remarks.itertuples():
        typer.echo(plain(f"Look too: {_label(row)}, column {row.column!r}. {row.message}"))
    _say_files(frames["files"])
    _say_reasons(frames["set_aside"], book)


def say_reviews(notes: pd.DataFrame) -> None:
    """Decisions of people that are not applied, on standard error: a changed row, or a ledger that cannot be trusted."""
    stale = int((notes["code"] == "review_stale").sum())
    if stale:
        typer.echo(
            f"{stale} decisions are not applied, because their entries have changed. See them with: ae review export",
            err=True,
        )
    for message in notes.loc[notes["code"] == "review_not_applied", "message"]:
        typer.echo(plain(message), err=True)


def by_place(entries: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Open entries with file and row, one per entry at its most pressing level, in their order."""
    once = entries.drop_duplicates(["clinic", "entry"])
    found = once.merge(places.rename(columns={"event_id": "entry"}), on=["clinic", "entry"], how="left")
    sheet = found["sheet"].map(lambda name: f" [{name}]" if isinstance(name, str) and name else "")
    place = found["path"] + sheet + " row " + found["row"].astype("Int64").astype("str")
    return found.assign(place=place.fillna(found["entry"] + " (set aside)"))


def _say_files(files: pd.DataFrame) -> None:
    columns = ["rows_read", "accepted", "duplicate", "superseded", "quarantined", "ignored"]
    width = max([len(_label(row)) for row in files.itertuples()] + [4])
    typer.echo("File".ljust(width) + "".join(f"{name.split('_')[0]:>12}" for name in columns))
    for row in files.itertuples():
        if isinstance(row.refused_reason, str):
            typer.echo(plain(f"{_label(row):<{width}}  refused"))
        else:
            typer.echo(plain(f"{_label(row):<{width}}" + "".join(f"{getattr(row, name):>12}" for name in columns)))
    refused = files[files["refused_reason"].notna()]
    for reason in refused["refused_reason"]:
        typer.echo(plain(f"Refused: {reason}"), err=True)


def _label(row: object) -> str:
    return f"{row.path} [{row.sheet}]" if row.sheet else str(row.path)  # type: ignore[attr-defined]


def _say_reasons(aside: pd.DataFrame, book: Path) -> None:
    if left := ignored_because(aside):
        typer.echo(f"Ignored: {left}")
    held = aside[aside["disposition"] == "quarantined"]
    for reason, count in held["reason"].value_counts().head(8).items():
        typer.echo(plain(f"Set aside: {count} {'row' if count == 1 else 'rows'}, {reason}"))
    if len(held):
        typer.echo(plain(f"To correct them: {book}; put the corrected copy into the clinic's folder of raw files."))


_NO_DATA = {"blank row", "title above the header", "total or footer line"}


def ignored_because(aside: pd.DataFrame) -> str:
    """`177 appointment no show; 65 not toxin: filler`: rows that hold data and were left out, or nothing.

    A column that was understood wrongly shows here first: half of a log that "did not attend" is seen at once.
    """
    if aside.empty:
        return ""
    left = aside[(aside["disposition"] == "ignored") & ~aside["reason"].isin(_NO_DATA)]
    return plain("; ".join(f"{count} {reason}" for reason, count in left["reason"].value_counts().items()))
