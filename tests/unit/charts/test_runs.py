"""Run charts and days since: the title is the finding, the text alternative its figures, and a gap is told."""

import numpy as np
import pandas as pd
import pytest
import sample_context as contexts

from analysis import charts
from analysis.charts.theme import png


def frames(measure="lid_droop"):
    full = contexts.sample().frames
    return full["run_chart_by_measure"].query("measure == @measure"), full["run_test_by_measure"].query(
        "measure == @measure"
    )


def changed(tests, **columns):
    found = tests.copy()
    for name, value in columns.items():
        found[name] = value
    return found


def test_the_title_is_the_finding():
    points, tests = frames()
    quiet = charts.run_chart(points, changed(tests, unusual=False, reason=None), measure="lid_droop")
    assert quiet.title == f"Lid droop: no lasting change over {tests['months'].iloc[0]} closed months"
    loud = charts.run_chart(points, changed(tests, unusual=True, reason=None), measure="lid_droop")
    assert loud.title.startswith("Lid droop: a lasting change is likely over")
    none = charts.run_chart(
        points, changed(tests, reason="4 closed months with sessions; twelve are needed"), measure="lid_droop"
    )
    assert none.title == "Lid droop: run rules not applied (4 closed months with sessions; twelve are needed)"


def test_the_alternative_has_the_drawn_figures_and_names_the_gap():
    points, tests = frames()
    chart = charts.run_chart(points, tests, measure="lid_droop")
    for row in points.dropna(subset=["rate"]).tail(12).to_dict("records"):
        assert f" {1000 * row['rate']:.1f}" in chart.alt
    assert f"Median {1000 * tests['centre'].iloc[0]:.1f}." in chart.alt
    assert "Without a rate: Feb 2026." in chart.alt
    assert "no rate:" in chart.data.html


def test_no_line_is_drawn_over_a_gap_and_the_spread_is_a_band():
    points, tests = frames()
    (axes,) = charts.run_chart(points, tests, measure="lid_droop").figure.axes
    months = sorted(points["month"])
    gap = months.index("2026-02")
    way = next(line for line in axes.lines if line.get_linestyle() == "-" and line.get_marker() == "None")
    drawn = dict(zip(way.get_xdata(), way.get_ydata(), strict=True))
    assert len(drawn) > 5
    assert np.isnan(drawn[gap])
    known = points.sort_values("month")["rate"].to_numpy()
    np.testing.assert_allclose([drawn.get(at, np.nan) for at in range(len(months))], 1000 * known)
    (band,) = axes.collections
    bars = {round(box.x0 + box.width / 2): box for box in (path.get_extents() for path in band.get_paths())}
    for at, row in enumerate(points.sort_values("month").to_dict("records")):
        if pd.isna(row["spread_lower"]):
            assert at not in bars
        else:
            assert bars[at].y0 == pytest.approx(1000 * row["spread_lower"])
            assert bars[at].y1 == pytest.approx(1000 * row["spread_upper"])


@pytest.mark.parametrize("narrow", [False, True])
def test_nothing_to_draw_is_said(narrow):
    for chart in (
        charts.run_chart(pd.DataFrame(), pd.DataFrame(), measure="lid_droop"),
        charts.days_since(pd.DataFrame()),
    ):
        assert len(chart.alt) > 20
        assert png(chart.narrow if narrow else chart.figure)[:4] == b"\x89PNG"
    assert "Empty run chart of Lid droop" in charts.run_chart(pd.DataFrame(), pd.DataFrame(), measure="lid_droop").alt


def test_days_since_says_longer_only_where_a_limit_says_so():
    frame = contexts.sample().frames["days_since_last"]
    assert charts.days_since(frame).title == "Too few events to say how long is usual"
    judged = frame.assign(longer_than_usual=pd.array([False] * len(frame), dtype="boolean"))
    assert charts.days_since(judged).title == f"None of {len(frame)} measures is without one for longer than usual"
    judged.loc[0, "longer_than_usual"] = True
    assert charts.days_since(judged).title == f"Longer than usual without one: {frame['label'].iloc[0]}"


def test_a_month_of_few_sessions_has_a_count_and_no_rate_in_figures():
    points, tests = frames()
    last = points.index[-1]
    few = points.assign(denominator=points["denominator"].astype("Int64"))
    few.loc[last, ["numerator", "denominator", "rate"]] = [2, 46, 2 / 46]
    chart = charts.run_chart(few, tests, measure="lid_droop")
    assert "too few for a rate" in chart.data.html
    assert "2 of 46" in chart.alt
    assert "43.5" not in chart.alt + chart.data.html
    assert "under 100 sessions" in chart.caption


def test_only_what_is_drawn_is_explained():
    points, tests = frames()
    bare = charts.run_chart(
        points.assign(spread_lower=pd.NA, spread_upper=pd.NA), changed(tests, centre=pd.NA), measure="lid_droop"
    )
    assert "median" not in bare.caption
    assert "grey band" not in bare.caption
    assert "median" in charts.run_chart(points, tests, measure="lid_droop").caption
