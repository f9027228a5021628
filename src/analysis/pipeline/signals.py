"""Signals of a month, recomputed from the current store with nothing but the rows reported by the end of each month looked at."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis import periods
from analysis.columnar.calendar import month_names
from analysis.counting.attention import open_entries
from analysis.counting.courses import CONTACT_DAYS
from analysis.counting.covered import covered
from analysis.counting.expected import apply_expected, expected_table
from analysis.counting.tallies import exposure, lots_of, sessions_by_day
from analysis.measures import POOLED, Measure, load_measures
from analysis.monitoring.monitors import monitor_units
from analysis.monitoring.settings import load_triggers, load_watch
from analysis.monitoring.signals import Look, signals, unbroken
from analysis.monitoring.triggers import triggered
from analysis.pipeline.as_known import first_known, treated_on
from analysis.pipeline.selection import Known, known_on
from analysis.review.apply import closed_entries
from analysis.schemas.conform import conform_to
from analysis.schemas.signals import SIGNALS
from analysis.store import Store

_FARTHEST = 12
"""How many months back it is asked when a signal was first seen."""
_SHARE_MONTHS = 12


@dataclass
class Watcher:
    """Looks at the ends of months; the frozen tables are made once. `starts`: first month of a measure's monitor, when re-based."""

    store: Store
    clinic: str | None
    cut: date
    starts: dict[str, str] = field(default_factory=dict)
    _chosen: dict[date, Known] = field(default_factory=dict)
    _tables: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict)

    def look(self, month: str, *, measures: frozenset[str] | None = None, power: bool = False) -> Look:
        """What monitor and triggers say at the end of a month (at the data cut, when that is earlier).

        `measures` narrows the monitor to what is asked for; `power` is worth its time at the month of the report only.
        """
        starts, known = tuple(sorted(self.starts.items())), tuple(load_measures().values())
        key = ("look", self.clinic, self.cut, month, measures, starts, known)
        more = power or self.store.is_worked_out((*key, True))  # the report of the month itself was made before
        found = self.store.worked_out((*key, more), lambda: self._look(month, measures, more))
        return found if power == more else replace(found, units=found.units.assign(power_2=np.nan, power_3=np.nan))

    def _look(self, month: str, measures: frozenset[str] | None, power: bool) -> Look:
        day = min(periods.last_day(month), self.cut)
        chosen = self.selection(day)
        frozen = {
            name: own for name, own in self.frozen(month).items() if measures is None or name in measures | {POOLED}
        }
        watched = {name: _for_group(load_measures()[name]) for name in frozen}
        applied = apply_expected(chosen.counted(), self._table(frozen), watched)
        every = chosen.chosen.counted()
        shares = asked_share(sessions_by_day(every), month, until=day)
        units = monitor_units(
            applied[applied["month"] <= month], shares, load_watch(), last=self._closed(day),
            starts={name: min(months) if months else None for name, months in frozen.items()}, power=power,
        )  # fmt: skip
        return Look(
            month, units,
            triggered(cases(chosen), exposure(every, until=day), load_triggers(), until=day, entries=self._entries(month)),
        )  # fmt: skip

    def _entries(self, month: str) -> pd.DataFrame:
        """Pressing entries at the end of a month: those of the month, and those before that nobody had closed by then.

        While the month is the newest, a closing counts whenever it was made, as on the page's list.
        """
        day = min(periods.last_day(month), self.cut)
        own = self.selection(day).frames
        closed = closed_entries(own["reviews"])
        if month < periods.newest_ended_month(self.cut):
            closed = closed[closed["decided"] <= pd.Timestamp(day)]
        frames = (own["episodes"], own["findings"], own["events"], own["set_aside"], own["injectors"])
        known = open_entries(*frames, until=day)
        of_month = known[known["reported_date"].fillna(known["onset_date"]).str[:7] == month]
        left = open_entries(*frames, until=day, closed=closed) if len(closed) else known
        found = pd.concat([left, of_month], ignore_index=True).drop_duplicates(["clinic", "entry"])
        when = pd.to_datetime(found["reported_date"].fillna(found["onset_date"]), format="%Y-%m-%d")
        return found[["clinic", "entry", "triage"]].assign(day=when)

    def selection(self, day: date) -> Known:
        """The clinics watched together, as known on a day: the whole group, or a clinic that is left out of it alone."""
        if day not in self._chosen:
            group = known_on(self.store, None, day)
            alone = self.clinic is not None and self.clinic not in group.clinics
            self._chosen[day] = known_on(self.store, self.clinic, day) if alone else group
        return self._chosen[day]

    def frozen(self, month: str) -> dict[str, tuple[str, ...]]:
        """Baseline months of each watched measure; none while it is learning at the end of `month`."""
        watch, day = load_watch(), min(periods.last_day(month), self.cut)
        there = sorted(set(covered(self.selection(day).frames["coverage"]).get_level_values("month")))
        found = {}
        for name in dict.fromkeys(line.measure for line in watch.monitors):
            closed = [
                one for one in there if one >= self.starts.get(name, "")
                and not periods.is_provisional(one, follow_up_days=load_measures()[name].follow_up_days, data_cut=day)
            ]  # fmt: skip
            first = tuple(closed[: watch.learning_months])
            found[name] = first if len(first) == watch.learning_months else ()
        return found

    def _table(self, frozen: dict[str, tuple[str, ...]]) -> pd.DataFrame:
        """The expected tables, each as known on the day its last baseline month closed, whatever was entered later."""
        together: dict[tuple[date, tuple[str, ...]], dict[str, Measure]] = {}
        for name, months in frozen.items():
            if (name, *months) not in self._tables:
                measure = _for_group(load_measures()[name])
                until = min(frozen_on(measure, months) or self.cut, self.cut)
                together.setdefault((until, months), {})[name] = measure
        for (until, months), measures in together.items():
            table = self._as_known(until, months, measures)
            self._tables |= {(name, *months): table[table["measure"] == name] for name in measures}
        parts = [self._tables[name, *months] for name, months in frozen.items()]
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else expected_table(self.selection(self.cut).counted(), {}, months=())
        )

    def _as_known(self, until: date, months: tuple[str, ...], measures: dict[str, Measure]) -> pd.DataFrame:
        """One expected table; it is frozen, so the reports of all months share it."""
        key = ("expected table", self.clinic, until, months, tuple(measures.values()))
        return self.store.worked_out(
            key, lambda: expected_table(self.selection(until).counted(), measures, months=months)
        )

    def _closed(self, day: date) -> dict[str, str]:
        """Newest closed month by measure."""
        month = periods.month_of(day)
        found = {}
        for name in {line.measure for line in load_watch().monitors}:
            days = load_measures()[name].follow_up_days
            back = (periods.shift(month, -n) for n in range(12))
            found[name] = next(
                (one for one in back if not periods.is_provisional(one, follow_up_days=days, data_cut=day)), ""
            )
        return found


def frozen_on(measure: Measure, months: tuple[str, ...]) -> date | None:
    """End of the month in which the last baseline month closed; missing without a baseline."""
    if not months:
        return None
    closed = periods.last_day(months[-1]) + timedelta(days=measure.follow_up_days)
    return periods.last_day(periods.month_of(closed))


def _for_group(measure: Measure) -> Measure:
    """As the monitor compares: one table for the group, asked and not asked apart whatever the measure."""
    return replace(measure, comparator="group", asks=True)


def asked_share(by_day: pd.DataFrame, month: str, *, until: date) -> dict[str, float]:
    """Share of sessions with scheduled follow-up by clinic over twelve months; a clinic that never records it is left out.

    `by_day`: `tallies.sessions_by_day`. Only sessions whose days 10-28 were over by `until`: the others could not have been followed
    up yet.
    """
    when = month_names(by_day["treatment_date"])
    own = by_day[(when <= month) & (when > periods.shift(month, -_SHARE_MONTHS))]
    own = own[(pd.Timestamp(until) - own["treatment_date"]).dt.days >= CONTACT_DAYS[1]]
    sums = own.groupby("clinic")[["sessions", "asked", "recorded"]].sum()
    shares = (sums["asked"] / sums["sessions"])[sums["recorded"] > 0]
    return {str(name): float(share) for name, share in shares.items()}


def cases(known: Known) -> pd.DataFrame:
    """Episodes with injector, lot and the day that dates them; one of a session with several lots has a row for each.

    `whose` tells sessions (else patients, else entries) apart. `reported_date` is the day on which the episode reached its level:
    of report, else of onset, else of treatment.
    """
    own, session = known.frames, known.sessions()
    dated = first_known(own["events"], treated_on(known.chosen.frames["treatments"], session))
    told = own["events"][["clinic", "event_id", "injector", "lot", "patient_key"]].rename(
        columns={"injector": "told_injector", "lot": "told_lot"}
    ).assign(known=dated)  # fmt: skip
    since = own["episodes"].drop(columns="reported_date")
    episodes = since.merge(
        told, left_on=["clinic", "pressing_event_id"], right_on=["clinic", "event_id"], how="left"
    ).merge(lots_of(known.chosen.counted(), session[session >= 0]), on=["clinic", "session_id"], how="left")  # fmt: skip
    whose = episodes["session_id"].fillna(episodes["patient_key"]).fillna(episodes["pressing_event_id"])
    episodes["whose"] = episodes["clinic"] + " " + whose
    episodes["reported_date"] = episodes["pressing_since"].fillna(episodes["known"])
    for column in ("injector", "lot"):
        episodes[column] = episodes[column].fillna(episodes[f"told_{column}"])
    return episodes


def month_signals(
    watcher: Watcher, *, month: str, clinic: str | None, names: bool
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Frames `signals` and `monitor_units` of a month, and the facts that page one says of them."""
    before = periods.shift(month, -1)
    looks = [watcher.look(before), watcher.look(month, power=True)]
    while (
        (lasting := unbroken(looks))
        and len(looks) < _FARTHEST
        and _has_data(watcher, periods.shift(looks[0].month, -1))
    ):
        looks.insert(0, watcher.look(periods.shift(looks[0].month, -1), measures=lasting))
    own = watcher.selection(min(periods.last_day(month), watcher.cut)).frames
    found = conform_to(SIGNALS, signals(looks, own["injectors"], names=names))
    units = looks[-1].units.merge(
        own["injectors"][["clinic", "injector", "code"]], on=["clinic", "injector"], how="left"
    )
    units = units.assign(name=units["injector"] if names else None).drop(columns="injector")
    if clinic is not None:
        found = found[found["clinic"].eq(clinic) | found["clinic"].isna()].reset_index(drop=True)
        units = units[units["clinic"] == clinic].reset_index(drop=True)
    return {"signals": found, "monitor_units": units.astype({"name": "str"})}, _facts(watcher, found, month)


def _has_data(watcher: Watcher, month: str) -> bool:
    return bool((watcher.selection(watcher.cut).frames["coverage"]["month"] <= month).any())


def _facts(watcher: Watcher, found: pd.DataFrame, month: str) -> dict[str, Any]:
    frozen = watcher.frozen(month)
    ready = [frozen_on(load_measures()[name], months) for name, months in frozen.items() if months]
    current = found[found["state"] != "resolved"]
    rules = [
        {"level": rule.short, "count": int((current["rule"] == rule.id).sum())} for rule in load_triggers() if rule.unit != "episode"
    ]  # fmt: skip
    monitors = current[current["kind"] == "monitor"]
    return {
        "learning": not ready, "monitor_frozen": max(day for day in ready if day).isoformat() if ready else None,
        "unit_triggers": rules, "monitor_signals": len(monitors), "monitor_new": int((monitors["state"] == "new").sum()),
    }  # fmt: skip
