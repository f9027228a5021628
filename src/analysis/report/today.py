"""`reports/today.html`: who needs a clinician now, made right after reading the logs and before any counting."""

import pandas as pd

from analysis.report.attention import attention_table
from analysis.report.fragment import fragment, paragraph
from analysis.report.numbers import count, day
from analysis.report.shell import make_page, plain_page
from analysis.report.words import plural

EXPLAIN = (
    "Every entry of level now or today is listed, whatever its status, until a named person closes it (ae review). "
    "Free text and patient keys stay in the log."
)


def today_page(frame: pd.DataFrame, *, data_cut: str, simulated: bool) -> str:
    """The page of open entries (`look_today` columns, already sorted); free text is not among its columns."""
    levels = frame["triage"].value_counts() if len(frame) else pd.Series(dtype="int64")
    now, today, unread = (int(levels.get(level, 0)) for level in ("now", "today", "unread"))
    lead = f"{plural(now + today, 'entry needs', 'entries need')} a clinician: {count(now)} now, {count(today)} today."
    if not now and not today:
        lead = "No entry that could be read needs a clinician, in the logs received."
    unreadable = f"{plural(unread, 'more entry', 'more entries')} could not be read." if unread else ""
    page = make_page("Adverse events: look today", subtitle=f"Data to {day(data_cut)}", simulated=simulated, tools=True)
    body = fragment(paragraph(lead, unreadable, kind="lead"), paragraph(EXPLAIN), attention_table(frame))
    return plain_page(page, body.html)
