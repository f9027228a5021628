"""Texts that are read in part by a copy of the program, and in part from what was kept, are read as texts one by one are."""

import os
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.beside import allowed_here
from analysis.coding.texts import code_texts
from analysis.keys import Key
from analysis.pipeline import known_texts
from analysis.pipeline.cache import Cache

TEXTS = [
    "small bruise",
    "lid droop since tuesday",
    None,
    "trouble swallowing",
    "no complaint",
    "small bruise",
    "lid droop and headache",
]
ASKED = {
    "area": ["forehead", "glabella", None, "masseter", None, "masseter", "glabella"],
    "treatment_type": ["cosmetic", "cosmetic", None, "tmj", None, "tmj", "migraine"],
    "severity": [None, "severe", None, None, None, None, None],
}


@pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux only")
def test_read_by_two_processes_and_again_from_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_texts, "_WORTH_A_COPY", 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    here: list[int] = []
    made = known_texts._findings
    monkeypatch.setattr(known_texts, "_findings", lambda asked, which: (here.append(len(which)), made(asked, which))[1])
    plain = code_texts(TEXTS, **ASKED)
    for texts_read_here in ([5], []):  # two texts by the copy, then none by anybody
        here.clear()
        with allowed_here():
            reader = known_texts.KnownTexts(Cache(tmp_path / "cache", Key(b"k" * 32)), "texts", Key(b"k" * 32))
            pd.testing.assert_frame_equal(reader(TEXTS, **ASKED), plain)
        assert here == texts_read_here
