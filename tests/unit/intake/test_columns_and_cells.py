"""A header is believed only as far as the cells below it bear it out; what the cells say of rows that were no session."""

import pytest
from deliver import deliver

from analysis.errors import Place
from analysis.intake import services, values
from analysis.intake.kinds import treatments_by_cells
from analysis.intake.layout import Layout, understand
from analysis.intake.sheet import Rows, Sheet
from analysis.schemas.config import FilePart


def layout(text: str) -> Layout:
    rows = [line.split("|") for line in text.strip().splitlines()]
    return understand(Sheet("", Rows.of(rows), True), Place("log.csv"), FilePart(match="*"))


def read_as(text: str) -> dict[str, str]:
    found = layout(text)
    return {found.headers[p]: canonical for canonical, positions in found.columns.items() for p in positions}


def test_names_are_no_references_where_another_column_holds_references():
    found = read_as(
        "Client|Dossier number of client|Date|Units\nAnn Lee|77120|2026-03-01|20\nBob Ray|77121|2026-03-02|12"
    )
    assert found["Dossier number of client"] == "patient_key"
    assert found["Client"] == "person_name"


def test_a_column_of_references_is_the_patient_even_if_it_is_called_patient():
    assert read_as("Patient|Date|Units\nP1|2026-03-01|20\nP2|2026-03-02|12")["Patient"] == "patient_key"


def test_a_date_column_without_dates_is_not_used_and_said_so():
    found = layout(
        "AE ID|Treatment date|Reaction noticed on|Description\n1|2026-03-01|no idea|bruise\n2|2026-03-02|her|bruise"
    )
    assert "onset_date" not in found.columns
    assert found.doubted == {2: "onset_date: its cells are no dates"}


def test_recovered_yes_and_no_is_an_outcome_and_not_a_date():
    assert read_as("AE ID|Onset|Description|Resolved\n1|2026-03-01|a|Yes\n2|2026-03-02|b|No\n3|2026-03-02|b|No")[
        "Resolved"
    ] == ("outcome")


@pytest.mark.parametrize(("beside", "read"), [("Opened", False), ("Case owner", False), ("Side", True)])
def test_closing_a_report_is_no_recovery(beside, read):
    found = read_as(f"AE ID|Description|Reported|Closed|{beside}\n1|bruise|2026-03-01|2026-03-09|L")
    assert ("Closed" in found) is read


def test_a_code_column_of_long_text_is_not_used():
    long = "She rang to say that the left side felt heavy and that she could not drive home"
    found = layout(f"AE ID|Description|Reported|Final outcome\n1|bruise|2026-03-01|{long}\n2|bruise|2026-03-02|{long}")
    assert found.doubted == {3: "outcome: its cells are long text"}


def test_harm_is_never_severity():
    assert "severity" not in layout("AE ID|Description|Reported|Level of harm\n1|bruise|2026-03-01|Low").columns


BY_CELLS = (
    "{}|Client|Spot|Vial from\n2026-03-01|P1|frown|Botox\n2026-03-02|P2|forehead|Dysport\n2026-03-03|P3|masseters|Botox"
)


def test_treatments_are_recognised_by_their_cells():
    found = layout(BY_CELLS.format("Day"))
    assert found.kind == "treatments"
    assert {"treatment_date": [0], "area": [2], "product": [3]}.items() <= found.columns.items()
    assert found.basis[2] == found.basis[3] == "cells"


@pytest.mark.parametrize("header", ["Date of birth", "Next visit", "Expires", "Last seen date"])
def test_dates_of_something_else_make_no_treatments_log(header):
    rows = [line.split("|") for line in BY_CELLS.format(header).splitlines()]
    assert treatments_by_cells(rows[0], Rows.of(rows)[1:]) == {}


@pytest.mark.parametrize(
    ("cells", "proven"),
    [
        (["24,0 UI", "50"], True),
        (["1,000", "20"], False),
        (["24,0", "2.5"], False),
        (["20", "12"], False),
        (["0,25 ml"], True),
    ],
)
def test_decimal_commas_are_proven_or_not_read(cells, proven):
    assert values.has_decimal_commas(cells) is proven


@pytest.mark.parametrize(
    ("cell", "units"), [("50 U Speywood", 50), ("80 Speywood units", 80), ("50 sU", None), ("1 ml", None)]
)
def test_units_with_their_name(cell, units):
    assert values.dose(cell) == units


@pytest.mark.parametrize(
    ("cell", "status"),
    [("Cancelled <24h", "cancelled"), ("No acude", "no_show"), ("CNA - patient", "cancelled"), ("Not cancelled", None),
     ("Checked Out", "kept"), ("On hold", None)],
)  # fmt: skip
def test_status_within_a_remark(cell, status):
    assert services.status(cell) == status


@pytest.mark.parametrize(
    ("remark", "why"),
    [("no show", "no_show"), ("cancelled - ill", "cancelled"), ("eyelid cancelled out", None), ("bruise", None)],
)
def test_a_remark_that_nobody_came(remark, why):
    assert services.not_attended(remark) == why


def test_a_remark_does_not_hide_a_session_with_a_dose(tmp_path):
    head = "Treatment date,Client ID,Injector,Area,Product,Units,Complications\n"
    rows = "2026-03-01,P1,Ana,frown,Botox,20,no show at review\n2026-03-02,P2,Ana,frown,,,no show\n"
    result = deliver(tmp_path, {"C/log.csv": head + rows})
    assert len(result.lines) == 1
    assert result.why("ignored") == ["appointment no show"]


def test_a_year_of_two_digits_beside_a_month_name(tmp_path):
    head = "Treatment date,Client ID,Injector,Units\n"
    result = deliver(tmp_path, {"C/log.csv": f"{head}1 Mar 2026,P1,Ana,20\n2-mar-26,P2,Ana,20\n2-mar-62,P3,Ana,20\n"})
    assert result.lines["treatment_date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-01", "2026-03-02"]


def test_a_message_names_the_column_as_the_clinic_wrote_it(tmp_path):
    result = deliver(
        tmp_path, {"C/log.csv": "Client ID,Tx Date,Provider,Units\nP1,last week,Ana,20\nP2,2026-03-01,Ana,20\n"}
    )
    held = result.aside[result.aside["disposition"] == "quarantined"].iloc[0]
    assert held["column"] == "treatment_date"
    assert "'Tx Date'" in held["mend"]


def test_an_undecidable_date_names_both_columns(tmp_path):
    result = deliver(tmp_path, {"C/log.csv": "Client ID,Tx Date,Provider,Units\nP1,03/04/2026,Ana,20\n"})
    assert "column 'Tx Date'" in result.refused
    assert "read as treatment_date" in result.refused


SESSIONS = "Branch,Client ID,Visit ID,Treatment date,Injector,Units\nElm,P1,V1,2026-03-01,Ana,20\nOak,P1,V2,2026-06-01,Ana,20\n"


@pytest.mark.parametrize(
    ("row", "clinic"),
    [
        ("V1,P1,,2026-06-09", "Elm"),
        (",P1,2026-06-01,2026-06-09", "Oak"),
        (",P1,,2026-04-09", "Elm"),
        (",P9,,2026-06-09", "C"),
    ],
)
def test_an_events_log_without_clinic_takes_it_from_the_session(tmp_path, row, clinic):
    events = f"AE ID,Visit ID,Client ID,Treatment date,Date reported,Description\nA1,{row},bruise\n"
    result = deliver(tmp_path, {"C/events.csv": events, "C/sessions.csv": SESSIONS})
    assert result.events["clinic"].tolist() == [clinic]
