from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.resources import resource
from analysis.taxonomy import CATEGORIES, CATEGORY_LABELS, CLASSES, TRIAGE, load_taxonomy

TABLE = load_taxonomy()


def test_every_sub_code_of_the_contract_is_there_under_its_category() -> None:
    wanted = {"bruise": 2, "facial": 6, "systemic": 6, "hair_skin": 3, "severe_local": 2, "other": 14}
    letters = dict(zip(wanted, "BFSHUO", strict=True))
    for category, count in wanted.items():
        own = {code for code, entry in TABLE.items() if entry.category == category}
        assert own == {f"{letters[category]}{n}" for n in range(1, count + 1)}


def test_allowed_values_only() -> None:
    for entry in TABLE.values():
        assert entry.category in CATEGORIES
        assert entry.event_class in CLASSES
        assert entry.triage in TRIAGE
        assert entry.window_days > 0
        assert entry.label
        assert entry.definition
    assert set(CATEGORY_LABELS) == set(CATEGORIES)


@pytest.mark.parametrize(
    "code_and_level", ["S1 now", "S2 now", "S5 now", "S6 now", "S3 today", "U1 today", "B1 routine", "F1 routine"]
)
def test_triage_is_that_of_the_contract(code_and_level: str) -> None:
    code, level = code_and_level.split()
    assert TABLE[code].triage == level


KINDS = {"F5": "expected_effect", "O12": "effect_complaint", "O13": "process", "O14": "outcome", "F1": "reaction"}


@pytest.mark.parametrize(("code", "kind"), KINDS.items())
def test_classes_keep_reactions_apart(code: str, kind: str) -> None:
    assert TABLE[code].event_class == kind


@pytest.mark.parametrize("code", ["S1", "S4", "U1", "U2"])
def test_medical_attention_right_away_is_urgent(code: str) -> None:
    assert TABLE[code].urgent


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [(",bruise,", ",bruises,", "'bruises'"), (",reaction,", ",reactoin,", "'reactoin'")],
)
def test_a_word_outside_the_vocabulary_is_refused_naming_file_and_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, told: str
) -> None:
    text = resource("taxonomy.csv").read_text(encoding="utf-8")
    (tmp_path / "taxonomy.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr("analysis.taxonomy.resource", lambda name: tmp_path / name)
    load_taxonomy.cache_clear()
    with pytest.raises(UsageError, match=r"taxonomy\.csv, row \d+") as error:
        load_taxonomy()
    monkeypatch.undo()
    load_taxonomy.cache_clear()
    assert told in str(error.value)
