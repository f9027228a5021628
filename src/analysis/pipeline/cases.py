"""What is known of each open case: the four elements an outside report needs, what is missing, and the facts of a draft."""

import numpy as np
import pandas as pd

from analysis import taxonomy
from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics, Places, marked, of_events, of_lines

NEEDS = {
    "onset_date": "onset", "seriousness": "seriousness", "outcome": "outcome", "product": "product", "lot": "lot", "dose_units": "dose",
    "treatment_date": "day of treatment",
}  # fmt: skip
"""Fields a clinician is asked for, in the order of the page, with the words for them."""
_FACTS = (
    "treatment_date", "resolved_date", "treatment_type", "area", "product", "dose_units", "lot", "severity", "seriousness", "outcome",
)  # fmt: skip
_DAYS = ("treatment_date", "resolved_date")
_SESSION = ("treatment_date", "treatment_type", "product", "dose_units")
_TEXT = (
    "clinic", "entry", "label", "status", "triage", "reported_date", "onset_date", "contact_due", "injector_code", "treatment_date",
    "resolved_date", "treatment_type", "area", "product", "lot", "severity", "seriousness", "outcome", "missing",
)  # fmt: skip
_TRUTH = ("linked", "told_outside", "has_patient", "has_reporter", "has_product", "has_event", "draft")
COLUMNS = [*_TEXT[:9], "linked", *_TEXT[9:], "dose_units", *_TRUTH[1:]]


def open_cases(look_today: pd.DataFrame, clinics: Clinics) -> pd.DataFrame:
    """One row per open entry of level now or today that is an event; rows set aside and unreadable entries have no facts yet.

    What the log leaves blank is taken from the linked session. `has_*`: identifiable patient (a patient reference), reporter (a
    named injector), suspect product, event (an asserted, resolved, uncertain or other-cause reading). `missing` names blank
    fields; `told_outside`: the log names a body informed. `draft`: level now, or any ICH E2A criterion. No free text, no key.
    """
    listed = look_today[look_today["triage"].isin(("now", "today"))]
    named = pd.MultiIndex.from_frame(listed[["clinic", "entry"]])
    wanted = np.flatnonzero(pd.MultiIndex.from_frame(clinics.events[["clinic", "event_id"]]).isin(named))
    events = taken(clinics.events, wanted)
    events = events.merge(_sessions(clinics, of_events(clinics)[wanted]), on=["clinic", "session_id"], how="left")
    for column in (*_SESSION, "lot"):
        events[column] = events[column].fillna(events[f"session_{column}"])
    known = events[["clinic", "event_id", *_FACTS, "patient_key", "injector", "reported_to"]].copy()
    for column in _DAYS:
        known[column] = known[column].dt.strftime("%Y-%m-%d")
    cases = listed.merge(
        known.rename(columns={"event_id": "entry"}), on=["clinic", "entry"], how="inner", validate="one_to_one"
    )
    serious = cases["seriousness"].notna() & (cases["seriousness"] != "none")
    cases = cases.assign(
        told_outside=cases["reported_to"].notna(), has_patient=cases["patient_key"].notna(),
        has_reporter=cases["injector"].notna() & (cases["injector"] != "unknown"), has_product=cases["product"].notna(),
        has_event=cases["status"].isin(taxonomy.WATCHED), draft=(cases["triage"] == "now") | serious,
    )  # fmt: skip
    gaps = cases[list(NEEDS)].isna()
    cases["missing"] = [
        ", ".join(word for name, word in NEEDS.items() if row[name]) or None for row in gaps.to_dict("records")
    ]
    kinds = dict.fromkeys(_TEXT, "str") | dict.fromkeys(_TRUTH, "bool") | {"dose_units": "float64"}
    return cases.reindex(columns=COLUMNS).astype({name: kinds[name] for name in COLUMNS}).reset_index(drop=True)


def _sessions(clinics: Clinics, wanted: Places) -> pd.DataFrame:
    """Day, type, product, dose and lots of each session of which the row is `wanted`."""
    marks = marked(wanted, len(clinics.treatments))
    lines = taken(clinics.treatment_lines, np.flatnonzero(np.append(marks, False)[of_lines(clinics)]))
    lots = lines.dropna(subset=["lot"]).groupby(["clinic", "session_id"])["lot"]
    lot = lots.agg(lambda each: ";".join(sorted(set(each)))).astype("str")
    sessions = taken(clinics.treatments, np.flatnonzero(marks))[["clinic", "session_id", *_SESSION]]
    joined = sessions.merge(lot.reset_index(), on=["clinic", "session_id"], how="left")
    return joined.rename(columns={name: f"session_{name}" for name in (*_SESSION, "lot")})
