"""Published percentages beside the clinics' own: never without what they are of, per what they count, and their source."""

import pandas as pd

from analysis.measures import load_measures, reference_lines
from analysis.report.numbers import count, is_missing
from analysis.tables import Column, Row, Table, make_table


def published() -> Table:
    """The published percentages of measures.toml; those counted per patient say that they do not belong beside rates per session."""
    labels = {name: measure.label for name, measure in load_measures().items()}
    lines = [line for per in ("session", "patient") for line in reference_lines(per=per)]
    frame = pd.DataFrame([{**line.__dict__, "label": labels[line.measure]} for line in lines])
    return make_table(
        frame,
        [
            Column("Measure", "label"),
            Column("Published", lambda row: f"{row['percent']:g} %", number=True),
            Column("Of", _of, number=True),
            Column("What was counted", "what"),
            Column("Source", "source"),
        ],
        caption="Published percentages, and what they are of",
        id="table-published",
        note="Other patients, other ways of asking. What was counted per patient is not to be held against a rate per session.",
    )


def _of(row: Row) -> str:
    if is_missing(row.get("of")):
        return f"per {row['per']}"
    events = "" if is_missing(row.get("events")) else f"{count(row['events'])} of "
    return f"{events}{count(row['of'])} {row['per']}s"
