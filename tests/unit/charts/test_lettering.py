"""Letters that are remembered make the same picture as matplotlib's own canvas, which looks at each anew."""

from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis.charts.lettering import Canvas
from analysis.charts.theme import PIXELS_PER_INCH, theme

WORDS = st.text(st.sampled_from("aAfgjlÄß€ 0189.,–/%ff日\u200b$_^"), min_size=1, max_size=12)
PLACES = st.floats(0.05, 0.9)


def _drawn(canvas: Callable[[Figure], FigureCanvasAgg], draw: Callable[[Figure], object], dpi: int) -> np.ndarray:
    with theme():
        figure = Figure(figsize=(2.0, 1.0))
        draw(figure)
        figure.set_dpi(dpi)
        own = canvas(figure)
        own.draw()
        return np.asarray(own.buffer_rgba()).copy()


def _same(draw: Callable[[Figure], object], *, dpi: int = PIXELS_PER_INCH) -> np.ndarray:
    plain, ours = (_drawn(canvas, draw, dpi) for canvas in (FigureCanvasAgg, Canvas))
    np.testing.assert_array_equal(ours, plain)
    return ours


@given(
    words=st.lists(st.tuples(PLACES, PLACES, WORDS), min_size=1, max_size=4),
    size=st.sampled_from([7.0, 7.5, 9.0]), dpi=st.sampled_from([72, PIXELS_PER_INCH]),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_words_anywhere(words: list[tuple[float, float, str]], size: float, dpi: int) -> None:
    def draw(figure: Figure) -> None:
        for x, y, one in words:
            figure.text(x, y, f"{one}\n{one}", size=size, va="center", ha="right" if x > 0.5 else "left")

    _same(draw, dpi=dpi)


def test_turned_bold_formulas_and_boxes() -> None:
    def draw(figure: Figure) -> None:
        figure.text(0.1, 0.2, "turned", rotation=30)
        figure.text(0.5, 0.2, "bold", weight="bold")
        figure.text(0.1, 0.7, "$x^2$", parse_math=True)
        figure.text(0.5, 0.7, "in a box", bbox={"facecolor": "white"}, color="#12436d")
        figure.text(0.7, 0.4, "pale", alpha=0.4)

    assert len(np.unique(_same(draw).reshape(-1, 4), axis=0)) > 10, "something was drawn"


def test_a_panel_with_marks_and_legend() -> None:
    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([0, 1, 2], [3, 1, 2], label="events")
        axes.set_title("Lid droop")
        axes.legend()

    _same(draw)


def test_every_letter_at_every_part_of_a_pixel() -> None:
    def draw(figure: Figure) -> None:
        for part in range(64):
            figure.text((5 + 4 * part + part / 64) / 384, (5 + 2 * part + (63 - part) / 64) / 192, "8")

    _same(draw)
