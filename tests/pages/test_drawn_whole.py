"""No word is cut off in any figure of any notebook, on the wide drawing or the narrow."""

import sys
from pathlib import Path

import nbformat
import pytest
from in_process import run

from analysis.charts.chart import Chart
from analysis.pipeline.context import build_month
from analysis.pipeline.explore import EVERYTHING, Explorer
from analysis.pipeline.notebooks import notebooks_folder
from analysis.schemas import MonthContext
from analysis.store import open_store

sys.path.append(str(Path(__file__).parents[1] / "unit" / "charts"))
from drawn import assert_nothing_is_cut

NAMES = sorted(path.name for path in notebooks_folder().glob("*.ipynb") if not path.name.startswith("20_"))


@pytest.fixture(scope="module")
def month(demo_store: Path) -> MonthContext:
    return build_month(open_store(demo_store), month="2026-10")


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_in_a_notebook(name: str, month: MonthContext) -> None:
    shown, names = [], {"ctx": month, "processed": ""}
    for cell in nbformat.read(notebooks_folder() / name, as_version=4).cells:
        if cell.cell_type == "code" and "month_context(" not in cell.source and "processed =" not in cell.source:
            found = run(cell.source, names)
            shown.append(
                found.view(month, dict.fromkeys(found.by, EVERYTHING)) if isinstance(found, Explorer) else found
            )
    charts = [one for one in shown if isinstance(one, Chart)]
    assert charts
    for chart in charts:
        for figure in filter(None, (chart.figure, chart.narrow)):
            assert_nothing_is_cut(figure)
