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
from analysis.counting import summaries
from analysis.counting.attention import open_entries
from analysis.counting.bridge import bridge
from analysis.counting.clinics import Clinics
from analysis.counting.disclosure import check_audience, disclose
from analysis.counting.exposure import grid
from analysis.counting.headline import headline, power
from analysis.counting.injected import units_by_area
from analysis.counting.once import once
from analysis.counting.rates import rates
from analysis.counting.sensitivity import agreement_by_category, rates_by_reading
from analysis.errors import NothingToReport
from analysis.measures import Measure, changed_measures, load_measures, usual_months, window_months
from analysis.pipeline.answers import answer_frames
from analysis.pipeline.asked import Asked
from analysis.pipeline.audiences import copy_frames
from analysis.pipeline.cases import open_cases
from analysis.pipeline.history import history_frames
from analysis.pipeline.injectors import injector_frames
from analysis.pipeline.program import code_hash, lock_hash
from analysis.pipeline.selection import Selection, selected
from analysis.pipeline.sign_state import sign_state
from analysis.pipeline.times import time_frames
from analysis.pipeline.trends import month_trends
from analysis.report.names import report_name
from analysis.review.apply import closed_entries
from analysis.review.queue import Read, queue, waiting_entries
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
    known = chosen if newest else selected(store, clinic, until=periods.last_day(month))
    base = grid(chosen.counted(), measures.values())
    monthly = _monthly(chosen.counted(), tuple(measures.items()), cut)
    so_far = monthly[monthly["month"] <= month].reset_index(drop=True)
    looking_back = partial(
        month_trends, store, chosen, so_far, measures, month=month, cut=cut, clinic=clinic, names=names
    )
    with beside(looking_back) as trends:
        frames = _frames(chosen, known, measures, base, monthly, month=month, cut=cut, names=names)
        past, before = history_frames(store, chosen, base, frames["headline"], month=month, clinic=clinic)
        frames |= {"rates_by_month": so_far, **past}
        group = load_group_config(config_folder(store) / "group.toml")
        facts = _facts(chosen, frames, month=month, cut=cut, clinic=clinic, group_name=group.name)
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


def _frames(
    chosen: Selection, known: Selection, measures: dict[str, Measure], base: pd.DataFrame, monthly: pd.DataFrame, *, month: str,
    cut: date, names: bool,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    own = chosen.frames
    window = closed_window(monthly, month)
    followed = summaries.followed_up(chosen.counted(), months=window)
    share = followed[0] / followed[1] if followed[1] else None
    closed = {name: closed_months(monthly, month, name) for name in measures}
    entries = _entries(known.frames, until=cut if known is chosen else periods.last_day(month))
    return {
        **entries,
        "open_cases": open_cases(entries["look_today"], own),
        "coverage": summaries.coverage_until(own["coverage"], month),
        "headline": headline(
            monthly, measures, month=month, usual_months=usual_months(), followed=share,
            covered=summaries.covered_clinics(own["coverage"]),
        ),
        "month_so_far": summaries.month_so_far(monthly, month),
        **_frequencies(chosen, base, monthly, measures, window, names),
        **injector_frames(chosen, measures, window, names=names),
        **answer_frames(chosen, measures, closed=closed, window=window, month=month, cut=cut),
        **time_frames(chosen, window=window, closed=closed),
        "rates_by_reading": rates_by_reading(chosen.counted(), base, measures, months=window, data_cut=cut),
        "agreement_by_category": _agreement(chosen),
        "counts_by_category": summaries.counts_by_category(own["episodes"], month),
        "counts_by_month_reported": summaries.counts_by_month_reported(own["episodes"], own["coverage"], month),
        "units_by_area": units_by_area(chosen.counted(), window),
        "process_by_month": summaries.process_by_month(own["process_counts"], month),
        "activity": summaries.activity(base, own["coverage"], own["treatments"], own["exposure_totals"], month),
        "row_account": summaries.row_account(own["files"]),
        "set_aside_reasons": summaries.set_aside_reasons(own["set_aside"]),
        "notes_by_code": summaries.notes_by_code(own["notes"]),
    }  # fmt: skip


def _entries(own: dict[str, pd.DataFrame], *, until: date) -> dict[str, pd.DataFrame]:
    """Open entries, and those that a named person closed: these leave the first screen and stay in the history."""
    frames = (own["episodes"], own["findings"], own["events"], own["set_aside"], own["injectors"])
    closed = closed_entries(own["reviews"])
    known = open_entries(*frames, until=until, notes=own["notes"])
    by_whom = closed.rename(columns={"event_id": "entry"})
    return {
        "look_today": open_entries(*frames, until=until, closed=closed, notes=own["notes"]) if len(closed) else known,
        "closed_entries": known.merge(by_whom, on=["clinic", "entry"]).drop(columns=["contact_due", "state"]),
    }


def closed_window(monthly: pd.DataFrame, month: str) -> list[str]:
    """The newest months up to `month` that are closed for every measure of page one but hair, as many as measures.toml says."""
    return closed_months(monthly, month)[-window_months() :]


def closed_months(monthly: pd.DataFrame, month: str, measure: str = "any_reaction") -> list[str]:
    """Every month up to `month` that is closed for the measure."""
    closed = monthly[(monthly["measure"] == measure) & ~monthly["provisional"] & (monthly["month"] <= month)]
    return sorted(closed["month"].unique())


def _closed_for(counts: pd.DataFrame, monthly: pd.DataFrame, window: list[str]) -> pd.DataFrame:
    """Rows of `counts` in the window; of a measure that is followed up for longer only the months that are closed for it."""
    closed = monthly[~monthly["provisional"] & monthly["month"].isin(window)]
    keys = ["measure", "month"]
    return counts[pd.MultiIndex.from_frame(counts[keys]).isin(pd.MultiIndex.from_frame(closed[keys]))]


def _frequencies(
    chosen: Selection,
    base: pd.DataFrame,
    monthly: pd.DataFrame,
    measures: dict[str, Measure],
    window: list[str],
    names: bool,
) -> dict[str, pd.DataFrame]:
    found = {}
    for by in ("treatment_type", "area", "product"):
        split = grid(chosen.counted(), measures.values(), by=by, split=True)
        table = rates(_closed_for(split, monthly, window), measures, by=[by])
        found[f"rates_by_{by}"] = summaries.with_labels(table, by)
    everyone = _closed_for(base, monthly, window).assign(group="all")
    found["rates_in_window"] = rates(everyone, measures, by=["group"]).drop(columns="group")
    of_people = rates(_closed_for(base, monthly, window), measures, by=["clinic", "injector"])
    found["rates_by_injector"] = summaries.with_codes(of_people, chosen.frames["injectors"], names=names)
    return found


def _facts(
    chosen: Selection, frames: dict[str, pd.DataFrame], *, month: str, cut: date, clinic: str | None, group_name: str
) -> dict[str, Any]:
    own = chosen.frames
    monthly, table = frames["rates_by_month"], frames["headline"]
    window = closed_window(monthly, month)
    scheduled, sessions = summaries.followed_up(chosen.counted(), months=window)
    levels = frames["look_today"]["triage"].value_counts()
    return {
        "title_subject": clinic or group_name,
        "simulated": chosen.simulated, "clinics": chosen.clinics, "simulated_left_out": chosen.left_out_simulated,
        "data_cut": cut.isoformat(), "left_out": summaries.left_out(frames["coverage"], {month, *table["month"].dropna(), *window}),
        "events_log": summaries.events_log(frames["coverage"], month),
        "look_now": int(levels.get("now", 0)), "look_today": int(levels.get("today", 0)), "unread": int(levels.get("unread", 0)),
        "followup_scheduled": scheduled, "followup_sessions": sessions,
        "bridge": bridge(own["events"], own["findings"], own["episodes"], own["treatments"], month=month),
        "power": power(table, monthly, measure="lid_droop", ratio=2.0, usual_months=usual_months()),
        "mixed_sessions": summaries.mixed_sessions(chosen.counted(), window),
        "closed_later": summaries.closed_later(monthly, window),
        "window_first": window[0] if window else None, "window_last": window[-1] if window else None,
        # a case that met a rule met it, closed or not
        "triggers": summaries.triggers(pd.concat([frames["look_today"], frames["closed_entries"]], ignore_index=True), month),
        "outside_undecided": int((frames["open_cases"]["draft"] & ~frames["open_cases"]["told_outside"]).sum()),
        **summaries.month_facts(own, month=month, cut=cut, activity=frames["activity"]),
        "to_review": _to_review(chosen),
    }  # fmt: skip


@once
def _monthly(counted: Clinics, measures: tuple[tuple[str, Measure], ...], cut: date) -> pd.DataFrame:
    """Rates of every month of treatment as of a data cut."""
    named = dict(measures)
    return rates(grid(counted, named.values()), named, by=["month"], data_cut=cut)


@once
def _to_review(chosen: Selection) -> int:
    """How many entries wait for a person, whatever the month."""
    return waiting_entries(queue(Read(**{name: chosen.frames[name] for name in Read.__dataclass_fields__})))


@once
def _agreement(chosen: Selection) -> pd.DataFrame:
    """Field against text, over all months."""
    return agreement_by_category(chosen.frames["events"], chosen.frames["findings"])


def _meta(store: Store, chosen: Selection, cut: date, *, names: bool, with_text: bool) -> dict[str, Any]:
    contributing = set(chosen.frames["files"]["path"])
    return {
        "program_version": __version__, "schema_version": SCHEMA_VERSION, "snapshot": store.snapshot,
        "key_fingerprint": store.manifest["key_fingerprint"], "lock_sha256": lock_hash(), "code_sha256": code_hash(),
        "as_of": cut.isoformat(),
        "parameters": {"names": names, "with_text": with_text},
        "inputs": [entry for entry in store.manifest["inputs"] if entry["path"] in contributing],
    }  # fmt: skip
