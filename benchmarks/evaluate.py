"""`make evaluate`: how well texts are read, on annotated sentences, beside plain keywords and medspaCy's ConText.

python -m benchmarks.evaluate [--details]
"""

import argparse
import csv
import time
from collections.abc import Sequence
from pathlib import Path

from analysis import code_texts
from analysis.coding.evaluate import EPISODE, agreement, as_lines, bootstrap_f1, labels_of, parse_labels
from benchmarks import peers, texts
from benchmarks.keywords import labels_by_keyword
from benchmarks.specific import say_specific
from benchmarks.status import say_status
from benchmarks.vaers import say_agreement

ROOT = Path(__file__).parents[1]
DEVELOPMENT = ROOT.parent / "shared" / "domain" / "phrases_dev.csv"
SENTENCES = ROOT / "tests" / "sentences"
SPEED_TEXTS = 20_000
PEER_TEXTS = 2_000
SIXTY = 60


def main() -> None:
    """Print every score."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluate")
    parser.add_argument(
        "--details", action="store_true", help="every category of every set, not only the totals of the smaller"
    )
    details = parser.parse_args().details
    for name, rows in _sets().items():
        for column in ("categories", "categories_episode"):
            _say(name, column, rows, full=details or name.startswith("development"))
    say_status(SENTENCES)
    say_specific(SENTENCES)
    say_agreement(ROOT.parent / "shared" / "data" / "vaers_1990")
    _beside_others()
    _speed()


def _sets() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    if DEVELOPMENT.exists():
        rows = _rows(DEVELOPMENT)
        found["development phrases"] = rows
        found["development phrases, uncontested"] = [row for row in rows if row["contested"] == "0"]
    else:
        print(
            "The development phrases (../shared/domain/phrases_dev.csv) are not there: only our own sentences are scored.\n"
        )
    found["own sentences (all seen)"] = _rows(SENTENCES / "own_sentences.csv")
    styles = _rows(SENTENCES / "styles.csv")
    found["sentences in seven styles, tuned on"] = [row for row in styles if row["split"] == "tune"]
    found["sentences in seven styles, held back"] = [row for row in styles if row["split"] == "held"]
    found["batches written to find what is missed, seen"] = _rows(SENTENCES / "batches.csv")
    newer = _rows(SENTENCES / "newer_styles.csv")
    found["newer sentences, tuned on"] = [row for row in newer if row["split"] == "tune"]
    found["newer sentences, held back"] = [row for row in newer if row["split"] == "held"]
    for name in (
        "later",
        "fresh",
        "plain",
        "third",
        "everyday",
        "danger",
        "mixed",
        "last",
        "urgent",
        "kept",
        "kept_again",
        "kept_last",
        "panel",
        "near",
        "grave",
        "wide",
        "inbox",
    ):
        rows = _rows(SENTENCES / f"{name}_styles.csv")
        for split, what in (("tune", "tuned on"), ("held", "held back")):
            chosen = [row for row in rows if row["split"] == split]
            if chosen:
                found[f"{name} sentences, {what}"] = chosen
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _say(name: str, column: str, rows: Sequence[dict[str, str]], *, full: bool) -> None:
    statuses = EPISODE if column == "categories_episode" else ("asserted",)
    predicted = labels_of([row["text"] for row in rows], statuses=statuses)
    wanted = [parse_labels(row[column]) for row in rows]
    lines = as_lines(agreement(predicted, wanted), bootstrap_f1(predicted, wanted))
    print(f"{name}, {column} ({len(rows)} texts)")
    print(
        "\n".join(
            lines
            if full
            else [lines[0], *(line for line in lines[1:] if line.startswith(("urgent", "micro", "texts")))]
        )
    )
    print()


def _beside_others() -> None:
    print("The same texts by other means, `categories`: micro F1, urgent recall and precision, none-rows wrongly coded")
    listed = peers.phrases()
    if not peers.available():
        print("(medspaCy's ConText is left out: `make peers` makes its environment.)")
    for name, rows in _sets().items():
        wanted = [parse_labels(row["categories"]) for row in rows]
        read = [row["text"] for row in rows]
        means = {"this coder": labels_of(read), "plain keywords": labels_by_keyword(read)}
        if peers.available():
            means["ConText, our phrases"], _ = peers.run(read, read[:1], listed)
        print(f"  {name}")
        for how, predicted in means.items():
            result = agreement(predicted, wanted)
            urgent = result.labels["urgent"]
            print(
                f"    {how:<22}{result.micro.f1:>7.3f}{urgent.recall:>8.3f}{urgent.precision:>8.3f}"
                f"{result.none_wrong:>5} of {result.none_texts}"
            )
    print()


def _speed() -> None:
    listed = texts.distinct(SPEED_TEXTS)
    code_texts(listed[:100])
    start = time.process_time()
    code_texts(listed)
    ours = SPEED_TEXTS / (time.process_time() - start)
    print(f"Speed: {SPEED_TEXTS:,} distinct short texts at {ours:,.0f} texts/s of processor time")
    for count in (SIXTY, None) if peers.available() else ():
        given = peers.phrases()[:count]
        _, theirs = peers.run([], listed[:PEER_TEXTS], given)
        print(f"  medspaCy's fastest pipeline, {len(given):,} phrases, first {PEER_TEXTS:,} texts: {theirs:,.0f} texts/s;"
              f" ratio {ours / theirs:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
