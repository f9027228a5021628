"""What `ae decide` does between the command line and the ledger: find the signal, ask for what is missing, say what was kept."""

import csv
import sys
from pathlib import Path

import pandas as pd
import typer

from analysis import periods
from analysis.errors import NothingToReport, UsageError
from analysis.measures import changed_measures
from analysis.pipeline import decisions
from analysis.pipeline.context import config_folder
from analysis.pipeline.plain import plain
from analysis.pipeline.selection import Selection, select
from analysis.pipeline.signals import Watcher, month_signals
from analysis.schemas.config import load_group_config
from analysis.store import open_store

_LISTED = ["signal_id", "kind", "rule", "clinic", "unit", "state", "first_seen", "observed", "expected"]
_QUESTIONS = {
    "attribution": f"Injector on whose cases they are ({', '.join(decisions.ATTRIBUTIONS)})",
    "reply": "The injector's reply, in a few words; no patient",
    "action": "What is done (empty: nothing)",
    "owner": "Who does it",
    "recheck": "Day of the next look, YYYY-MM-DD (empty: none)",
    "reviewer": "Who decides",
}


def show(processed: Path, *, month: str | None, clinic: str | None) -> None:
    """Print the month's signals as CSV with what was decided last, then the causes in their order."""
    month, found, decided, _ = _month(processed, month, clinic)
    table = found[_LISTED].merge(
        decided[["signal_id", "cause", "action", "owner", "recheck", "effect"]], on="signal_id", how="left"
    )
    table = table.assign(expected=table["expected"].round(1))
    table.to_csv(sys.stdout, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    typer.echo(
        f"{periods.say_month(month)}: {len(table)} signals. Causes, in order: {', '.join(decisions.causes())}", err=True
    )


def decide(
    processed: Path, signal: str, said: dict[str, str | None], *, month: str | None, clinic: str | None, quiet: bool
) -> None:
    """Record a decision on a signal of the month, or add to an earlier one."""
    month, found, decided, chosen = _month(processed, month, clinic)
    known = pd.concat([found[_ABOUT], decided[_ABOUT]]).drop_duplicates("signal_id")
    row = known[known["signal_id"] == signal]
    if row.empty:
        raise UsageError(
            f"There is no signal {signal!r} in {periods.say_month(month)}. See them with: ae decide --list"
        )
    earlier = decided[decided["signal_id"] == signal]
    if len(earlier):  # an addition needs to say neither the cause nor the reviewer again
        said = {**said, **{key: said[key] or _text(earlier[key].iloc[0]) for key in ("cause", "reviewer", "owner")}}
    elif sys.stdin.isatty():
        said = _asked(said)
    about = {key: _text(value) for key, value in row.iloc[0].items()}
    decisions.record(processed, about, said, month=month, simulated=chosen.simulated)
    if not quiet:
        typer.echo(f"Kept in the ledger: {signal}, {plain(decisions.causes()[str(said['cause'])])}.", err=True)


def rebase(
    processed: Path, measure: str, *, month: str | None, reason: str | None, reviewer: str | None, quiet: bool
) -> None:
    """Record that a measure's monitor starts anew with a month."""
    if month is None:
        raise UsageError("Re-basing needs the first month of the new baseline: --month YYYY-MM")
    decisions.rebase(processed, measure, month=month, reason=reason, reviewer=reviewer)
    if not quiet:
        typer.echo(
            f"The monitor of {measure} starts anew with {periods.say_month(month)}; it learns until 12 months are closed.",
            err=True,
        )


def summarise(processed: Path, text: str, *, month: str | None, reviewer: str | None, quiet: bool) -> None:
    """Record the director's own summary of a month's cases, for the committee's copy."""
    chosen = select(open_store(processed), None)
    if month is None:
        raise UsageError("A summary of cases is of one month: --month YYYY-MM")
    decisions.summarise(processed, text, month=month, reviewer=reviewer, simulated=chosen.simulated)
    if not quiet:
        typer.echo(f"Kept in the ledger; the committee's copy of {periods.say_month(month)} has it.", err=True)


_ABOUT = ["signal_id", "rule", "unit", "clinic"]


def _month(processed: Path, month: str | None, clinic: str | None) -> tuple[str, pd.DataFrame, pd.DataFrame, Selection]:
    store = open_store(processed)
    chosen = select(store, clinic)
    if chosen.data_cut is None:
        raise NothingToReport("The store holds no dated row. Put logs into data/raw and run: ae ingest")
    month = periods.parse_month(month) if month else periods.newest_ended_month(chosen.data_cut)
    watcher = Watcher(store, clinic, chosen.data_cut, decisions.starts(processed, month=month))
    with changed_measures(load_group_config(config_folder(store) / "group.toml").measures):
        found = month_signals(watcher, month=month, clinic=clinic, names=False)[0]["signals"]
    decided = decisions.decisions(
        processed, month=month, cut=chosen.data_cut, clinics=chosen.clinics, simulated=chosen.simulated
    )
    return month, found, decided, chosen


def _asked(said: dict[str, str | None]) -> dict[str, str | None]:
    """Ask on the terminal for what no option gave; the causes in their fixed order."""
    if not said["cause"]:
        names = list(decisions.causes())
        for number, label in enumerate(decisions.causes().values(), start=1):
            typer.echo(f"{number:2} {label}")
        number = typer.prompt(f"Cause, 1 to {len(names)}", type=int)
        said["cause"] = names[number - 1] if 1 <= number <= len(names) else str(number)
    for name, question in _QUESTIONS.items():
        if not said[name] and (name != "owner" or said["action"]):
            said[name] = typer.prompt(question, default="", show_default=False) or None
    return said


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]
