"""How much the headline rates depend on who read the entries: the clinic's own field, the text, or both after review."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from analysis import taxonomy
from analysis.counting.agreement import agreement_by_label
from analysis.counting.clinics import Clinics
from analysis.counting.episodes import build_episodes
from analysis.counting.exposure import grid
from analysis.counting.headline import SHOWN
from analysis.counting.once import once
from analysis.counting.rates import rates
from analysis.measures import Measure

READINGS = {"field": "field only", "text": "text only", "reviewed": "after review"}
_SOURCES = {"field": "field", "text": "rule"}


def rates_by_reading(
    clinics: Clinics, counted: pd.DataFrame, measures: Mapping[str, Measure], *, months: Sequence[str], data_cut: date
) -> pd.DataFrame:
    """Each headline rate of `months` under each reading: measure, label, reading, reading_label, and the columns of a rate.

    `field` counts only what the clinics coded themselves, `text` only what their words say, `reviewed` what every other page
    counts (`counted`, from `exposure.grid`): text before field, and a reviewer before both. The sessions are the same; merges
    undone in review are those of `reviewed` only.
    """
    shown = {name: measures[name] for name in SHOWN}
    parts = []
    for reading in READINGS:
        counts = counted[counted["measure"].isin(SHOWN)]
        if reading != "reviewed":
            counts = grid(_read_by(clinics, _SOURCES[reading], data_cut), shown.values())
        parts.append(counts[counts["month"].isin(months)].assign(reading=reading))
    table = rates(pd.concat(parts, ignore_index=True), shown, by=["reading"])
    table = table.assign(reading_label=table["reading"].map(READINGS))
    order = {name: position for position, name in enumerate([*SHOWN, *READINGS])}
    table = table.sort_values(["measure", "reading"], key=lambda column: column.map(order), ignore_index=True)
    first = ["measure", "label", "reading", "reading_label"]
    return table[[*first, *table.columns.drop(first)]]


@once
def _read_by(clinics: Clinics, source: str, data_cut: date) -> Clinics:
    """The clinics as if only one reading were known."""
    own = clinics.findings[clinics.findings["source"] == source].assign(final=True)
    episodes, findings = build_episodes(own.reset_index(drop=True), clinics.events, data_cut=data_cut)
    if episodes.empty:
        episodes = clinics.episodes.iloc[:0]
    return replace(clinics, findings=findings, episodes=episodes)


def agreement_by_category(events: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Field against text, for entries that have both: a row `all` and one per category, with Cohen's kappa.

    Columns: label, n, first (entries the field puts there), second (those the text does), both, agreed, kappa, lower, upper. The
    field holds one category; it agrees with a text that tells of it among others in the row of the category, and in `all` as well:
    there the text's reading is the field's category where it is told, else the first by name, else none.
    """
    both = events[events["text"].notna() & events["event_category"].notna()]
    rule = findings[(findings["source"] == "rule") & findings["status"].isin(taxonomy.HAPPENED)]
    told: dict[tuple[str, str], set[str]] = {}
    for clinic, event, category in zip(rule["clinic"], rule["event_id"], rule["category"], strict=True):
        told.setdefault((clinic, event), set()).add(category)
    keys = zip(both["clinic"], both["event_id"], strict=True)
    sets = [frozenset(told.get(key, ())) for key in keys]
    field = both["event_category"].tolist()
    single = [own if own in one else min(one, default="none") for own, one in zip(field, sets, strict=True)]
    overall = agreement_by_label([frozenset({own}) for own in field], [frozenset({one}) for one in single], [])
    by_category = agreement_by_label([frozenset({own}) for own in field], sets, taxonomy.CATEGORIES)
    return pd.concat([overall, by_category.iloc[1:]], ignore_index=True)
