"""Whose a finding is and when it was: persons, pronouns, stories and who writes for whom; each text with the status of a finding."""

import pytest

from analysis.coding import code_texts

CASES = [
    # the nearest subject or owner
    ("My aunt can't lift her arms.", "S4", "other_person"),
    ("My aunt says my eyelid droops.", "F1", "asserted"),
    ("My sister drove me home because I could not see clearly.", "S3", "asserted"),
    ("She came with her sister, who had a droopy lid.", "F1", "other_person"),
    ("She came with her husband, who noticed her droopy lid.", "F1", "asserted"),
    # a pronoun stands for the person named last only where the patient speaks
    ("My sister had hers in town. She got double vision. I am fine.", "S3", "other_person"),
    ("Pt lives with her mother. She has double vision.", "S3", "asserted"),
    ("My sister had hers in town. Ended up with a droopy eye. Mine is fine.", "F1", "other_person"),
    ("Our old spaniel is ill. His legs are weak. My forehead is fine.", "S4", "other_person"),
    # who writes for the patient
    ("Husband rang: she cannot swallow since this morning.", "S2", "asserted"),
    ("My wife cannot swallow since her injections on Monday.", "S2", "asserted"),
    ("My mum has a droopy lid. I must cancel my appointment.", "F1", "other_person"),
    # stories of then
    ("Back in 2015 I was treated elsewhere. My eyelid drooped for weeks. Now all is well.", "F1", "historical"),
    ("Years ago I was treated elsewhere without trouble. Since Monday my eyelid droops.", "F1", "asserted"),
    ("My eyelid drooped for weeks. That was years ago at another clinic.", "F1", "historical"),
    ("A droopy lid for weeks. That was my sister, not me.", "F1", "other_person"),
    ("Hives like my gran had after her operation.", "O6", "asserted"),
    # nothing given yet
    ("I am thinking of having it done. I have double vision. Would that matter?", "S3", "other_cause"),
    ("First session Tuesday. Double vision since Wednesday. Asked before booking the next.", "S3", "asserted"),
    # fear is no clause of its own
    ("I was scared of eating, things go down the wrong way.", "S2", "asserted"),
    ("I was scared of ptosis, headache and bruising.", "F1", "hypothetical"),
    ("I was dreading it and now it has happened: double vision.", "S3", "asserted"),
]


@pytest.mark.parametrize(("text", "subcode", "status"), CASES, ids=[text for text, _, _ in CASES])
def test_whose_and_when(text: str, subcode: str, status: str) -> None:
    coded = code_texts([text])
    assert coded.loc[coded["subcode"] == subcode, "status"].tolist()[:1] == [status]


def test_a_long_story_is_read_in_time_linear_in_its_length() -> None:
    """Every person, opener and pronoun is looked at in a window: the same statuses however long the text."""
    story = "My aunt had it in 2015. She had a droop. I had a bruise yesterday. "
    short, long = code_texts([story * 3]), code_texts([story * 300])
    assert set(short["status"]) == set(long["status"]) == {"other_person", "asserted"}
