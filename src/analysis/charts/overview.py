"""Every measure by treatment type at a glance: one grid of numbers, shaded by the rate; for notebooks."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.layout import MeasuredOnce
from analysis.charts.theme import INK, blues, label, message_figure, new_figure, theme
from analysis.report.rates import Rate
from analysis.tables import Row, as_table, plain

_WIDTH = 7.8
_SHADES = 6
"""The shades on which ink can be read at 4.5:1; on those between them and the darkest neither ink nor white can."""


def measures_by_treatment_type(frame: pd.DataFrame, *, period: str = "") -> Chart:
    """`rates_by_treatment_type` as a grid: a row per measure, a column per type, the rate per 1,000 written in each cell.

    Cells without a rate (under 100 sessions, no log) say "k of n" or no rate, and are not shaded.
    """
    rows = frame.to_dict("records") if len(frame) else []
    measures = list(dict.fromkeys(plain(str(row["label"])) for row in rows))
    types = list(dict.fromkeys(plain(str(row["type_label"])) for row in rows))
    when = f", {plain(period)}" if period else ""
    said = {(plain(str(row["label"])), plain(str(row["type_label"]))): Rate.of(row) for row in rows}
    table = pd.DataFrame([{"Measure": m, **{t: _words(said.get((m, t))) for t in types}} for m in measures])
    return Chart(
        draw=partial(_draw, said, measures, types),
        wide_only=True,
        title=f"All measures by treatment type: {_finding(rows)}",
        alt=f"Grid of rates per 1,000 sessions, {len(measures)} measures by {len(types)} treatment types{when}. "
        + " ".join(f"{m}: " + "; ".join(f"{t} {_words(said.get((m, t)))}" for t in types) + "." for m in measures),
        data=as_table(table, caption=f"Rates per 1,000 sessions by measure and treatment type{when}"),
        caption="Per 1,000 sessions of the type (of sessions at risk for lid droop and chewing). Darker is more often reported, "
        "which also depends on who is asked. Types are not adjusted for each other's areas and doses.",
        id="chart-measures-by-treatment-type",
    )


def _words(rate: Rate | None) -> str:
    return (
        "no sessions" if rate is None else rate.value if rate.drawn else rate.count if rate.kind == "few" else "no rate"
    )


def _finding(rows: list[Row]) -> str:
    shown = sum(1 for row in rows if Rate.of(row).drawn)
    return f"{shown} of {len(rows)} have enough sessions for a rate" if rows else "nothing to show"


def _draw(
    said: dict[tuple[str, str], Rate], measures: Sequence[str], types: Sequence[str], *, narrow: bool = False
) -> Figure:
    if not said:
        return message_figure("No closed month to show.", _WIDTH)
    import seaborn as sns  # only this figure needs it, and it takes two seconds to load
    from matplotlib.colors import ListedColormap

    shown = [[said.get((m, t)) for t in types] for m in measures]
    values = np.array([[(r.rate or 0) * r.per if r and r.drawn else np.nan for r in row] for row in shown], dtype=float)
    text = np.array([[label(_words(r), 12) for r in row] for row in shown], dtype=object)
    with theme():
        figure = new_figure(_WIDTH, 0.9 + 0.42 * len(measures))
        axes = figure.subplots()
        shades = ListedColormap(blues()[:_SHADES])
        filled = np.where(np.isnan(values), 0.0, values)
        sns.heatmap(
            filled, ax=axes, annot=text, fmt="", cmap=shades, cbar=False, linewidths=1.5, annot_kws={"size": 8, "color": INK},
            xticklabels=[label(t, 12) for t in types], yticklabels=[label(m, 24) for m in measures],
        )  # fmt: skip
        axes.tick_params(length=0, rotation=0)
        # seaborn drew the figure, and so placed the panel, before its labels lay down
        figure.set_layout_engine(MeasuredOnce())
    return figure
