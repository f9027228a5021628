"""Real narratives beside their official coded terms: reports of 1990 on vaccines, so only for the findings both can speak of."""

import csv
from collections import Counter
from pathlib import Path

from analysis import code_texts
from analysis.coding import code_term
from analysis.taxonomy import HAPPENED

CONTENT = ("1990VAERSDATA.csv", "1990VAERSSYMPTOMS.csv")


def say_agreement(folder: Path) -> None:
    """Print for how many (report, sub-code) pairs the text gives what the official terms give, and the other way round."""
    if not all((folder / name).exists() for name in CONTENT):
        print("(The real narratives are left out: ../shared/data/vaers_1990 is not there.)\n")
        return
    reports = {row["VAERS_ID"]: row["SYMPTOM_TEXT"] for row in _rows(folder / CONTENT[0])}
    official: dict[str, set[str]] = {key: set() for key in reports}
    for row in _rows(folder / CONTENT[1]):
        coded = [code_term(row[f"SYMPTOM{n}"]) for n in range(1, 6)]
        official.setdefault(row["VAERS_ID"], set()).update(c.subcode for c in coded if c is not None and c.subcode)
    keys = list(reports)
    frame = code_texts([reports[key] for key in keys])
    frame = frame[frame["status"].isin(HAPPENED)]
    read: dict[str, set[str]] = {key: set() for key in keys}
    for row, subcode in zip(frame["row"], frame["subcode"], strict=True):
        read[keys[row]].add(subcode)
    known = {subcode for found in official.values() for subcode in found}
    terms = Counter({"both": 0, "official": 0, "text": 0})
    for key in keys:
        terms["official"] += len(official[key])
        terms["text"] += len(read[key] & known)
        terms["both"] += len(official[key] & read[key])
    print(
        f"{len(keys):,} real narratives: of {terms['official']:,} findings in the official terms we know, the text gave "
        f"{terms['both']:,} ({terms['both'] / terms['official']:.2f}); of {terms['text']:,} that the text gave, the official terms "
        f"hold {terms['both'] / terms['text']:.2f}\n"
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="latin-1", newline="") as handle:
        return list(csv.DictReader(handle))
