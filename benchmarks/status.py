"""Status of findings of general medicine, through a lexicon made of nothing but their names."""

import csv
import tempfile
from collections import Counter
from pathlib import Path

from analysis import code_texts

FILES = ("hospital.csv", "newer_hospital.csv", "later_hospital.csv", "fresh_hospital.csv", "third_hospital.csv", "hospital_lists.csv",
         "general_clinical.csv")  # fmt: skip


def say_status(folder: Path) -> None:
    """Print the share of mentions whose status is right, tuned on and held back apart."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name in FILES:
        with (folder / name).open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for row, status in zip(rows, statuses(rows), strict=True):
            split = "held back" if row.get("split") == "held" else "tuned on"
            total[split] += 1
            right[split] += status == row["status"]
    for split in sorted(total):
        share = right[split] / total[split]
        print(f"status of general hospital findings, {split}: {right[split]} of {total[split]} right ({share:.3f})")
    print()


def statuses(rows: list[dict[str, str]]) -> list[str | None]:
    """Status read for the finding of each row; missing where it was not found in the text."""
    with tempfile.TemporaryDirectory(prefix="ae-lexicon-") as folder:
        names = sorted({row["finding"] for row in rows})
        with (Path(folder) / "terms.csv").open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([["term"], *([name] for name in names)])
        frame = code_texts([row["text"] for row in rows], lexicon=folder)
    found: list[str | None] = [None] * len(rows)
    for row, evidence, status in zip(frame["row"], frame["evidence"], frame["status"], strict=True):
        if isinstance(evidence, str) and rows[row]["finding"].lower() in evidence.lower() and found[row] is None:
            found[row] = status
    return found
