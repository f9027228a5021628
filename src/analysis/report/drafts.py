"""Plain-text drafts of outside reports from the coded facts of a case. Always marked draft; a person decides and fills in the rest."""

import re
from functools import cache
from typing import Any

from analysis.report.numbers import day, decimal, is_missing
from analysis.report.words import status
from analysis.resources import read_toml, resource
from analysis.tables import Row, plain

DRAFT = "DRAFT. Not sent. A clinician decides whether anything is reported, and checks every line."
TO_FILL = "to be filled in"
_DATES = ("onset_date", "resolved_date", "treatment_date", "reported_date")
_FIELD = re.compile(r"\{(\w+)\}")


@cache
def forms() -> tuple[dict[str, Any], ...]:
    """The forms of `resources/report_forms.toml` in their order."""
    return tuple(read_toml(resource("report_forms.toml"))["form"])


def forms_for(jurisdictions: list[str]) -> list[dict[str, Any]]:
    """The forms of the jurisdictions a group declares; all of them where it declares none."""
    return [form for form in forms() if not jurisdictions or set(form["jurisdictions"]) & set(jurisdictions)]


def draft(case: Row, form: dict[str, Any]) -> str:
    """One form as plain text: fields in the order of the form, known facts or 'to be filled in', DRAFT above and below."""
    lines = [f"{name}: {_filled(template, case)}" for name, template in form["fields"]]
    head = f"{form['name']}, entry {plain(str(case['entry']), 80)}, {plain(str(case['clinic']), 40)}"
    return "\n".join([DRAFT, head, *lines, "DRAFT"])


def _filled(template: str, case: Row) -> str:
    names = _FIELD.findall(template)
    if names and all(is_missing(case.get(name)) for name in names):
        return TO_FILL
    said = _FIELD.sub(lambda found: _value(found[1], case), template)
    return said.strip() or TO_FILL


def _value(name: str, case: Row) -> str:
    value = case.get(name)
    if name == "resolved_date" and is_missing(value):
        return ""
    if is_missing(value):
        return f"[{TO_FILL}]"
    if name in _DATES:
        return day(value)
    if name == "status":
        return status(value)
    if name == "dose_units":
        return decimal(value).removesuffix(".0")
    return plain(str(value).replace("_", " ").replace(";", ", "), 120)
