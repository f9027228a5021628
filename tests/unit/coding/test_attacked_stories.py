"""Natural sentences by which a rule of context, a masked phrase or a word of suffering once took a present event away."""

import pytest

from analysis.coding import code_texts

PRESENT = [
    # what is masked elsewhere is an event here
    ("I can't see out of my left eye for the swelling.", "U2"),
    ("I can't hold a straw.", "F3"),
    ("My husband had to carry me to bed.", "S4"),
    ("I have to hold my eyelids apart with my fingers.", "F1"),
    ("It's like a blind being pulled down over my right eye.", "S3"),
    ("Lips bluish.", "S1"),
    ("She is confused about where she is.", "O9"),
    ("Ears ringing for three days.", "O9"),
    ("Tears running down the eye that won't shut.", "F4"),
    ("My eyes puff up each morning since the injections.", "O3"),
    ("Headache dropped me to my knees.", "O4"),
    ("Migraine and eyelid dropped.", "F1"),
    ("Headache goes right down to my neck.", "O4"),
    ("Paracetamol makes no difference to my headache.", "O4"),
    # sure or afraid of what is there
    ("I'm convinced my throat is swelling.", "U2"),
    ("I'm scared that my throat is closing up.", "S1"),
    ("Too scared to sleep, short of breath.", "S1"),
    # blame that is no other cause
    ("It's my own fault for not calling sooner, I can't breathe.", "S1"),
    # a treatment was given
    ("I have not been treated like this before. I can't swallow.", "S2"),
    ("New enquiry: client says she can't swallow after Saturday's botox.", "S2"),
    ("Deferred today: still has ptosis R.", "F1"),
    ("I was not injected near the eye, yet my lid droops.", "F1"),
    ("Waiting list for ENT, can't swallow since botox in May.", "S2"),
    ("Is it safe to have the next one? I can't swallow since the first.", "S2"),
    ("First consultation was last week, injected Monday, I can't swallow.", "S2"),
    # a story of then, and now
    ("The first time I ever had botox was Friday and my speech is slurred.", "S5"),
    ("At my last clinic I never had this. My left eyelid is drooping.", "F1"),
    ("With the previous injector I was fine. My left arm is weak.", "S4"),
    # somebody named by the way
    ("I held my baby this morning and I have trouble swallowing.", "S2"),
    ("Works at the vet. Tongue swelling.", "U2"),
    ("My son lives abroad. Cannot swallow since Friday.", "S2"),
    ("My sister is a nurse. Had trouble breathing last night.", "S1"),
    ("My boss sent me home. Was seeing double at my desk.", "S3"),
    ("As a mum I'm scared. Cannot swallow.", "S2"),
    ("A lady at the clinic gave me an EpiPen, throat was closing.", "S1"),
    # what only looks like a mishap, a recovery, a fear, a message taken back or an old complaint
    ("I fell asleep after botox and my eyelid has drooped ever since.", "F1"),
    ("I had an operation in 2010 and botox last week and have been choking ever since.", "S2"),
    ("I can't breathe and my husband is away.", "S1"),
    ("My worst nightmare is happening, I can't swallow.", "S2"),
    ("Ignore what I said about feeling fine, I can't breathe.", "S1"),
    ("Can't swallow, no different since yesterday.", "S2"),
    ("Droop is no better and no worse than Monday.", "F1"),
    ("Droopy lid is what I came for advice about.", "F1"),
    ("I am on antihistamine tablets for hives since your injection.", "O6"),
    # what points back and says that it was never so before, or of others too
    ("Cannot swallow. That never happened with my previous injector.", "S2"),
    ("Cannot swallow. That happened to my sister too.", "S2"),
    ("Back in my bed by 9 as I couldn't hold my head up.", "S4"),
    ("My little girl had her legs done Monday and she is so floppy she cannot swallow.", "S2"),
    # an operation of long ago, or of a dog
    ("Droopy eyelid. I had root canal last year if relevant.", "F1"),
    ("Bruise on cheek. My dog had an operation.", "B1"),
    ("I broke my nose as a kid. Bruise by my eye now.", "B1"),
]

MILD = [
    "Headache today. I was up all night with the baby.",
    "I have a headache. A ten out of ten clinic.",
    "Ache in the jaw, not agony.",
    "Headache, no agony, no vomiting.",
    "Headache, not as bad as childbirth.",
    "Headache. Can I take tramadol?",
    "Headache; allergic to morphine.",
    "Headache. Your online form is killing me.",
    "My injection sites are sore, cannot lie on my side.",
    "Forehead sore to the touch, my toddler screaming did not help.",
]


@pytest.mark.parametrize(("text", "subcode"), PRESENT)
def test_what_is_there_is_not_taken_away(text: str, subcode: str) -> None:
    coded = code_texts([text])
    assert "asserted" in set(coded.loc[coded["subcode"] == subcode, "status"])


@pytest.mark.parametrize("text", MILD)
def test_words_that_tell_of_no_pain_grade_none(text: str) -> None:
    coded = code_texts([text])
    assert not (coded["status"].eq("asserted") & coded["severity"].eq("severe")).any()


@pytest.mark.parametrize(
    "text", ["Nothing injected today. Patient has trouble swallowing.", "At the vets. Tongue swelling, cannot breathe."]
)
def test_what_presses_is_asked_about_where_another_sentence_takes_it_away(text: str) -> None:
    coded = code_texts([text])
    assert coded["status"].isin(["asserted", "uncertain"]).all()
