"""The sample months live beside the tests of the report."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

sys.path.append(str(Path(__file__).parents[1] / "unit" / "report"))

import sample_context as contexts

from analysis.report.export import export_month
from analysis.report.index import IndexEntry, index_page
from analysis.report.today import today_page

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "monthly_quality_report.ipynb"
LOAD = "from pathlib import Path\nfrom analysis.schemas.month import MonthContext\nctx = MonthContext.load(Path({folder!r}))"


def executed(ctx, folder: Path):
    """The monthly notebook run in a kernel on a saved context."""
    ctx.save(folder)
    node = nbformat.read(NOTEBOOK, as_version=4)
    (cell,) = [cell for cell in node.cells if "month_context(" in cell.source]
    cell.source = LOAD.format(folder=str(folder))
    NotebookClient(node, timeout=300).execute()
    return node


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Every kind of page as a file, by name."""
    folder = tmp_path_factory.mktemp("pages")
    texts = {}
    for name in ("sample", "empty", "hostile"):
        ctx = getattr(contexts, name)()
        texts[name] = export_month(executed(ctx, folder / f"{name}-context"), ctx)
        texts[f"today-{name}"] = today_page(ctx.frames["look_today"], data_cut="2026-11-09", simulated=True)
    texts["index"] = index_page([IndexEntry("sample.html", "2026-10", "All clinics", "director", "4 now", "new", True)])
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}
