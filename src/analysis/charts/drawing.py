"""A drawing of our own as an object: SVG, what it says in one sentence, the same in numbers, and the data beside it."""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import Any

from analysis.charts.chart import LONGEST, framed
from analysis.tables import Table, plain


@dataclass(frozen=True)
class Drawing:
    """Like a `Chart`, drawn as SVG text; it travels as a picture of its own, so nothing on a page reaches into it."""

    svg: str
    title: str
    alt: str
    data: Table
    caption: str
    id: str
    width: int
    height: int

    def to_html(self) -> str:
        """The drawing with title, caption, text alternative and data table."""
        source = "data:image/svg+xml;base64," + b64encode(self.svg.encode()).decode("ascii")
        picture = (
            f'<img src="{source}" width="{self.width}" height="{self.height}" alt="{escape(plain(self.alt, LONGEST))}">'
        )
        return framed(self.id, self.title, picture, self.caption, self.data.html, kind="chart drawing")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": f"{self.title}\n{self.alt}"}
