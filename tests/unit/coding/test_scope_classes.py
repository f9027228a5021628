"""How far a cue reaches, by classes of wording rather than by sentences: each text with the status of its first finding."""

import pytest

from analysis.coding.letters import NUMBER, SCORE, Alphabet
from analysis.coding.lexicon import load_lexicon
from analysis.coding.texts import code_text, code_texts


@pytest.mark.parametrize(
    ("text", "subcode", "status"),
    [
        ("asked if trouble breathing, which began on Monday, is normal", "S1", "asserted"),
        ("asked if trouble breathing can happen", "S1", "hypothetical"),
        ("would weakness of the arms be possible?", "S4", "hypothetical"),
        ("her brother, who smokes, has shortness of breath", "S1", "other_person"),
        ("her brother, who smokes, came along; she has shortness of breath", "S1", "asserted"),
        ("her mother fell and now has weakness of the arm", "S4", "other_person"),
        ("no bruising and has shortness of breath", "S1", "asserted"),
        ("cannot rule out anaphylaxis: shortness of breath", "S1", "asserted"),
        ("ptosis no, diplopia no, shortness of breath yes", "S1", "asserted"),
        ("No: ptosis, diplopia, severe jaw pain", "U1", "negated"),
        ("0 bruising 0 ptosis 0 SOB", "S1", "negated"),
        ("swelling 0 SOB yes", "S1", "asserted"),
        ("never had shortness of breath before", "S1", "asserted"),
        ("without any warning she had shortness of breath", "S1", "asserted"),
        ("could not walk without her knees buckling", "S4", "asserted"),
        ("all normal except for shortness of breath", "S1", "asserted"),
        ("shortness of breath which has now lasted three days", "S1", "asserted"),
        ("shortness of breath which lasted a day", "S1", "resolved"),
        ("denies ptosis because of shortness of breath at the visit", "S1", "asserted"),
        ("meds: salbutamol for wheeze", "S1", "historical"),
        ("adv: ptosis 1 %, headache 10 %", "F1", "hypothetical"),
        ("headache 0/10", "O4", "negated"),
        ("my legs ache when I go to bed", "O1", "asserted"),
    ],
)  # fmt: skip
def test_status_by_class(text: str, subcode: str, status: str) -> None:
    found = [finding for finding in code_text(text, load_lexicon()) if finding.subcode == subcode]
    assert [finding.status for finding in found][:1] == [status]


@pytest.mark.parametrize("text", ["pain score nine", "she rated her jaw pain as an eight", "jaw pain 9/10"])
def test_a_score_in_words_is_a_score(text: str) -> None:
    assert [(f.subcode, f.severity) for f in code_text(text, load_lexicon())] == [("U1", "severe")]


@pytest.mark.parametrize("text", ["pain is one sided", "pain at one injection site"])
def test_a_number_in_words_is_no_score_elsewhere(text: str) -> None:
    assert [(f.subcode, f.severity) for f in code_text(text, load_lexicon())] == [("O1", None)]


@pytest.mark.parametrize("text", ["0 complaints", "zero issues", "0 side effects"])
def test_a_count_of_nought_says_that_nothing_happened(text: str) -> None:
    assert code_texts([text])["category"].tolist() == ["none"]


def test_texts_read_together_are_read_as_each_by_itself() -> None:
    texts = ["bruise L", "no bruise", "neck weak", "", "bruise L", "jaw pain 9/10", "x " * 60_000, "lid droop?"] * 3
    kinds = [None, "migraine", "tmj"] * 8
    together = code_texts(texts, treatment_type=kinds)
    for row, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        alone = code_texts([text], treatment_type=kind).drop(columns="row")
        assert together[together["row"] == row].drop(columns="row").reset_index(drop=True).equals(alone)


def test_every_word_has_a_character_of_its_own_and_numbers_share_theirs() -> None:
    alphabet = Alphabet(["bruise", "no", "10"])
    assert len({alphabet.letter(word) for word in ("bruise", "no", "10", NUMBER, SCORE)}) == 5
    assert alphabet.letter("38.2") == alphabet.letter(NUMBER)
    assert alphabet.letter("8/10") == alphabet.letter(SCORE)
    assert [alphabet.words[letter] for letter in alphabet.spell(["no", "bruise"])] == ["no", "bruise"]
