"""Sessions, courses, links, coverage and versions as the contract states them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from deliver import Delivered, deliver

from analysis.errors import UsageError
from analysis.intake.account import log_spans, nil_returns
from analysis.intake.courses import add_courses
from analysis.intake.coverage import coverage
from analysis.intake.find import find_files
from analysis.intake.link import link_events
from analysis.intake.opening import as_of_in_name
from analysis.intake.sessions import by_area, to_sessions

VISITS = "Client ID,Appointment ID,Treatment date,Injector,Area,Units,Product,Indication\n"
EVENTS = "Event ID,Client ID,Appointment ID,Treatment date,Onset,Date reported,Injector,Area,Description\n"


def sessions(result: Delivered) -> pd.DataFrame:
    return add_courses(to_sessions(result.lines, by_area(result.lines)))


def test_a_session_is_patient_date_and_injector(tmp_path: Path) -> None:
    visits = (
        "P1,,2026-03-01,Ana,glabella,20,Botox,cosmetic\nP1,,2026-03-01,Ana,masseter,30,Botox,bruxism\n"
        "P1,,2026-03-01,Bo,glabella,20,Botox,cosmetic\nP1,,2026-03-02,Ana,glabella,50,Dysport,cosmetic\n"
        "P1,,2026-03-02,Ana,forehead,20,Botox,cosmetic\n"
    )
    found = sessions(deliver(tmp_path, {"C/t.csv": VISITS + visits})).set_index(["treatment_date", "injector"])
    assert len(found) == 3
    first = found.loc[("2026-03-01", "Ana")]
    assert (first["dose_units"], first["treatment_type"], first["areas"]) == (50, "tmj", "glabella;masseter")
    mixed = found.loc[("2026-03-02", "Ana")]
    assert mixed["product"] == "mixed"
    assert pd.isna(mixed["dose_units"])  # units of different products are never added


def test_a_course_takes_touch_ups_of_28_days(tmp_path: Path) -> None:
    days = ["2026-03-01", "2026-03-15", "2026-03-29", "2026-03-30"]
    visits = "".join(f"P1,,{day},Ana,glabella,20,Botox,cosmetic\n" for day in days)
    found = sessions(deliver(tmp_path, {"C/t.csv": VISITS + visits})).sort_values("treatment_date")
    assert found["touch_up"].tolist() == [False, True, True, False]
    assert found["course_id"].nunique() == 2


@pytest.mark.parametrize(
    ("event", "method", "days"),
    [
        ("AE-1,,V2,,2026-03-20,2026-03-21,,,x", "treatment_id", 5),
        ("AE-1,P1,,2026-03-01,2026-03-03,2026-03-21,,,x", "patient_date", 2),
        ("AE-1,P1,,,2026-03-20,2026-03-21,,,x", "patient_latest", 5),
        ("AE-1,P1,,,,2027-06-01,,,x", "none", None),
        ("AE-1,,,2026-03-02,,2026-03-05,Bo,forehead,x", "probable", 3),
        ("AE-1,,,2026-03-09,,2026-03-10,Ana,glabella,x", "ambiguous", None),
        ("AE-1,P9,,,,2026-03-10,,,x", "none", None),
    ],
)
def test_links_in_order(event: str, method: str, days: int | None, tmp_path: Path) -> None:
    visits = (
        "P1,V1,2026-03-01,Ana,glabella,20,Botox,\nP1,V2,2026-03-15,Ana,glabella,20,Botox,\nP2,V3,2026-03-02,Bo,forehead,20,Botox,\n"
        "P3,V4,2026-03-09,Ana,glabella,20,Botox,\nP4,V5,2026-03-09,Ana,glabella,20,Botox,\n"
    )
    result = deliver(tmp_path, {"C/t.csv": VISITS + visits, "C/e.csv": EVENTS + event + "\n"}, today=date(2028, 1, 1))
    linked = link_events(result.events, result.lines, sessions(result)).iloc[0]
    assert linked["link_method"] == method
    assert (None if pd.isna(linked["link_days"]) else linked["link_days"]) == days


def test_a_log_without_areas_or_events(tmp_path: Path) -> None:
    result = deliver(tmp_path, {"C/t.csv": "Client ID,Treatment date,Injector,Units\nP1,2026-03-01,Ana,20\n"})
    assert sessions(result)["areas"].isna().all()


def test_coverage_speaks_of_what_was_received(tmp_path: Path) -> None:
    files = {
        "C/t_2026-02-28.csv": VISITS + "P1,,2026-01-05,Ana,glabella,20,Botox,\nP1,,2026-02-05,Ana,glabella,20,Botox,\n",
        "C/e_2026-01.csv": EVENTS + "AE-1,P1,,,,2026-01-20,,,bruise\n",
        "C/e_2026-02.csv": "Event ID,Date reported,Description\n,2026-02-28,No adverse events\n",
    }
    result = deliver(tmp_path, files)
    found = coverage(log_spans(result.parts), nil_returns(result.parts), data_cut=date(2026, 3, 20)).set_index("month")
    assert found["treatments"].to_dict() == {"2026-01": "received", "2026-02": "received", "2026-03": "missing"}
    assert found["events"].to_dict() == {"2026-01": "received", "2026-02": "nil_return", "2026-03": "missing"}


def test_a_clinic_that_only_sends_nil_returns_is_covered() -> None:
    spans = pd.DataFrame({c: [] for c in ("clinic", "log", "first", "last", "as_of")})
    found = coverage(spans, pd.DataFrame({"clinic": ["C"], "month": ["2026-02"]}), data_cut=date(2026, 2, 28))
    assert found[["clinic", "month", "events"]].to_numpy().tolist() == [["C", "2026-02", "nil_return"]]


@pytest.mark.parametrize(
    ("name", "day"),
    [("events_2026-02.csv", date(2026, 2, 28)), ("C/2026-Q3 log.csv", date(2026, 9, 30)), ("log 20260315.csv", date(2026, 3, 15)),
     ("2026-01-01 to 2026-03-31.csv", date(2026, 3, 31)), ("log.csv", None), ("log 2026-02-31.csv", None)],
)  # fmt: skip
def test_a_file_says_in_its_name_as_of_when_it_speaks(name: str, day: date | None) -> None:
    assert as_of_in_name(name) == day


@pytest.mark.parametrize(
    "toml", ["[clinic]\ncolour = 'red'\n", "[values.sevrity]\n'a' = 'mild'\n", "[[file]]\nmatch='*'\nkind='stuff'\n"]
)
def test_a_mistake_in_clinic_toml_is_named(toml: str, tmp_path: Path) -> None:
    (tmp_path / "C").mkdir()
    (tmp_path / "C" / "clinic.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(UsageError, match=r"clinic\.toml"):
        deliver(tmp_path, {"C/e.csv": EVENTS})


def test_patient_ids_of_a_group_cross_clinics(tmp_path: Path) -> None:
    rows = "Clinic,Client ID,Treatment date,Injector,Units\nA,P1,2026-03-01,Ana,20\nB,P1,2026-03-01,Ana,20\n"
    apart = deliver(tmp_path / "1", {"G/t.csv": rows})
    assert apart.lines["patient_key"].nunique() == 2
    (tmp_path / "2" / "G").mkdir(parents=True)
    (tmp_path / "2" / "G" / "clinic.toml").write_text('[clinic]\npatient_ids = "group"\n', encoding="utf-8")
    assert deliver(tmp_path / "2", {"G/t.csv": rows}).lines["patient_key"].nunique() == 1


def test_an_injector_keeps_one_spelling_however_often_a_file_comes(tmp_path: Path) -> None:
    one = "Client ID,Treatment date,Injector,Units\nP1,2026-03-01,Ana Reyes,20\nP1,2026-03-02,Ana Reyes,20\n"
    two = "Client ID,Treatment date,Injector,Units\n" + "".join(f'P1,2026-04-0{n},"REYES, Ana",20\n' for n in (1, 2, 3))
    result = deliver(tmp_path, {"C/a.csv": one, "C/b.csv": one, "C/c.csv": one, "C/d.csv": two})
    assert set(result.lines["injector"]) == {"REYES, Ana"}


def test_what_is_set_aside_is_still_read_for_triage(tmp_path: Path) -> None:
    ragged = "AE-1,P1,,,,2026-03-01,,,throat closing, cannot breathe\n"
    conflict = "AE-2,P1,,,,2026-03-02,,,{}\n"
    result = deliver(
        tmp_path,
        {
            "C/a.csv": EVENTS + ragged + conflict.format("bruise and more"),
            "C/b.csv": EVENTS + conflict.format("anaphylaxis"),
        },
    )
    words = " ".join(result.aside["words"])
    assert "cannot breathe" in words
    assert "anaphylaxis" in words


def test_unreadable_files_and_changed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "C").mkdir()
    path = tmp_path / "C" / "e.csv"
    path.write_text(EVENTS + "AE-1,P1,,,,2026-03-01,,,x\n", encoding="utf-8")
    found = find_files(tmp_path)
    path.write_text("other", encoding="utf-8")
    monkeypatch.setattr("deliver.find_files", lambda _: found)
    assert "was changed while it was read" in deliver(tmp_path, {}).refused


def test_a_mistake_of_the_program_in_one_file_spares_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.intake import folder

    whole = folder.type_cells

    def breaks(cells: pd.DataFrame, *rest: object) -> pd.DataFrame:
        if len(cells) == 1:
            raise KeyError("x")
        return whole(cells, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(folder, "type_cells", breaks)
    monkeypatch.setattr("deliver.check", lambda _: None)
    two = "AE-1,P1,,,,2026-03-01,,,x\nAE-2,P1,,,,2026-03-01,,,y\n"
    result = deliver(tmp_path, {"C/a.csv": EVENTS + "AE-1,P1,,,,2026-03-01,,,x\n", "C/b.csv": EVENTS + two})
    assert "mistake in this program (KeyError" in result.refused
    assert len(result.events) == 2


def test_an_entry_is_not_linked_to_another_patients_treatment_whose_number_started_again(tmp_path: Path) -> None:
    lines = VISITS + "P1,1,2026-03-01,Ana,glabella,20,Botox,cosmetic\n"
    again = VISITS + "P9,1,2026-04-01,Ana,glabella,20,Botox,cosmetic\n"
    told = EVENTS + "E1,P1,1,2026-03-01,,2026-03-05,,,x\nE2,P9,1,2026-04-01,,2026-04-05,,,y\n"
    result = deliver(tmp_path, {"C/t_2026-03.csv": lines, "C/t_2026-04.csv": again, "C/e.csv": told})
    own = sessions(result)
    linked = link_events(result.events, result.lines, own).set_index("event_id")
    assert linked["link_days"].to_dict() == {"E1": 4, "E2": 4}
    only = deliver(tmp_path / "later", {"C/t_2026-04.csv": again, "C/e.csv": told})
    linked = link_events(only.events, only.lines, sessions(only)).set_index("event_id")
    assert linked["link_method"].to_dict() == {"E1": "none", "E2": "treatment_id"}
