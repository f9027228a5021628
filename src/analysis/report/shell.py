"""What every page has in common: title, language, banner, header, footer and style sheet, from our template folder."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.resources import resource
from analysis.tables import plain

TEMPLATE = "template"


@dataclass(frozen=True)
class Section:
    """A part of the page that the contents list leads to."""

    id: str
    title: str


@dataclass(frozen=True)
class Page:
    """The words around a page's content. Templates escape them."""

    title: str
    heading: str
    subtitle: str = ""
    simulated: bool = False
    banner: str = ""
    footer: Sequence[str] = ()
    sections: Sequence[Section] = field(default=())


def make_page(
    title: str,
    *,
    heading: str = "",
    subtitle: str = "",
    simulated: bool = False,
    banner: str = "",
    footer: Sequence[str] = (),
    sections: Sequence[Section] = (),
) -> Page:
    """A page whose texts are safe to print on one line each."""
    return Page(
        title=plain(title),
        heading=plain(heading or title),
        subtitle=plain(subtitle),
        simulated=simulated,
        banner=plain(banner),
        footer=tuple(plain(line, 600) for line in footer),
        sections=tuple(sections),
    )


def plain_page(page: Page, body: str) -> str:
    """A page that is not made from a notebook; `body` is HTML that is already safe."""
    return _environment().get_template("plain.html.j2").render(page=page, body=Markup(body))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(resource(TEMPLATE))),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
