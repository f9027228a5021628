import re
from dataclasses import FrozenInstanceError
from io import BytesIO

import matplotlib as mpl
import pandas as pd
import pytest
import sample_context as contexts
from drawn import assert_nothing_is_cut
from matplotlib.colors import to_hex
from PIL import Image
from sample_context import block, typed

from analysis import charts
from analysis.charts import theme

CALLS = {
    "rates_by_treatment_type": charts.frequency_by_treatment_type,
    "rates_by_area": charts.frequency_by_area,
    "rates_by_product": charts.frequency_by_product,
    "rates_by_injector": charts.frequency_by_injector,
    "rates_by_month": charts.rates_over_months,
    "activity": charts.sessions_per_month,
    "counts_by_category": charts.counts_by_category,
    "onset_by_category": lambda frame: charts.onset_by_category(
        frame, contexts.sample().frames["onset_days_by_category"]
    ),
    "recovery_by_category": charts.recovery_by_category,
    "severity_by_category": charts.severity_by_category,
    "followup_mix_by_clinic": charts.followup_by_clinic,
    "lag_by_clinic": charts.reporting_lag,
    "funnel_by_injector": lambda frame: charts.funnel_by_injector(frame, contexts.sample().frames["funnel_limits"]),
}


def variants(name):
    frame = contexts.sample().frames[name]
    yield "sample", frame
    yield "no rows", frame.iloc[0:0]
    yield "no columns", pd.DataFrame()
    yield "one row", frame.iloc[0:1]
    numbers = [
        c
        for c in (
            *("numerator", "denominator", "rate", "lower", "upper", "sessions", "episodes", "linked", "unlinked"),
            *("dated", "median", "q1", "q3", "share", "p90", "ratio"),
        )
        if c in frame
    ]
    gone = frame.copy()
    gone[numbers] = pd.NA if "rate" not in frame else None
    yield "all missing", gone
    zero = frame.copy()
    zero[[c for c in numbers if c != "denominator"]] = 0
    yield "all zero", zero
    yield "hostile", contexts.hostile().frames[name]


@pytest.mark.thorough
@pytest.mark.parametrize("name", CALLS)
def test_every_chart_survives_every_frame(name):
    for case, frame in variants(name):
        chart = CALLS[name](frame)
        assert chart.png()[:4] == b"\x89PNG", case
        assert chart.narrow is not None
        assert theme.png(chart.narrow)[:4] == b"\x89PNG", case
        for text in (chart.title, chart.alt, chart.caption):
            assert text.strip(), case
            assert not re.search(r"\bnan\b|\bNaN\b|<NA>|\bNone\b", text), (case, text)
        assert chart.alt != chart.title
        html = chart.to_html()
        assert '<details class="data" open>' in html
        assert "<script" not in html
        assert "<img src=x" not in html
        assert chart.data.html in html


@pytest.mark.thorough
@pytest.mark.parametrize("name", CALLS)
def test_same_frame_same_bytes_whatever_the_reader_set_up(name):
    frame = contexts.sample().frames[name]
    first = CALLS[name](frame)
    with mpl.rc_context({"font.size": 30, "axes.grid": True, "text.parse_math": True, "axes.facecolor": "pink"}):
        second = CALLS[name](frame)
        assert second.png() == first.png()
    assert second.to_html() == first.to_html()


@pytest.mark.parametrize("name", CALLS)
def test_a_phone_gets_its_own_drawing(name):
    chart = CALLS[name](contexts.sample().frames[name])
    html = chart.to_html()
    assert '<source media="(max-width: 600px)"' in html
    narrow = Image.open(BytesIO(theme.png(chart.narrow)))
    assert narrow.width <= 2 * 330
    assert Image.open(BytesIO(chart.png())).getpixel((0, 0)) is not None
    for figure in (chart.figure, chart.narrow):
        assert_nothing_is_cut(figure)


def test_notebooks_get_html_and_a_picture_with_our_alternative():
    chart = charts.counts_by_category(contexts.sample().frames["counts_by_category"])
    data, metadata = chart._repr_mimebundle_()
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert metadata["image/png"]["alt"] == chart.alt
    with pytest.raises(FrozenInstanceError):
        chart.title = "x"


def test_injectors_stand_in_code_order_with_n_and_interval_and_the_sentence():
    frame = contexts.sample().frames["rates_by_injector"]
    chart = charts.frequency_by_injector(frame.iloc[::-1], measure="any_reaction")
    codes = re.findall(r"I\d\d", chart.alt)
    assert codes == sorted(codes)
    assert len(codes) == 12
    assert "I02: 24 of 540; 44.4 per 1,000 (28.7 to 65.4)" in chart.alt
    assert "A difference in counts is a question, not a finding of fault." in chart.caption
    assert not re.search(r"I\d\d", chart.title)


def test_a_few_sessions_are_words_not_a_mark():
    chart = charts.frequency_by_treatment_type(contexts.sample().frames["rates_by_treatment_type"])
    assert "Hair and scalp: 2 of 41;" in chart.alt
    assert "Not stated: 0 of 0; no rate: no sessions" in chart.alt
    assert "too few for a rate" in chart.data.html


def test_measure_is_chosen_by_its_id():
    frame = contexts.sample().frames["rates_by_month"]
    assert charts.rates_over_months(frame, measure="lid_droop").title.startswith(
        "Lid droop, newest closed month (August 2026):"
    )
    assert (
        "nothing to show"
        in charts.frequency_by_area(contexts.sample().frames["rates_by_area"], measure="no such").title
    )


def test_gaps_stay_gaps_and_zero_stays_zero():
    rows = [("2026-01", 0, 300), ("2026-02", 5, 310), ("2026-05", 2, 300)]
    frame = typed(
        [{"measure": "m", "label": "Any", "month": m, **block(k, n, provisional=m == "2026-05")} for m, k, n in rows]
    )
    chart = charts.rates_over_months(frame)
    assert "Jan 2026 0 (up to 12.2)" in chart.alt
    assert "Months without a rate: 2." in chart.alt
    assert re.search(r"March 2026</th><td[^>]*>\[x\]", chart.data.html)
    assert "February 2026" in chart.title, "the provisional month is not the newest closed one"


def test_long_histories_are_cut_and_it_is_said():
    frame = contexts.sample().frames["rates_by_month"]
    chart = charts.rates_over_months(frame, newest=6)
    assert "Shown are the newest 6 of 18 months." in chart.caption
    assert "May 2025" not in chart.data.html


def test_a_missing_log_is_no_zero():
    chart = charts.sessions_per_month(contexts.sample().frames["activity"])
    assert "[x]" in chart.data.html
    frame = contexts.sample().frames["activity"]
    until = charts.sessions_per_month(frame[frame["month"] <= "2026-09"])
    assert until.title.endswith("no treatments log for September 2026 from Northgate")
    assert "Northgate no log" in until.alt


def contrast(colour: str) -> float:
    def light(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (light(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_contrast_on_white():
    for text in (theme.INK, theme.QUIET):
        assert contrast(text) >= 4.5
    for mark in (theme.MARK, theme.SOFT):
        assert contrast(mark) >= 3


def test_numbers_in_the_grid_stand_out_from_their_cells_and_no_label_is_cut():
    """The darkest cell included: its row has the greatest rate of all."""
    chart = charts.measures_by_treatment_type(contexts.sample().frames["rates_by_treatment_type"])
    axes = chart.figure.axes[0]
    cells = [to_hex(colour) for colour in axes.collections[0].get_facecolors()]
    words = [to_hex(text.get_color()) for text in axes.texts]
    assert len(words) == len(cells) > 10
    assert len(set(cells)) > 2
    assert_nothing_is_cut(chart.figure)
    ratios = [contrast(word) / contrast(cell) for word, cell in zip(words, cells, strict=True)]
    assert min(max(one, 1 / one) for one in ratios) >= 4.5


def test_the_funnel_names_nobody_in_its_title_and_stands_in_code_order():
    frame = contexts.sample().frames["funnel_by_injector"]
    chart = charts.funnel_by_injector(frame.iloc[::-1], contexts.sample().frames["funnel_limits"])
    assert not re.search(r"I\d\d", chart.title)
    codes = re.findall(r"I\d\d", chart.alt)
    assert codes == sorted(codes)
    assert len(codes) == len(frame)
    assert "A difference in counts is a question, not a finding of fault." in chart.caption
    said = chart.title + chart.alt + chart.caption + chart.data.html
    assert not re.search(r"high95|high998|low95|inside|outlier|above|below|too many|too few", said)


def test_observed_and_expected_stand_beside_an_injector_and_the_group_as_a_line():
    frames = contexts.sample().frames
    oe = pd.DataFrame([
        {"measure": "any_reaction", "clinic": "Eastbank", "code": "I01", "observed": 7, "expected": 9.25},
        {"measure": "any_reaction", "clinic": "Eastbank", "code": "I02", "observed": 0, "expected": None},
    ])  # fmt: skip
    group = pd.DataFrame([{"measure": "any_reaction", **block(186, 6190)}])
    chart = charts.frequency_by_injector(frames["rates_by_injector"], oe=oe, group=group)
    assert "observed / expected 7 / 9.2" in chart.alt
    assert chart.alt.count("observed / expected") == 1
    assert "Line over all rows, all: 30.0 per 1,000." in chart.alt
    assert "Observed / expected, per course" in chart.data.html


def test_a_published_line_says_what_it_is_of_and_per_patient_ones_are_never_drawn():
    frame = contexts.sample().frames["rates_by_treatment_type"]
    chart = charts.frequency_by_treatment_type(frame)
    for part in ("160 per 1,000 sessions", "pooled trials", "4,268 sessions", "Zargaran"):
        assert part in chart.caption
    assert "published: 160 per 1,000" in chart.alt
    droop = charts.frequency_by_treatment_type(frame, measure="lid_droop")
    assert "ublished" not in droop.caption + droop.alt
    assert "ublished" not in charts.frequency_by_injector(contexts.sample().frames["rates_by_injector"]).alt
