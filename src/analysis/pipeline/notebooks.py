"""Run one of the project's own notebooks with typed parameters."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from analysis.errors import CheckFailed
from analysis.pipeline.kernel import Kernel
from analysis.report.export import LAB_ONLY


def notebooks_folder() -> Path:
    """The notebooks inside the installed package, or beside the source tree."""
    packaged = Path(str(files("analysis"))) / "notebooks"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "notebooks"


def execute(name: str, parameters: dict[str, str | int | bool | None], *, kernel: Kernel | None = None) -> Any:
    """Execute a notebook of ours from top to bottom and return it, without what is only for JupyterLab.

    Parameter names are ours; values are written as literals.

    With `kernel`, in that one, which is there already; else in one of its own.
    """
    import nbformat

    node = nbformat.read(notebooks_folder() / name, as_version=4)  # type: ignore[no-untyped-call]
    node.cells = [cell for cell in node.cells if LAB_ONLY not in cell.metadata.get("tags", ())]
    _inject(node, parameters)
    if kernel is not None:
        kernel.start()
        kernel.run(node, name)
    else:
        with Kernel() as own:
            own.run(node, name)
    _every_cell_ended(node, name)
    return node


def _every_cell_ended(node: Any, name: str) -> None:
    """A runner that stopped half-way leaves cells without a number; no page is made of such a notebook."""
    for place, cell in enumerate(node.cells, start=1):
        failed = any(output.output_type == "error" for output in cell.get("outputs", ()))
        if cell.cell_type == "code" and cell.source.strip() and (cell.execution_count is None or failed):
            raise CheckFailed(
                f"Cell {place} of {name} did not end; no report was made and the older one was left as it is."
            )


def _inject(node: Any, parameters: dict[str, str | int | bool | None]) -> None:
    for cell in node.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source += "\n" + "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
            return
    raise CheckFailed("The notebook has no cell tagged 'parameters'; no report was made.")
