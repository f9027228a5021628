"""A release in MedDRA's layout, with invented codes and names, leads from lowest-level terms to our categories."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.coding import code_term
from analysis.coding.events import code_events
from analysis.errors import UsageError

PT = "90000001$Eyelid ptosis$$90000100$$$$$$$$\n90000002$Dyspnoea$$90000101$$$$$$$$\n90000003$Invented malady$$9$$$$$$$$\n"
LLT = (
    "91000001$Lid hanging low$90000001$$$$$$$Y$$\n91000002$Puffed out$90000002$$$$$$$N$$\n"
    "91000003$Malady, invented$90000003$$$$$$$Y$$\n91000004$Lost term$99999999$$$$$$$Y$$\n"
)
HIERARCHY = "90000001$9$9$90000100$Eyelid ptosis$x$y$Eye disorders$Eye$$90000100$Y$\n"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "pt.asc").write_text(PT, encoding="utf-8")
    (tmp_path / "llt.asc").write_text(LLT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("term", "subcode"),
    [
        ("Lid hanging low", "F1"),
        ("LID HANGING LOW", "F1"),
        ("91000001", "F1"),
        ("90000002", "S1"),
        ("puffed out", "S1"),
    ],
)
def test_lowest_level_terms_are_read_as_their_preferred_term(release: Path, term: str, subcode: str) -> None:
    assert code_term(term) is None, "unknown without the release"
    coded = code_term(term, meddra=release)
    assert coded is not None
    assert coded.subcode == subcode


@pytest.mark.parametrize("term", ["Malady, invented", "Lost term", "never heard of"])
def test_terms_outside_the_taxonomy_stay_unknown(release: Path, term: str) -> None:
    assert code_term(term, meddra=release) is None


def test_the_hierarchy_file_serves_where_the_other_is_missing(release: Path) -> None:
    (release / "pt.asc").unlink()
    (release / "mdhier.asc").write_text(HIERARCHY, encoding="utf-8")
    coded = code_term("Lid hanging low", meddra=release)
    assert coded is not None
    assert coded.category == "facial"


def test_a_folder_without_a_release_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"pt\.asc or mdhier\.asc is needed"):
        code_term("anything", meddra=tmp_path)


def test_a_line_that_does_not_fit_is_named(release: Path) -> None:
    (release / "llt.asc").write_text("91000001;Lid;90000001\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"llt\.asc, line 1"):
        code_term("anything", meddra=release)


def test_events_with_a_lowest_level_term_get_a_field_finding(release: Path) -> None:
    events = pd.DataFrame(
        {
            "clinic": ["A"], "event_id": ["1"], "session_id": ["s"], "link_method": ["treatment_id"], "link_days": [3],
            "area": [None], "treatment_type": [None], "text": [None], "event_category_raw": ["Lid hanging low"], "severity": [None],
            "laterality": ["L"], "outcome": [None], "seriousness": [None],
        }
    )  # fmt: skip
    sessions = pd.DataFrame(
        {"clinic": ["A"], "session_id": ["s"], "areas": ["glabella"], "treatment_type": ["cosmetic"]}
    )
    assert code_events(events, sessions).findings.empty
    found = code_events(events, sessions, meddra=release).findings
    assert found[["subcode", "source", "final"]].values.tolist() == [["F1", "field", True]]
