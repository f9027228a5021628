"""What the audiences other than the director get of a month: their frames and facts, before disclosure takes its look."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from analysis import ledger, periods, taxonomy
from analysis.counting import circulated
from analysis.counting.casemix import observed_expected
from analysis.counting.courses import covered
from analysis.counting.disclosure import kind_of
from analysis.counting.exposure import grid
from analysis.counting.followup import completeness
from analysis.counting.rates import rates
from analysis.counting.summaries import TYPE_LABELS
from analysis.counting.suppression import UP_TO_7_ROUNDED as ROUNDED
from analysis.counting.suppression import Rule, protect
from analysis.errors import NothingToReport, UsageError
from analysis.keys import load_key
from analysis.measures import load_measures, window_months
from analysis.pipeline.decisions import case_summaries
from analysis.pipeline.injectors import POOLED
from analysis.pipeline.selection import Selection
from analysis.pipeline.shared_periods import published_period
from analysis.schemas.config import GroupConfig
from analysis.store import Store

Found = tuple[dict[str, pd.DataFrame], dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """Of what a copy is asked for."""

    store: Store
    chosen: Selection
    audience: str
    month: str
    cut: date
    clinic: str | None
    group: GroupConfig

    def closed(self) -> list[str]:
        """Months up to the one asked for that are closed for any reaction and that somebody's two logs speak for."""
        there = sorted(set(covered(self.chosen.frames["coverage"]).get_level_values("month")))
        days = load_measures()[POOLED].follow_up_days
        return [
            month
            for month in there
            if month <= self.month and not periods.is_provisional(month, follow_up_days=days, data_cut=self.cut)
        ]


def copy_frames(asked: Asked) -> Found:
    """Frames and facts of a copy for somebody else than the director."""
    makers: dict[str, Callable[[Asked], Found]] = {"committee": _committee, "shared": _shared, "injector": _injector}
    frames, facts = makers[kind_of(asked.audience)](asked)
    common = {
        "title_subject": asked.clinic or asked.group.name,
        "simulated": asked.chosen.simulated,
        "data_cut": asked.cut.isoformat(),
    }
    return frames, {**common, **facts}


def _committee(asked: Asked) -> Found:
    """The calendar year of the month, as far as it is closed."""
    months = [month for month in asked.closed() if month[:4] == asked.month[:4]]
    counted, measures = asked.chosen.counted(), load_measures()
    base = grid(counted, measures.values())
    table = rates(base[base["month"].isin(months)], measures, by=["clinic"])
    injectors = asked.chosen.frames["injectors"]
    people = injectors.groupby("clinic").size().to_dict()
    oe = observed_expected(counted, {POOLED: measures[POOLED]}, months=months)
    oe = oe.merge(injectors[["clinic", "injector", "code"]], on=["clinic", "injector"])
    key = load_key(expected_fingerprint=str(asked.store.manifest["key_fingerprint"]))
    codes = key.yearly(asked.month[:4], list(oe["code"]))
    # of one clinic alone every code would have a clinic
    ratios = circulated.ratios_by_code(
        oe.iloc[:0] if asked.clinic else oe, [] if asked.clinic else codes, shares=partial(key.shares, asked.month[:4])
    )
    told = case_summaries(asked.store.folder.parent, month=asked.month)
    told = told[(told["month"].str[:4] == asked.month[:4]) & (told["simulated"] == asked.chosen.simulated)]
    return (
        {"clinic_counts": circulated.clinic_counts(table, people), "ratios_by_code": ratios, "case_summaries": told},
        {
            "period_first": months[0] if months else None,
            "period_last": months[-1] if months else None,
            "few_codes": ratios.empty,
        },
    )


def _shared(asked: Asked) -> Found:
    settings = asked.group.disclosure
    found = circulated.closed_period(asked.month, of=settings.period, data_cut=asked.cut)
    there = {month for month, log in asked.chosen.frames["coverage"][["month", "treatments"]].itertuples(index=False)}
    if found is None or found[0] not in there:
        raise NothingToReport(
            f"No whole {settings.period} up to {periods.say_month(asked.month)} is closed: {circulated.LONGEST_FOLLOW_UP} days "
            "have to pass after its end, so that nothing published changes later."
        )
    first, last = found
    book = ledger.ledger_path(asked.store.folder.parent)
    kept = published_period(book, first=first, last=last, clinic=asked.clinic, clinics=asked.chosen.clinics)
    if kept is not None:
        tables, rule, too_few = kept["tables"], kept["rule"], kept["too_few"]
    else:
        own = ROUNDED if settings.rounded else Rule(settings.threshold - 1)
        shown = protect(circulated.period_tables(asked.chosen.counted(), first=first, last=last), own)
        tables, too_few = shown or {}, shown is None
        rule = {"largest_hidden": own.largest_hidden, "base": own.base}
    facts = {
        "period_first": first,
        "period_last": last,
        "too_few": too_few,
        "rule": rule,
        "as_published": kept is not None,
    }
    return {"period_counts": _period_counts(tables)}, facts


def _period_counts(tables: dict[str, dict[str, int | None]]) -> pd.DataFrame:
    labels = {
        "category": taxonomy.CATEGORY_LABELS,
        "treatment_type": TYPE_LABELS,
        "area": circulated.area_labels(),
    }
    rows = [
        {"table": name, "cell": cell, "label": label, "count": tables[name][cell], "hidden": tables[name][cell] is None}
        for name, own in labels.items() if name in tables
        for cell, label in own.items() if cell in tables[name]
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["table", "cell", "label", "count", "hidden"])
    return frame.astype({"count": "Int64", "hidden": "bool"})


def _injector(asked: Asked) -> Found:
    code = asked.audience.partition(":")[2]
    injectors = asked.chosen.frames["injectors"]
    own = injectors[injectors["code"] == code]
    if own.empty:
        raise UsageError(f"There is no injector {code} here. The director's report lists the codes.")
    clinic, name = own.iloc[0][["clinic", "injector"]]
    window, measures, counted = asked.closed()[-window_months() :], load_measures(), asked.chosen.counted()

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["clinic"] == clinic) & (frame["injector"] == name)]

    base = grid(counted, measures.values())
    total = base[(base["measure"] == POOLED) & (base["month"] <= asked.month)]
    sessions = mine(total).groupby("month")["sessions"].sum().reset_index()
    compared = {id: measure for id, measure in measures.items() if measure.compared}
    oe = mine(observed_expected(counted, compared, months=window))
    # what is expected, and how often is asked, is what the colleagues saw and did: of one or two of them it would tell each
    few = oe["compared_with"] + oe["not_comparable"] < circulated.FEWEST_PEOPLE
    few |= (oe["compared_with"] < circulated.FEWEST_PEOPLE) & oe["expected"].notna()
    for column in ("expected", "ratio", "lower", "upper"):
        oe[column] = oe[column].mask(few)
    oe["reason"] = oe["reason"].mask(few, f"withheld: fewer than {circulated.FEWEST_PEOPLE} colleagues to compare with")
    oe = oe.assign(label=[measures[id].label for id in oe["measure"]])
    people = total.loc[
        (total["sessions"] > 0) & (total["injector"] != "unknown"), ["clinic", "injector"]
    ].drop_duplicates()
    enough = len(people) - len(mine(people)) >= circulated.FEWEST_PEOPLE
    figure = rates(total[total["month"].isin(window)].assign(all="group"), {POOLED: measures[POOLED]}, by=["all"])
    return (
        {
            "own_sessions": sessions[sessions["month"] >= (window[0] if window else "")],
            "own_cases": _cases(asked, clinic, name),
            "own_followup": mine(completeness(counted, months=window)),
            "own_ratios": oe,
            "group_figure": figure if enough else figure.iloc[:0],
        },
        {
            "code": code,
            "period_first": window[0] if window else None,
            "period_last": window[-1] if window else None,
        },
    )


def _cases(asked: Asked, clinic: str, name: str) -> pd.DataFrame:
    """The injector's own counted episodes of the last twelve months and this one, newest first: no patient, no words."""
    own = asked.chosen.frames
    episodes = own["episodes"][own["episodes"]["counted"]]
    sessions = own["treatments"][["clinic", "session_id", "treatment_date", "injector"]]
    cases = episodes.merge(sessions, on=["clinic", "session_id"])
    cases = cases[(cases["clinic"] == clinic) & (cases["injector"] == name)]
    month = cases["reported_date"].fillna(cases["onset_date"]).dt.strftime("%Y-%m")
    cases = cases[month.between(periods.shift(asked.month, -window_months()), asked.month)]
    labels = {code: entry.label for code, entry in taxonomy.load_taxonomy().items()}
    cases = cases.assign(
        treatment_month=cases["treatment_date"].dt.strftime("%Y-%m"), label=cases["subcode"].map(labels),
        reported_date=cases["reported_date"].dt.strftime("%Y-%m-%d"),
    )  # fmt: skip
    return cases.sort_values(["reported_date", "label"], ascending=[False, True], ignore_index=True)
