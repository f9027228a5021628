"""Room around the panels of a figure: measured once, where matplotlib's own constrained layout measures everything twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.text import Text

_PAD = 3 / 72
"""Inches of white around each panel with all that belongs to it."""
_LEAST = 0.1
"""A panel keeps this share of its place, whatever stands around it."""


@dataclass(frozen=True)
class _Side:
    """One direction of a panel in pixels: what sticks out of it before and after, and the words that move with its size.

    A word stands at a share of the panel's length and reaches from there to two distances, whatever the length is.
    """

    before: float
    after: float
    words: Sequence[tuple[float, float, float]]

    def margins(self, length: float) -> tuple[float, float]:
        """What sticks out before and after a panel of this length."""
        low = min((at * length + first for at, first, _ in self.words), default=0.0)
        high = max((at * length + last - length for at, _, last in self.words), default=0.0)
        return max(self.before, -low), max(self.after, high)


class MeasuredOnce(LayoutEngine):
    """Panels of one grid, all of one size, as large as their labels, titles and words and the figure's legend at the top leave room."""

    _adjust_compatible = False
    _colorbar_gridspec = False

    def __init__(self) -> None:
        super().__init__()
        self._done = False

    def execute(self, fig: Figure) -> None:
        """Place the panels, the first time the figure is drawn."""
        panels = [axes for axes in fig.axes if axes.get_subplotspec() is not None]
        if self._done or not panels:
            return
        self._done = True
        renderer = fig.canvas.get_renderer()  # type: ignore[attr-defined]
        pad = _PAD * fig.dpi
        across, down = [], []
        for axes in panels:
            _settle_words(axes)
            spec = axes.get_subplotspec()
            wide, high = _sides(axes, renderer)
            across.append((spec.colspan.start, wide))  # type: ignore[union-attr]
            down.append((spec.get_gridspec().nrows - 1 - spec.rowspan.start, high))  # type: ignore[union-attr]
        legends = sum(legend.get_window_extent(renderer).height + 2 * pad for legend in fig.legends)
        width, height = fig.bbox.width, fig.bbox.height
        columns, broad = _places(across, width, pad)
        rows, tall = _places(down, height - legends, pad)
        for axes, (column, _), (row, _) in zip(panels, across, down, strict=True):
            axes.set_position((columns[column] / width, rows[row] / height, broad / width, tall / height))


def _settle_words(axes: Axes) -> None:
    """Say where labels without words stand: looking for their place measures every tick of the panel again (so do titles)."""
    for axis in (axes.xaxis, axes.yaxis):
        if not axis.get_label_text():
            axis.set_label_coords(0.0, 0.0)


def _sides(axes: Axes, renderer: RendererBase) -> tuple[_Side, _Side]:
    """What sticks out of a panel to left and right, and to bottom and top."""
    loose = [line for line in axes.lines if not line.get_clip_on() and np.size(line.get_xdata())]
    panel = axes.get_window_extent(renderer)
    around = axes.get_tightbbox(renderer, bbox_extra_artists=loose, for_layout_only=True) or panel
    words = [(_anchor(text), text.get_window_extent(renderer)) for text in axes.texts if text.get_text()]
    return (
        _Side(
            panel.x0 - around.x0, around.x1 - panel.x1,
            [((x - panel.x0) / panel.width, box.x0 - x, box.x1 - x) for (x, _), box in words],
        ),
        _Side(
            panel.y0 - around.y0, around.y1 - panel.y1,
            [((y - panel.y0) / panel.height, box.y0 - y, box.y1 - y) for (_, y), box in words],
        ),
    )  # fmt: skip


def _anchor(text: Text) -> tuple[float, float]:
    x, y = text.get_transform().transform(text.get_unitless_position())
    return float(x), float(y)


def _places(sides: Iterable[tuple[int, _Side]], whole: float, pad: float) -> tuple[list[float], float]:
    """Where each column (or row, from the bottom) of panels begins, and how long every panel is."""
    by_place: dict[int, list[_Side]] = {}
    for place, side in sides:
        by_place.setdefault(place, []).append(side)
    count = max(by_place) + 1
    length = whole / count
    for _ in range(8):  # words that move with the panel: the length settles after a few rounds
        margins = {
            place: [max(parts) + pad for parts in zip(*(side.margins(length) for side in own), strict=True)]
            for place, own in by_place.items()
        }
        length = max((whole - sum(map(sum, margins.values()))) / count, _LEAST * whole / count)
    begins, at = [], 0.0
    for place in range(count):
        before, after = margins.get(place, (pad, pad))
        begins.append(at + before)
        at += before + length + after
    return begins, length
