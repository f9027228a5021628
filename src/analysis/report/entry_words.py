"""The words of the entries that need a clinician, for the director's own page when they are asked for (`--with-text`)."""

import pandas as pd

from analysis.report.cases import who_and_what
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import day
from analysis.report.words import level
from analysis.tables import Column, make_table, plain, words

TITLE = "Words of the open entries"
_LONGEST = 2000


def entry_words(entries: pd.DataFrame) -> Fragment:
    """Each open entry with the words of the log, escaped and inert.

    `entries`: clinic, entry, label, triage, status, linked, reported_date, text.
    """
    return fragment(
        paragraph(
            "Confidential: the words of the logs, printed because they were asked for. Do not pass this page on."
        ),
        make_table(
            entries,
            [
                *who_and_what("Entry", "Read as"),
                Column("Look", lambda row: level(row["triage"])),
                Column("Reported", lambda row: day(row["reported_date"]), whole=True),
                Column("Words of the log", lambda row: plain(words(row["text"]), _LONGEST)),
            ],
            caption="Entries of level now or today, and unreadable ones, in the words of the log",
            id="table-entry-words",
            empty="No open entry has words in the store.",
            note="Rows that were set aside are not here: their words are not stored. Look at the file and row that are named.",
        ),
    )
