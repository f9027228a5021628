"""Likely identifiers on our own sentences: recall by kind, and false alarms on sentences without one. Measured, and held as they are."""

import csv
from pathlib import Path

import pytest

from analysis.coding.identifiers import KINDS, likely_identifiers

ROWS = list(csv.DictReader((Path(__file__).parent / "identifiers.csv").open(encoding="utf-8")))
CLEAN = [row["text"] for row in ROWS if not row["kinds"]]


def found(text: str) -> set[str]:
    return {mark.kind for mark in likely_identifiers(text)}


def recall(kind: str) -> tuple[int, int]:
    own = [row["text"] for row in ROWS if kind in row["kinds"].split(";")]
    return sum(kind in found(text) for text in own), len(own)


MISSED = {"name": 2, "phone": 0, "email": 1, "birth": 0, "record": 0}
"""A bare name has no mark beside it; a mail spelled out is none."""


@pytest.mark.parametrize("kind", KINDS)
def test_recall(kind: str) -> None:
    hit, of = recall(kind)
    assert (kind, of - hit) == (kind, MISSED[kind])


def test_false_alarms() -> None:
    alarms = [text for text in CLEAN if found(text)]
    assert alarms == []
    assert len(CLEAN) > 40


def test_a_mark_is_where_it_says() -> None:
    text = "Mrs Tan, dob 4/5/66, tel 07700 900123: eyelid droop"
    told = {mark.kind: text[mark.start : mark.end] for mark in likely_identifiers(text)}
    assert told == {"name": "Mrs Tan", "birth": "dob 4/5/66", "phone": "07700 900123"}


def test_a_long_hostile_text_takes_no_time_worth_speaking_of() -> None:
    for text in ("1 " * 20_000, "Mr " * 20_000, "a@" * 20_000, "dob " * 20_000, "(" * 40_000, "de la " * 10_000):
        likely_identifiers(text)
