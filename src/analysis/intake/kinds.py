"""What kind of log a sheet is: from its headers, and from its cells where the headers alone do not say."""

from analysis.intake import services, values
from analysis.intake.content import is_date, mostly, sample
from analysis.intake.header_words import may_be_day_of_treatment
from analysis.intake.headers import meanings
from analysis.intake.rows import Row, SomeRows
from analysis.intake.spread import SURE, reaction

_EVENT_SIGNS = {
    "event_id",
    "onset_date",
    "reported_date",
    "resolved_date",
    "severity",
    "seriousness",
    "outcome",
    "event_category",
    "causality",
}
_DOSE_SIGNS = {"dose_units", "product", "lot"}
_BY_CELLS = (("product", values.product), ("area", values.areas), ("treatment_type", services.treatment_type))


def kind_of(headers: Row, declared: dict[int, str]) -> str:
    """`events`, `treatments`, `combined`, `totals`, `process` or `unknown`."""
    strong, weak = _signs(headers, declared)
    if "complaint" in strong and "text" not in strong:
        return "process"
    if "sessions" in strong | weak and not ({"patient_key", "text", "event_id", "treatment_id"} & strong):
        if "month" in strong or "treatment_date" in strong | weak:
            return "totals"
    reactions = sum(1 for p, header in enumerate(headers) if p not in declared and reaction(header) == SURE)
    has_text = "text" in strong or "event_category" in strong or reactions > 0
    if has_text and not (_EVENT_SIGNS & strong) and "treatment_date" in strong | weak and _DOSE_SIGNS & strong:
        return "combined"
    if has_text or len(_EVENT_SIGNS & strong) >= 2 or ({"event_id", "text"} & weak and _EVENT_SIGNS & strong):
        return "events"
    if "event_id" in strong and not _DOSE_SIGNS & strong and (_EVENT_SIGNS - {"event_id", "outcome"}) & (strong | weak):
        return "events"  # a case number alone is what some clinics call a visit; `Status` says nothing either
    if "treatment_date" in strong | weak and (_DOSE_SIGNS | {"injector", "treatment_type", "area"}) & (strong | weak):
        return "treatments"
    if "text" in weak and ({"treatment_date", "onset_date", "reported_date"} & (strong | weak)):
        return "events"
    return "unknown"


def treatments_by_cells(headers: Row, rows: SomeRows) -> dict[int, str]:
    """Columns of a treatments log under headers nobody knows: a column of dates beside one of toxin brands, areas or services.

    Empty when the cells do not show it, or when more than one column holds dates.
    """
    dated = [p for p, header in enumerate(headers) if header and mostly(sample(rows, p), is_date)]
    if len(dated) != 1 or not may_be_day_of_treatment(headers[dated[0]]):
        return {}
    found: dict[int, str] = {}
    for position, header in enumerate(headers):
        if header and position not in dated and not meanings(header):
            cells = sample(rows, position)
            canonical = next((c for c, test in _BY_CELLS if c not in found.values() and mostly(cells, test)), None)
            if canonical:
                found[position] = canonical
    shown = {"product", "area", "treatment_type"} & {
        *found.values(),
        *(m.canonical for h in headers for m in meanings(h)),
    }
    return {dated[0]: "treatment_date", **found} if shown else {}


def _signs(headers: Row, declared: dict[int, str]) -> tuple[set[str], set[str]]:
    strong: set[str] = set(declared.values())
    weak: set[str] = set()
    for position, header in enumerate(headers):
        if position not in declared:
            for meaning in meanings(header):
                (strong if meaning.strong else weak).add(meaning.canonical)
    return strong, weak - strong
