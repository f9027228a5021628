"""Random tables in random dialects: every row is accounted for once, and no cell of an accepted row changes."""

import csv
import io
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings

sys.path.append(str(Path(__file__).parents[1] / "unit" / "intake"))
from deliver import KEY, Delivered, deliver

from analysis.intake.values import patient_reference

HEADERS = {
    "event_id": ["Event ID", "AE ID", "Incident No", "Datix ID", "ID evento"],
    "patient_key": ["Client ID", "Patient ID", "MRN", "Chart #", "Guest Code"],
    "treatment_date": ["Date of treatment", "Tx Date", "Procedure Date", "Fecha tratamiento"],
    "reported_date": ["Date reported", "Logged on", "Entry date", "Fecha registro"],
    "text": ["Description", "Complication", "What happened", "Descripción"],
    "severity": ["Severity", "Sev", "Gravedad"],
    "injector": ["Practitioner", "Injector", "Provider"],
    "dose_units": ["Units", "Dose (U)", "Units injected"],
}
EVENT_COLUMNS = ["event_id", "patient_key", "treatment_date", "reported_date", "text", "severity", "injector"]
SESSION_COLUMNS = ["patient_key", "treatment_date", "injector", "dose_units"]
FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y", "%d.%m.%Y", "%Y%m%d", "%d-%m-%y"]

days = st.dates(date(2025, 1, 1), date(2026, 10, 31))
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")) | st.sampled_from(" ,;|\t\n\"'é"),
    min_size=1,
    max_size=30,
).filter(lambda t: t.strip() and t.strip().casefold() not in ("nil", "no events"))
patients = st.sampled_from(["000123", "NA", "Null", "12345678901234567890", "1E5", "p-7", "TRUE", "José", "None"])
names = st.sampled_from(["Ana Reyes", "Null", "Dr Page", "O'Neil", "Иванова", "unknown"])


@st.composite
def dialects(draw: st.DrawFn) -> dict:
    return {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "bom": draw(st.booleans()),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "newline": draw(st.sampled_from(["\n", "\r\n", "\r"])),
        "format": draw(st.sampled_from(FORMATS)),
        "headers": {c: draw(st.sampled_from(h)) for c, h in HEADERS.items()},
        "titles": draw(st.lists(st.sampled_from([[], ["Monthly log"], ["Exported 2026-11-01", "page 1"]]), max_size=3)),
        "encoding": draw(st.sampled_from(["utf-8", "utf-16"])),
    }


event_rows = st.lists(
    st.fixed_dictionaries(
        {
            "event_id": st.integers(1, 40).map("AE-{:03d}".format),
            "patient_key": patients,
            "treatment_date": days,
            "late": st.integers(0, 20),
            "text": words,
            "severity": st.sampled_from(["mild", "Moderate", "3", "", "n/a", "quite bad"]),
            "injector": names,
        }
    ),
    min_size=1,
    max_size=8,
)
session_rows = st.lists(
    st.fixed_dictionaries(
        {
            "patient_key": patients,
            "treatment_date": days,
            "injector": names,
            "dose_units": st.sampled_from(["20", "12.5", "30u", "7 units"]),
        }
    ),
    min_size=1,
    max_size=8,
)
dirt = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.sampled_from(
            ["blank", "total", "short", "long", "header", "repeat", "bad date", "no text", "nil", "control", "test"]
        ),
    ),
    max_size=4,
)


def write(rows: list[list[str]], dialect: dict) -> bytes:
    out = io.StringIO()
    # with a lone CR as line end the writer would leave other line ends in a cell unquoted
    quoting = csv.QUOTE_ALL if dialect["newline"] == "\r" else dialect["quoting"]
    writer = csv.writer(out, delimiter=dialect["delimiter"], quoting=quoting, lineterminator=dialect["newline"])
    writer.writerows(rows)
    text = ("\ufeff" if dialect["bom"] and dialect["encoding"] == "utf-8" else "") + out.getvalue()
    return text.encode(dialect["encoding"])


def table(columns: list[str], records: list[dict], dialect: dict, spoiled: list[tuple[int, str]]) -> list[list[str]]:
    header = [dialect["headers"][c] for c in columns]
    body = [[cell(record, c, dialect) for c in columns] for record in records]
    for position, what in spoiled:
        spoil(body, min(position, len(body)), what, header, columns)
    return [*dialect["titles"], header, *body]


def cell(record: dict, column: str, dialect: dict) -> str:
    if column == "reported_date":
        return (record["treatment_date"] + timedelta(days=record["late"])).strftime(dialect["format"])
    value = record[column]
    return value.strftime(dialect["format"]) if isinstance(value, date) else value


def spoil(body: list[list[str]], at: int, what: str, header: list[str], columns: list[str]) -> None:
    like = list(body[at - 1]) if at else list(body[0])
    date_column, width = columns.index("treatment_date"), len(columns)
    made = {
        "blank": [""] * width, "total": ["Total", "12"] + [""] * (width - 2), "short": like[:-1], "long": [*like, "more"],
        "header": list(header), "repeat": like, "nil": ["No adverse events"] + [""] * (width - 1),
    }  # fmt: skip
    if what in made:
        body.insert(at, made[what])
        return
    if what == "bad date" and len(like) > date_column:
        like[date_column] = "30/02/2026"
    elif what == "no text":
        like[-1] = ""
    elif what == "control":
        like = [c + "\x1a" for c in like]
    elif what == "test":
        like[columns.index("patient_key") % len(like)] = "Test patient"
    body.insert(at, like)


def ingest(content: bytes) -> Delivered:
    with tempfile.TemporaryDirectory() as folder:
        return deliver(Path(folder), {"Clinic/log.csv": content})


def written(record: dict) -> tuple[str, str, str, str]:
    clinic_scope = KEY.patient("Clinic", patient_reference(record["patient_key"]))
    return record["event_id"], clinic_scope, record["treatment_date"].isoformat(), record["text"]


PHASES = (Phase.explicit, Phase.generate)  # shrinking would cost minutes
EXAMPLES = int(os.environ.get("AE_EXAMPLES", "20"))
quick = settings(max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(event_rows, dialects(), dirt)
def test_event_rows_are_accounted_for_and_unchanged(
    records: list[dict], dialect: dict, spoiled: list[tuple[int, str]]
) -> None:
    rows = table(EVENT_COLUMNS, records, dialect, spoiled)
    result = ingest(write(rows, dialect))
    if result.refused:
        assert "may be" in result.refused, result.refused  # only undecidable dates refuse a well-formed file
        return
    assert result.files["rows_read"].sum() == len(rows) - 1
    told = {written(record) for record in records}
    plain = result.events[~result.events["row"].isin(spoiled_rows(rows, records, dialect))]
    for event in plain.itertuples():
        stated = event.treatment_date.date().isoformat() if event.treatment_date == event.treatment_date else None
        assert any(
            event.event_id.split("~")[0] == i and event.patient_key == p and stated in (d, None) and event.text == t
            for i, p, d, t in told
        )


def spoiled_rows(rows: list[list[str]], records: list[dict], dialect: dict) -> set[int]:
    clean = [[cell(record, c, dialect) for c in EVENT_COLUMNS] for record in records]
    return {number for number, row in enumerate(rows, start=1) if row not in clean}


@quick
@given(event_rows, dialects())
def test_clean_logs_lose_no_entry(records: list[dict], dialect: dict) -> None:
    records = list({r["event_id"]: r for r in records}.values())
    rows = table(EVENT_COLUMNS, records, dialect, [])
    result = ingest(write(rows, dialect))
    if not result.refused:
        said = dict(zip(result.events["event_id"], result.events["text"], strict=True))
        assert said == {r["event_id"]: r["text"] for r in records}


@quick
@given(session_rows, dialects(), dirt)
def test_session_rows_are_accounted_for(records: list[dict], dialect: dict, spoiled: list[tuple[int, str]]) -> None:
    spoiled = [(at, what) for at, what in spoiled if what != "no text"]
    rows = table(SESSION_COLUMNS, records, dialect, spoiled)
    result = ingest(write(rows, dialect))
    if result.refused:
        assert "may be" in result.refused, result.refused
        return
    assert result.files["rows_read"].sum() == len(rows) - 1
    doses = {"20": 20.0, "12.5": 12.5, "30u": 30.0, "7 units": 7.0}
    told = {
        (
            KEY.patient("Clinic", patient_reference(r["patient_key"])),
            r["treatment_date"].isoformat(),
            doses[r["dose_units"]],
        )
        for r in records
    }
    got = set(
        zip(
            result.lines["patient_key"],
            result.lines["treatment_date"].dt.strftime("%Y-%m-%d"),
            result.lines["dose_units"],
            strict=True,
        )
    )
    assert got <= told
    if not spoiled:
        assert got == told


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=300).map(str.encode),
    st.sampled_from(["log.csv", "log.xlsx", "log.xls", "log.tsv"]),
)
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    head = b"Event ID,Date reported,Description\n" if name == "log.tsv" else b""
    with tempfile.TemporaryDirectory() as folder:
        deliver(Path(folder), {f"Clinic/{name}": head + content})
