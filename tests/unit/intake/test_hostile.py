"""Every file of the hostile set: its account, its values, and what it is told."""

import os
from pathlib import Path

import pandas as pd
import pytest
from deliver import Delivered, deliver
from hostile import HEAD, ROW1, Hostile
from hostile_books import BOOKS
from hostile_clinic_books import CLINIC_BOOKS
from hostile_clinics import CLINICS
from hostile_desk import DESK
from hostile_shapes import SHAPES
from hostile_text import TEXT_FILES
from hostile_values import DATES
from hostile_versions import VERSIONS

from analysis.intake.sessions import by_area, to_sessions

CASES = [*TEXT_FILES, *SHAPES, *DATES, *VERSIONS, *BOOKS, *CLINICS, *CLINIC_BOOKS, *DESK]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_hostile_file(case: Hostile, tmp_path: Path) -> None:
    if case.toml:
        (tmp_path / "C").mkdir()
        (tmp_path / "C" / "clinic.toml").write_text(case.toml, encoding="utf-8")
    result = deliver(tmp_path, case.files)
    _check_secrecy(result)
    if case.refused is not None:
        assert case.refused in result.refused
        assert len(result.events) == len(result.lines) == 0
        return
    assert (case.partly in result.refused) if case.partly else result.refused == ""
    _check_rows(case, result)
    _check_values(case, result)


def _check_secrecy(result: Delivered) -> None:
    """No message quotes a text or an identifier."""
    told = " ".join([result.refused, *result.notes["message"], *result.aside["reason"], *result.aside["mend"].dropna()])
    for secret in ("cheek", "droop", "P001", "Anaphylaxis", "12345678901234567890", "1.23457E+19"):
        assert secret not in told


def _check_rows(case: Hostile, result: Delivered) -> None:
    account = result.account()
    assert tuple(account.values())[1:] == case.account, result.aside[["row", "disposition", "reason"]].to_string()
    if case.reason:
        assert case.reason in " | ".join(result.aside["reason"])
    if case.note:
        assert case.note in set(result.notes["code"])
    if case.texts is not None:
        assert tuple(result.events.sort_values("event_id")["text"]) == case.texts


def _check_values(case: Hostile, result: Delivered) -> None:
    lines = result.lines.sort_values(["path", "row"])
    if case.patients is not None:
        assert lines["patient_key"].nunique() == case.patients
    if case.sessions is not None:
        assert len(to_sessions(lines, by_area(lines))) == case.sessions
    if case.doses is not None:
        assert tuple(None if d != d else d for d in lines["dose_units"]) == case.doses
    if case.dates is not None:
        assert tuple(lines["treatment_date"].dt.strftime("%Y-%m-%d")) == case.dates
    if "onset" in case.more:
        assert tuple(result.events["onset_date"].dt.strftime("%Y-%m-%d")) == case.more["onset"]
    for name, found in (("events", result.events.sort_values("event_id")), ("lines", lines)):
        for column, expected in case.more.get(name, {}).items():
            assert tuple(None if pd.isna(v) else v for v in found[column]) == expected, column
    if "onset_set" in case.more:  # events without an id of their own have no order
        assert sorted(result.events["onset_date"].dt.strftime("%Y-%m-%d")) == sorted(case.more["onset_set"])
        assert sorted(result.events["text"]) == sorted(case.more["text_set"])
    if "total" in case.more:
        assert int(result.rows.totals["sessions"].sum()) == case.more["total"]


def test_the_set_is_large_enough() -> None:
    assert len(CASES) >= 100
    assert len({case.id for case in CASES}) == len(CASES)


def test_links_pipes_and_folders_are_not_opened(tmp_path: Path) -> None:
    clinic = tmp_path / "raw" / "C"
    clinic.mkdir(parents=True)
    outside = tmp_path / "secret.csv"
    outside.write_text(HEAD + ROW1, encoding="utf-8")
    (clinic / "link.csv").symlink_to(outside)
    (clinic / "loop").symlink_to(clinic)
    (clinic / "folder.csv").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(clinic / "pipe.csv")
    result = deliver(tmp_path / "raw", {"C/good.csv": HEAD + ROW1})
    assert "link.csv: is a link" in result.refused
    assert "pipe.csv: is a device or pipe" in result.refused
    assert len(result.events) == 1


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/raw/C/log\xff.csv"
    (tmp_path / "raw" / "C").mkdir(parents=True)
    try:
        with open(name, "wb") as handle:
            handle.write((HEAD + ROW1).encode())
    except OSError:
        pytest.skip("this file system holds only names that are text")
    result = deliver(tmp_path / "raw", {})
    assert result.files["path"].tolist() == ["C/log\\udcff.csv"]
