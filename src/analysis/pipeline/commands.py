"""What each command does between the command line and the pipeline: read arguments, call, say what was done."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from analysis.errors import NothingToReport, Place, RefusedBeforeWork, Unfinished, UsageError
from analysis.periods import parse_day
from analysis.pipeline.plain import plain
from analysis.scratch import clear_scratch

if TYPE_CHECKING:
    from analysis.pipeline.engine import Engine
    from analysis.pipeline.publish import Wanted
    from analysis.pipeline.screen import Bar
    from analysis.store import Store


def ingest(
    raw: Path, processed: Path, out: Path, *, as_of: str | None, quiet: bool, cache: bool = True, engine: str | None = None,
    scheduler: str | None = None,
) -> int:  # fmt: skip
    """Run ingest, print who needs a clinician and the row account; returns the number of refused files."""
    from analysis.ledger import ledger_path
    from analysis.pipeline.clock import behind
    from analysis.pipeline.ingest import SET_ASIDE
    from analysis.pipeline.ingest import ingest as run
    from analysis.pipeline.screen import Bar, by_place, say_account, say_reviews
    from analysis.pipeline.today import publish_today, who_needs

    cut = _day(as_of)
    clear_scratch()
    if told := behind(ledger_path(processed)):
        typer.echo(told, err=True)
    _writable(processed)
    _writable(out)
    with _engine(engine, scheduler) as builder, Bar(quiet=quiet) as bar:
        done = run(raw, processed, as_of=cut, cache=cache, engine=builder, progress=bar.step)
    entries, chosen = who_needs(processed)
    page, failed = out / "today.html", None
    try:
        publish_today(processed, out, entries, chosen)
    except (OSError, RefusedBeforeWork) as error:  # who needs a clinician is said on the screen all the same
        failed = getattr(error, "strerror", None) or str(error)
    say_account(
        done.frames, by_place(entries, done.places), page=page, book=processed / done.snapshot / SET_ASIDE, quiet=quiet
    )
    say_reviews(done.frames["notes"])
    if chosen.left_out_simulated and not quiet:
        typer.echo(f"Simulated clinics are left out: {plain(', '.join(chosen.left_out_simulated))}", err=True)
    if not quiet and not failed:
        nothing = f"There is no log in {raw} yet. Next: ae start FILE, or for a log to fill in: ae template"
        typer.echo(
            nothing if done.frames["files"].empty else f"Who needs a clinician: {page}. Next: ae report", err=True
        )
    if failed:
        raise Unfinished(
            f"The logs were read and stored, but {page} or the list of reports is still the older one: {failed.rstrip('.')}. "
            "When that is mended: ae ingest"
        )
    return int(done.frames["files"]["refused_reason"].notna().sum())


@contextmanager
def _engine(name: str | None, scheduler: str | None) -> Iterator["Engine | None"]:
    """The engine asked for by name; none leaves the choice to ingest."""
    if name not in (None, "embedded", "dask"):
        raise UsageError(f"There is no engine {name!r}. Engines: embedded, dask.")
    if name == "dask":
        from analysis.pipeline.dask_engine import cluster

        with cluster(scheduler) as chosen:
            yield chosen
        return
    if scheduler is not None:
        raise UsageError("--scheduler needs --engine dask.")
    yield None


def report(
    processed: Path, out: Path, *, month: str | None, everything: bool, clinic: str | None, audience: str, as_of: str | None,
    names: bool, with_text: bool, quiet: bool, open_page: bool = False,
) -> None:  # fmt: skip
    """Make one report, or one for every month with data; the paths on standard output, what comes next on the other."""
    from analysis.counting.disclosure import check_audience
    from analysis.ledger import ledger_path
    from analysis.periods import parse_month, say_month

    check_audience(audience)
    clear_scratch()
    wanted_month, cut = parse_month(month) if month else None, _day(as_of)
    if names and audience != "director":
        raise UsageError("--names is for the director's report only: every other copy has codes.")
    if with_text and audience != "director":
        raise UsageError("--with-text is for the director's report only: no other copy holds words of the logs.")
    if wanted_month and everything:
        raise UsageError("--month and --all exclude each other. Give one of them.")
    _writable(out)
    if (processed / "CURRENT").exists():  # else there is nothing to report, which is said below
        _writable(ledger_path(processed).parent)
    from analysis.pipeline.publish import Wanted, publish_month
    from analysis.pipeline.raw_files import changed_since, raw_folder
    from analysis.pipeline.screen import Bar
    from analysis.store import open_store

    store = open_store(processed)
    if said := changed_since(store, raw_folder(processed)):
        typer.echo(said, err=True)
    wanted = Wanted(clinic=clinic, audience=audience, as_of=cut, names=names, with_text=with_text)
    with Bar(quiet=quiet) as bar:
        if everything:
            page = _every_report(store, out, wanted, processed, bar, quiet=quiet)
        else:
            bar.step(say_month(wanted_month) if wanted_month else "report", 0, 1)
            page = publish_month(store, out, wanted, month=wanted_month, processed=processed).path
            typer.echo(str(page))
    if not quiet:
        typer.echo(
            f"All reports: {out / 'index.html'}. To look closer: ae lab. What waits for a person: ae review export FILE.xlsx",
            err=True,
        )
    if open_page:
        _open(page)


def _open(page: Path) -> None:
    import webbrowser

    webbrowser.open(page.resolve().as_uri())


def _every_report(store: "Store", out: Path, wanted: "Wanted", processed: Path, bar: "Bar", *, quiet: bool) -> Path:
    """Make the report of every month; where the last one lies."""
    from analysis.periods import say_month
    from analysis.pipeline.every_month import report_months
    from analysis.pipeline.publish import months_with_data

    months = months_with_data(store, wanted.clinic)
    page, made, same = out, 0, 0
    bar.step("reports", 0, len(months))
    for one in report_months(store, out, wanted, months, processed=processed):
        bar.step(say_month(one.month), months.index(one.month) + 1, len(months))
        if one.path is not None:
            typer.echo(str(one.path))
            page, made, same = one.path, made + 1, same + (not one.new)
    if not made:
        raise NothingToReport("In no month is there anything to report to this audience.")
    if same and not quiet:
        typer.echo(f"{same} of {made} reports would be the same and were left as they are.", err=True)
    return page


def code(file: Path, column: str, out: Path | None, lexicon: Path | None) -> None:
    """Code a column of any CSV or XLSX and write the findings as CSV."""
    from analysis.coding import code_texts
    from analysis.intake.find import raw_file
    from analysis.intake.read import read_sheets
    from analysis.intake.words import fold
    from analysis.schemas.config import FilePart

    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    for sheet in read_sheets(raw_file(file), FilePart(match="*")):
        for number, row in enumerate(sheet.rows[:40]):
            position = next((i for i, cell in enumerate(row) if fold(cell) == fold(column)), None)
            if position is not None:
                below = [row for row in sheet.rows[number + 1 :] if row]  # an empty line of a CSV is no row
                texts = [row[position] if position < len(row) else "" for row in below]
                if out and not out.parent.is_dir():
                    raise RefusedBeforeWork(f"There is no folder {out.parent}. Make it first.")
                found = code_texts(texts, lexicon=lexicon)[_CODE_COLUMNS]
                found.to_csv(out if out else sys.stdout, index=False, lineterminator="\n")
                return
    raise UsageError(f"{Place(file.name, column=column)}: there is no column of that name. Check --text.")


_CODE_COLUMNS = [
    "row", "category", "subcode", "status", "urgent", "red_flag", "triage", "severity", "laterality", "site", "start", "end",
    "evidence", "rule", "needs_review",
]  # fmt: skip


def lot(lot: str, processed: Path) -> None:
    """Print the sessions that received a lot, and the log entries that name it, as CSV."""
    import pandas as pd

    from analysis.intake.words import fold
    from analysis.pipeline.selection import select
    from analysis.store import open_store

    own = select(open_store(processed), None).frames
    keys = ["clinic", "treatment_date", "injector"]
    lines, events = (
        own[name][own[name]["lot"].map(fold, na_action="ignore") == fold(lot)] for name in ("treatment_lines", "events")
    )
    sessions = lines.merge(own["treatments"][["session_id", *keys]], on=["clinic", "session_id"]).assign(
        found_in="treatments"
    )
    told = events[[*keys, "event_id", "session_id", "area", "product"]].assign(found_in="events")
    both = pd.concat([sessions, told], ignore_index=True)
    if both.empty:
        raise NothingToReport(f"No session and no log entry names lot {lot}.")
    both = both.merge(own["injectors"][["clinic", "injector", "code"]], on=["clinic", "injector"], how="left")
    both["treatment_date"] = both["treatment_date"].dt.strftime("%Y-%m-%d")
    both = both.reindex(
        columns=["clinic", "treatment_date", "found_in", "session_id", "event_id", "area", "product", "code"]
    )
    both.sort_values(["clinic", "treatment_date", "found_in"]).to_csv(sys.stdout, index=False, lineterminator="\n")


def start(
    files: list[Path],
    raw: Path,
    processed: Path,
    out: Path,
    clinic: str | None,
    date_order: str | None,
    open_page: bool,
    quiet: bool,
) -> int:
    """The five-minute start: put exports in place, read them, make the newest month's page and open it."""
    from analysis.pipeline import start as first

    if date_order not in (None, "dmy", "mdy"):
        raise UsageError(f"{date_order!r} is no order of dates. Say dmy (day first) or mdy (month first).")
    folder = first.start(files, raw, clinic=clinic, date_order=date_order, quiet=quiet)
    if not quiet:
        typer.echo(f"\nPut into {folder}; how the columns are read is in {folder / 'clinic.toml'}.\n")
    refused = ingest(raw, processed, out, as_of=None, quiet=quiet)
    from analysis.pipeline.publish import Wanted, publish_month
    from analysis.store import open_store

    made = publish_month(open_store(processed), out, Wanted(), month=None, processed=processed)
    if not quiet:
        typer.echo(f"\nFirst page: {made.path}")
    if open_page and sys.stdout.isatty():
        _open(made.path)
    return refused


def template(out: Path, *, quiet: bool) -> None:
    """Write the event log template; a file that is already there is left alone."""
    from analysis.intake.template import event_log_template

    if out.exists():
        raise UsageError(f"{out} is already there. Choose another name with --out.")
    out.write_bytes(event_log_template())
    if quiet:
        return
    typer.echo(f"{out}: fill in a row per entry, and put the file into the clinic's folder below data/raw.")


def reproduce(report: Path, raw: Path | None, processed: Path) -> None:
    """Make a report again and say whether it is the same."""
    from analysis.pipeline.raw_files import raw_folder
    from analysis.pipeline.reproducing import reproduce as run

    if raw is not None and not raw.is_dir():
        raise UsageError(f"There is no folder {raw}.")
    there = raw or raw_folder(processed)
    if not there.is_dir():
        typer.echo("The raw files are not there: the report is made again from the store.", err=True)
    typer.echo(run(report, raw=there if there.is_dir() else None, processed=processed))


def _day(text: str | None) -> date | None:
    return None if text is None else parse_day(text)


def _writable(folder: Path) -> None:
    """Refuse before any work where the result could not be written."""
    import os

    there = next((p for p in (folder, *folder.parents) if p.exists() or p.is_symlink()), Path())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise RefusedBeforeWork(f"{folder} cannot be written. Check the folder's permissions.")
