import csv
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import measures, resources
from analysis.errors import UsageError
from analysis.taxonomy import load_taxonomy

FOLDER = Path(resources.__file__).parent
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".csv", ".toml"))
ALL = measures.load_measures()


def test_every_resource_and_every_measure_loads() -> None:
    assert len(FILES) > 15
    for path in FILES:
        if path.suffix == ".toml":
            assert tomllib.loads(path.read_text(encoding="utf-8")), path.name
            continue
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle))
        assert len(rows) > 1, path.name
        assert len(set(rows[0])) == len(rows[0]), path.name
        assert all(len(row) == len(rows[0]) for row in rows), path.name
    assert all(measure.label and measure.subcodes for measure in ALL.values())


@pytest.mark.parametrize(
    ("measure", "days"), [("bruise", 14), ("lid_droop", 56), ("away_from_face", 56), ("severe_local", 42), ("headache", 42), ("hair", 150)]
)  # fmt: skip
def test_follow_up_days_are_those_of_the_contract(measure: str, days: int) -> None:
    assert ALL[measure].follow_up_days == days


def test_any_reaction_holds_every_reaction_but_hair_and_nothing_else() -> None:
    table = load_taxonomy()
    wanted = {c for c, entry in table.items() if entry.event_class == "reaction" and entry.category != "hair_skin"}
    assert ALL["any_reaction"].subcodes == wanted
    assert not {"F5", "O12", "O13", "O14"} & ALL["any_reaction"].subcodes


def test_site_specific_measures_name_areas_that_exist() -> None:
    with (FOLDER / "intake" / "areas.csv").open(encoding="utf-8", newline="") as handle:
        known = {row["area"] for row in csv.DictReader(handle)}
    assert {"glabella", "forehead", "periocular"} <= ALL["lid_droop"].areas
    assert ALL["chewing"].areas == {"masseter", "temporalis"}
    for measure in ALL.values():
        assert measure.areas <= known
        assert measure.denominator == ("sessions at risk" if measure.areas else "sessions")


def test_windows_are_twelve_months() -> None:
    assert (measures.window_months(), measures.usual_months()) == (12, 12)


def test_a_measure_of_a_sub_code_that_is_not_there_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "measures.toml").write_text(
        '[[measure]]\nid = "odd"\nlabel = "Odd"\nsubcodes = ["Z9"]\nfollow_up_days = 1\nasks = false\n'
    )
    monkeypatch.setattr("analysis.measures.resource", lambda name: tmp_path / name)
    measures._loaded.cache_clear()
    with pytest.raises(UsageError, match="odd: Z9"):
        measures.load_measures()
    measures._loaded.cache_clear()


def test_every_measure_says_its_ladder_unit_interval_and_comparator() -> None:
    for measure in (*ALL.values(), *measures.lot_measures().values()):
        assert measure.ladder[-1] == ()
        assert measure.ladder[0] == ("area_group", "treatment_type")
        assert (measure.rung_sessions, measure.rung_events, measure.baseline_months) == (30, 5, 12)
        assert measure.unit in measures.UNITS
        assert measure.comparator == "clinic"
        assert measure.interval in measures.INTERVALS
    assert not ALL["hair"].compared
    assert {name for name, measure in ALL.items() if measure.asks} == {"bruise", "chewing", "headache"}
    assert {measure.unit for measure in measures.lot_measures().values()} == {"sessions"}


def test_published_percentages_are_those_of_their_source_and_patients_are_kept_apart() -> None:
    sessions, patients = (measures.reference_lines(per=per) for per in ("session", "patient"))
    assert len(sessions) >= 3
    assert not set(sessions) & set(patients)
    for line in (*sessions, *patients):
        assert line.measure in ALL
        assert line.what
        assert line.source
        if line.events is not None and line.of is not None:
            assert line.percent == pytest.approx(100 * line.events / line.of, abs=0.06)
    told = FOLDER.parents[2].parent / "shared" / "domain" / "rates.csv"
    if not told.is_file():
        pytest.skip("needs ../shared/domain/rates.csv; the lines themselves are still tested")
    with told.open(encoding="utf-8", newline="") as handle:
        verified = {row["percent"] for row in csv.DictReader(handle) if row["status"] == "VERIFIED"}
    for line in (*sessions, *patients):
        assert {f"{line.percent:g}", f"{line.percent:.1f}", f"{line.percent}"} & verified


@pytest.mark.parametrize(
    ("line", "said"),
    [('unit = "visits"', "unit visits"), ('comparator = "world"', "comparator world"), ('ladder = [["age"]]', "ladder age"),
     ('severities = ["awful"]', "severity awful")],
)  # fmt: skip
def test_a_choice_that_is_not_there_is_refused_by_name(
    line: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "measures.toml").write_text(
        f'[[measure]]\nid = "odd"\nlabel = "Odd"\nsubcodes = ["B1"]\nfollow_up_days = 1\nasks = false\n{line}\n'
    )
    monkeypatch.setattr("analysis.measures.resource", lambda name: tmp_path / name)
    measures._loaded.cache_clear()
    with pytest.raises(UsageError, match=f"odd: {said}"):
        measures.load_measures()
    measures._loaded.cache_clear()


def test_severities_narrow_a_numerator() -> None:
    import pandas as pd

    from analysis.counting.attribution import of_subcodes

    rows = pd.DataFrame({"subcode": ["B1", "B1", "F1"], "severity": ["mild", "severe", "severe"], "status": "asserted"})
    narrow = replace(ALL["bruise"], severities=frozenset({"severe"}))
    assert of_subcodes(rows, narrow).index.tolist() == [1]
    assert of_subcodes(rows, ALL["bruise"]).index.tolist() == [0, 1]
    assert of_subcodes(rows, replace(narrow, statuses=frozenset({"resolved"}))).empty


def test_a_group_may_set_its_own_numbers_while_they_hold() -> None:
    before = measures.load_measures()["lid_droop"]
    with measures.changed_measures({"lid_droop": {"follow_up_days": 90, "rung_events": 8}}):
        own = measures.load_measures()
        assert (own["lid_droop"].follow_up_days, own["lid_droop"].rung_events) == (90, 8)
        assert own["bruise"] == ALL["bruise"]
    assert measures.load_measures()["lid_droop"] == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"droop": {"follow_up_days": 9}}, "no such measure"), ({"bruise": {"asks": 1}}, "asks cannot be set"),
     ({"bruise": {"follow_up_days": 0}}, "whole number of 1 or more")],
)  # fmt: skip
def test_a_number_that_cannot_be_set_is_named(changes: dict[str, dict[str, int]], said: str) -> None:
    with pytest.raises(UsageError, match=said), measures.changed_measures(changes):
        pass
