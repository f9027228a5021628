"""Any text: nothing raises, evidence is exact, cost is linear."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import taxonomy
from analysis.coding import code_texts, explain

WORDS = st.sampled_from(
    [
        "bruise",
        "no",
        "but",
        ",",
        ".",
        "?",
        "lid",
        "droop",
        "gone",
        "SOB",
        "if",
        "sister had",
        "x2d",
        "9/10",
        "pain",
        "severe",
        "-ve",
        "¿",
        "tío",
        "\n",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=40).map("".join)
)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_any_text_gives_sound_rows(text: str) -> None:
    coded = code_texts([text])
    assert len(coded) >= 1
    found = coded.dropna(subset=["subcode"])
    for row in found.itertuples():
        assert row.evidence == text[row.start : row.end]
        assert row.evidence
        assert row.status in taxonomy.STATUSES
        assert row.triage in taxonomy.TRIAGE
    assert not found.duplicated(["subcode", "status"]).any()
    if found.empty:
        assert coded["category"].tolist() in (["none"], ["unknown"])


@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
def test_explain_never_raises(text: str) -> None:
    assert explain(text).replace("{", "").replace("[", "")


@pytest.mark.parametrize(
    "unit",
    [
        "no bruise, ",
        "bruise gone. ",
        "if lid droop but ",
        "severe pain and ",
        "no ",
        "a.",
        "?",
        "é😀",
        "x" * 50,
        "bruise. Unrelated. ",
        "ptosis [ ] ",
        "in 2018 bruise and had ",
        "my mum cannot swallow now ",
    ],
)
def test_cost_is_linear_in_the_length(unit: str) -> None:
    small, large = unit * (30_000 // len(unit)), unit * (240_000 // len(unit))
    code_texts([small[:1000]])
    took = []
    for text in (small, large):
        start = time.process_time()
        code_texts([text])
        took.append(time.process_time() - start)
    assert took[1] < 8 * 5 * took[0] + 0.5, took
