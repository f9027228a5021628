"""One report against an empty notebook with the same imports and number of figures, executed and exported the same way."""

import re
from pathlib import Path
from typing import Any

from analysis.report.export import export_html
from analysis.simulation import write_demo

_IMPORTS = "import matplotlib.pyplot as plt\nimport pandas as pd\nimport pandera.pandas\nimport pyarrow.parquet\nfrom scipy import stats"
"""The libraries that the report's own kernel loads, and no other."""
_FIGURE = """figure, axes = plt.subplots(figsize=(8, 4))
axes.plot([1, 2, 3])
display(figure, metadata={"image/png": {"alt": "A line from 1 to 3"}})
plt.close(figure)"""


def prepare(folder: Path) -> Path:
    """A simulated group in a store; returns the processed folder."""
    from analysis.pipeline.ingest import ingest

    made = write_demo(folder, seed=1, sessions=4000)
    ingest(made.raw, folder / "processed")
    return folder / "processed"


def ours(processed: Path, out: Path) -> None:
    """One group report, from the store to the published file."""
    from analysis.pipeline.publish import Wanted, publish_month
    from analysis.store import open_store

    publish_month(open_store(processed), out, Wanted(), month=None, processed=processed)


def every_month(processed: Path, out: Path) -> int:
    """A group report of each month that has ended, in one run as `ae report --all` makes them; returns how many."""
    from analysis.pipeline.every_month import report_months
    from analysis.pipeline.publish import Wanted, months_with_data
    from analysis.store import open_store

    store = open_store(processed)
    months = months_with_data(store, None)
    return len(list(report_months(store, out, Wanted(), months, processed=processed)))


def figures_in(out: Path) -> tuple[int, int]:
    """Figures of the report that was made, and pictures drawn for them (a wide and a narrow one each; the face is no picture)."""
    page = next(out.glob("*/*.html")).read_text(encoding="utf-8")
    return len(re.findall(r"<figure\b", page)), page.count("data:image/png;base64,")


def floor(figures: int) -> None:
    """The empty notebook, in a kernel of its own, exported by the same exporter."""
    import nbformat

    from analysis.pipeline.kernel import Kernel

    cells: list[Any] = [nbformat.v4.new_code_cell(source) for source in (_IMPORTS, *[_FIGURE] * figures)]
    node = nbformat.v4.new_notebook(cells=cells)
    with Kernel() as kernel:
        kernel.run(node, "empty notebook")
    export_html(node, title="Empty")
