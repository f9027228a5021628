"""The `ae` command: parse, call, exit code. Everything heavy is imported by the command that needs it."""

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis import __version__
from analysis.errors import AnalysisError, UsageError

app = typer.Typer(
    name="ae", no_args_is_help=True, add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Adverse events after botulinum-toxin injections: read clinic logs, and report on them once a month.\n\n"
    "Example: ae ingest && ae report --month 2026-10",
)  # fmt: skip

Processed = Annotated[Path, typer.Option(help="Folder of the store.")]
Raw = Annotated[Path, typer.Option(help="Folder of the files as received.")]
Out = Annotated[Path, typer.Option(help="Folder of the reports.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary on the screen.")]

INPUT_REFUSED = 3
# EDQUOT is not known on Windows
_OF_THE_DISK = (
    errno.ENOSPC,
    errno.EFBIG,
    errno.EIO,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    getattr(errno, "EDQUOT", -1),
)


@app.callback(invoke_without_command=True)
def _top(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    if version:
        typer.echo(f"ae {__version__}")
        raise typer.Exit


@app.command()
def ingest(
    raw: Raw = Path("data/raw"), processed: Processed = Path("data/processed"), out: Out = Path("reports"),
    as_of: Annotated[str | None, typer.Option(help="Data cut, YYYY-MM-DD; else the largest accepted date.")] = None,
    explain: Annotated[Path | None, typer.Option(help="Show how one file would be read, and store nothing.")] = None,
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
    refused = commands.ingest(raw, processed, out, as_of=as_of, quiet=quiet)
    raise typer.Exit(INPUT_REFUSED if refused else 0)


@app.command()
def report(
    month: Annotated[str | None, typer.Option(help="Month, YYYY-MM; else the newest that has ended.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every month with data.")] = False,
    clinic: Annotated[str | None, typer.Option(help="One clinic; else the group.")] = None,
    audience: Annotated[str, typer.Option(help="director, committee, shared or injector:CODE.")] = "director",
    as_of: Annotated[str | None, typer.Option(help="Data cut, YYYY-MM-DD; else that of the store.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Print injectors' names beside their codes.")] = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="Print free text (director only).")] = False,
    processed: Processed = Path("data/processed"), out: Out = Path("reports"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Make the monthly quality report: one HTML file per month, and an index.

    Example: ae report --month 2026-10 --clinic Harbour
    """
    from analysis.pipeline import commands

    if with_text:
        commands.not_built("ae report --with-text")
    commands.report(
        processed,
        out,
        month=month,
        everything=everything,
        clinic=clinic,
        audience=audience,
        as_of=as_of,
        names=names,
        quiet=quiet,
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
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write raw/ and truth/ into.")],
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 1,
    sessions: Annotated[int, typer.Option(help="Number of treatment sessions.", min=1)] = 9500,
    scenario: Annotated[str, typer.Option(help="base, null or planted.")] = "base", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Write a simulated clinic group and the truth behind it.

    Example: ae demo --out trial --sessions 2000
    """
    from analysis.pipeline import commands

    with _only_the_exit_code(quiet):
        commands.demo(out, seed=seed, sessions=sessions, scenario=scenario)


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
def lab(processed: Processed = Path("data/processed"), quiet: Quiet = False) -> None:
    """Open JupyterLab on the notebooks.

    Example: ae lab
    """
    from analysis.pipeline import commands

    raise typer.Exit(commands.lab(processed))


@app.command()
def doctor(processed: Processed = Path("data/processed"), raw: Raw = Path("data/raw"), quiet: Quiet = False) -> None:
    """Check the installation, the key and the stored data.

    Example: ae doctor
    """
    from analysis.pipeline import commands

    with _only_the_exit_code(quiet):
        commands.doctor(raw, processed)


key_app = typer.Typer(no_args_is_help=True, help="The key behind patient references and injector codes.")
audit_app = typer.Typer(no_args_is_help=True, help="The ledger of what cannot be rebuilt.")
review_app = typer.Typer(no_args_is_help=True, help="Uncertain codings and links, out and back in.")
app.add_typer(key_app, name="key")
app.add_typer(audit_app, name="audit")
app.add_typer(review_app, name="review")


@key_app.command("export")
def key_export(file: Annotated[Path, typer.Argument(help="New file.")], quiet: Quiet = False) -> None:
    """Write the key to a file, to keep in a safe place.

    Example: ae key export key-backup.txt
    """
    from analysis.pipeline import commands

    with _only_the_exit_code(quiet):
        commands.key_export(file)


@key_app.command("import")
def key_import(file: Annotated[Path, typer.Argument(help="Exported key.")], quiet: Quiet = False) -> None:
    """Put an exported key in its place.

    Example: ae key import key-backup.txt
    """
    from analysis.pipeline import commands

    with _only_the_exit_code(quiet):
        commands.key_import(file)


@audit_app.command("verify")
def audit_verify(processed: Processed = Path("data/processed"), quiet: Quiet = False) -> None:
    """Check the chain of the ledger.

    Example: ae audit verify
    """
    from analysis.pipeline import commands

    with _only_the_exit_code(quiet):
        commands.audit_verify(processed)


@audit_app.command("show")
def audit_show(processed: Processed = Path("data/processed"), quiet: Quiet = False) -> None:
    """Print the ledger.

    Example: ae audit show
    """
    from analysis.pipeline import commands

    commands.audit_show(processed)


def _later(name: str) -> Callable[..., None]:
    def command(
        arguments: Annotated[list[str] | None, typer.Argument(help="Not used yet.")] = None, quiet: Quiet = False
    ) -> None:
        raise UsageError(f"{name} is not built yet.")

    command.__doc__ = f"Not built yet.\n\nExample: {name}"
    return command


for _parent, _name in (
    (app, "decide"), (app, "reproduce"), (review_app, "export"), (review_app, "import"),
):  # fmt: skip
    _full = f"ae review {_name}" if _parent is review_app else f"ae {_name}"
    _parent.command(_name, context_settings={"ignore_unknown_options": True})(_later(_full))


@contextlib.contextmanager
def _only_the_exit_code(quiet: bool) -> Iterator[None]:
    """With `quiet`, nothing on the screen: the exit code says it. Errors speak all the same."""
    if not quiet:
        yield
        return
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def main(arguments: list[str] | None = None) -> Any:
    """Run the command and leave with the exit code of the command contract. Our own bugs show one line, no traceback."""
    try:
        result = app(args=arguments, standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except AnalysisError as error:
        _say(str(error))
        code = error.exit_code
    except BrokenPipeError:  # whoever read the results has had enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except (KeyboardInterrupt, typer.Abort):
        _say("Stopped; what was stored before is unchanged.")
        code = 130
    except Exception as error:
        code = _usage_or_bug(error)
    sys.exit(code)


def _usage_or_bug(error: Exception) -> int:
    show = getattr(error, "show", None)
    if show is not None and hasattr(error, "exit_code"):  # typer's own message for a wrong option
        show()
        return 2
    if isinstance(error, OSError) and (error.filename is not None or error.errno in _OF_THE_DISK):
        place = f"{error.filename}: " if error.filename is not None else ""
        _say(f"{place}{error.strerror}. Check the path, its permissions and the free space.")
        return 5
    from analysis.pipeline.commands import log_bug

    _say(f"Something went wrong in this program ({type(error).__name__}). Details without data: {log_bug(error)}")
    return 1


def _say(message: str) -> None:
    from analysis.pipeline.plain import plain

    typer.echo(plain(message), err=True)
