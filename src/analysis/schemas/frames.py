"""One pandera schema per stored frame: column, meaning, unit and allowed values. The schema is the documentation.

Every frame is sorted by its key, has a plain 0-based index and exactly these columns in this order.
"""

from dataclasses import dataclass

import pandera.pandas as pa

from analysis import taxonomy
from analysis.schemas import vocabulary as v
from analysis.schemas.columns import count, day, month, number, text, truth, whole

CATEGORY_AND_LEFTOVER = (*taxonomy.CATEGORIES, "none", "unknown")


@dataclass(frozen=True)
class Frame:
    """A stored frame: its name, what one row is, its sort key and its schema."""

    name: str
    grain: str
    key: tuple[str, ...]
    schema: pa.DataFrameSchema


def _frame(name: str, grain: str, key: tuple[str, ...], **columns: pa.Column) -> Frame:
    return Frame(name, grain, key, pa.DataFrameSchema(columns, strict=True, ordered=True, coerce=False, name=name))


FILES = _frame(
    "files", "one raw file × sheet", ("path", "sheet"),
    clinic=text("clinic folder the file lies in", required=True),
    path=text("path below the raw folder, with forward slashes", required=True),
    sheet=text("sheet name; empty text for a file without sheets", required=True),
    sha256=text("SHA-256 of the whole file", required=True),
    kind=text("what the sheet was read as", allowed=v.KINDS, required=True),
    as_of=day("date up to which the file speaks, as declared or found in its name"),
    rows_read=count("rows below the header, and title rows above it"),
    accepted=count("rows used"),
    duplicate=count("rows already known"),
    superseded=count("rows replaced by a newer version"),
    quarantined=count("rows held because they cannot be used as they are"),
    ignored=count("blank, title, total and footer rows, no-shows, retail lines"),
    refused_reason=text("why the whole file was refused; missing when it was read"),
    simulated=truth("the clinic is declared as simulated", required=True),
)  # fmt: skip

COVERAGE = _frame(
    "coverage", "clinic × month", ("clinic", "month"),
    clinic=text("clinic", required=True),
    month=month("calendar month"),
    treatments=text("was the treatments log received", allowed=v.TREATMENT_COVERAGE, required=True),
    events=text("was the events log received", allowed=v.EVENT_COVERAGE, required=True),
    covered_to=day("last day that both logs of the clinic speak for, within the month"),
    basis=text("what the statement rests on", required=True),
)  # fmt: skip

TREATMENTS = _frame(
    "treatments", "session: one patient × one date × one injector", ("clinic", "session_id"),
    clinic=text("clinic", required=True),
    session_id=text("session, derived from clinic, patient, date and injector", required=True),
    course_id=text("index session and its touch-ups within 28 days", required=True),
    touch_up=truth("a session within 28 days of the course's index session", required=True),
    treatment_date=day("date of treatment", required=True),
    treatment_type=text("medical before cosmetic", allowed=v.TREATMENT_TYPES, required=True),
    areas=text("areas treated, sorted, joined by ';'; missing when not recorded"),
    injector=text("injector as most often written; 'unknown' when blank", required=True),
    product=text("product, or 'mixed'; missing when not recorded"),
    dose_units=number("sum of units of one product; missing for mixed products", unit="units of that product"),
    dose_ratio=number("dose ÷ the product's label dose for the areas", unit="ratio"),
    patient_key=text("keyed hash of the patient reference"),
    blood_thinner=truth("anticoagulant, antiplatelet or bleeding-risk supplement in use"),
    stopped_7d=truth("stopped at least 7 days before"),
    prior_toxin=truth("had botulinum toxin before"),
    injector_credential=text("role as written"),
    followup_kind=text("documented follow-up of the session", allowed=v.FOLLOWUP_KINDS, required=True),
    contact_date=day("date of the follow-up contact; missing when not recorded"),
    simulated=truth("the clinic is declared as simulated", required=True),
)  # fmt: skip

TREATMENT_LINES = _frame(
    "treatment_lines", "session × area × product",
    ("clinic", "session_id", "area", "indication", "product", "lot", "dose_units"),
    clinic=text("clinic", required=True),
    session_id=text("session", required=True),
    area=text("area id of areas.csv; missing when not recorded"),
    indication=text("treatment type of the line", allowed=v.TREATMENT_TYPES, required=True),
    product=text("product id of products.csv"),
    lot=text("lot as written, upper case"),
    dose_units=number("units injected", unit="units of that product"),
    dose_ratio=number("dose ÷ label dose", unit="ratio"),
)  # fmt: skip

EXPOSURE_TOTALS = _frame(
    "exposure_totals", "month × type × injector of a clinic that sends totals",
    ("clinic", "month", "treatment_type", "injector", "area", "product"),
    clinic=text("clinic", required=True),
    month=month("month of treatment"),
    treatment_type=text("treatment type", allowed=v.TREATMENT_TYPES, required=True),
    injector=text("injector; 'unknown' when blank", required=True),
    area=text("area, when the totals are split by it"),
    product=text("product, when the totals are split by it"),
    sessions=count("number of sessions"),
)  # fmt: skip

PROCESS_COUNTS = _frame(
    "process_counts", "clinic × month × kind of process log; never part of a rate", ("clinic", "month", "about"),
    clinic=text("clinic", required=True),
    month=text("month of report, YYYY-MM; missing when nothing dates the rows"),
    about=text("what the log is of", allowed=v.PROCESS, required=True),
    entries=count("rows, repeats in later exports left out; no word of them is kept"),
)  # fmt: skip

EVENTS = _frame(
    "events", "event: one row of an adverse-event log", ("clinic", "event_id"),
    clinic=text("clinic", required=True),
    event_id=text("the clinic's id, or derived from the content", required=True),
    session_id=text("linked session; missing when unlinked"),
    link_method=text("how the session was found", allowed=v.LINK_METHODS, required=True),
    link_days=whole("days from session to onset, else to report"),
    patient_key=text("keyed hash of the patient reference"),
    treatment_date=day("date of treatment as the log states it"),
    onset_date=day("date of onset"),
    reported_date=day("date the entry was made"),
    resolved_date=day("date of recovery"),
    treatment_type=text("treatment type as the log states it", allowed=v.TREATMENT_TYPES),
    area=text("areas as the log states them, sorted, joined by ';'"),
    injector=text("injector as the log states it"),
    product=text("product as the log states it"),
    dose_units=number("units as the log states them", unit="units of that product"),
    lot=text("lot as written, upper case"),
    text=text("what happened, as written; confidential"),
    coded=text("what the coder made of it", allowed=v.CODED, required=True),
    event_category=text("category the clinic's own code maps to", allowed=CATEGORY_AND_LEFTOVER),
    event_category_raw=text("the clinic's own code as written"),
    severity=text("severity", allowed=v.SEVERITIES),
    severity_raw=text("severity as written"),
    seriousness=text("ICH E2A criteria joined by ';', or 'none'"),
    seriousness_raw=text("seriousness as written"),
    outcome=text("outcome", allowed=v.OUTCOMES),
    outcome_raw=text("outcome as written"),
    laterality=text("side", allowed=v.LATERALITIES),
    laterality_raw=text("side as written"),
    causality=text("causality as written, lower case"),
    action_taken=text("action taken as written; confidential"),
    reported_to=text("outside body informed, as written"),
    simulated=truth("the clinic is declared as simulated", required=True),
)  # fmt: skip

FINDINGS = _frame(
    "findings", "finding: one sub-code × status read out of one event",
    ("clinic", "event_id", "source", "subcode", "status", "start", "rule"),
    clinic=text("clinic", required=True),
    event_id=text("event", required=True),
    episode_id=text("episode the finding belongs to; missing for statuses that make none"),
    category=text("category", allowed=taxonomy.CATEGORIES, required=True),
    subcode=text("sub-code of taxonomy.csv", required=True),
    **{"class": text("class of the sub-code", allowed=taxonomy.CLASSES, required=True)},
    status=text("assertion status", allowed=taxonomy.STATUSES, required=True),
    severity=text("severity when stated", allowed=v.SEVERITIES),
    laterality=text("side when stated", allowed=v.LATERALITIES),
    site=text("site when stated"),
    urgent=truth("the article's 'medical attention right away'", required=True),
    red_flag=truth("wider clinical red flag", required=True),
    triage=text("what drives the first screen", allowed=taxonomy.TRIAGE, required=True),
    pattern=text("where it lies relative to the treated site", allowed=v.PATTERNS),
    confirmed=text("how it was established", allowed=v.CONFIRMED),
    evidence=text("the words; equals text[start:end]; confidential"),
    start=whole("first code point of the evidence in the stored text", minimum=0),
    end=whole("one past the last code point", minimum=0),
    rule=text("rule that made the finding", required=True),
    source=text("who read it", allowed=v.SOURCES, required=True),
    final=truth("the reading that counts", required=True),
    in_window=truth("link_days within the sub-code's window; false when unlinked", required=True),
    needs_review=truth("a person should look", required=True),
)  # fmt: skip

EPISODES = _frame(
    "episodes", "episode: one session (or patient) × sub-code", ("clinic", "episode_id"),
    clinic=text("clinic", required=True),
    episode_id=text("episode", required=True),
    session_id=text("linked session; missing when unlinked"),
    category=text("category", allowed=taxonomy.CATEGORIES, required=True),
    subcode=text("sub-code", required=True),
    **{"class": text("class", allowed=taxonomy.CLASSES, required=True)},
    status=text("status of the episode as a whole", allowed=taxonomy.WATCHED, required=True),
    counted=truth("happened and, if linked, within the window: what every count of events counts", required=True),
    onset_date=day("earliest onset"),
    reported_date=day("earliest report"),
    resolved_date=day("last recovery with nothing asserted after"),
    state=text("state at the data cut", allowed=v.EPISODE_STATES, required=True),
    severity=text("highest severity stated", allowed=v.SEVERITIES),
    laterality=text("union of sides", allowed=v.LATERALITIES),
    triage=text("most pressing level", allowed=taxonomy.TRIAGE, required=True),
    urgent=truth("any finding urgent", required=True),
    red_flag=truth("any finding with a clinical red flag", required=True),
    entries=count("log rows joined"),
    pressing_event_id=text("first entry that reached the episode's triage level", required=True),
    pressing_since=day("day that entry was reported, else began"),
    next_contact_due=day("next contact by the follow-up rules; missing when closed"),
)  # fmt: skip

SET_ASIDE = _frame(
    "set_aside", "raw row not used", ("path", "sheet", "row", "disposition"),
    clinic=text("clinic, or the folder when the row does not say", required=True),
    path=text("file", required=True),
    sheet=text("sheet", required=True),
    row=count("row number as a spreadsheet shows it"),
    disposition=text("why it is not among the data", allowed=v.DISPOSITIONS, required=True),
    raw=text("mapped columns as JSON, patient keyed; confidential", required=True),
    reason=text("what is wrong", required=True),
    column=text("canonical column at fault"),
    mend=text("how to mend it"),
    triage=text("level of the row's text, read all the same", allowed=taxonomy.TRIAGE),
)  # fmt: skip

NOTES = _frame(
    "notes", "warning or amendment", ("clinic", "path", "sheet", "row", "column", "code"),
    clinic=text("clinic or folder", required=True),
    path=text("file", required=True),
    sheet=text("sheet", required=True),
    row=whole("row; missing for a note on the whole sheet", minimum=1),
    column=text("column"),
    code=text("kind of note", required=True),
    old=text("value before; never free text or an identifier"),
    new=text("value after"),
    message=text("sentence for a person", required=True),
)  # fmt: skip

INJECTORS = _frame(
    "injectors", "clinic × injector", ("clinic", "injector"),
    clinic=text("clinic", required=True),
    injector=text("injector as in treatments and events", required=True),
    code=text("keyed code printed instead of the name", required=True),
    credential=text("role as most often written"),
)  # fmt: skip

REVIEWS = _frame(
    "reviews", "decision of a person on an entry", ("clinic", "event_id", "kind", "part", "number", "position"),
    clinic=text("clinic", required=True),
    event_id=text("event, or the place of a row set aside", required=True),
    kind=text("what was decided: coding, link, merge or whether the entry stays open", allowed=v.REVIEW_KINDS, required=True),
    part=text("sub-code of a merge; empty text for the other kinds", required=True),
    decision=text("the decision as in the drop-down", required=True),
    old=text("JSON: what stood before; codes only", required=True),
    new=text("JSON: what stands after; codes only", required=True),
    outcome=text("outcome that the person closing the entry recorded", allowed=v.OUTCOMES),
    reviewer=text("who decided", required=True),
    decided=day("day of the decision as the reviewer states it", required=True),
    why=text("the reviewer's reason; confidential"),
    content=text("hash of the content that the decision rests on", required=True),
    number=count("entry of the ledger"),
    position=count("place within that entry"),
    state=text(
        "applied; overruled by a later decision; stale: the row has changed since; gone: no such entry any more",
        allowed=v.REVIEW_STATES, required=True,
    ),
)  # fmt: skip

FRAMES: dict[str, Frame] = {
    frame.name: frame
    for frame in (
        FILES, COVERAGE, TREATMENTS, TREATMENT_LINES, EXPOSURE_TOTALS, PROCESS_COUNTS, EVENTS,
        FINDINGS, EPISODES, SET_ASIDE, NOTES, INJECTORS, REVIEWS,
    )
}  # fmt: skip
