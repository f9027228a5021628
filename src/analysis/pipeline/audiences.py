"""What the audiences other than the director get of a month: their frames and facts, before disclosure takes its look."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from analysis import ledger, periods, taxonomy
from analysis.counting import circulated
from analysis.counting.casemix import observed_expected
from analysis.counting.disclosure import kind_of
from analysis.counting.exposure import grid
from analysis.counting.rates import rates
from analysis.counting.summaries import TYPE_LABELS
from analysis.counting.suppression import UP_TO_7_ROUNDED as ROUNDED
from analysis.counting.suppression import Rule, protect
from analysis.errors import NothingToReport
from analysis.keys import load_key
from analysis.measures import POOLED, load_measures
from analysis.pipeline.asked import Asked, Found
from analysis.pipeline.decisions import case_summaries
from analysis.pipeline.own_copy import own_copy
from analysis.pipeline.shared_periods import published_period


def copy_frames(asked: Asked) -> Found:
    """Frames and facts of a copy for somebody else than the director."""
    makers: dict[str, Callable[[Asked], Found]] = {"committee": _committee, "shared": _shared, "injector": own_copy}
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
