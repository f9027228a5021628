"""The findings frame: columns, types, context and texts of any kind."""

import pandas as pd
import pytest

from analysis.coding import code_texts, explain
from analysis.errors import UsageError

COLUMNS = [
    "row", "category", "subcode", "status", "urgent", "red_flag", "triage", "severity", "laterality", "site", "start", "end",
    "evidence", "rule", "needs_review", "class", "pattern", "confirmed",
]  # fmt: skip


def test_columns_and_types() -> None:
    coded = code_texts(["bruise", None, float("nan"), pd.NA, 7])
    assert list(coded.columns) == COLUMNS
    assert coded["row"].tolist() == [0, 1, 2, 3, 4]
    assert all(coded[name].dtype == bool for name in ("urgent", "red_flag", "needs_review"))
    assert coded["start"].dtype == "Int64"


def test_no_texts() -> None:
    coded = code_texts([])
    assert list(coded.columns) == COLUMNS
    assert coded.empty


def test_evidence_is_the_original() -> None:
    texts = ["Párpado CAÍDO izq", "😀 no bruise, “purple mark” on lip", "SOB"]
    for row in code_texts(texts).dropna(subset=["start"]).itertuples():
        assert row.evidence == texts[row.row][row.start : row.end]


def test_equal_texts_are_coded_alike() -> None:
    coded = code_texts(["bruise", "ptosis", "bruise"])
    assert coded["subcode"].tolist() == ["B1", "F1", "B1"]


def test_context_may_be_one_value_or_one_per_text() -> None:
    assert code_texts(["neck weak", "neck weak"], area=["platysma", "glabella"])["pattern"].tolist() == [
        "local",
        "distant",
    ]
    with pytest.raises(UsageError, match="3 values for 1 texts"):
        code_texts(["x"], area=["a", "b", "c"])


def test_the_same_input_gives_the_same_output() -> None:
    texts = ["ptosis + diplopia L", "heavy brow and lids", "no bruise, ptosis or SOB"]
    pd.testing.assert_frame_equal(code_texts(texts), code_texts(list(texts)))


def test_explain_marks_words_and_cues() -> None:
    told = explain("no bruise but lid drooping R")
    assert "{no} [bruise] but [lid drooping] R" in told
    assert "facial F1 (Upper-eyelid ptosis / lid heaviness): asserted (present)" in told
    assert 'because of "no"' in told
    assert "a word for lid near a word for droop" in told
    assert "nothing was recognised" in explain("qwerty")
    assert "what the 0 counts" in explain("0: ptosis")
    assert "tick box" in explain("ptosis [ ] bruise [x]")
    assert "there now" in explain("no previous headache, but has it now")


def test_a_site_beyond_a_but_belongs_to_the_other_finding() -> None:
    coded = code_texts(["no bruise but lid drooping", "bruised but settling, forehead"]).set_index("row")
    first = coded.loc[0].set_index("subcode")["site"]
    assert first["F1"] == "eyelid"
    assert first.isna()["B1"]
    assert coded.loc[1, "site"] == "forehead"


@pytest.mark.parametrize("text", ["\x1b[31mpossible ptosis\x1b[0m", "\x1b[1;31mpossible ptosis – é\x1b[0m"])
def test_the_colour_codes_of_a_terminal_hide_no_word(text: str) -> None:
    coded = code_texts([text])
    assert coded[["subcode", "status", "evidence"]].values.tolist() == [["F1", "uncertain", "ptosis"]]


def test_half_a_character_inside_the_evidence_is_shown_as_replaced() -> None:
    text = "my eye\ud83dlid is droo\udc00py, bruise \ud800, trouble swallo\udfffwing, lid \ud83d drooping"
    coded = code_texts([text, "lid droop"])
    shown = coded[coded["row"] == 0]
    assert "\ufffd" in "".join(shown["evidence"].dropna())
    for start, end, evidence in zip(shown["start"], shown["end"], shown["evidence"], strict=True):
        assert evidence == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text[start:end])
    assert coded.loc[coded["row"] == 1, "evidence"].tolist() == ["lid droop"]
