"""A chart as an object: the figure, what it says in one sentence, the same in numbers, and the data beside it."""

from base64 import b64encode
from dataclasses import dataclass, field
from html import escape
from typing import Any

from matplotlib.figure import Figure

from analysis.charts.theme import png
from analysis.tables import Table, plain

LONGEST = 20_000
"""Letters of a text alternative; control characters that a log may hold never reach a page."""


@dataclass(frozen=True)
class Chart:
    """One figure with everything a reader who cannot see it needs.

    title states the finding; alt states it in numbers; data is the table of what is drawn; caption gives n, period and
    how to read it. `narrow` is the same drawing laid out for a phone.
    """

    figure: Figure
    title: str
    alt: str
    data: Table
    caption: str
    id: str
    narrow: Figure | None = field(default=None, repr=False)

    def png(self) -> bytes:
        """The figure as PNG bytes."""
        return png(self.figure)

    def to_html(self) -> str:
        """The figure with title, caption, text alternative and data table; images travel inside the text."""
        return self._html(self.png())

    def show(self) -> None:
        """Display in a notebook, also from the middle of a cell."""
        from IPython.display import display

        display(self)  # type: ignore[no-untyped-call]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        # The bare picture is for front ends that show no HTML; its metadata carries the same text alternative.
        image = self.png()
        data = {
            "text/html": self._html(image),
            "image/png": b64encode(image).decode("ascii"),
            "text/plain": f"{self.title}\n{self.alt}",
        }
        return data, {"image/png": {"alt": self.alt}}

    def _html(self, image: bytes) -> str:
        return framed(self.id, self.title, self._picture(image), self.caption, self.data.html)

    def _picture(self, image: bytes) -> str:
        wide = f'<img src="{_data_uri(image)}" {_size(self.figure)} alt="{escape(plain(self.alt, LONGEST))}">'
        if self.narrow is None:
            return wide
        source = f'srcset="{_data_uri(png(self.narrow))}" {_size(self.narrow)}'
        return f'<picture><source media="(max-width: 600px)" {source}>{wide}</picture>'


def framed(id: str, title: str, picture: str, caption: str, data: str, *, kind: str = "chart") -> str:
    """A picture with its finding above it, its caption and its data table; `picture` and `data` are HTML that is already safe."""
    return (
        f'<div class="{kind}" id="{escape(id)}">\n<figure>\n'
        f'<h3 class="chart-title">{escape(plain(title, LONGEST))}</h3>\n{picture}\n'
        f"<figcaption>{escape(plain(caption, LONGEST))}</figcaption>\n</figure>\n"
        f'<details class="data" open><summary>The numbers in this figure</summary>\n{data}\n</details>\n'
        "</div>"
    )


def _data_uri(image: bytes) -> str:
    return "data:image/png;base64," + b64encode(image).decode("ascii")


def _size(figure: Figure) -> str:
    width, height = figure.get_size_inches() * 96
    return f'width="{round(width)}" height="{round(height)}"'
