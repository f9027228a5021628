"""A chart as an object: the figure, what it says in one sentence, the same in numbers, and the data beside it."""

from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any, Protocol

from matplotlib.figure import Figure

from analysis.beside import beside
from analysis.charts.theme import png, theme
from analysis.tables import Table, plain

_PNG = "data:image/png;base64,"
LONGEST = 20_000
"""Letters of a text alternative; control characters that a log may hold never reach a page."""


class Draw(Protocol):
    """Makes the figure of a chart, in one of its two layouts."""

    def __call__(self, *, narrow: bool) -> Figure:
        """The figure for a screen or a sheet of paper, or (`narrow`) for a phone."""


@dataclass(frozen=True)
class Chart:
    """One figure with everything a reader who cannot see it needs.

    title states the finding; alt states it in numbers; data is the table of what is drawn; caption gives n, period and
    how to read it. `draw` makes the figure when it is asked for; with `wide_only` there is no layout for a phone.
    """

    draw: Draw = field(repr=False)
    title: str
    alt: str
    data: Table
    caption: str
    id: str
    wide_only: bool = False

    @cached_property
    def figure(self) -> Figure:
        """The figure for a screen or a sheet of paper."""
        return self.draw(narrow=False)

    @cached_property
    def narrow(self) -> Figure:
        """The same drawing laid out for a phone."""
        return self.draw(narrow=True)

    def png(self) -> bytes:
        """The figure as PNG bytes."""
        return png(self.figure)

    def to_html(self) -> str:
        """The figure with title, caption, text alternative and data table; images travel inside the text."""
        return self._shown()[1]

    def show(self) -> None:
        """Display in a notebook, also from the middle of a cell."""
        from IPython.display import display

        display(self)  # type: ignore[no-untyped-call]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        # The bare picture is for front ends that show no HTML; its metadata carries the same text alternative.
        image, html = self._shown()
        data = {
            "text/html": html,
            "image/png": image,
            "text/plain": f"{self.title}\n{self.alt}",
        }
        return data, {"image/png": {"alt": self.alt}}

    def _shown(self) -> tuple[str, str]:
        """The picture in base64, and the whole as HTML; the two layouts are drawn side by side where a core is free."""
        with theme(), beside(self._narrow_source) as narrow:
            image = b64encode(self.png()).decode("ascii")
            size, alt = _size(self.figure), escape(plain(self.alt, LONGEST))
            picture = f'<img src="{_PNG}{image}" {size} alt="{alt}">'
            if source := narrow():
                picture = f'<picture><source media="(max-width: 600px)" {source}>{picture}</picture>'
        return image, framed(self.id, self.title, picture, self.caption, self.data.html)

    def _narrow_source(self) -> str:
        if self.wide_only:
            return ""
        image = b64encode(png(self.narrow)).decode("ascii")
        return f'srcset="{_PNG}{image}" {_size(self.narrow)}'


def framed(id: str, title: str, picture: str, caption: str, data: str, *, kind: str = "chart") -> str:
    """A picture with its finding above it, its caption and its data table; `picture` and `data` are HTML that is already safe."""
    return (
        f'<div class="{kind}" id="{escape(id)}">\n<figure>\n'
        f'<h3 class="chart-title">{escape(plain(title, LONGEST))}</h3>\n{picture}\n'
        f"<figcaption>{escape(plain(caption, LONGEST))}</figcaption>\n</figure>\n"
        f'<details class="data" open><summary>The numbers in this figure</summary>\n{data}\n</details>\n'
        "</div>"
    )


def _size(figure: Figure) -> str:
    width, height = figure.get_size_inches() * 96
    return f'width="{round(width)}" height="{round(height)}"'
