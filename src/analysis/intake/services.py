"""What a line of a treatments log is about: the kind of treatment, whether it is toxin at all, and whether it took place."""

from analysis.intake.values import SPLIT, areas, product
from analysis.intake.words import fold, vocabulary
from analysis.schemas.vocabulary import MEDICAL_FIRST

_TOXIN_WORDS = frozenset(vocabulary("toxin_words"))


def not_toxin(text: str) -> str | None:
    """Why a service or product is no toxin (`filler`, `retail`, `other_procedure`); missing when it may be one."""
    known = vocabulary("not_toxin")
    plain = f" {fold(text)} "
    if plain.strip() in known:
        return known[plain.strip()]
    if any(word in plain.split() for word in _TOXIN_WORDS):
        return None
    return next((why for phrase, why in known.items() if len(phrase) > 3 and f" {phrase} " in plain), None)


def status(text: str) -> str | None:
    """What became of an appointment (`kept`, `no_show`, `cancelled`, `refunded`), said in so many words or within a remark."""
    known = vocabulary("service_status")
    plain = fold(text)
    if plain in known:
        return known[plain]
    padded = f" {plain} "
    if any(f" {word} " in padded for word in ("not", "no longer")) and not plain.startswith("did not"):
        return None
    found = {ours for phrase, ours in known.items() if len(phrase) > 2 and f" {phrase} " in padded}
    return found.pop() if len(found) == 1 else None


def not_attended(remark: str) -> str | None:
    """Why a remark beside a session says there was none: it begins with words for a missed or cancelled appointment."""
    plain = fold(remark) + " "
    known = vocabulary("service_status")
    found = {ours for phrase, ours in known.items() if len(phrase) > 2 and plain.startswith(f"{phrase} ")}
    return next((word for word in ("no_show", "cancelled") if word in found), None)


def treatment_type(text: str) -> str | None:
    """Treatment type of a service or indication cell, medical before cosmetic; missing when nothing in it is known."""
    known = vocabulary("treatment_type")
    plain = fold(text)
    found = {known[plain]} if plain in known else {known[p] for p in map(fold, SPLIT.split(text)) if p in known}
    if not found:
        padded = f" {plain} "
        found = {ours for phrase, ours in known.items() if len(phrase) > 3 and f" {phrase} " in padded}
    if not found and (areas(text) or product(text)):
        found = {"cosmetic"}
    return next((kind for kind in MEDICAL_FIRST if kind in found), None)
