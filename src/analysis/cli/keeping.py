"""Commands around the data: simulated groups, checks, the key, the ledger, and a report made again."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.daily import app
from analysis.cli.options import Processed, Quiet, Raw, only_the_exit_code


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write raw/ and truth/ into.")],
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 1,
    sessions: Annotated[int, typer.Option(help="Number of treatment sessions.", min=100)] = 9500,
    scenario: Annotated[str, typer.Option(help="base, null or planted.")] = "base", quiet: Quiet = False,
) -> None:  # fmt: skip
    """Write a simulated clinic group and the truth behind it.

    Example: ae demo --out trial --sessions 2000
    """
    from analysis.pipeline import keeping

    with only_the_exit_code(quiet):
        keeping.demo(out, seed=seed, sessions=sessions, scenario=scenario)


@app.command()
def doctor(processed: Processed = Path("data/processed"), raw: Raw = Path("data/raw"), quiet: Quiet = False) -> None:
    """Check the installation, the key and the stored data.

    Example: ae doctor
    """
    from analysis.pipeline import keeping

    with only_the_exit_code(quiet):
        keeping.doctor(raw, processed)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="New folder.")],
    processed: Processed = Path("data/processed"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Write all that is stored as CSV and Parquet, to be read without this program.

    Example: ae export export-2026-10
    """
    from analysis.pipeline import exporting

    exporting.export(processed, folder, quiet=quiet)


key_app = typer.Typer(no_args_is_help=True, help="The key behind patient references and injector codes.")
audit_app = typer.Typer(no_args_is_help=True, help="The ledger of what cannot be rebuilt.")
app.add_typer(key_app, name="key")
app.add_typer(audit_app, name="audit")


@key_app.command("export")
def key_export(file: Annotated[Path, typer.Argument(help="New file.")], quiet: Quiet = False) -> None:
    """Write the key to a file, to keep in a safe place.

    Example: ae key export key-backup.txt
    """
    from analysis.pipeline import keeping

    with only_the_exit_code(quiet):
        keeping.key_export(file)


@key_app.command("import")
def key_import(file: Annotated[Path, typer.Argument(help="Exported key.")], quiet: Quiet = False) -> None:
    """Put an exported key in its place.

    Example: ae key import key-backup.txt
    """
    from analysis.pipeline import keeping

    with only_the_exit_code(quiet):
        keeping.key_import(file)


@audit_app.command("verify")
def audit_verify(processed: Processed = Path("data/processed"), quiet: Quiet = False) -> None:
    """Check the ledger: its chain, its end (nothing cut off), and that nothing was emptied unsaid.

    Example: ae audit verify
    """
    from analysis.pipeline import auditing

    with only_the_exit_code(quiet):
        auditing.verify(processed)


@audit_app.command("show")
def audit_show(processed: Processed = Path("data/processed"), quiet: Quiet = False) -> None:
    """Print the ledger.

    Example: ae audit show
    """
    from analysis.pipeline import auditing

    auditing.show(processed)


@audit_app.command("accept")
def audit_accept(
    reviewer: Annotated[str | None, typer.Option(help="Who says so.")] = None,
    reason: Annotated[str | None, typer.Option(help="What happened, in a few words.")] = None,
    processed: Processed = Path("data/processed"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Say, by name, that entries of the ledger are known to be missing, as after a restore from an older backup.

    Example: ae audit accept --reviewer "Dr A. Director" --reason "restored from the copy of 1 May"
    """
    from analysis.pipeline import auditing

    auditing.accept(processed, reviewer=reviewer, reason=reason, quiet=quiet)


@audit_app.command("retain")
def audit_retain(
    reviewer: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    today: Annotated[str | None, typer.Option(help="Today, YYYY-MM-DD, where nothing newer than a quarter vouches for the clock.")] = None,
    processed: Processed = Path("data/processed"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Empty old entries that nothing needs, as the group's settings say; the chain stays whole.

    Example: ae audit retain --reviewer "Dr A. Director"
    """
    from analysis.pipeline import auditing

    auditing.retain(processed, reviewer=reviewer, quiet=quiet, today=today)


@app.command()
def reproduce(
    report: Annotated[Path, typer.Argument(help="Page of a published report.")],
    raw: Annotated[Path | None, typer.Option(help="Folder of the files as received; else where they were read from.")] = None,
    processed: Processed = Path("data/processed"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Make a published report again from the raw files, and say whether it is the same.

    Example: ae reproduce reports/group/2026-10.director.html
    """
    from analysis.pipeline import commands

    with only_the_exit_code(quiet):
        commands.reproduce(report, raw, processed)
