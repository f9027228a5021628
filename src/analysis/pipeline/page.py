"""One frozen month to the text of its page, and what that page is made of."""

import hashlib
import json

import pandas as pd

from analysis.pipeline.kernel import Kernel
from analysis.pipeline.notebooks import execute, notebooks_folder
from analysis.pipeline.program import stamp
from analysis.pipeline.selection import selected
from analysis.report.copies import copy_page
from analysis.report.entry_words import TITLE, entry_words
from analysis.report.export import export_month
from analysis.schemas import MonthContext
from analysis.scratch import scratch
from analysis.store import Store

REPORT = "monthly_quality_report.ipynb"


def words_of(store: Store, context: MonthContext) -> pd.DataFrame | None:
    """The open entries of a director's page with the words of the log, where the page is to print them; never in the context.

    The notebook's process and the context it loads from disk never hold words.
    """
    if not context.meta["parameters"]["with_text"]:
        return None
    said = selected(store.at_hand, context.clinic).frames["events"][["clinic", "event_id", "text"]]
    listed = context.frames["look_today"]
    return listed.merge(said.rename(columns={"event_id": "entry"}), on=["clinic", "entry"], how="inner")


def made_of(context: MonthContext, *, banner: str) -> str:
    """Hash of everything a page is made of: the context, the notebook, the program with its libraries, the banner."""
    facts = [context.month, context.clinic, context.audience, context.facts, context.meta, banner, stamp()]
    whole = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    whole.update((notebooks_folder() / REPORT).read_bytes())
    for name, content in context.encoded.items():
        whole.update(name.encode() + content)
    return whole.hexdigest()


def page_and_data(
    context: MonthContext, *, banner: str, entries: pd.DataFrame | None = None, kernel: Kernel | None = None
) -> tuple[str, MonthContext]:
    """The page of a month, and the context as it was saved for it.

    The director's page is the executed notebook; the copies are short and made from the context alone. `entries` (of `words_of`)
    become a last section of the director's page.
    """
    closing = None if entries is None else (TITLE, entry_words(entries))
    with scratch("page") as folder:
        context.save(folder / "context")
        if context.audience == "director":
            executed = execute(REPORT, {"context": str(folder / "context")}, kernel=kernel)
            html = export_month(executed, context, banner=banner, closing=closing)
        else:
            html = copy_page(context, banner=banner)
        return html, MonthContext.load(folder / "context")
