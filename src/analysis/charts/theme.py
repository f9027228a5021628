"""One look for every figure: colours that survive colour blindness and greyscale, plain text, repeatable bytes."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from textwrap import wrap
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image, ImageColor

from analysis.charts.layout import MeasuredOnce
from analysis.charts.renderer import Canvas
from analysis.tables import plain

INK, QUIET, HAIRLINE = "#1b2733", "#54616e", "#d5dbe1"
MARK, SOFT, PALE = "#12436d", "#5f8fba", "#c9dcec"
"""MARK and SOFT have more than 3:1 on white; PALE is only ever drawn inside an outline of MARK."""
BEHIND_WORDS: dict[str, object] = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
"""The ground of words that stand on the lines of a grid."""
WIDE, NARROW = 7.8, 3.4
"""Widths in inches at 96 px: one drawing for a screen or a sheet of paper, one for a phone."""
PIXELS_PER_INCH = 192
GAP, BAND = "#eef1f4", "#e1e5e9"
"""The ground of a month without a rate; a band of HAIRLINE through which the grid shows."""
_TINTS = {INK: 4, QUIET: 5, MARK: 5, SOFT: 3}
"""In how many steps a colour goes over into white along its soft edges."""

_STYLE: dict[str, object] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # a "$" in a clinic's text is a dollar sign
    "text.usetex": False,
    "text.hinting": "none",
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.titlesize": 9.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.formatter.use_mathtext": False,
    "grid.color": HAIRLINE,
    "grid.linewidth": 0.7,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "hatch.linewidth": 0.8,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "adverse-events",
}


_DRAWN = tuple(
    f"{group}."
    for group in (
        *("axes", "figure", "font", "grid", "hatch", "image", "legend", "lines", "markers"),
        *("patch", "path", "savefig", "text", "xtick", "ytick"),
    )
)
"""Groups of settings that are put back to matplotlib's own before ours are laid on top."""


class _State:
    """Whether the settings are laid on already: to lay them on takes as long as to draw a few words."""

    inside = False


@contextmanager
def theme() -> Iterator[None]:
    """Draw and save inside this: a reader's own matplotlib settings do not reach our figures."""
    if _State.inside:
        yield
        return
    settings: Any = {name: value for name, value in mpl.rcParamsDefault.items() if name.startswith(_DRAWN)}
    with mpl.rc_context(settings | _STYLE), warnings.catch_warnings():
        # A letter the font lacks is drawn as a box; the data table beside the figure has the true text.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        _State.inside = True
        try:
            yield
        finally:
            _State.inside = False


def new_figure(width: float, height: float) -> Figure:
    """An empty figure that belongs to no window and no global list."""
    figure = Figure(figsize=(width, height), layout=MeasuredOnce())
    Canvas(figure)
    return figure


def png(figure: Figure) -> bytes:
    """The figure as PNG; the same figure gives the same bytes.

    In one palette for all: flat drawings lose nothing that can be seen, and a page of them is a third of the size. (A palette
    of its own for each figure takes longer to find than the figure to draw, and is no closer.)
    """
    buffer, canvas = io.BytesIO(), Canvas(figure)
    before = figure.get_dpi()
    figure.set_dpi(PIXELS_PER_INCH)
    with theme():
        canvas.draw()  # type: ignore[no-untyped-call]  # once: savefig draws all of it a first time without ink
    size = canvas.get_width_height()
    figure.set_dpi(before)
    drawn: Any = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    picture = Image.frombytes("RGB", size, drawn, "raw", "RGBX")  # nothing is transparent: the figure has a ground
    picture.quantize(palette=_palette(), dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue()


@cache
def _palette() -> Image.Image:
    """Every colour of the theme, its steps to white, and the blues."""
    tints = [_mixed(colour, "#ffffff", step / steps) for colour, steps in _TINTS.items() for step in range(1, steps)]
    colours = dict.fromkeys(("#ffffff", INK, QUIET, HAIRLINE, MARK, SOFT, PALE, GAP, BAND, *tints, *blues()))
    picture = Image.new("P", (1, 1))
    picture.putpalette([part for colour in colours for part in ImageColor.getrgb(colour)])
    return picture


def blues() -> list[str]:
    """Ten shades from the palest to the darkest."""
    steps = pairwise((GAP, PALE, SOFT, MARK))
    return [*(_mixed(dark, pale, step / 3) for pale, dark in steps for step in range(3)), MARK]


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def label(text: str, width: int, lines: int = 2) -> str:
    """A label wrapped to `lines` lines of about `width` letters, cut with … when longer."""
    return "\n".join(wrap(plain(text, width * lines), width)[:lines])


def message_figure(text: str, width: float) -> Figure:
    """A figure that says in words why there is nothing to draw."""
    with theme():
        figure = new_figure(width, 1.1)
        figure.text(0.02, 0.5, "\n".join(wrap(plain(text), int(width * 12))), color=QUIET, va="center")
    return figure
