"""A month's page to its place: made, held against what was saved and said, and published whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock

from analysis import beside, durable, ledger
from analysis.errors import CheckFailed, NothingToReport
from analysis.periods import newest_ended_month, say_month, shift
from analysis.pipeline import history, journal, publication
from analysis.pipeline.agreeing import check_counts
from analysis.pipeline.context import build_month, config_folder
from analysis.pipeline.kernel import Kernel
from analysis.pipeline.listing import index_of
from analysis.pipeline.page import made_of, page_and_data, words_of
from analysis.pipeline.publication import PATIENCE
from analysis.pipeline.selection import selected
from analysis.pipeline.shared_periods import published_period, to_keep
from analysis.report.names import report_name
from analysis.schemas import MonthContext
from analysis.schemas.config import load_group_config
from analysis.store import Store

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Published:
    """Where a report lies, and the frozen month it was made of."""

    path: Path
    context: MonthContext


@dataclass(frozen=True)
class Wanted:
    """What is asked for on the command line."""

    clinic: str | None = None
    audience: str = "director"
    as_of: date | None = None
    names: bool = False
    with_text: bool = False


@dataclass(frozen=True)
class Made:
    """A report that was made and is not published yet. `html` is missing when it would be the one that lies there."""

    name: str
    context: MonthContext
    summary: dict[str, Any]
    html: str | None


def publish_month(store: Store, out: Path, wanted: Wanted, *, month: str | None, processed: Path) -> Published:
    """Build, execute, export and publish one month. A failed cell raises CheckFailed and leaves an older report untouched."""
    with beside.allowed_here(), Kernel() as kernel:
        if wanted.audience == "director":
            kernel.start()
        made = make(store, wanted, month=month, kernel=kernel)
    return Published(put(made, out, processed), made.context)


def make(
    store: Store, wanted: Wanted, *, month: str | None, kernel: Kernel | None = None, lying: Path | None = None,
    together: Collection[str] = (),
) -> Made:  # fmt: skip
    """Build one month, and its page, unless the page below the folder `lying` was made of the very same.

    A page depends on its context, the notebook, the program and the banner. `kernel` executes the notebook (else one of its own).
    `together`: months published in one run, in their order: the month before is told whichever of them is made first.
    """
    context = build_month(
        store,
        month=month,
        clinic=wanted.clinic,
        audience=wanted.audience,
        as_of=wanted.as_of,
        names=wanted.names,
        with_text=wanted.with_text,
    )
    before = shift(context.month, -1)
    if wanted.audience == "director" and before in together:
        context = replace(context, facts={**context.facts, "month_before": before})
    banner = load_group_config(config_folder(store) / "group.toml").banner
    name = report_name(month=context.month, clinic=context.clinic, audience=context.audience)
    origin = made_of(context, banner=banner)
    if lying is not None and (said := _lies_there(lying, name)) and said.get("made_of") == origin:
        return Made(name, context, said, None)
    html, saved = page_and_data(context, banner=banner, entries=words_of(store, context), kernel=kernel)
    summary = summary_of(context, html, clinics=selected(store.at_hand, wanted.clinic).clinics)
    check_counts(html, saved, summary)
    return Made(name, context, {**summary, "made_of": origin}, html)


def put(made: Made, out: Path, processed: Path) -> Path:
    """Publish a report that was made; where it lies."""
    if made.html is None:
        return out / f"{made.name}.html"
    shared = made.context.audience == "shared"
    book = ledger.ledger_path(processed)
    with durable.writing(out, wait_seconds=PATIENCE), _one_at_a_time(book, shared=shared):
        publication.settle(out, book)
        if shared:
            _still_the_same(book, made.summary["shared_period"])
        before = journal.last_of(book, publication.PUBLISHED, report=made.name)
        why = journal.why_made(before, made.summary)
        about = {"old": before.get("sha256"), "new": made.summary["sha256"], "why": why}
        return publication.put(
            out, book, made.name, page=made.html.encode(), said=_json(made.summary),
            index=index_of(out, processed, beside={made.name: made.summary}),
            entry={"report": made.name, **made.summary, **about, **_kept(made.context)}, private=any(made.summary["parameters"].values()),
        )  # fmt: skip


def _lies_there(out: Path, name: str) -> dict[str, Any] | None:
    """The summary of the report of this name, where its page is as it was published."""
    try:
        said: dict[str, Any] = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
        whole = hashlib.sha256((out / f"{name}.html").read_bytes()).hexdigest() == said.get("sha256")
    except (OSError, ValueError, AttributeError):
        return None
    return said if whole else None


def months_with_data(store: Store, clinic: str | None) -> list[str]:
    """Every month that has ended and that some log of the clinic (or of any) speaks for."""
    chosen = selected(store.at_hand, clinic)
    coverage = chosen.frames["coverage"]
    received = coverage[(coverage["treatments"] != "missing") | (coverage["events"] != "missing")]
    if received.empty or chosen.data_cut is None:
        raise NothingToReport("There is no month to report. Put logs into data/raw and run: ae ingest")
    return sorted(month for month in received["month"].unique() if month <= newest_ended_month(chosen.data_cut))


def summary_of(context: MonthContext, html: str, *, clinics: list[str]) -> dict[str, Any]:
    """What lies beside a page and in the ledger: of what it is, how it was made, and no more counts than the page itself has."""
    facts, meta = context.facts, context.meta
    said = {
        "month": context.month, "clinic": context.clinic, "audience": context.audience, "subject": facts["title_subject"],
        "simulated": facts["simulated"], "data_cut": meta["as_of"], "snapshot": meta["snapshot"],
        "program_version": meta["program_version"], "code_sha256": meta["code_sha256"], "lock_sha256": meta["lock_sha256"],
        "parameters": meta["parameters"], "inputs": meta["inputs"], "sha256": hashlib.sha256(html.encode()).hexdigest(),
    }  # fmt: skip
    if context.audience == "director":
        counts = ("look_now", "look_today", "sessions_month", "events_reported_month")
        new = int((context.frames["signals"]["state"] == "new").sum())
        return (
            said
            | {name: facts[name] for name in counts}
            | {"open_entries": len(context.frames["look_today"]), "signals_new": new}
        )
    first, last = facts["period_first"], facts["period_last"]
    said["headline"] = f"{say_month(first)} to {say_month(last)}" if first else "no closed month yet"
    if context.audience == "shared":
        counts_shown = context.frames["period_counts"]
        said["shared_period"] = to_keep(facts, counts_shown, clinic=context.clinic, clinics=clinics)
    return said


@contextmanager
def _one_at_a_time(book: Path, *, shared: bool) -> Iterator[None]:
    """Of copies to share one at a time, whatever folder they go to: between the look at what is out and the entry nobody else enters."""
    if not shared:
        yield
        return
    book.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(book.with_name("shared_periods.lock"), timeout=PATIENCE, mode=0o600):
        yield


def _kept(context: MonthContext) -> dict[str, Any]:
    """What only the ledger keeps, to tell later what was revised; of nothing that others than the director get."""
    return {history.KEPT: history.kept(context.frames)} if context.audience == "director" else {}


def _still_the_same(book: Path, period: dict[str, Any]) -> None:
    """Nobody published the period otherwise while this page was made."""
    named = {name: period[name] for name in ("first", "last", "clinic", "clinics")}
    if (kept := published_period(book, **named)) is not None and kept["tables"] != period["tables"]:
        raise CheckFailed("This period was published meanwhile; nothing was published. Run the command again.")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
