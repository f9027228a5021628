"""What a page of one month is made of: every frame and fact that counting gives for it."""

from datetime import date
from typing import Any

import pandas as pd

from analysis import periods
from analysis.counting import summaries
from analysis.counting.attention import open_entries
from analysis.counting.bridge import bridge
from analysis.counting.clinics import Clinics
from analysis.counting.exposure import grid
from analysis.counting.headline import headline, power
from analysis.counting.injected import units_by_area
from analysis.counting.once import once
from analysis.counting.rates import rates
from analysis.counting.sensitivity import agreement_by_category, rates_by_reading
from analysis.counting.tallies import contacts_by_month
from analysis.measures import Measure, usual_months, window_months
from analysis.pipeline.answers import answer_frames
from analysis.pipeline.cases import open_cases
from analysis.pipeline.injectors import injector_frames
from analysis.pipeline.selection import Known, Selection
from analysis.pipeline.times import time_frames
from analysis.review.apply import closed_entries
from analysis.review.queue import Read, queue, waiting_entries


def month_frames(
    chosen: Selection, known: Known | None, measures: dict[str, Measure], base: pd.DataFrame, monthly: pd.DataFrame, *, month: str,
    cut: date, names: bool,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """The director's frames of a month, by name: `base` is the grid of `measures`, `monthly` its rates by month; `known` holds what
    was known at the month's end, where that is not all that `chosen` holds until `cut`."""
    own = chosen.frames
    window = closed_window(monthly, month)
    followed = summaries.followed_up(chosen.counted(), months=window)
    share = followed[0] / followed[1] if followed[1] else None
    closed = {name: closed_months(monthly, month, name) for name in measures}
    entries = _entries(known.frames, until=periods.last_day(month)) if known else _entries(own, until=cut)
    return {
        **entries,
        "open_cases": open_cases(entries["look_today"], chosen.counted()),
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
        "activity": summaries.activity(
            contacts_by_month(chosen.counted()), own["coverage"], own["exposure_totals"], month
        ),
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


def month_facts(
    chosen: Selection, frames: dict[str, pd.DataFrame], *, month: str, cut: date, clinic: str | None, group_name: str
) -> dict[str, Any]:
    """The director's facts of a month, by name: single numbers and words beside the frames."""
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
        "bridge": bridge(chosen.counted(), month=month),
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
def monthly_rates(counted: Clinics, measures: tuple[tuple[str, Measure], ...], cut: date) -> pd.DataFrame:
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
