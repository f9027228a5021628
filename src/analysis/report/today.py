"""`reports/today.html`: who needs a clinician now, made right after reading the logs and before any counting."""

import pandas as pd

from analysis.report.attention import attention_table, newest_first
from analysis.report.fragment import fragment, paragraph
from analysis.report.numbers import count, day
from analysis.report.shell import make_page, plain_page
from analysis.report.words import plural

EXPLAIN = (
    "Every entry of level now or today is listed, whatever its status, until a named person closes it. "
    "Free text and patient keys stay in the log."
)


def today_page(frame: pd.DataFrame, *, data_cut: str, simulated: bool) -> str:
    """The page of open entries (`look_today` columns), most pressing first; free text is not among its columns."""
    levels = frame["triage"] if len(frame) else pd.Series(dtype=str)
    now, today = int((levels == "now").sum()), int((levels == "today").sum())
    if now or today:
        needs = "needs" if now + today == 1 else "need"
        lead = f"{plural(now + today, 'entry', 'entries')} {needs} a clinician: {count(now)} now, {count(today)} today."
    else:
        lead = "No entry in the logs received needs a clinician."
    page = make_page("Adverse events: look today", subtitle=f"Data to {day(data_cut)}", simulated=simulated)
    body = fragment(paragraph(lead, kind="lead"), paragraph(EXPLAIN), attention_table(newest_first(frame)))
    return plain_page(page, body.html)
