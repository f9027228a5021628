"""An executed notebook as one self-contained, accessible HTML file: no code, no prompt, no script, no request."""

import re
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import CheckFailed
from analysis.report.fragment import Fragment
from analysis.report.numbers import day, month
from analysis.report.shell import TEMPLATE, Page, Section, make_page
from analysis.report.words import audience
from analysis.resources import resource
from analysis.schemas.month import MonthContext
from analysis.tables import slug

LAB_ONLY = "lab-only"
"""Cells with this tag speak to somebody who works in JupyterLab; the page leaves them out."""
_HEADING = re.compile(r"\A\s*(#{1,2})[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_PICTURE = re.compile(r"<img\b[^>]*>")


def export_html(
    notebook: Any,
    *,
    title: str,
    subtitle: str = "",
    simulated: bool = False,
    banner: str = "",
    footer: Sequence[str] = (),
    closing: tuple[str, Fragment] | None = None,
) -> str:
    """The page of an executed notebook (a path or a notebook node); the same notebook gives the same text.

    Cells become sections at every `## ` heading; the notebook's own `# ` heading gives way to `title`; `closing` is a last
    section, with its title, that the notebook does not know. Raises CheckFailed
    when a cell of the notebook failed or a picture has no text alternative: then there is no page.
    """
    node = _read(notebook)
    if closing:
        node.cells += _closing_cells(*closing)
    sections = _prepare(node)
    page = make_page(
        title, subtitle=subtitle, simulated=simulated, banner=banner, footer=footer, sections=sections, tools=True
    )
    html = _convert(node, page)
    if any(" alt=" not in picture for picture in _PICTURE.findall(html)):
        raise CheckFailed(
            "A picture in the notebook has no text alternative. Show figures as a Chart, which carries one."
        )
    return html


def export_month(
    notebook: Any, ctx: MonthContext, *, banner: str = "", closing: tuple[str, Fragment] | None = None
) -> str:
    """The monthly report of one context, with the title, banner and footer it asks for."""
    return export_html(notebook, **month_words(ctx), banner=banner, closing=closing)


def month_words(ctx: MonthContext) -> dict[str, Any]:
    """Title, subtitle, simulated and footer of a month's page, as `export_html` takes them."""
    facts = ctx.facts
    cut = day(facts.get("data_cut"))
    subject = str(facts.get("title_subject") or ctx.clinic or "All clinics")
    versions = f"Program {ctx.meta.get('program_version', '[x]')}; snapshot {ctx.meta.get('snapshot', '[x]')}."
    return {
        "title": f"Adverse events, {subject}, {month(ctx.month)}",
        "subtitle": f"{audience(ctx.audience)} · data to {cut}",
        "simulated": bool(facts.get("simulated")),
        "footer": (
            f"Adverse events, {subject}, {month(ctx.month)}. Contains clinical data: keep it confidential.",
            versions,
        ),
    }


def _read(notebook: Any) -> Any:
    if isinstance(notebook, (str, Path)):
        import nbformat

        return nbformat.read(str(notebook), as_version=4)  # type: ignore[no-untyped-call]
    return deepcopy(notebook)


def _closing_cells(title: str, body: Fragment) -> list[Any]:
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

    shown = new_output("display_data", data={"text/html": body.html})  # type: ignore[no-untyped-call]
    return [
        new_markdown_cell(f"## {title}", id="closing-title"),  # type: ignore[no-untyped-call]
        new_code_cell(outputs=[shown], id="closing"),  # type: ignore[no-untyped-call]
    ]


def _prepare(node: Any) -> list[Section]:
    """Leave out what is only for JupyterLab, refuse failed cells, and mark where sections begin."""
    node.cells = [cell for cell in node.cells if LAB_ONLY not in cell.metadata.get("tags", ())]
    sections: list[Section] = []
    for number, cell in enumerate(node.cells, start=1):
        if cell.cell_type == "code":
            _refuse_failure(cell, number)
        elif cell.cell_type == "markdown" and (found := _HEADING.match(cell.source)):
            cell.source = cell.source[found.end() :]
            if len(found[1]) == 2:
                _open_section(cell, found[2], sections)
    return sections


def _open_section(cell: Any, title: str, sections: list[Section]) -> None:
    name, taken = slug(title), {section.id for section in sections}
    identity = next(i for i in [name, *(f"{name}-{n}" for n in range(2, 1000))] if i not in taken)
    cell.metadata["opens"] = {"id": identity, "title": title}
    cell.metadata["closes"] = bool(sections)
    sections.append(Section(identity, title))


def _refuse_failure(cell: Any, number: int) -> None:
    for output in cell.get("outputs", ()):
        if output.output_type == "error":
            raise CheckFailed(
                f"Cell {number} of the notebook failed ({output.get('ename', 'error')}): no page was made."
            )


def _convert(node: Any, page: Page) -> str:
    from nbconvert import TemplateExporter  # late: half a second, not needed to format numbers

    # HTMLExporter's own last step parses the whole page anew to fill in what our template never leaves out, and to write tab stops
    html, _ = TemplateExporter.from_notebook_node(_exporter(), node, resources={"page": page})
    return str(html)


@cache
def _exporter() -> Any:
    """The one exporter of this process: it reads its templates once, and looks at a notebook as a whole once, not at each step."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name=TEMPLATE,
        extra_template_basedirs=[str(resource(TEMPLATE).parent)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        optimistic_validation=True,
    )
    exporter.config.NbConvertBase.display_data_priority = ["text/html", "image/png", "text/markdown", "text/plain"]
    return exporter
