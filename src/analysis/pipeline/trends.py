"""Everything of a month that looks back over time: run charts, days since the last one, signals and decisions."""

from datetime import date
from typing import Any

import pandas as pd

from analysis import periods
from analysis.counting.attribution import of_subcodes
from analysis.measures import Measure, load_measures
from analysis.monitoring.timeline import days_since_last, run_charts
from analysis.pipeline.decisions import decisions, starts
from analysis.pipeline.selection import Selection
from analysis.pipeline.signals import Watcher, month_signals
from analysis.store import Store


def month_trends(
    store: Store, chosen: Selection, monthly: pd.DataFrame, measures: dict[str, Measure], *, month: str, cut: date, clinic: str | None,
    names: bool,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:  # fmt: skip
    """Frames run_chart_by_measure, run_test_by_measure, days_since_last, signals, monitor_units and decisions, and their facts."""
    processed = store.folder.parent
    rebased = starts(processed, month=month)
    points, tests = run_charts(monthly, month=month, starts=rebased)
    found, facts = month_signals(Watcher(store, clinic, cut, rebased), month=month, clinic=clinic, names=names)
    decided = decisions(processed, month=month, cut=cut, clinics=chosen.clinics, simulated=chosen.simulated)
    day = min(periods.last_day(month), cut)
    since = days_since_last(
        _days(chosen.frames["episodes"], measures), {name: own.label for name, own in measures.items()}, until=day
    )
    frames = {
        "run_chart_by_measure": points,
        "run_test_by_measure": tests,
        "days_since_last": since,
        "decisions": decided,
        **found,
    }
    open_, due = int(decided["open"].sum()), int(decided["due"].sum())
    noticed = one_injector(found["monitor_units"])
    return frames, {**facts, "decisions_open": open_, "decisions_due": due, "one_injector_power": noticed}


def one_injector(units: pd.DataFrame, *, measure: str = "lid_droop") -> dict[str, Any] | None:
    """The highest chance, over all injectors, that twice the measure would be noticed within a year; missing while learning."""
    own = units[(units["measure"] == measure) & (units["unit_kind"] == "injector") & (units["tail"] == "more")]
    known = own["power_2"].dropna()
    if known.empty:
        return None
    label = load_measures()[measure].label
    return {"measure": measure, "label": label, "injectors": len(known), "highest": float(known.max())}


def _days(episodes: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """Day of onset, else of report, of every counted episode of each measure."""
    day = episodes["onset_date"].fillna(episodes["reported_date"])
    counted = episodes[episodes["counted"]]
    parts = [
        pd.DataFrame({"measure": name, "day": day.reindex(of_subcodes(counted, measure).index)})
        for name, measure in measures.items()
    ]
    return pd.concat(parts, ignore_index=True)
