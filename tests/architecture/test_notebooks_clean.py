"""Notebooks are thin: they import, call and show, and are kept without what they showed."""

import ast
import json
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(path: Path) -> list[dict[str, object]]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_the_promised_notebooks_are_there() -> None:
    wanted = {
        "01_data_quality", "02_frequency_by_treatment_type", "03_frequency_by_injector", "04_trends_and_signals",
        "05_article_claims", "20_coding_review", "monthly_quality_report",
    }  # fmt: skip
    assert wanted <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_outputs_and_no_counts(path: Path) -> None:
    assert cells(path)
    for cell in cells(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_at_most_ten_lines_and_no_function_in_a_cell(path: Path) -> None:
    for cell in cells(path):
        source = str(cell["source"])
        assert len(source.splitlines()) <= 10
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_file_is_valid_and_every_cell_has_a_name_of_its_own(path: Path) -> None:
    raw = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(raw)
    names = [cell["id"] for cell in raw["cells"]]
    assert len(set(names)) == len(names)
    assert (raw["nbformat"], raw["nbformat_minor"] >= 5) == (4, True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_cell_of_parameters_with_names_and_constants_only(path: Path) -> None:
    (own,) = [cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])]  # type: ignore[attr-defined]
    for line in ast.parse(str(own["source"])).body:
        assert isinstance(line, ast.Assign)
        assert isinstance(line.value, ast.Constant)
