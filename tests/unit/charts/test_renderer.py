"""Words drawn with a memory are matplotlib's own, to the byte, and panels of one tick are panels of many."""

import random
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import sample_context as contexts
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from analysis import charts
from analysis.charts import renderer, theme
from analysis.charts.panel import panels
from analysis.charts.renderer import Canvas

WORDS = [
    "Oct\n2026",
    "31 of 5,210 · 6.0 (4.1 to 8.4)",
    "Čílá ž€ \U0001f600",
    "a $5 cream_2^x",
    "AVAVA fi ffl",
    "",
    " ",
    "x" * 90,
]
FRAMES: dict[str, Callable[[Any], charts.Chart]] = {
    "rates_by_month": charts.rates_over_months,
    "activity": charts.sessions_per_month,
    "rates_by_treatment_type": charts.frequency_by_treatment_type,
    "counts_by_category": charts.counts_by_category,
    "severity_by_category": charts.severity_by_category,
}


def written(canvas: type[FigureCanvasAgg], seed: int) -> bytes:
    """Words at places between the pixels, turned and of several sizes, as drawn on this kind of canvas."""
    chance = random.Random(seed)
    figure = Figure(figsize=(4, 3), dpi=chance.choice([96, 192]))
    drawn = canvas(figure)
    with theme.theme():
        for words in WORDS:
            font = FontProperties(size=chance.choice([7.0, 8.5, 9.0]), weight=chance.choice(["normal", "bold"]))
            text = figure.text(
                chance.random(), chance.random(), words, fontproperties=font, rotation=chance.choice([0, 0, 30, 90])
            )
            text.set(ha=chance.choice(["left", "center", "right"]), va=chance.choice(["top", "center", "baseline"]))
            text.set(antialiased=chance.random() > 0.1, parse_math=chance.random() < 0.1 and "$" not in words)
        drawn.draw()
    return bytes(drawn.buffer_rgba())


def test_words_are_matplotlibs_own_to_the_byte_the_first_time_and_again() -> None:
    for kept in renderer._kept.values():
        kept.clear()
    for seed in range(8):
        plain = written(FigureCanvasAgg, seed)
        assert written(Canvas, seed) == plain
        assert written(Canvas, seed) == plain, "from memory"
    assert renderer._kept["inks"]
    assert renderer._kept["lines"]
    assert renderer._kept["extents"]


def test_this_is_the_matplotlib_it_was_tested_with() -> None:
    assert renderer.TESTED


def test_a_full_memory_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    for kept in renderer._kept.values():
        kept.clear()
    monkeypatch.setattr(renderer, "_MOST", dict.fromkeys(renderer._MOST, 5))
    assert written(Canvas, 1) == written(FigureCanvasAgg, 1)
    assert all(len(kept) <= 5 for kept in renderer._kept.values())


@pytest.mark.parametrize("name", FRAMES)
def test_a_chart_is_drawn_as_matplotlibs_own_axes_and_letters_draw_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = FRAMES[name](contexts.sample().frames[name])
    ours = chart.png(), theme.png(chart.narrow)
    monkeypatch.setattr(renderer, "TESTED", False)
    plain = FRAMES[name](contexts.sample().frames[name])
    assert (plain.png(), theme.png(plain.narrow)) == ours


def test_minor_ticks_scales_and_offsets_are_drawn_as_matplotlibs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn() -> bytes:
        with theme.theme():
            figure = theme.new_figure(6, 5)
            log, far, empty, pair = panels(figure, 2, 2)
            log.set_xscale("log")
            log.set_xlim(0.5, 300)
            far.set_ylim(1_000_000.1, 1_000_000.4)
            far.set_ylabel("far away")
            far.grid(axis="both", which="both")
            far.minorticks_on()
            empty.set_yticks([])
            pair.tick_params(axis="both", top=True, labeltop=True, labelsize=6, rotation=30)
        return theme.png(figure)

    ours = drawn()
    monkeypatch.setattr(renderer, "TESTED", False)
    assert drawn() == ours


def test_who_asks_for_ticks_gets_all_each_at_its_place_with_its_words() -> None:
    with theme.theme():
        figure = theme.new_figure(4, 3)
        (axes,) = panels(figure)
        axes.set_xlim(0, 10)
        axes.set_xticks([1, 5, 9], ["one", "five", "nine"])
        theme.png(figure)
        axes.minorticks_on()
    assert [label.get_text() for label in axes.get_xticklabels()] == ["one", "five", "nine"]
    assert [label.get_position()[0] for label in axes.get_xticklabels()] == [1, 5, 9]
    assert len(axes.xaxis.get_gridlines()) == 3
    assert axes.xaxis.get_ticks_position() == "bottom"
    assert len(axes.get_xticklabels(minor=True)) == len(axes.get_xticks(minor=True)) > 3


def test_a_tick_that_is_made_late_does_not_look_like_a_readers_own_settings() -> None:
    figure = theme.new_figure(4, 3)
    with theme.theme():
        (axes,) = panels(figure)
    with mpl.rc_context({"xtick.color": "red", "xtick.labelsize": 20}):
        figure.canvas.draw()
    (label, *_) = axes.get_xticklabels()
    assert label.get_color() == theme.QUIET
    assert np.isclose(label.get_fontsize(), 8.5)
