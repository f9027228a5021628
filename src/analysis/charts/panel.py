"""Panels whose axes hold one tick each, moved from place to place: matplotlib makes five small drawings for every tick."""
# mypy: disable-error-code="attr-defined,union-attr,arg-type,misc,assignment,untyped-decorator"
# matplotlib's stubs leave out what it says of its own axes to those who make others

from typing import Any

import numpy as np
from matplotlib.artist import allow_rasterization
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick, XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import NullLocator

from analysis.charts import renderer
from analysis.charts.theme import theme


def panels(figure: Figure, rows: int = 1, columns: int = 1) -> list[Axes]:
    """Empty panels in a grid, row by row, with one scale across."""
    kind = Panel if renderer.TESTED else Axes
    grid = figure.subplots(rows, columns, squeeze=False, sharex=rows * columns > 1, subplot_kw={"axes_class": kind})
    return list(grid.flat)


class _Placed:
    """A tick at one place: whoever asks anything of it finds the axis's one tick there."""

    def __init__(self, tick: Any, place: float, words: str) -> None:
        self._tick, self._place, self._words = tick, place, words

    def here(self) -> Any:
        """The tick, moved to this place."""
        tick = self._tick
        if getattr(tick, "placed", None) is not self:
            tick.update_position(self._place)
            tick.label1.set_text(self._words)
            tick.label2.set_text(self._words)
            tick.placed = self
        return tick

    @property
    def label1(self) -> Text:
        """The words before the axis."""
        label: Text = self.here().label1
        return label

    @property
    def label2(self) -> Text:
        """The words behind it."""
        label: Text = self.here().label2
        return label

    def draw(self, renderer: Any) -> None:
        """Line, mark and words."""
        self.here().draw(renderer)


class _NoneYet:
    """No tick until one is asked for: how it is to look is kept by the axis, and told to a tick when it is made."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, axis: Any, _: Any) -> list[Tick]:
        found: list[Tick] = []
        axis.__dict__[self._name] = found
        return found


class _OneTick(Axis):
    """An axis that draws its ticks by one of each kind. All of them, each at its place, are there for who asks for a list."""

    majorTicks, minorTicks = _NoneYet("majorTicks"), _NoneYet("minorTicks")

    def get_major_ticks(self, numticks: int | None = None) -> list[Any]:
        """The major ticks; of a number of them, which only matplotlib asks for, the one that stands for all."""
        if numticks is not None:
            return super().get_major_ticks(min(numticks, 1))
        places = self.get_majorticklocs()
        return _all_placed(super().get_major_ticks(len(places)), places, self.major.formatter)

    def get_minor_ticks(self, numticks: int | None = None) -> list[Any]:
        """The minor ticks, as the major ones."""
        if numticks is not None:
            return super().get_minor_ticks(min(numticks, 1))
        places = self.get_minorticklocs()
        return _all_placed(super().get_minor_ticks(len(places)), places, self.minor.formatter)

    def _get_tick(self, major: bool) -> Tick:
        with theme():  # whenever it is made, it looks as the panel does
            tick: Tick = super()._get_tick(major)
        tick.set_clip_path(self.axes.patch)
        return tick

    def _copy_tick_props(self, src: Tick, dest: Tick) -> None:
        if src is not dest:  # the first of a list is its own model
            super()._copy_tick_props(src, dest)

    def _get_ticks_position(self) -> Any:
        self.get_major_ticks(1), self.get_minor_ticks(1)
        return super()._get_ticks_position()

    def _update_ticks(self) -> list[Any]:
        shown: list[_Placed] = []
        for ticker, look, places_of, ticks_of in (
            (self.major, self._major_tick_kw, self.get_majorticklocs, self.get_major_ticks),
            (self.minor, self._minor_tick_kw, self.get_minorticklocs, self.get_minor_ticks),
        ):
            if isinstance(ticker.locator, NullLocator) or not self._tick_group_visible(look):
                continue
            if len(places := places_of()):
                across = self.get_transform().transform
                ends, at = across(sorted(self.get_view_interval())), across(np.asarray(places, dtype=float))
                each = zip(places, ticker.formatter.format_ticks(places), at, strict=True)
                (tick,) = ticks_of(1)
                shown += [_Placed(tick, place, words) for place, words, where in each if _lies_within(ends, where)]
        return shown

    @allow_rasterization
    def draw(self, renderer: Any) -> None:
        """As matplotlib's own; words are only measured where a label stands beside them."""
        if not self.get_visible():
            return
        renderer.open_group(__name__, gid=self.get_gid())
        ticks = self._update_ticks()
        for tick in ticks:
            tick.draw(renderer)
        if self.get_label_text():
            self._update_label_position(renderer)
            self.label.draw(renderer)
        self.offsetText.set_text(self.major.formatter.get_offset())
        if self.offsetText.get_text():
            self._update_offset_text_position(*self._get_ticklabel_bboxes(ticks, renderer))
            self.offsetText.draw(renderer)
        renderer.close_group(__name__)
        self.stale = False


def _lies_within(ends: Any, where: float) -> bool:
    """Between the ends of an axis, or so near to one that only rounding is between; as matplotlib judges it."""
    low, high = sorted(ends)
    near = 1e-10 * (high - low)
    return bool(low - near <= where <= high + near)


def _all_placed(ticks: list[Any], places: Any, formatter: Any) -> list[Any]:
    words = formatter.format_ticks(places)
    return [_Placed(tick, *at).here() for tick, *at in zip(ticks, places, words, strict=True)]


class _Across(_OneTick, XAxis):
    """The axis below a panel."""


class _Up(_OneTick, YAxis):
    """The axis at its left."""


class Panel(Axes):
    """Axes as matplotlib makes and draws them, with axes of this module."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _Across(self, clear=False), _Up(self, clear=False)
        for axis, sides in ((self.xaxis, ("bottom", "top")), (self.yaxis, ("left", "right"))):
            for side in sides:
                self.spines[side].register_axis(axis)

    def clear(self) -> None:
        """As matplotlib's own, whose ticks, by asking where the lines around the panel stand, put them there."""
        super().clear()
        for spine in self.spines.values():
            spine.get_spine_transform()
