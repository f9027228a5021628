"""Texts are read by their skeleton: what it leaves out can never change a reading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import code_texts
from analysis.coding.decide import Asked, decide
from analysis.coding.lexicon import load_lexicon
from analysis.coding.texts import code_text, read

PARTS = st.sampled_from(
    ["bruise", "no", "lid", "droop", "day 14", "day 3", "pain", "8", "8/10", "out of 10", "Smith", "x7", "2019", "?", "SOB", "neck",
     "weak", "but", ".", "gone", "on 3/9", "sister", "had", "é", "38.2", "NRS", "migraine", "0", ",", ":", "who", "and has", "€",
     "which began", "asked if", "9/10", "++++", "except for", "\n"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(PARTS, max_size=14), area=st.sampled_from([None, "neck"]), kind=st.sampled_from([None, "migraine"])
)
def test_reading_by_skeleton_equals_reading_the_words(parts: list[str], area: str | None, kind: str | None) -> None:
    lexicon = load_lexicon()
    text = " ".join(parts)
    assert code_text(text, lexicon, area=area, treatment_type=kind) == decide(
        read(text, lexicon), lexicon, Asked(area, kind)
    )


def test_unknown_words_and_numbers_share_a_skeleton() -> None:
    lexicon = load_lexicon()
    one, other = "Mrs Quillfeather: bruise d31, 33 mm", "Mrs Oxenbridge: bruise d43, 46 mm"
    assert lexicon.pieces(one).skeleton(lexicon.scoring) == lexicon.pieces(other).skeleton(lexicon.scoring)
    coded = code_texts([one, other])
    assert coded["evidence"].tolist() == ["bruise", "bruise"]
    assert coded["start"].tolist() == [18, 16]


@pytest.mark.parametrize(
    ("text", "level"), [("jaw pain 8", None), ("pain 8/10 jaw", "severe"), ("pain of 3 out of 10", "mild")]
)
def test_numbers_that_are_scores_keep_their_value(text: str, level: str | None) -> None:
    assert [value if isinstance(value, str) else None for value in code_texts([text])["severity"]][:1] == [level]


def test_evidence_at_the_very_end_of_a_text() -> None:
    text = "Denies SOB. Bruise"
    coded = code_texts([text])
    assert [text[a:b] for a, b in zip(coded["start"], coded["end"], strict=True)] == ["SOB", "Bruise"]
