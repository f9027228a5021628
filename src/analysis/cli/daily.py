"""Commands of every day: read logs, report, code, look things up. Everything heavy is imported by the command that needs it."""

from pathlib import Path
from typing import Annotated

import typer

from analysis import __version__
from analysis.cli.options import INPUT_REFUSED, Out, Processed, Quiet, Raw

app = typer.Typer(
    name="ae", no_args_is_help=True, add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Adverse events after botulinum-toxin injections: read clinic logs, and report on them once a month.\n\n"
    "Example: ae ingest && ae report --month 2026-10",
)  # fmt: skip


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    if version:
        typer.echo(f"ae {__version__}")
        raise typer.Exit


@app.command()
def ingest(
    raw: Raw = Path("data/raw"), processed: Processed = Path("data/processed"), out: Out = Path("reports"),
    as_of: Annotated[str | None, typer.Option(help="Data cut, YYYY-MM-DD; else the largest accepted date.")] = None,
    explain: Annotated[Path | None, typer.Option(help="Show how one file is read; writes a clinic.toml beside it if none is.")] = None,
    engine: Annotated[str | None, typer.Option(help="dask: build the clinics on a cluster (extra `registry`).")] = None,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, tcp://HOST:8786; else one of this machine.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Read every file anew; the result is the same.")] = False,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Read, validate, code, link and store the logs; list who needs a clinician first.

    Example: ae ingest --raw data/raw --processed data/processed
    """
    from analysis.pipeline import commands

    if explain is not None:
        from analysis.pipeline.start import explain as show

        show(explain)
        return
    refused = commands.ingest(
        raw, processed, out, as_of=as_of, quiet=quiet, cache=not no_cache, engine=engine, scheduler=scheduler
    )
    raise typer.Exit(INPUT_REFUSED if refused else 0)


@app.command()
def report(
    month: Annotated[str | None, typer.Option(help="Month, YYYY-MM; else the newest that has ended.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every month with data.")] = False,
    clinic: Annotated[str | None, typer.Option(help="One clinic; else the group.")] = None,
    audience: Annotated[str, typer.Option(help="director, committee, shared or injector:CODE.")] = "director",
    as_of: Annotated[str | None, typer.Option(help="Data cut, YYYY-MM-DD; else that of the store.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Print injectors' names beside their codes.")] = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="Print the words of open entries (director only).")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the last page in a browser.")] = False,
    processed: Processed = Path("data/processed"), out: Out = Path("reports"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Make the monthly quality report: one HTML file per month, and an index.

    Example: ae report --month 2026-10 --clinic Harbour
    """
    from analysis.pipeline import commands

    commands.report(
        processed,
        out,
        month=month,
        everything=everything,
        clinic=clinic,
        audience=audience,
        as_of=as_of,
        names=names,
        with_text=with_text,
        quiet=quiet,
        open_page=open_,
    )


@app.command()
def code(
    file: Annotated[Path, typer.Argument(help="Any table, CSV or XLSX.")],
    text: Annotated[str, typer.Option(help="Header of the column that holds the texts.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="CSV to write; else standard output.")] = None,
    lexicon: Annotated[Path | None, typer.Option(help="Folder with a lexicon of your own.")] = None, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Categorise any table of texts, without a store.

    Example: ae code notes.xlsx --text Complication -o coded.csv
    """
    from analysis.pipeline import commands

    commands.code(file, text, out, lexicon)


@app.command()
def explain(text: Annotated[str, typer.Argument(help="The words of an entry.")], quiet: Quiet = False) -> None:
    """Show a text with its findings, cues and rules marked.

    Example: ae explain "no bruise but lid drooping R"
    """
    from analysis.coding import explain as explained

    typer.echo(explained(text))


@app.command()
def lot(
    lot: Annotated[str, typer.Argument(help="Lot as on the vial.")], processed: Processed = Path("data/processed"),
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """List the sessions that received a lot, for a recall.

    Example: ae lot C8195E
    """
    from analysis.pipeline import commands

    commands.lot(lot, processed)


@app.command()
def start(
    files: Annotated[list[Path], typer.Argument(help="Exports as they are.", metavar="FILE...")],
    clinic: Annotated[str | None, typer.Option(help="Name of the clinic; else it is asked for.")] = None,
    date_order: Annotated[str | None, typer.Option(help="dmy or mdy, where no date decides it.")] = None,
    raw: Raw = Path("data/raw"), processed: Processed = Path("data/processed"), out: Out = Path("reports"),
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Show how exports are read, put them in place, and make a first page.

    Example: ae start treatments.xlsx complications.csv --clinic "Elm Street"
    """
    from analysis.pipeline import commands

    raise typer.Exit(
        INPUT_REFUSED if commands.start(files, raw, processed, out, clinic, date_order, open_, quiet) else 0
    )


@app.command()
def template(
    out: Annotated[Path, typer.Option("-o", "--out", help="Workbook to write.")] = Path("adverse_event_log.xlsx"),
    quiet: Quiet = False,
) -> None:
    """Write an event log with drop-downs, for a clinic that has none.

    Example: ae template --out elm-street-events.xlsx
    """
    from analysis.pipeline import commands

    commands.template(out, quiet=quiet)


@app.command()
def lab(
    month: Annotated[str | None, typer.Option(help="Month the notebooks show, YYYY-MM; else the newest that has ended.")] = None,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
    notebooks: Annotated[Path | None, typer.Option(help="Folder of notebooks of your own; else the project's.")] = None,
    port: Annotated[int | None, typer.Option(help="Port on this machine; else the first that is free.")] = None,
    processed: Processed = Path("data/processed"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Open JupyterLab on the notebooks, with the stored data loaded.

    Example: ae lab --month 2026-10
    """
    from analysis.pipeline import keeping

    raise typer.Exit(keeping.lab(processed, month=month, browser=open_, port=port, notebooks=notebooks))
