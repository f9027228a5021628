"""The plain baseline: a category when one of its words is in the text, nothing else."""

from collections.abc import Sequence

WORDS = {
    "bruise": ("bruis", "haematoma", "hematoma", "ecchymosis", "black eye"),
    "facial": ("ptosis", "droop", "asymmetr", "spock", "facial weakness", "lopsided", "heavy brow", "smile"),
    "systemic": ("breath", "dyspn", "sob", "swallow", "dysphagia", "blurred", "double vision", "diplopia", "hoarse", "weakness"),
    "hair_skin": ("hair loss", "alopecia", "shedding", "thinning"),
    "other": ("headache", "pain", "swelling", "redness", "rash", "nausea", "fever", "infection", "numb", "itch", "no effect"),
    "urgent": ("severe pain", "severe swelling", "breath", "sob", "muscle weakness", "anaphyla"),
}  # fmt: skip


def labels_by_keyword(texts: Sequence[str]) -> list[frozenset[str]]:
    """Labels of each text by its words; `none` where there are none."""
    return [
        frozenset(label for label, words in WORDS.items() if any(word in text.lower() for word in words))
        or frozenset({"none"})
        for text in texts
    ]
