"""Written case triggers: which cases, lots and injectors the rules say to look at, as of one day."""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.columnar.coded import stacked
from analysis.monitoring.settings import Trigger
from analysis.schemas.order import firsts, groups

COLUMNS = [
    "rule", "unit_kind", "clinic", "injector", "lot", "entry", "episodes", "first_reported", "last_reported", "expected",
    "chance",
]  # fmt: skip
_LAG = pd.Timedelta(days=28)  # an episode is reported some weeks after its session
_KINDS = (
    dict.fromkeys(("rule", "unit_kind", "clinic", "injector", "lot", "entry"), "str")
    | {"episodes": "int64", "first_reported": "datetime64[us]", "last_reported": "datetime64[us]"}
    | dict.fromkeys(("expected", "chance"), "float64")
)


def triggered(
    episodes: pd.DataFrame,
    exposure: Mapping[str, pd.DataFrame],
    triggers: Iterable[Trigger],
    *,
    until: date,
    entries: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per rule and unit that meets it by `until`, a lot or injector with episodes not longer ago than the rule's days.

    `episodes`: clinic, whose, subcode, triage, red_flag, counted, reported_date, injector, lot; an episode of several lots
    has one row for each, and one that nothing dates is taken for recent. `whose` is the session, else the patient, else the entry:
    several episodes of one count once. `exposure`: for 'lot' and 'injector'
    the `sessions` of each (lot, or clinic and injector) by treatment_date: those the episodes come from. Rules on lots and
    injectors take in only what happened (`counted`).
    `entries`: clinic, entry, triage, day (missing where nothing dates it): the entries that need a clinician, in every status, each
    met alone by the rules on single episodes.

    `expected` and `chance` say what the rate of everybody else would make of the unit's sessions of the same days: so many or
    more (Poisson). They are missing where the unit or everybody else has no sessions; a rule with `chance_below` then fires by its
    count alone.
    An injector is held against the others of the same clinic; alone there, against everybody else.
    """
    day = pd.Timestamp(until)
    known = episodes[~(episodes["reported_date"] > day)]
    found = [
        _alone(entries, rule) if rule.unit == "episode" else _met(known[_chosen(known, rule)], exposure, rule, day)
        for rule in triggers
    ]
    kept = [part for part in found if len(part)]
    table = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)
    return table.reindex(columns=COLUMNS).astype(_KINDS)


def _chosen(episodes: pd.DataFrame, rule: Trigger) -> pd.Series:
    named = episodes["triage"].isin(rule.triage) | episodes["subcode"].isin(rule.subcodes)
    if rule.red_flag:
        named |= episodes["red_flag"]
    return named & episodes["counted"]


def _alone(entries: pd.DataFrame | None, rule: Trigger) -> pd.DataFrame:
    if entries is None:
        return pd.DataFrame(columns=COLUMNS)
    own = entries[entries["triage"].isin(rule.triage)]
    return own[["clinic", "entry"]].assign(
        rule=rule.id, unit_kind=rule.unit, episodes=1, first_reported=own["day"], last_reported=own["day"]
    )


def _met(chosen: pd.DataFrame, exposure: Mapping[str, pd.DataFrame], rule: Trigger, day: pd.Timestamp) -> pd.DataFrame:
    since = day - pd.Timedelta(days=rule.days - 1)
    recent = chosen[~(chosen["reported_date"] < since)]
    keys = {"lot": ["lot"], "injector": ["clinic", "injector"]}[rule.unit]
    recent = recent.dropna(subset=keys)
    if rule.unit == "injector":
        recent = recent[recent["injector"] != "unknown"]
    table = recent.groupby(keys, sort=True).agg(
        episodes=("whose", "nunique"), first_reported=("reported_date", "min"), last_reported=("reported_date", "max")
    ).reset_index()  # fmt: skip
    table = table[table["episodes"] >= rule.least].assign(rule=rule.id, unit_kind=rule.unit)
    if table.empty:
        return table
    table["expected"] = _expected(table, chosen, exposure[rule.unit], keys, since)
    table["chance"] = stats.poisson.sf(table["episodes"] - 1, table["expected"])
    if rule.chance_below is None:
        return table
    return table[~(table["chance"] >= rule.chance_below)]  # nobody to compare with is no reason for silence


def _expected(
    table: pd.DataFrame, chosen: pd.DataFrame, places: pd.DataFrame, keys: list[str], since: pd.Timestamp
) -> pd.Series:
    """Sessions of the unit whose episodes could have been reported in the window, at the rate of all others' sessions so far.

    Sessions count from four weeks before the window on; one episode is added to the others', so that a few sessions without any
    are not taken for never. Both err on the side of more expected.
    """
    told = _once_each(chosen, [*keys, "whose"], keys)
    recent = places[places["treatment_date"] >= since - _LAG]
    units, every = table[keys], int(places["sessions"].sum())
    mine, now, own = _counts(units, places, keys), _counts(units, recent, keys), _counts(units, told, keys)
    sessions, cases = np.full(len(table), every), np.full(len(table), len(told))
    if "clinic" in keys:  # clinics ask and log unlike
        beside = _counts(units, places, ["clinic"])
        cases = np.where(beside > mine, _counts(units, told, ["clinic"]), cases)
        sessions = np.where(beside > mine, beside, sessions)
    others = np.where((sessions > mine) & (mine > 0), sessions - mine, np.nan)
    return pd.Series(now * (cases - own + 1) / others, index=table.index)


def _once_each(rows: pd.DataFrame, columns: list[str], needed: list[str]) -> pd.DataFrame:
    """The first row of each combination of `columns` in which none of those `needed` is missing."""
    there = rows.take(np.flatnonzero(rows[needed].notna().all(axis=1)))
    return there.take(firsts(groups(there, columns)))


def _counts(units: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> npt.NDArray[np.intp]:
    """How many `sessions` each unit has, by `keys`; rows, where they are not counts of sessions."""
    group = groups(stacked([units[keys], rows[keys]]), keys)
    many = rows["sessions"].to_numpy() if "sessions" in rows else np.ones(len(rows))
    sums = np.bincount(group[len(units) :], many, int(group.max(initial=-1)) + 1)
    return sums.astype(np.intp)[group[: len(units)]]
