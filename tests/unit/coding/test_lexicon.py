"""The resource files hold together, and another field's lexicon plugs in."""

from pathlib import Path

import pytest

from analysis import taxonomy
from analysis.coding import code_texts
from analysis.coding.lexicon import load_lexicon
from analysis.errors import UsageError

PHRASES = """
[[concept]]
id = "nodule"
subcode = "B1"
phrases = ["filler nodule"]
patterns = ["@place & hard"]

[sets]
place = ["tear trough", "lip"]
"""


def test_every_word_set_named_in_a_pattern_exists() -> None:
    lexicon = load_lexicon()
    sets = {name for entry in lexicon.entries for name in entry.sets}
    for partners in lexicon.patterns.values():
        for pattern in (pattern for listed in partners.values() for pattern in listed):
            assert all(element.key in sets for element in pattern.elements), pattern.rule


def test_concepts_follow_the_taxonomy() -> None:
    table = taxonomy.load_taxonomy()
    for concept in load_lexicon().concepts.values():
        assert concept.category == table[concept.subcode].category
        assert concept.triage in taxonomy.TRIAGE
        assert concept.when_severe is None or concept.when_severe in load_lexicon().concepts


def test_every_subcode_has_a_concept() -> None:
    assert {concept.subcode for concept in load_lexicon().concepts.values()} == set(taxonomy.load_taxonomy())


def test_no_phrase_means_two_things() -> None:
    lexicon = load_lexicon()
    for listed in lexicon.entries:
        subcodes = {concept.subcode for concept in listed.concepts}
        assert len(subcodes) < 2, [concept.id for concept in listed.concepts]


def test_a_lexicon_of_another_field(tmp_path: Path) -> None:
    (tmp_path / "phrases.toml").write_text(PHRASES, encoding="utf-8")
    coded = code_texts(["no filler nodule", "hard lip", "bruise"], lexicon=tmp_path)
    assert coded["subcode"].isna().tolist() == [False, False, True]
    assert coded["status"].tolist()[:2] == ["negated", "asserted"]


def test_a_lexicon_of_coded_terms_only(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("pt_name,category,subcode\nGranuloma,other,O2\n", encoding="utf-8")
    assert code_texts(["denies granuloma"], lexicon=tmp_path)["status"].tolist() == ["negated"]


def test_a_changed_lexicon_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("pt_name,category,subcode\nGranuloma,other,O2\n", encoding="utf-8")
    assert code_texts(["biofilm"], lexicon=tmp_path)["category"].tolist() == ["unknown"]
    file.write_text("pt_name,category,subcode\nBiofilm,other,O5\n", encoding="utf-8")
    import os

    os.utime(file, ns=(1, 1))
    assert code_texts(["biofilm"], lexicon=tmp_path)["subcode"].tolist() == ["O5"]


def test_what_is_wrong_with_a_lexicon_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a folder"):
        load_lexicon(tmp_path / "absent")
    with pytest.raises(UsageError, match=r"neither phrases\.toml nor terms\.csv"):
        load_lexicon(tmp_path)
    (tmp_path / "phrases.toml").write_text('[[concept]]\nid = "x"\nsubcode = "Z9"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="Z9"):
        load_lexicon(tmp_path)


@pytest.mark.parametrize("header", ["term", "name", "anything", "term,category"])
def test_a_table_of_names_alone_is_a_lexicon(tmp_path: Path, header: str) -> None:
    rows = ["pleural effusion", "Pneumonia", "murmur", "ANCA vasculitis"]
    more = ",heart" if "," in header else ""
    (tmp_path / "terms.csv").write_text("\n".join([header, *(name + more for name in rows)]) + "\n", encoding="utf-8")
    text = "No PNEUMONIA, murmurs or pleural effusions; ANCA vasculitis in 1998."
    coded = code_texts([text], lexicon=tmp_path)
    found = dict(zip(coded["subcode"], coded["status"], strict=True))
    assert found == {
        "Pneumonia": "negated", "murmur": "negated", "pleural effusion": "negated", "ANCA vasculitis": "historical",
    }  # fmt: skip
    assert set(coded["category"]) == {"heart" if more else "finding"}


def test_cues_about_reactions_stay_out_of_other_lexicons(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("term\nback pain\n", encoding="utf-8")
    texts = ["chronic back pain", "back pain after a fall"]
    assert code_texts(texts)["status"].tolist() == ["historical", "other_cause"]
    assert code_texts(texts, lexicon=tmp_path)["status"].tolist() == ["asserted", "asserted"]


def test_terms_that_share_a_subcode_are_findings_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("term,category,subcode\npneumonia,x,O1\nrash,x,O1\n", encoding="utf-8")
    coded = code_texts(["No pneumonia, but a rash. Pneumonia ruled out."], lexicon=tmp_path)
    assert coded[["evidence", "status"]].values.tolist() == [["pneumonia", "negated"], ["rash", "asserted"]]
