import re
from html import unescape
from pathlib import Path

import nbformat
import pytest
import sample_context as contexts
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis import charts
from analysis.errors import CheckFailed
from analysis.report.export import export_html, export_month, month_words
from analysis.report.page_one import page_one

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
PNG = "iVBORw0KGgo="


def shown(thing, cell_id="c"):
    """A code cell with the output a kernel would store for `thing`."""
    if hasattr(thing, "_repr_mimebundle_"):
        data, metadata = thing._repr_mimebundle_()
    else:
        data, metadata = {"text/html": thing._repr_html_(), "text/plain": "repr"}, {}
    output = new_output("execute_result", data=data, metadata=metadata, execution_count=1)
    return new_code_cell("secret_code()", outputs=[output], id=cell_id)


def notebook(*cells):
    return new_notebook(cells=[new_markdown_cell("# Notebook title\n\nIntro", id="t"), *cells])


def sample_notebook(ctx):
    return notebook(
        new_markdown_cell("For the lab only", id="lab", metadata={"tags": ["lab-only"]}),
        new_markdown_cell("## One page", id="h1"),
        shown(page_one(ctx), "p"),
        new_markdown_cell("## By injector\n\nSome *words*.", id="h2"),
        shown(charts.frequency_by_injector(ctx.frames["rates_by_injector"]), "i"),
        new_markdown_cell("## By injector", id="h3"),
        new_code_cell(
            "x",
            id="e",
            outputs=[new_output("stream", name="stderr", text="a warning"), new_output("stream", text="<b>")],
        ),
    )


def test_structure():
    html = export_month(sample_notebook(contexts.sample()), contexts.sample())
    assert '<html lang="en">' in html
    assert html.count("<title>Adverse events, All clinics, October 2026</title>") == 1
    assert len(re.findall(r"<h1[ >]", html)) == 1
    for landmark in ("<header", "<nav", "<main", "<footer"):
        assert html.count(landmark) == 1, landmark
    assert 'href="#main">Skip to the report' in html
    assert '<a href="#by-injector">' in html
    assert '<a href="#by-injector-2">' in html
    assert len(re.findall(r'<details class="fold" open', html)) == 3
    assert "Simulated data" in html
    assert "data to 9 November 2026" in html


def test_nothing_of_the_notebook_leaks():
    html = contexts.without_own_script(export_month(sample_notebook(contexts.sample()), contexts.sample()))
    for leak in (
        "secret_code",
        "In [",
        "Out[",
        "a warning",
        "For the lab only",
        "Notebook title",
        "repr<",
        "<script",
        "http:",
        "https:",
    ):
        assert leak not in html, leak
    assert "&lt;b&gt;" in html


def test_every_picture_carries_our_words():
    ctx = contexts.sample()
    html = export_month(sample_notebook(ctx), ctx)
    alts = re.findall(r'<img [^>]*alt="([^"]*)"', html)
    assert alts == [charts.frequency_by_injector(ctx.frames["rates_by_injector"]).alt]
    assert "No description has been provided" not in html


def test_a_bare_png_needs_an_alternative():
    bare = new_code_cell("x", id="b", outputs=[new_output("display_data", data={"image/png": PNG})])
    told = new_code_cell(
        "x",
        id="d",
        outputs=[new_output("display_data", data={"image/png": PNG}, metadata={"image/png": {"alt": '3 "of" 4'}})],
    )
    html = export_html(notebook(bare, told), title="x")
    assert "A figure was left out: it has no text alternative." in html
    assert html.count("<img") == 1
    assert 'alt="3 "of" 4"' in unescape(html)


def test_html_with_a_silent_picture_is_refused():
    silent = new_code_cell(
        "x",
        id="b",
        outputs=[new_output("display_data", data={"text/html": f'<img src="data:image/png;base64,{PNG}">'})],
    )
    with pytest.raises(CheckFailed, match="no text alternative"):
        export_html(notebook(silent), title="x")


def test_a_failed_cell_means_no_page():
    failed = new_code_cell(
        "1/0", id="f", outputs=[new_output("error", ename="ZeroDivisionError", evalue="x", traceback=[])]
    )
    with pytest.raises(CheckFailed, match=r"Cell 2 .*ZeroDivisionError"):
        export_html(notebook(failed), title="x")


def test_same_input_same_bytes_and_the_node_is_left_alone():
    ctx = contexts.sample()
    node = sample_notebook(ctx)
    before = nbformat.writes(node)
    assert export_month(node, ctx) == export_month(node, ctx)
    assert nbformat.writes(node) == before


def test_a_path_and_its_node_give_the_same_page(tmp_path):
    node = sample_notebook(contexts.sample())
    nbformat.write(node, tmp_path / "a.ipynb")
    assert export_html(tmp_path / "a.ipynb", title="x") == export_html(node, title="x")


@pytest.mark.parametrize("text", contexts.HOSTILE)
def test_hostile_titles_are_inert(text):
    html = contexts.without_own_script(export_html(notebook(), title=text, subtitle=text, banner=text, footer=[text]))
    assert "<script" not in html
    assert "<img" not in html
    assert "\x1b" not in html


@pytest.mark.filterwarnings("ignore:Your element with mimetype")
def test_hostile_outputs_that_are_not_html_stay_text():
    outputs = [
        new_output("stream", text=contexts.HOSTILE[0]),
        new_output("display_data", data={"text/markdown": contexts.HOSTILE[1]}),
        new_output("display_data", data={"text/plain": contexts.HOSTILE[0]}),
        new_output("display_data", data={"application/javascript": "alert(1)"}),
        new_output("display_data", data={"text/latex": "$x^$"}),
    ]
    html = contexts.without_own_script(export_html(notebook(new_code_cell("x", id="o", outputs=outputs)), title="x"))
    assert "<script" not in html
    assert "<img" not in html
    assert "alert(1)" not in html.replace("&lt;script&gt;alert(1)", "")


def test_month_words_without_facts():
    words = month_words(contexts.without_anything())
    assert words["title"] == "Adverse events, All clinics, October 2026"
    assert words["simulated"] is False


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_thin(path):
    node = nbformat.read(path, as_version=4)
    assert (node.nbformat, node.nbformat_minor) == (4, 5)
    nbformat.validate(node)
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    assert "parameters" in code[0].metadata.tags
    assert "question?" in node.cells[0].source
    for cell in code:
        assert not cell.outputs
        assert cell.execution_count is None
        assert len(cell.source.splitlines()) <= 10
        assert "def " not in cell.source


def test_the_notebooks_are_there():
    assert len(list(NOTEBOOKS.glob("*.ipynb"))) >= 5
