"""A piece of a page: HTML made of escaped words, shown the same way by a notebook and by the exported report."""

from dataclasses import dataclass
from html import escape

from analysis.tables import Table, plain


@dataclass(frozen=True)
class Fragment:
    """HTML that is already safe to show."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def paragraph(*sentences: str, kind: str = "") -> str:
    """Sentences as one escaped paragraph; empty sentences are left out, no sentence is no paragraph."""
    text = " ".join(plain(sentence, 2000) for sentence in sentences if sentence)
    attribute = f' class="{escape(kind)}"' if kind else ""
    return f"<p{attribute}>{escape(text)}</p>" if text else ""


def listed(items: list[str]) -> str:
    """Escaped items as a list."""
    return "<ul>" + "".join(f"<li>{escape(plain(item, 2000))}</li>" for item in items) + "</ul>" if items else ""


def fragment(*parts: str | Table) -> Fragment:
    """Pieces of HTML and tables in order, as one thing a notebook cell can end with."""
    return Fragment("\n".join(part.html if isinstance(part, Table) else part for part in parts if part))
