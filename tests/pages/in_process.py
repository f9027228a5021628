"""The monthly page of a context without a kernel: the notebook's cells are run here, and exported as ever."""

import ast
import re
from html import unescape
from typing import Any

import nbformat

from analysis.pipeline.notebooks import notebooks_folder
from analysis.report.export import export_month
from analysis.schemas import MonthContext

REPORT = "monthly_quality_report.ipynb"


def page(ctx: MonthContext) -> str:
    """The page as `ae report` would publish it, banner apart."""
    node = nbformat.read(notebooks_folder() / REPORT, as_version=4)
    names: dict[str, Any] = {"ctx": ctx}
    for cell in node.cells:
        if cell.cell_type == "code" and "month_context(" not in cell.source:
            shown = run(cell.source, names)
            cell.outputs = [] if shown is None else [output(shown)]
    return export_month(node, ctx)


def run(source: str, names: dict[str, Any]) -> Any:
    """Run the lines of a cell and return what its last expression shows; nothing after a semicolon."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def output(shown: Any) -> Any:
    if hasattr(shown, "_repr_mimebundle_"):
        said = shown._repr_mimebundle_()
        data, metadata = said if isinstance(said, tuple) else (said, {})
    else:
        data, metadata = {"text/html": shown._repr_html_()}, {}
    return nbformat.v4.new_output("display_data", data=dict(data), metadata=dict(metadata))


def table(html: str, identity: str) -> list[dict[str, str]]:
    """Rows of a table by the words of its headers; none where the page says in a sentence that there is nothing."""
    found = re.search(rf'<table[^>]*id="{re.escape(identity)}".*?</table>', html, flags=re.S)
    if found is None:
        return []
    lines = re.findall(r"<tr.*?</tr>", found[0], flags=re.S)
    rows = [[words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, flags=re.S)] for line in lines]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def words(html: str) -> str:
    """What a reader sees: tags gone, entities resolved, one line."""
    text = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
