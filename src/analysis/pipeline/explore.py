"""Views of a month with controls above them in JupyterLab: clinic, month, treatment type, injector code.

Outside JupyterLab (a report, an export, a run without a screen) each is the view alone, as it stands before anybody chooses.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from analysis import charts
from analysis.errors import AnalysisError
from analysis.pipeline.context import month_context
from analysis.report import claims, coding_review, evidence
from analysis.report.numbers import month as say_month
from analysis.report.page_one import page_one
from analysis.schemas import MonthContext

EVERYTHING = "all"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_LABELS = {"clinic": "Clinic", "month": "Month", "treatment_type": "Treatment type", "injector": "Injector code"}
Options = list[tuple[str, str]]


def in_jupyterlab() -> bool:
    """Whether a person looks on: a Jupyter server names the notebook to the kernels that it starts for one."""
    return bool(os.environ.get("JPY_SESSION_NAME"))


@dataclass
class Explorer:
    """One view of a month and what can be chosen for it. Shown by Jupyter as controls and view, elsewhere as the view.

    `view` takes a context and the choice by name ('all' where nothing is chosen); `make` builds the context of another clinic
    or month.
    """

    ctx: MonthContext
    view: Callable[[MonthContext, dict[str, str]], Any]
    by: tuple[str, ...] = ("clinic", "month")
    make: Callable[..., MonthContext] = month_context
    processed: str = "data/processed"
    _made: dict[tuple[str, str], MonthContext] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        first = (self.ctx.clinic or EVERYTHING, self.ctx.month)
        self._made[first] = self.ctx
        self._clinics: Options = [(name, name) for name in self.ctx.facts.get("clinics", ())]

    def options(self, ctx: MonthContext) -> dict[str, Options]:
        """What can be chosen of a month, as label and value; the first is what is shown before anybody chooses."""
        months = sorted(set(evidence.frame_of(self.ctx, "coverage").get("month", ())) | {self.ctx.month}, reverse=True)
        types = evidence.frame_of(ctx, "rates_by_treatment_type")
        people = evidence.frame_of(ctx, "rates_by_injector")
        everything: Options = [("All", EVERYTHING)]
        found: dict[str, Options] = {
            "clinic": self._clinics if self.ctx.clinic else everything + self._clinics,
            "month": [(say_month(month), month) for month in months],
            "treatment_type": everything + _pairs(types, "type_label", "treatment_type"),
            "injector": everything + _pairs(people, "code", "code"),
        }
        return {name: found[name] for name in self.by}

    def context(self, choice: dict[str, str]) -> MonthContext:
        """The context of the chosen clinic and month, made once."""
        key = (choice["clinic"], choice["month"])
        if key not in self._made:
            clinic = None if key[0] == EVERYTHING else key[0]
            self._made[key] = self.make(processed=self.processed, month=key[1], clinic=clinic)
        return self._made[key]

    def controls(self) -> Any:
        """The controls above the view, as one widget; needs ipywidgets and, to do anything, a kernel."""
        import ipywidgets

        menus = {
            name: ipywidgets.Dropdown(
                options=options, value=self._at_first(name), description=_LABELS[name], style={"description_width": "initial"}
            )
            for name, options in self.options(self.ctx).items()
        }  # fmt: skip
        said, shown = ipywidgets.Label(), ipywidgets.Output()
        shown.outputs = (_output(self._seen(self.ctx, self._chosen(menus))),)

        def redraw(change: dict[str, Any]) -> None:
            said.value = "Reading …"
            try:
                ctx = self.context(self._chosen(menus))
                self._offer(menus, ctx, change["owner"])
                shown.outputs = (_output(self._seen(ctx, self._chosen(menus))),)
                said.value = ""
            except AnalysisError as error:
                said.value = str(error)

        for menu in menus.values():
            menu.observe(redraw, names="value")
        return ipywidgets.VBox([ipywidgets.HBox(list(menus.values())), said, shown])

    def _at_first(self, name: str) -> str:
        return {"clinic": self.ctx.clinic or EVERYTHING, "month": self.ctx.month}.get(name, EVERYTHING)

    def _chosen(self, menus: dict[str, Any]) -> dict[str, str]:
        return {name: menus[name].value if name in menus else self._at_first(name) for name in _LABELS}

    def _offer(self, menus: dict[str, Any], ctx: MonthContext, changed: Any) -> None:
        """Types and injectors of another clinic or month are others; a choice that is still there stays."""
        if changed not in (menus.get("clinic"), menus.get("month")):
            return
        for name in set(menus) - {"clinic", "month"}:
            options, before = self.options(ctx)[name], menus[name].value
            menus[name].options = options
            menus[name].value = before if before in [value for _, value in options] else EVERYTHING

    def _seen(self, ctx: MonthContext, choice: dict[str, str]) -> Any:
        return self.view(ctx, choice)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        first = {name: self._at_first(name) for name in _LABELS}
        data, metadata = _bundle(self._seen(self.ctx, first))
        if in_jupyterlab():
            widget = self.controls()._repr_mimebundle_()
            data = {**data, _WIDGET: widget[_WIDGET]}
        return data, metadata


def logs(ctx: MonthContext, *, processed: str) -> Explorer:
    """Sessions by month and clinic, with the months whose log is missing."""
    return Explorer(ctx, _sessions, processed=processed)


def treatment_types(ctx: MonthContext, *, processed: str) -> Explorer:
    """Any reaction by treatment type; of one type every measure."""
    return Explorer(ctx, _by_type, ("clinic", "month", "treatment_type"), processed=processed)


def injectors(ctx: MonthContext, *, processed: str) -> Explorer:
    """Frequency by injector in order of code, or of one alone."""
    return Explorer(ctx, _by_injector, ("clinic", "month", "injector"), processed=processed)


def over_time(ctx: MonthContext, *, processed: str) -> Explorer:
    """The run chart of any reaction."""
    return Explorer(ctx, _run, processed=processed)


def statements(ctx: MonthContext, *, processed: str) -> Explorer:
    """What the logs say to each of the article's statements."""
    return Explorer(ctx, _verdicts, processed=processed)


def readings(ctx: MonthContext, *, processed: str) -> Explorer:
    """Whether the clinics' own codes and the words agree."""
    return Explorer(ctx, _agreement, processed=processed)


def months(ctx: MonthContext, *, processed: str) -> Explorer:
    """The first page of a month."""
    return Explorer(ctx, _one_page, processed=processed)


def _sessions(ctx: MonthContext, _: dict[str, str]) -> Any:
    return charts.sessions_per_month(evidence.frame_of(ctx, "activity"))


def _verdicts(ctx: MonthContext, _: dict[str, str]) -> Any:
    return charts.statements_by_verdict(evidence.frame_of(ctx, claims.FRAME))


def _agreement(ctx: MonthContext, _: dict[str, str]) -> Any:
    return coding_review.field_and_text(ctx)


def _one_page(ctx: MonthContext, _: dict[str, str]) -> Any:
    return page_one(ctx)


def _by_type(ctx: MonthContext, choice: dict[str, str]) -> Any:
    rates, period, wanted = (
        evidence.frame_of(ctx, "rates_by_treatment_type"),
        evidence.window(ctx),
        choice["treatment_type"],
    )
    if wanted == EVERYTHING or rates.empty:
        return charts.frequency_by_treatment_type(rates, period=period)
    return charts.measures_by_treatment_type(rates[rates["treatment_type"] == wanted], period=period)


def _by_injector(ctx: MonthContext, choice: dict[str, str]) -> Any:
    rates, wanted = evidence.frame_of(ctx, "rates_by_injector"), choice["injector"]
    own = rates if wanted == EVERYTHING or rates.empty else rates[rates["code"] == wanted]
    return charts.frequency_by_injector(own, period=evidence.window(ctx))


def _run(ctx: MonthContext, _: dict[str, str]) -> Any:
    points, tests = evidence.frame_of(ctx, "run_chart_by_measure"), evidence.frame_of(ctx, "run_test_by_measure")
    return charts.run_chart(points, tests, measure="any_reaction")


def _pairs(frame: Any, label: str, value: str) -> Options:
    """Label and value, each once, in order of the frame's value."""
    if frame.empty:
        return []
    return sorted(set(frame[[label, value]].astype("str").itertuples(index=False, name=None)), key=lambda pair: pair[1])


def _bundle(shown: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    if hasattr(shown, "_repr_mimebundle_"):
        data, metadata = shown._repr_mimebundle_()
        return dict(data), dict(metadata)
    return {"text/html": shown._repr_html_()}, {}


def _output(shown: Any) -> dict[str, Any]:
    data, metadata = _bundle(shown)
    return {"output_type": "display_data", "data": data, "metadata": metadata}
