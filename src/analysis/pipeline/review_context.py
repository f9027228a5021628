"""What the notebook on coding shows: the month, and how far its readings can be relied on."""

import pandas as pd

from analysis import ledger
from analysis.coding.uncoded import uncoded_words
from analysis.pipeline.context import month_context, stored_below
from analysis.pipeline.recorded import recorded
from analysis.pipeline.review import Waiting, waiting
from analysis.pipeline.review_import import agreement
from analysis.pipeline.selection import select
from analysis.review.agreement import reviewer_pairs
from analysis.schemas import MonthContext
from analysis.store import open_store

_NO_PAIR = {"reviewers": "str", "of": "str", "label": "str", "n": "int64", "agreed": "int64", "kappa": "float64"}


def review_context(
    *,
    processed: str = "data/processed",
    month: str | None = None,
    clinic: str | None = None,
    audience: str = "director",
) -> MonthContext:
    """The month's context with three frames more: `queue_by_reason`, `agreement_by_reviewers`, `uncoded_words`.

    None of them holds a text, an entry's id or a patient. Raises as `month_context` does.
    """
    found = stored_below(processed)
    ctx = month_context(processed=str(found), month=month, clinic=clinic, audience=audience)
    store = open_store(found)
    chosen = select(store, clinic)
    made = recorded(ledger.ledger_path(found))
    events = chosen.frames["events"]
    own = made.made[made.made["clinic"].isin(chosen.clinics)]
    ctx.frames["queue_by_reason"] = queue_by_reason(waiting(store, chosen, made))
    ctx.frames["agreement_by_reviewers"] = _by_reviewers(own)
    ctx.frames["uncoded_words"] = uncoded_words(events["text"], events["patient_key"].fillna(events["event_id"]))
    return ctx


def queue_by_reason(found: Waiting) -> pd.DataFrame:
    """How many rows of a review file wait for each reason: sheet, reason (joined where a row has several), rows."""
    told = found.rows.groupby(["rank", "kind", "label"], sort=True).size().rename("rows").reset_index()
    levels = found.open["triage"].value_counts().rename_axis("label").rename("rows").reset_index()
    open_rows = levels.assign(kind="entry", label="Open: " + levels["label"].astype("str"))
    both = pd.concat([told.drop(columns="rank"), open_rows], ignore_index=True)
    return both.rename(columns={"label": "reason"})[["kind", "reason", "rows"]]


def _by_reviewers(made: pd.DataFrame) -> pd.DataFrame:
    parts = [agreement(pair).assign(reviewers=f"{pair.first} and {pair.second}") for pair in reviewer_pairs(made)]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _NO_PAIR.items()})
    both = pd.concat(parts, ignore_index=True)
    return both[(both["label"] == "all") | (both["first"].fillna(0) + both["second"].fillna(0) > 0)].reset_index(
        drop=True
    )
