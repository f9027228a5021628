"""Store to one frozen month: the only place where counting, monitoring and disclosure meet."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import __version__, ledger, periods
from analysis.beside import beside
from analysis.counting.disclosure import check_audience, disclose
from analysis.counting.exposure import grid
from analysis.errors import NothingToReport
from analysis.measures import changed_measures, load_measures
from analysis.pipeline.asked import Asked
from analysis.pipeline.audiences import copy_frames
from analysis.pipeline.history import history_frames
from analysis.pipeline.month_frames import month_facts, month_frames, monthly_rates
from analysis.pipeline.program import code_hash, lock_hash
from analysis.pipeline.selection import Selection, known_on, selected
from analysis.pipeline.sign_state import sign_state
from analysis.pipeline.trends import month_trends
from analysis.report.names import report_name
from analysis.schemas import MonthContext
from analysis.schemas.config import load_group_config
from analysis.schemas.parquet import held_as_now
from analysis.store import SCHEMA_VERSION, Store, open_store

LAB_STORE, LAB_MONTH = "AE_PROCESSED", "AE_MONTH"
"""Environment in which `ae lab` tells the notebooks what to open."""


def month_context(
    *, context: str | None = None, processed: str = "data/processed", month: str | None = None, clinic: str | None = None,
    audience: str = "director",
) -> MonthContext:  # fmt: skip
    """What a notebook calls: load a saved context, or build one from the store.

    `processed` is looked for below the working folder and the folders above it. `ae lab` passes the store and the month it
    was started with by environment: they fill in what is not given. Raises NothingToReport without a store.
    """
    if context:
        return MonthContext.load(Path(context))
    month = month or os.environ.get(LAB_MONTH) or None
    return build_month(open_store(stored_below(processed)), month=month, clinic=clinic, audience=audience)


def stored_below(processed: str) -> Path:
    """The processed folder below the working folder or the nearest folder above it that has one; under `ae lab` the one it names.

    An absolute path is taken as it is.
    """
    here = Path.cwd()
    if (named := os.environ.get(LAB_STORE)) and not Path(processed).is_absolute():
        return Path(named)
    return next((p / processed for p in (here, *here.parents) if (p / processed / "CURRENT").exists()), Path(processed))


def build_month(
    store: Store, *, month: str | None = None, clinic: str | None = None, audience: str = "director", as_of: date | None = None,
    names: bool = False,
    with_text: bool = False,
) -> MonthContext:  # fmt: skip
    """Everything a page of one month shows, disclosed for its audience.

    `month` defaults to the last calendar month that ended on or before the data cut; `as_of` moves the data cut. Raises
    NothingToReport for an empty store or a month without data, UsageError for a clinic or audience that is not there.
    """
    with changed_measures(load_group_config(config_folder(store) / "group.toml").measures):
        with pd.option_context("mode.string_storage", "python"), _garbage_left_lying():
            found = _built(store.at_hand, month, clinic, audience, as_of, names, with_text)
        return replace(found, frames={name: held_as_now(frame) for name, frame in found.frames.items()})


def _built(
    store: Store, month: str | None, clinic: str | None, audience: str, as_of: date | None, names: bool, with_text: bool
) -> MonthContext:
    check_audience(audience)
    chosen = selected(store, clinic, until=as_of)
    cut = as_of or chosen.data_cut
    if cut is None:
        raise NothingToReport("The store holds no dated row. Put logs into data/raw and run: ae ingest")
    there = set(chosen.frames["coverage"]["month"])
    month = periods.parse_month(month) if month else _default_month(cut, there)
    if month not in there:
        raise NothingToReport(f"There is no data for {periods.say_month(month)}.")
    if audience != "director":
        group = load_group_config(config_folder(store) / "group.toml")
        copies, about = copy_frames(Asked(store, chosen, audience, month, cut, clinic, group))
        return disclose(
            MonthContext(
                month, clinic, audience, about, copies, _meta(store, chosen, cut, names=False, with_text=False)
            )
        )
    measures = load_measures()
    newest = month >= periods.newest_ended_month(cut)
    # a page of an older month lists what was known at its end: no entry, and no worsening, that was reported later
    known = None if newest else known_on(store, clinic, periods.last_day(month))
    base = grid(chosen.counted(), measures.values())
    monthly = monthly_rates(chosen.counted(), tuple(measures.items()), cut)
    so_far = monthly[monthly["month"] <= month].reset_index(drop=True)
    looking_back = partial(
        month_trends, store, chosen, so_far, measures, month=month, cut=cut, clinic=clinic, names=names
    )
    with beside(looking_back) as trends:
        frames = month_frames(chosen, known, measures, base, monthly, month=month, cut=cut, names=names)
        past, before = history_frames(store, chosen, base, frames["headline"], month=month, clinic=clinic)
        frames |= {"rates_by_month": so_far, **past}
        group = load_group_config(config_folder(store) / "group.toml")
        facts = month_facts(chosen, frames, month=month, cut=cut, clinic=clinic, group_name=group.name)
        facts |= {"jurisdictions": list(group.jurisdictions), **before}
        meta = _meta(store, chosen, cut, names=names, with_text=with_text)
        book = ledger.ledger_path(store.folder.parent)
        report = report_name(month=month, clinic=clinic, audience=audience)
        facts["sign_off"] = sign_state(book, report, {**meta, "data_cut": meta["as_of"]})
        over_time, said = trends()
    frames |= over_time
    facts |= {**said, "triggers": [*facts["triggers"], *said["unit_triggers"]]}
    return disclose(MonthContext(month, clinic, audience, facts, frames, meta))


@contextmanager
def _garbage_left_lying() -> Iterator[None]:
    """Millions of small objects come and go here, hardly any of them in a circle: looking for such seldom saves a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def config_folder(store: Store) -> Path:
    """Where the settings of the group lie: `config` beside the processed folder."""
    return store.folder.parent.parent / "config"


def _default_month(cut: date, there: set[str]) -> str:
    """The newest month that has ended; in a clinic's very first month, that month so far."""
    ended = periods.newest_ended_month(cut)
    return ended if ended in there else periods.month_of(cut)


def _meta(store: Store, chosen: Selection, cut: date, *, names: bool, with_text: bool) -> dict[str, Any]:
    contributing = set(chosen.frames["files"]["path"])
    return {
        "program_version": __version__, "schema_version": SCHEMA_VERSION, "snapshot": store.snapshot,
        "key_fingerprint": store.manifest["key_fingerprint"], "lock_sha256": lock_hash(), "code_sha256": code_hash(),
        "as_of": cut.isoformat(),
        "parameters": {"names": names, "with_text": with_text},
        "inputs": [entry for entry in store.manifest["inputs"] if entry["path"] in contributing],
    }  # fmt: skip
