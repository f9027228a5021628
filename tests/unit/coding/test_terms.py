"""Coded terms map exactly, in any case and spelling."""

import csv
from pathlib import Path

import pytest

from analysis.coding import code_term, term_table
from analysis.resources import resource

SHARED = Path(__file__).parents[4] / "shared" / "domain" / "reaction_terms.csv"


@pytest.mark.parametrize(
    ("term", "subcode"),
    [
        ("Eyelid ptosis", "F1"),
        ("EYELID PTOSIS", "F1"),
        ("Dyspnoea", "S1"),
        ("dyspnea", "S1"),
        ("Haematoma", "B2"),
        ("hematoma", "B2"),
        ("Bruising", "B1"),
        ("Ptosis", "F1"),
        ("Infection", "O5"),
        ("F2", "F2"),
        ("Drug ineffective", "O12"),
        ("Oedema", "O3"),
        ("Chewing", "F5"),
        ("Eye closure", "F4"),
        ("Breathing", "S1"),
        ("Swallowing", "S2"),
        ("Voice", "S5"),
        ("Hair", "H1"),
        ("Flu-like", "O7"),
    ],
)
def test_known_terms(term: str, subcode: str) -> None:
    coded = code_term(term)
    assert coded is not None
    assert coded.subcode == subcode


@pytest.mark.parametrize("term", ["None", "N/A", "no complication", "nil"])
def test_none(term: str) -> None:
    coded = code_term(term)
    assert coded is not None
    assert coded.category == "none"


@pytest.mark.parametrize("term", ["", None, float("nan"), "something else", "ptosisx"])
def test_nothing_is_guessed(term: object) -> None:
    assert code_term(term) is None


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/domain/reaction_terms.csv is not there")
def test_every_reaction_term_of_the_shared_table_is_known() -> None:
    with SHARED.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            coded = code_term(row["pt_name"])
            assert coded is not None, row["pt_name"]
            assert (coded.category, coded.subcode) == (row["category"], row["subcode"])
            assert coded.urgent == (row["urgent"] == "1")


def test_the_table_has_no_contradictions() -> None:
    seen: dict[str, str] = {}
    for name in ("terms.csv", "dropdowns.csv"):
        with resource(f"lexicon/{name}").open(encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                key = row["term"].lower()
                assert seen.setdefault(key, row["subcode"]) == row["subcode"], key
    assert len(term_table()) > 200
