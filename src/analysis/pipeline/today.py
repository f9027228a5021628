"""Who needs a clinician today, as a page of its own beside the reports."""

from datetime import date
from pathlib import Path

import pandas as pd

from analysis import durable, ledger
from analysis.counting.attention import open_entries
from analysis.pipeline import publication
from analysis.pipeline.listing import index_of
from analysis.pipeline.publication import PATIENCE
from analysis.pipeline.selection import Selection, select
from analysis.report.today import today_page
from analysis.review.apply import closed_entries
from analysis.store import open_store


def who_needs(processed: Path) -> tuple[pd.DataFrame, Selection]:
    """The entries of the current store that need a clinician, in any clinic.

    And which clinics they are of: simulated ones are left out once a real one is there.
    """
    store = open_store(processed)
    chosen = select(store, None)
    own = chosen.frames
    entries = open_entries(
        own["episodes"], own["findings"], own["events"], own["set_aside"], own["injectors"],
        until=chosen.data_cut or date.max, closed=closed_entries(own["reviews"]), notes=own["notes"],
    )  # fmt: skip
    return entries, chosen


def publish_today(processed: Path, out: Path, entries: pd.DataFrame, chosen: Selection) -> Path:
    """Write `today.html` from what `who_needs` found; its path."""
    simulated = bool(chosen.clinics) and chosen.simulated
    page = today_page(entries, data_cut=chosen.data_cut.isoformat() if chosen.data_cut else "", simulated=simulated)
    with durable.writing(out, wait_seconds=PATIENCE):
        publication.settle(out, ledger.ledger_path(processed))
        durable.replace_file(out / "today.html", page.encode())
        if (out / "index.html").exists():  # what was published may count otherwise now: the list says so at once
            durable.replace_file(out / "index.html", index_of(out, processed))
    return out / "today.html"
