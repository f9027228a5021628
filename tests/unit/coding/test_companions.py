"""What goes without saying beside a graver finding, and what a story tells by the way."""

import pytest

from analysis import code_texts


def read(text: str) -> set[tuple[str, str]]:
    found = code_texts([text])
    return {(row.subcode, row.status) for row in found.itertuples() if isinstance(row.subcode, str)}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("When I drink it goes down the wrong way and I end up coughing for ages.", "S2"),
        ("The pain in my jaw is unbearable, I was sick twice.", "U1"),
        ("The ache in my temple is now an agonising pain.", "U1"),
        ("By noon my neck could not hold my head and it was so tired.", "S4"),
        ("Some bleeding at the needle mark turned into a big bruise.", "B1"),
        ("My eyelid has dropped and I am panicky about the wedding.", "F1"),
    ],
)
def test_a_companion_is_no_event_of_its_own(text: str, kept: str) -> None:
    assert read(text) == {(kept, "asserted")}


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("generalised weakness, fatigue", {"S4", "O7"}),
        ("fatigue and arm weakness", {"S4", "O7"}),
        ("mild cough, food gets stuck when I swallow", {"S2", "O7"}),
        ("bruise and headache", {"B1", "O4"}),
        ("panic attacks every night since the injections", {"O11"}),
        ("cough and fever since the injections", {"O7"}),
    ],
)
def test_what_is_listed_graded_or_alone_stays(text: str, both: set[str]) -> None:
    assert read(text) == {(subcode, "asserted") for subcode in both}


STORY = "We were away in May with the dog. My right eyelid has dropped since Tuesday. {} Thank you for the card."


@pytest.mark.parametrize(
    "told", ["I have a chest infection.", "The cold is going round here.", "My allergy is bad in spring."]
)
def test_an_illness_in_a_sentence_of_its_own_is_told_by_the_way(told: str) -> None:
    found = read(STORY.format(told))
    assert ("F1", "asserted") in found
    assert {status for subcode, status in found if subcode != "F1"} <= {"other_cause"}


@pytest.mark.parametrize(
    ("told", "subcode"),
    [
        ("I have had a fever since the injections.", "O7"),
        ("I also have a rash.", "O6"),
        ("I cannot breathe.", "S1"),
        ("My tongue is swollen.", "U2"),
        ("My neck is so weak.", "S4"),
        ("I have a severe headache.", "O4"),
        ("My speech is slurred.", "S5"),
    ],
)
def test_what_is_linked_to_the_treatment_or_grave_is_not(told: str, subcode: str) -> None:
    assert (subcode, "asserted") in read(STORY.format(told))


def test_a_short_note_tells_nothing_by_the_way() -> None:
    assert read("Eyelid drooping. Chest infection.") == {("F1", "asserted"), ("O5", "asserted")}


@pytest.mark.parametrize(
    "text", ["pt cancelled, has flu", "Please cancel Tuesday. I've come down with a chest infection."]
)
def test_the_illness_for_which_somebody_stays_away_is_no_reaction(text: str) -> None:
    assert {status for _, status in read(text)} == {"other_cause"}


def test_staying_away_with_what_followed_the_injection_is_one() -> None:
    assert ("O7", "asserted") in read("Please cancel Tuesday. I've had a fever since the injections.")
    assert ("S1", "asserted") in read("Please cancel Tuesday. I cannot breathe.")


@pytest.mark.parametrize(
    "text",
    [
        "My hay fever is awful.",
        "She had the shots in her calves for the cramps.",
        "He had eye twitch tx 8 days ago.",
        "He is a pain.",
        "I look frozen and I love it.",
        "I wanted the eyebrows frozen so I'm thrilled.",
    ],
)
def test_what_was_treated_pleases_or_is_a_manner_of_speaking_is_no_finding(text: str) -> None:
    assert read(text) == set()


@pytest.mark.parametrize(
    ("text", "subcode"),
    [
        ("There is a pain in the neck since the injections.", "O1"),
        ("Botox made no difference.", "O12"),
        ("My forehead is frozen and I hate it.", "O12"),
        ("spasms since the injections", "O9"),
        ("I have a fever.", "O7"),
    ],
)
def test_the_same_words_meant_as_they_stand_are_one(text: str, subcode: str) -> None:
    assert (subcode, "asserted") in read(text)
