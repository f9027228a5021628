"""Dates, numbers and words as the contract states them."""

from datetime import date

import pytest

from analysis.intake import services, values
from analysis.intake.dates import choose, from_1904, proven_order, read_written
from analysis.intake.onsets import relative_days
from analysis.intake.words import fold, visible

MARCH = date(2026, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04",
        "2026/3/4",
        "20260304",
        "4 March 2026",
        "4-mar-2026",
        "March 4, 2026",
        "March 4 2026",
        "4 de marzo de 2026",
        "04.03.2026",
        "Wed 4 Mar 2026",
        "2026-03-04T23:59:59-11:00",
        "2026-03-04 24:00",
        "46085",
        "46085.75",
        "\u200b2026-03-04\u00a0",
    ],
)
def test_dates_that_need_no_order(text: str) -> None:
    assert choose(read_written(text), None) == MARCH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30/02/2026",
        "2026-13-04",
        "last Tuesday",
        "01/01/1900",
        "1970-01-01",
        "2026",
        "0",
        "60",
        "12",
        "-46085",
        "day 3",
        "13/13/2026",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read_written(text) is None


def test_an_open_date_needs_an_order() -> None:
    written = read_written("03/04/2026")
    assert written is not None
    assert written.is_open
    assert choose(written, None) is None
    assert choose(written, "dmy") == date(2026, 4, 3)
    assert choose(written, "mdy") == MARCH
    assert choose(written, "mixed") is None


def test_an_order_is_proven_by_the_column() -> None:
    assert proven_order(["03/04/2026", "25/03/2026"]) == "dmy"
    assert proven_order(["03/25/2026", "2026-01-01"]) == "mdy"
    assert proven_order(["03/25/2026", "25/03/2026"]) == "mixed"
    assert proven_order(["03/04/2026", "05/05/2026"]) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("day 3", 3),
        ("2/52", 14),
        ("1 wk", 7),
        ("3/7", 3),
        ("1/12", 30),
        ("same day", 0),
        ("next day", 1),
        ("2 weeks later", 14),
        ("2 horas", 0),
        ("2 semanas", 14),
        ("soon", None),
        ("2² days", None),
        ("", None),
    ],
)
def test_relative_onsets(text: str, days: int | None) -> None:
    assert relative_days(text) == days


def test_serials_of_1904() -> None:
    assert choose(read_written(from_1904("44623")), None) == MARCH
    assert from_1904("2026-03-04") == "2026-03-04"


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("20", 20),
        ("20u", 20),
        ("20 units", 20),
        ("12.5 IU", 12.5),
        ("10+10", 20),
        ("0", 0),
        ("-5", -5),
        ("\N{MINUS SIGN}5", -5),
        ("10-20", None),
        ("1,000", None),
        ("1_000", None),
        ("1e3", None),
        ("inf", None),
        ("nan", None),
        ("20 mL", None),
        ("2²", None),
        ("½", None),
        ("99999", None),
    ],
)
def test_doses(text: str, units: float | None) -> None:
    assert values.dose(text) == units


def test_decimal_comma() -> None:
    assert values.dose("12,5", decimal=",") == 12.5
    assert values.dose("1.000", decimal=",") is None


def test_ids_survive_and_placeholders_name_nobody() -> None:
    for text in ("NA", "Null", "None", "007", "12345678901234567890", "1E5", "TRUE"):
        assert not values.names_nobody(text)
        assert not values.was_shortened(text)
    for text in ("", "-", "n/a", "unknown", "??", "...", "\u200b"):
        assert values.names_nobody(text)
    assert values.was_shortened("1.23457E+19")
    assert values.patient_reference("123.0") == "123"
    assert values.patient_reference("0123") == "0123"
    assert values.patient_reference("Jose\u0301\u200b ") == values.patient_reference("JOSÉ")


def test_words_fold_without_making_digits_or_losing_alphabets() -> None:
    assert fold("  Fecha\u00a0Inicio: ") == "fecha inicio"
    assert fold("De\u200bscripción") == "descripcion"
    assert fold("2²") != fold("22")
    assert fold("Иванова")
    assert visible("a\u202eb\x1a  c") == "ab c"


def test_vocabularies() -> None:
    assert values.word("CTCAE 3", "severity") == "severe"
    assert values.word("dcha", "laterality") == "R"
    assert values.seriousness("Hospitalised; death") == "death;hospitalisation"
    assert values.seriousness("no") == "none"
    assert services.treatment_type("Chronic migraine") == "migraine"
    assert values.product("Azzalure") == "abobotulinumtoxinA"
    assert services.not_toxin("Lip filler") == "filler"
    assert values.month("Oct 2026") == values.month("10/2026") == "2026-10"
    assert values.injector_key("REYES, Dr. Ana") == values.injector_key("Ana Reyes")
    assert values.says_none("None")
    assert not values.says_none("-")
