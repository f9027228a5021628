"""Status of a mention: cues, their scope and later sentences."""

import pytest

from analysis.coding import code_texts

CASES = [
    ("no bruising", {"B1": "negated"}),
    ("bruise -ve", {"B1": "negated"}),
    ("bruise: none", {"B1": "negated"}),
    ("no bruise but lid drooping", {"B1": "negated", "F1": "asserted"}),
    ("no bruising, swelling or ptosis", {"B1": "negated", "O3": "negated", "F1": "negated"}),
    ("no bruising, headache since Monday", {"B1": "negated", "O4": "asserted"}),
    ("denies SOB but admits trouble swallowing", {"S1": "negated", "S2": "asserted"}),
    ("not without bruising", {"B1": "asserted"}),
    ("bruise not resolved", {"B1": "asserted"}),
    ("no improvement in ptosis", {"F1": "asserted"}),
    ("no further bruising", {"B1": "resolved"}),
    ("ptosis, now gone", {"F1": "resolved"}),
    ("bruised badly but fine by Monday", {"B1": "resolved"}),
    ("hx of ptosis", {"F1": "historical"}),
    ("ptosis in 2019 elsewhere", {"F1": "historical"}),
    ("call if difficulty breathing", {"S1": "hypothetical"}),
    (
        "consent: bruising, ptosis, headache discussed",
        {"B1": "hypothetical", "F1": "hypothetical", "O4": "hypothetical"},
    ),
    ("warned re ptosis, bruise L now", {"F1": "hypothetical", "B1": "asserted"}),
    ("her sister had ptosis", {"F1": "other_person"}),
    ("her husband noticed ptosis", {"F1": "asserted"}),
    ("r/o ptosis", {"F1": "uncertain"}),
    ("?ptosis", {"F1": "uncertain"}),
    ("ptosis?", {"F1": "uncertain"}),
    ("dysphagia? no.", {"S2": "negated"}),
    ("bruise? yes", {"B1": "asserted"}),
    ("bruise from filler, not tox", {"B1": "other_cause"}),
    ("swallowing fine", {"S2": "negated"}),
    ("voice back to normal", {"S5": "resolved"}),
    ("niega disfagia", {"S2": "negated"}),
    ("Bruising [x] Ptosis [ ] Headache [ ]", {"B1": "asserted", "F1": "negated", "O4": "negated"}),
    ("[ ] ptosis [x] bruise [ ] headache", {"F1": "negated", "B1": "asserted", "O4": "negated"}),
    ("Ptosis: [ ] Bruise: [x] Notes left side", {"F1": "negated", "B1": "asserted"}),
    ("\u2610 bruising \u2611 lid droop", {"B1": "negated", "F1": "asserted"}),
    ("no previous breathing trouble, but has it now", {"S1": "asserted"}),
    ("never had double vision until this week", {"S3": "asserted"}),
    ("no migraine in the family", {"O4": "negated"}),
    ("migraine in the family", {"O4": "other_person"}),
    ("droopy lid | resolved: N", {"F1": "asserted"}),
    ("suspected ADR: dysphagia", {"S2": "asserted"}),
    ("SOB and denies chest pain", {"S1": "asserted", "O10": "negated"}),
    ("ptosis denied", {"F1": "negated"}),
    ("is it true you can get droopy eyes from this", {"F1": "hypothetical"}),
    ("had she developed trouble swallowing she would have rung", {"S2": "hypothetical"}),
]


@pytest.mark.parametrize(("text", "statuses"), CASES, ids=[text for text, _ in CASES])
def test_status(text: str, statuses: dict[str, str]) -> None:
    coded = code_texts([text])
    assert dict(zip(coded["subcode"], coded["status"], strict=True)) == statuses


def test_a_later_sentence_of_recovery_closes_the_earlier_ones() -> None:
    coded = code_texts(["Droop of the left lid on day 4. Drops given. By week six it had gone."])
    assert coded["status"].tolist() == ["resolved"]


def test_recovery_that_is_hoped_for_closes_nothing() -> None:
    coded = code_texts(["Droop of the left lid. It should be gone by week six."])
    assert coded["status"].tolist() == ["asserted"]


def test_recovery_of_one_side_leaves_the_other() -> None:
    coded = code_texts(["Left lid droop resolved. Right lid droop."])
    assert set(coded["status"]) == {"asserted", "resolved"}


def test_an_uncertain_negation_of_something_grave_goes_to_review() -> None:
    assert code_texts(["no bruising, dyspnoea"]).set_index("subcode").loc["S1", "needs_review"]
