"""`ae decide`: what the director makes of a signal, written to the ledger."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.daily import app
from analysis.cli.options import Processed, Quiet


@app.command()
def decide(
    signal: Annotated[str | None, typer.Argument(help="Id of the signal, as --list shows it.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show the month's signals, and what was decided on them.")] = False,
    month: Annotated[str | None, typer.Option(help="Month of the report, YYYY-MM; else the newest that has ended.")] = None,
    cause: Annotated[str | None, typer.Option(help="What lay behind it; asked for in the fixed order of --list.")] = None,
    attribution: Annotated[str | None, typer.Option(help="Injector on whose cases they are: confirmed, corrected or not_asked.")] = None,
    reply: Annotated[str | None, typer.Option(help="The injector's reply in a few words; no patient.")] = None,
    action: Annotated[str | None, typer.Option(help="What is done.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who does it.")] = None,
    recheck: Annotated[str | None, typer.Option(help="Day of the next look, YYYY-MM-DD.")] = None,
    effect: Annotated[str | None, typer.Option(help="What came of the action; closes it.")] = None,
    reviewer: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    rebase: Annotated[str | None, typer.Option(help="Measure whose monitor starts anew with --month.", metavar="MEASURE")] = None,
    reason: Annotated[str | None, typer.Option(help="Why the monitor starts anew, or why it is signed off.")] = None,
    sign_off: Annotated[Path | None, typer.Option(help="Page of a report that the reviewer signs off.", metavar="REPORT")] = None,
    case_summary: Annotated[str | None, typer.Option(help="What the committee is told of the month's cases; no patient.")] = None,
    changes_wanted: Annotated[str | None, typer.Option(help="With --sign-off: not signed yet, and what has to change.")] = None,
    clinic: Annotated[str | None, typer.Option(help="One clinic; else the group.")] = None,
    processed: Processed = Path("data/processed"), quiet: Quiet = False,
) -> None:  # fmt: skip
    """Record what was found behind a signal and what is done about it; on a terminal, what is not given is asked for.

    Later entries on the same signal add to the earlier ones: --effect closes an action. Re-basing starts a measure's monitor anew.
    --sign-off binds the reviewer's name to the bytes of one published page; --case-summary is what a committee's copy says of cases.

    Example: ae decide G-1a2b3c4d --cause chance --attribution confirmed --reviewer "Dr A. Director"
    """
    from analysis.pipeline import deciding, signing

    if changes_wanted is not None:
        signing.want_changes(processed, sign_off, changes_wanted, reviewer=reviewer, quiet=quiet)
        return
    said = {
        "cause": cause, "attribution": attribution, "reply": reply, "action": action, "owner": owner, "recheck": recheck,
        "effect": effect, "reviewer": reviewer,
    }  # fmt: skip
    if sign_off is not None:
        signing.sign_off(processed, sign_off, reviewer=reviewer, reason=reason, quiet=quiet)
    elif case_summary is not None:
        deciding.summarise(processed, case_summary, month=month, reviewer=reviewer, quiet=quiet)
    elif rebase is not None:
        deciding.rebase(processed, rebase, month=month, reason=reason, reviewer=reviewer, quiet=quiet)
    elif list_ or signal is None:
        deciding.show(processed, month=month, clinic=clinic)
    else:
        deciding.decide(processed, signal, said, month=month, clinic=clinic, quiet=quiet)
