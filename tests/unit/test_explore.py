"""Controls above a view: what can be chosen, what is shown then, and the view alone where nobody looks on."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent / "report"))
import sample_context as contexts

from analysis.errors import NothingToReport
from analysis.pipeline import explore
from analysis.pipeline.explore import EVERYTHING, Explorer
from analysis.schemas import MonthContext

WIDGET = "application/vnd.jupyter.widget-view+json"
ALL = [explore.logs, explore.treatment_types, explore.injectors, explore.over_time, explore.statements, explore.months]


def menus(explorer: Explorer) -> tuple[dict[str, Any], Any, Any]:
    """The menus by label, the line that says what happens, and what is shown."""
    row, said, shown = explorer.controls().children
    return {menu.description: menu for menu in row.children}, said, shown


def alt(shown: Any) -> str:
    (output,) = shown.outputs
    return str(output["metadata"]["image/png"]["alt"])


@pytest.mark.parametrize("view", ALL, ids=lambda view: view.__name__)
def test_without_a_person_it_is_the_view_alone(view: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    data, metadata = view(contexts.sample(), processed="nowhere")._repr_mimebundle_()
    assert WIDGET not in data
    assert len(data["text/html"]) > 200
    if "image/png" in data:
        assert len(metadata["image/png"]["alt"]) > 40


def test_in_jupyterlab_the_controls_come_with_it_and_the_view_stays_for_an_export(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "02.ipynb")
    data, _ = explore.treatment_types(contexts.sample(), processed="nowhere")._repr_mimebundle_()
    assert data[WIDGET]["model_id"]
    assert "<figure" in data["text/html"]


def test_a_type_and_an_injector_change_what_is_shown() -> None:
    ctx = contexts.sample()
    by, _, shown = menus(explore.treatment_types(ctx, processed="nowhere"))
    kind, value = by["Treatment type"].options[1]
    by["Treatment type"].value = value
    assert kind in alt(shown)
    assert "1 treatment types" in alt(shown)
    by, _, shown = menus(explore.injectors(ctx, processed="nowhere"))
    codes = [value for _, value in by["Injector code"].options[1:]]
    assert codes == sorted(set(ctx.frames["rates_by_injector"]["code"])), "in order of code, each once"
    assert all(code in alt(shown) for code in codes)
    by["Injector code"].value = codes[0]
    assert codes[0] in alt(shown)
    assert not [code for code in codes[1:] if code in alt(shown)]


def test_another_month_is_built_once_and_what_cannot_be_built_is_said_in_words() -> None:
    asked = []

    def make(**wanted: Any) -> MonthContext:
        asked.append((wanted["clinic"], wanted["month"]))
        if wanted["clinic"] == contexts.CLINICS[0]:
            raise NothingToReport("There is no data for May 2025.")
        return contexts.empty()

    by, said, shown = menus(
        Explorer(contexts.sample(), explore._sessions, make=make, processed="nowhere")  # what `logs` shows
    )
    before, newest = alt(shown), by["Month"].value
    older = by["Month"].options[1][1]
    for month in (older, newest, older):
        by["Month"].value = month
    assert asked == [(None, older)]
    assert alt(shown) != before
    assert said.value == ""
    by["Clinic"].value = contexts.CLINICS[0]
    assert said.value == "There is no data for May 2025."
    assert by["Clinic"].options[0] == ("All", EVERYTHING)
