"""What every page has in common: title, language, banner, header, footer and style sheet, from our template folder."""

import hashlib
from base64 import b64encode
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
    tools: bool = False
    """Long tables can be sorted and filtered: one script of our own, named by its hash in the page's policy."""
    confidential: bool = True
    """Each printed side says at its foot that the page holds clinical data."""

    @property
    def script(self) -> str:
        """The script as it stands in the page."""
        return _script()

    @property
    def script_hash(self) -> str:
        """What the page's policy allows to run, and nothing else."""
        return b64encode(hashlib.sha256(self.script.encode()).digest()).decode("ascii")


def make_page(
    title: str,
    *,
    heading: str = "",
    subtitle: str = "",
    simulated: bool = False,
    banner: str = "",
    footer: Sequence[str] = (),
    sections: Sequence[Section] = (),
    tools: bool = False,
    confidential: bool = True,
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
        tools=tools,
        confidential=confidential,
    )


def plain_page(page: Page, body: str) -> str:
    """A page that is not made from a notebook; `body` is HTML that is already safe."""
    return _environment().get_template("plain.html.j2").render(page=page, body=Markup(body))


@cache
def _script() -> str:
    return (resource(TEMPLATE) / "page.js").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(resource(TEMPLATE))),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
