"""Words of the entries that no line of the lexicon covers, so that somebody can add them. Only words that many patients share."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

import pandas as pd

from analysis.coding.concepts import Lexicon
from analysis.coding.lexicon import load_lexicon
from analysis.resources import resource

SHORTEST = 4
LEAST = 4
"""Words of fewer patients than this are not given: they could tell of one."""


def uncoded_words(texts: Iterable[object], patients: Iterable[Hashable], *, least: int = LEAST) -> pd.DataFrame:
    """One row per word: `word` (as the lexicon folds it) and `patients`, how many have it; most frequent first, then by name.

    `patients` says whose text each is. Numbers, short words, ordinary words of the language and words of fewer than `least`
    patients are left out.
    """
    lexicon = load_lexicon()
    ordinary = set(resource("lexicon/ordinary_words.txt").read_text(encoding="utf-8").split())
    whose: dict[str, set[Hashable]] = defaultdict(set)
    for text, patient in zip(texts, patients, strict=True):
        if isinstance(text, str):
            for word in set(_uncovered(text, lexicon)) - ordinary:
                whose[word].add(patient)
    rows = [(word, len(who)) for word, who in whose.items() if len(who) >= least]
    frame = pd.DataFrame(sorted(rows, key=lambda row: (-row[1], row[0])), columns=["word", "patients"])
    return frame.astype({"word": "str", "patients": "int64"})


def _uncovered(text: str, lexicon: Lexicon) -> Iterator[str]:
    words = lexicon.words(text)
    known = [False] * len(words.words)
    for _, start, end in lexicon.automaton.find_matches_as_indexes(words.letters, overlapping=True):
        for position in range(start, end):
            known[position] = True
    for word, covered in zip(words.words, known, strict=True):
        if not covered and len(word) >= SHORTEST and word.isalpha():
            yield word
