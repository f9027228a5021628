"""Agg with a memory for words: what the page of another month wrote is measured, laid out and inked once, and drawn the same."""
# mypy: disable-error-code="no-untyped-call"

from collections.abc import Callable, Sequence
from functools import cache, partial
from math import cos, radians, sin
from typing import Any, Final, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import RenderMode

TESTED = mpl.__version_info__[:2] == (3, 11)
"""Whether this is the matplotlib whose inner names are used here and in `panel`; by another one the same is drawn more slowly."""
Made = TypeVar("Made")
Glyph = tuple[Any, int, float, float]
"""A font, a letter of it by number, and where it stands from the beginning of its line, in pixels."""
Ink = tuple[np.ndarray[Any, Any], int, int]
"""How dark a letter makes each pixel, and how far its left and its top lie from its place."""
Heights = tuple[float | None, float | None, float | None]
_ONE: Final = 0x10000
_FINE: Final = 64
"""FreeType knows places to a 64th of a pixel; letters that differ by whole pixels have the same ink."""
_MOST = {"extents": 20_000, "lines": 20_000, "inks": 40_000, "drawn": 8_000, "heights": 1_000}
"""So many are kept of each kind, some tens of megabytes in all; then all are forgotten and it begins anew."""
_kept: dict[str, dict[Any, Any]] = {kind: {} for kind in _MOST}


def _once(kind: str, key: Any, make: Callable[[], Made]) -> Made:
    """What was made for this key, or is made now."""
    kept = _kept[kind]
    found: Made | None = kept.get(key)
    if found is None:
        if len(kept) >= _MOST[kind]:
            kept.clear()
        found = kept[key] = make()
    return found


def _face(font: FontProperties) -> tuple[object, ...]:
    """Everything about a font by which its letters differ."""
    return (
        *font.get_family(), font.get_style(), font.get_variant(), font.get_weight(), font.get_stretch(), font.get_size_in_points(),
        font.get_file(),
    )  # fmt: skip


@cache
def _turned(angle: float) -> np.ndarray[Any, Any]:
    """The matrix that turns a letter by so many degrees, as FreeType writes it."""
    across, up = cos(radians(angle)), sin(radians(angle))
    turned: np.ndarray[Any, Any] = (_ONE * np.array([[across, -up], [up, across]])).round().astype(int)
    return turned


def _inked(
    font: Any, letter: int, size: float, dpi: float, flags: Any, angle: float, right_fine: int, high_fine: int
) -> Ink:  # fmt: skip
    """A letter so large, turned by `angle` degrees and moved by so many 64ths of a pixel."""
    font.set_size(size, dpi)
    font._set_transform(_turned(angle), [right_fine, high_fine])
    drawn = font._render_glyph(letter, flags, RenderMode.NORMAL)
    return drawn.buffer, drawn.left, drawn.top


def _joined(line: list[Glyph], fine: Sequence[tuple[int, int]], look: tuple[Any, ...]) -> list[Ink]:
    """The ink of a line's letters, in as few pieces as none of its pixels is of two letters: drawn in turn, they darken it twice."""
    inks = []
    for (font, letter, _, _), (right, high) in zip(line, fine, strict=True):
        key = (font, letter, *look, right % _FINE, high % _FINE)
        image, left, top = _once("inks", key, partial(_inked, *key))
        if image.size:
            inks.append((image, left + right // _FINE, top + high // _FINE))
    if not inks:
        return []
    first, last = min(left for _, left, _ in inks), max(left + image.shape[1] for image, left, _ in inks)
    top, foot = max(top for _, _, top in inks), min(top - len(image) for image, _, top in inks)
    pieces: list[np.ndarray[Any, Any]] = []
    for image, left, high in inks:
        rows, columns = slice(top - high, top - high + len(image)), slice(left - first, left - first + image.shape[1])
        if not pieces or (np.minimum(pieces[-1][rows, columns], image)).any():
            pieces.append(np.zeros((top - foot, last - first), dtype=image.dtype))
        pieces[-1][rows, columns] |= image
    return [(piece, first, top) for piece in pieces]


def _heights(font: Any, prop: FontProperties, dpi: float) -> Heights:
    table = font.get_sfnt_table("OS/2")
    if table is None:
        return None, None, None  # matplotlib looks elsewhere
    scale = 1 / font.get_sfnt_table("head")["unitsPerEm"] * prop.get_size_in_points() * dpi / 72
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale


class Renderer(RendererAgg):
    """matplotlib's own, to the byte; formulas, TeX and letters without soft edges go the old way."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Width, height and descent of a line in pixels."""
        usual = super().get_text_width_height_descent
        if ismath:
            found: tuple[float, float, float] = usual(s, prop, ismath)
            return found
        return _once("extents", (s, self.dpi, get_hinting_flag(), _face(prop)), lambda: usual(s, prop, ismath))

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:  # fmt: skip
        """Write a line whose beginning is at `x`, `y` (pixels, `y` downwards)."""
        features, language = (mtext.get_fontfeatures(), mtext.get_language()) if mtext is not None else (None, None)
        if ismath or features or language or not gc.get_antialiased():
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        flags = get_hinting_flag()
        face = (self.dpi, flags, _face(prop))
        line = _once("lines", (s, face), lambda: self._laid_out(s, prop, flags))
        across, up, foot = cos(radians(angle)), sin(radians(angle)), self.height - y
        places = [
            (round(_FINE * (x + dx * across - dy * up)), round(_FINE * (foot + dx * up + dy * across)))
            for _, _, dx, dy in line
        ]
        if not places:
            return
        right, high = places[0][0] // _FINE, places[0][1] // _FINE
        fine = tuple((one - _FINE * right, other - _FINE * high) for one, other in places)
        look = (prop.get_size_in_points(), self.dpi, flags, angle)
        draw, bottom = self._renderer.draw_text_image, int(self.height) - high
        for image, left, top in _once("drawn", (s, face, angle, fine), lambda: _joined(line, fine, look)):
            draw(image, left + right, bottom - top + len(image), 0, gc)

    def _get_font_height_metrics(self, prop: FontProperties) -> Heights:
        """Ascent, descent and gap between lines in pixels, as the font's own table has them; matplotlib asks for them where it may."""
        return _once("heights", (self.dpi, _face(prop)), lambda: _heights(self._prepare_font(prop), prop, self.dpi))

    def _laid_out(self, text: str, prop: FontProperties, flags: Any) -> list[Glyph]:
        laid_out = self._prepare_font(prop)._layout(text, flags=flags, features=None, language=None)
        return [(item.ft_object, item.glyph_index, item.x, item.y) for item in laid_out]


class Canvas(FigureCanvasAgg):
    """matplotlib's own, with the renderer of this module where it is `TESTED`."""

    def get_renderer(self) -> RendererAgg:
        """The renderer of the figure's size."""
        if not TESTED:
            return super().get_renderer()
        key = (*self.get_width_height(physical=True), self.figure.dpi)
        if self._lastKey != key:
            self.renderer, self._lastKey = Renderer(*key), key
        return self.renderer
