"""Every notebook runs from top to bottom on stored data, and shows what it promises with a text alternative."""

import nbformat
import pytest

from analysis.pipeline.notebooks import execute, notebooks_folder

NAMES = sorted(path.name for path in notebooks_folder().glob("*.ipynb"))


def test_the_notebooks_are_there():
    assert set(NAMES) >= {
        "01_data_quality.ipynb",
        "02_frequency_by_treatment_type.ipynb",
        "03_frequency_by_injector.ipynb",
        "04_trends_and_signals.ipynb",
        "05_article_claims.ipynb",
        "20_coding_review.ipynb",
        "monthly_quality_report.ipynb",
    }


@pytest.mark.parametrize(
    "name", [n if n.startswith("monthly") else pytest.param(n, marks=pytest.mark.thorough) for n in NAMES]
)
def test_runs_from_top_to_bottom(name, demo_store):
    ran = execute(name, {"processed": str(demo_store)})
    code = [cell for cell in ran.cells if cell.cell_type == "code" and cell.source.strip()]
    assert len(code) > 0
    assert all(cell.execution_count for cell in code), "a cell was not executed"
    outputs = [output for cell in code for output in cell.outputs]
    assert outputs, "the notebook shows nothing"
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    for output in outputs:
        if "image/png" in output.get("data", {}):
            assert len(output.metadata["image/png"]["alt"]) > 40


@pytest.mark.parametrize("name", NAMES)
def test_is_valid_and_kept_without_outputs(name):
    node = nbformat.read(notebooks_folder() / name, as_version=4)
    nbformat.validate(node)
    assert not any(cell.get("outputs") for cell in node.cells)
