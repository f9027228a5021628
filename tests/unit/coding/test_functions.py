"""The table of what a body does: every way of saying "cannot" with every act, and hints where nothing is named."""

from pathlib import Path

import pytest

from analysis.coding import code_texts
from analysis.coding.functions import with_functions
from analysis.coding.lexicon import load_lexicon
from analysis.errors import UsageError

PHRASES = {"concept": [{"id": "swallowing", "subcode": "S2"}], "sets": {"cannot": ["unable to"]}}
TABLE = {
    "sets": {"cannot": ["too weak to"]},
    "frames": {"act": ["@cannot > {}", "{} >3 hard"]},
    "normal_frames": {"act": ["{} >3 easy"]},
    "function": [{"concept": "swallowing", "act": ["swallow", "get food down"]}],
}


def test_every_way_is_joined_with_every_act() -> None:
    added = with_functions(PHRASES, TABLE)
    concept = added["concept"][0]
    assert concept["patterns"] == [
        "@cannot > swallow",
        "@cannot > get food down",
        "swallow >3 hard",
        "get food down >3 hard",
    ]
    assert concept["normal"] == ["swallow >3 easy", "get food down >3 easy"]
    assert added["sets"]["cannot"] == ["unable to", "too weak to"]
    assert PHRASES["sets"] == {"cannot": ["unable to"]}


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"function": [{"concept": "flying", "act": ["fly"]}]}, "flying"),
        ({"frames": {"act": ["{}"]}, "function": [{"concept": "swallowing", "deed": ["swallow"]}]}, "deed"),
        ({"hint": {"flying": {"parts": ["wing"], "ills": ["limp"]}}}, "flying"),
    ],
)
def test_what_does_not_fit_is_named(table: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError, match=f"functions.toml.*{named}"):
        with_functions(PHRASES, table)


def test_a_function_table_of_another_field(tmp_path: Path) -> None:
    (tmp_path / "phrases.toml").write_text('[[concept]]\nid = "stiff_jaw"\nsubcode = "O1"\n', encoding="utf-8")
    (tmp_path / "functions.toml").write_text(
        '[sets]\nunable = ["unable to", "too stiff to"]\n[frames]\nact = ["@unable > {}"]\n'
        '[[function]]\nconcept = "stiff_jaw"\nact = ["yawn"]\n',
        encoding="utf-8",
    )
    coded = code_texts(["too stiff to yawn", "not unable to yawn", "yawns"], lexicon=tmp_path)
    assert coded["subcode"].isna().tolist() == [False, False, True]
    assert coded["status"].tolist()[:2] == ["asserted", "negated"]


@pytest.mark.parametrize(
    ("text", "subcode"),
    [
        ("she says her neck is a stranger's", "S4"),
        ("my throat and bread: gravel since Monday", "S2"),
        ("I have a purple thing, a mark, since Monday", "B1"),
    ],
)
def test_a_hint_is_proposed_for_a_person_to_read(text: str, subcode: str) -> None:
    coded = code_texts([text])
    assert coded["subcode"].tolist() == [subcode]
    assert coded["needs_review"].all()
    assert "_hint: " in coded["rule"].item()


@pytest.mark.parametrize(
    "text",
    [
        "bruise on the neck, which is a stranger's",  # something is named
        "her neck is not a stranger's",  # denied
        "stranger's neck",  # tells of nobody
        "she came by bus. Her neck was treated. A stranger's dog barked",  # two sentences
    ],
)
def test_what_takes_a_hint_away(text: str) -> None:
    assert not code_texts([text])["rule"].fillna("").str.contains("_hint").any()


def test_hints_are_never_a_finding_by_their_part_or_ill_word_alone() -> None:
    lexicon = load_lexicon()
    hints = {name for name, concept in lexicon.concepts.items() if concept.hint and concept.review}
    assert hints
    assert not {concept.id for entry in lexicon.entries for concept in entry.concepts} & hints


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("+ nausea - vomiting", {"asserted", "negated"}),
        ("+ nausea - dysphagia", {"asserted", "uncertain"}),
        ("- nausea - vomiting", {"asserted"}),
    ],
)
def test_a_dash_denies_only_beside_a_plus(text: str, status: set[str]) -> None:
    assert set(code_texts([text])["status"]) == status


@pytest.mark.parametrize(
    "text",
    ["chewing ok now, was weak for 3 weeks", "breathing fine now, was wheezy last night", "voice is back, was hoarse"],
)
def test_what_was_before_it_was_well_again_is_over(text: str) -> None:
    coded = code_texts([text])
    assert set(coded["status"]) == {"resolved"}
    assert coded["category"].nunique() == 1


def test_the_longer_severity_word_counts() -> None:
    assert code_texts(["dull headache, nothing dramatic", "headache, dramatic"])["severity"].tolist() == [
        "mild",
        "severe",
    ]


@pytest.mark.parametrize(
    "text", ["my leg is drooping", "left hand drooping since Tuesday", "I have a drooping arm now"]
)
def test_a_limb_that_droops_is_weak_and_no_lid(text: str) -> None:
    assert code_texts([text])[["subcode", "triage"]].values.tolist() == [["S4", "now"]]


@pytest.mark.parametrize(
    "text", ["droop", "slight droop L", "held a hand mirror: droop of left lid", "lid droop, arms fine"]
)
def test_a_droop_of_nothing_named_or_beside_a_limb_is_that_of_the_lid(text: str) -> None:
    assert "F1" in set(code_texts([text]).query("status == 'asserted'")["subcode"])
    assert "S4" not in set(code_texts([text]).query("status == 'asserted'")["subcode"])


def test_a_name_of_a_limb_that_droops_is_no_finding() -> None:
    assert set(code_texts(["Drooping hand", "Sagging leg"])["category"]) == {"unknown"}
