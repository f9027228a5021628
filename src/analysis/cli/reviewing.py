"""`ae review`: uncertain codings, links, merges and open entries out to a spreadsheet, and a person's decisions back in."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.daily import app
from analysis.cli.options import Processed, Quiet, only_the_exit_code

review_app = typer.Typer(no_args_is_help=True, help="What waits for a person, out and back in.")
app.add_typer(review_app, name="review")


@review_app.command("export")
def review_export(
    file: Annotated[Path, typer.Argument(help="New XLSX file.")],
    month: Annotated[str | None, typer.Option(help="Only entries reported in a month, YYYY-MM.")] = None,
    clinic: Annotated[str | None, typer.Option(help="One clinic; else all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every entry, also what is settled.")] = False,
    processed: Processed = Path("data/processed"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Write what waits for a person to a spreadsheet, most pressing first.

    Example: ae review export review-october.xlsx --month 2026-10
    """
    from analysis.pipeline import review_screen

    with only_the_exit_code(quiet):
        review_screen.export(file, processed, month=month, clinic=clinic, everything=everything)


@review_app.command("import")
def review_import(
    file: Annotated[Path, typer.Argument(help="The filled-in file.")], processed: Processed = Path("data/processed"),
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Check every cell of a filled-in file and record its decisions; all of them or none.

    Example: ae review import review-october.xlsx && ae ingest
    """
    from analysis.pipeline import review_screen

    with only_the_exit_code(quiet):
        review_screen.take_in(file, processed)
