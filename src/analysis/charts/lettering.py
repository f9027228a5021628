"""The letters of figures: words are measured and laid out, and letters shaded, once for each size, however often a page has them.

Every picture is the same to the byte as matplotlib's own canvas makes it (a test holds them together); words are a third of the time a
page takes to draw, and months, shares and counts come again in every panel of every figure.
"""

import threading
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import RenderMode

_WORDS, _LETTERS = 4_096, 16_384
_UPRIGHT = ((0x10000, 0), (0, 0x10000))
_PIXEL = 64
"""Parts of a pixel in which the places of letters are told."""

_Laid = tuple[tuple[Any, int, float, float], ...]
_Shade = tuple[npt.NDArray[Any], int, int]


class Canvas(FigureCanvasAgg):
    """matplotlib's canvas with letters that are remembered."""

    _made: "tuple[tuple[int, int, float], Renderer] | None" = None

    def get_renderer(self) -> "Renderer":
        """The renderer for the figure's present size."""
        width, height = self.get_width_height(physical=True)
        key = (width, height, float(self.figure.dpi))
        if self._made is None or self._made[0] != key:
            self._made = (key, Renderer(width, height, self.figure.dpi))  # type: ignore[no-untyped-call]
        return self._made[1]


class Renderer(RendererAgg):
    """matplotlib's renderer with letters that are remembered; turned words and formulas are left to it."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Size of a word in pixels."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)  # type: ignore[no-untyped-call,no-any-return]
        return _measured(s, prop.copy(), self.dpi, _hinting(), threading.get_ident())

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float | None, float | None, float | None]:
        """What matplotlib asks a renderer for, before it looks into the tables of the font: ascent, descent, gap between lines."""
        return _heights(prop.copy(), self.dpi, threading.get_ident())

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:  # fmt: skip
        """Draw a word with the left end of its base line at x, y (pixels from the upper left corner)."""
        if angle or ismath or (mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())):
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
            return
        hinting, smooth, size = _hinting(), bool(gc.get_antialiased()), prop.get_size_in_points()
        height, draw = int(self.height), self._renderer.draw_text_image
        for font, letter, right, up in _laid_out(s, prop.copy(), self.dpi, hinting, threading.get_ident()):
            across, above = round(_PIXEL * (x + right)), round(_PIXEL * (self.height - y + up))
            shade, left, top = _shaded(font, size, self.dpi, letter, across % _PIXEL, above % _PIXEL, smooth, hinting)
            draw(shade, left + across // _PIXEL, height - (top + above // _PIXEL) + len(shade), 0, gc)


def _hinting() -> Any:
    return mpl.rcParams["text.hinting"]


def _hinting_flag() -> Any:
    return get_hinting_flag()  # type: ignore[no-untyped-call]


def _sized(prop: FontProperties, dpi: float) -> Any:
    font = get_font(fontManager._find_fonts_by_props(prop))  # type: ignore[attr-defined]
    font.clear()
    font.set_size(prop.get_size_in_points(), dpi)
    return font


@lru_cache(_WORDS)
def _measured(s: str, prop: FontProperties, dpi: float, hinting: Any, thread: int) -> tuple[float, float, float]:
    font = _sized(prop, dpi)
    font.set_text(s, 0.0, flags=_hinting_flag())
    width, height = font.get_width_height()
    return width / _PIXEL, height / _PIXEL, font.get_descent() / _PIXEL


@lru_cache(_WORDS)
def _heights(prop: FontProperties, dpi: float, thread: int) -> tuple[float | None, float | None, float | None]:
    font = get_font(fontManager._find_fonts_by_props(prop))  # type: ignore[attr-defined]
    table, head = font.get_sfnt_table("OS/2"), font.get_sfnt_table("head")
    if table is None or head is None:
        return None, None, None
    scale = 1 / head["unitsPerEm"] * prop.get_size_in_points() * dpi / 72
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale


@lru_cache(_WORDS)
def _laid_out(s: str, prop: FontProperties, dpi: float, hinting: Any, thread: int) -> _Laid:
    """Each letter's font (the family's, or one that has the letter), number and place behind the beginning of the word."""
    items = _sized(prop, dpi)._layout(s, flags=_hinting_flag())
    return tuple((item.ft_object, item.glyph_index, item.x, item.y) for item in items)


@lru_cache(_LETTERS)
def _shaded(
    font: Any, size: float, dpi: float, letter: int, across: int, above: int, smooth: bool, hinting: Any
) -> _Shade:
    """How much of each pixel a letter covers that begins so many parts of a pixel from one's corner, and its left and top pixel."""
    font.set_size(size, dpi)
    font._set_transform(_UPRIGHT, (across, above))
    found = font._render_glyph(letter, _hinting_flag(), RenderMode.NORMAL if smooth else RenderMode.MONO)
    shade = found.buffer if smooth else found.buffer * 0xFF
    return shade, found.left, found.top
