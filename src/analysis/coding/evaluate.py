"""Score the coder against annotated texts, with the scoring map of the labelling guide: urgent recall first.

Labels of a text are the categories of its asserted findings (episode: and resolved ones) without `severe_local`, plus
`urgent` when one of them is urgent; no label at all is `none`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.coding.texts import code_texts

LEFT_OUT = frozenset({"severe_local", "none", "unknown"})
ASSERTED = ("asserted",)
EPISODE = ("asserted", "resolved")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one label over texts; precision, recall and F1 are 0–1, and 1 where nothing was to be found."""

    true_positive: int
    false_positive: int
    false_negative: int

    @property
    def precision(self) -> float:
        """Share of given labels that are right."""
        given = self.true_positive + self.false_positive
        return self.true_positive / given if given else 1.0

    @property
    def recall(self) -> float:
        """Share of right labels that were given."""
        wanted = self.true_positive + self.false_negative
        return self.true_positive / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """2 TP ÷ (2 TP + FP + FN)."""
        total = 2 * self.true_positive + self.false_positive + self.false_negative
        return 2 * self.true_positive / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Scores by label, their micro average, texts without an event that were given one, and events that were missed whole."""

    labels: dict[str, Score]
    micro: Score
    none_texts: int
    none_wrong: int
    event_texts: int
    event_none: int


def labels_of(
    texts: Sequence[str], *, statuses: Iterable[str] = ASSERTED, code: Callable[[Sequence[str]], Any] = code_texts
) -> list[frozenset[str]]:
    """Predicted labels of each text; `code` returns a findings frame as code_texts does."""
    frame = code(texts)
    wanted = frozenset(statuses)
    found: list[set[str]] = [set() for _ in texts]
    columns = (frame["row"], frame["category"], frame["status"], frame["urgent"])
    for row, category, status, urgent in zip(*columns, strict=True):
        if status in wanted:
            found[row] |= {category} - LEFT_OUT
            if urgent:
                found[row].add("urgent")
    return [frozenset(labels) or frozenset({"none"}) for labels in found]


def parse_labels(cell: str) -> frozenset[str]:
    """Labels of an annotated cell, separated by ";"."""
    return frozenset(part.strip() for part in cell.split(";") if part.strip()) or frozenset({"none"})


def agreement(predicted: Sequence[frozenset[str]], wanted: Sequence[frozenset[str]]) -> Agreement:
    """Compare label sets text by text; `none` is counted as a label of its own but left out of the micro average."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for got, right in zip(predicted, wanted, strict=True):
        for label in got | right:
            counts[label][0 if label in got and label in right else 1 if label in got else 2] += 1
    labels = {label: Score(*counts[label]) for label in sorted(counts)}
    parts = [score for label, score in labels.items() if label != "none"]
    micro = Score(
        sum(s.true_positive for s in parts), sum(s.false_positive for s in parts), sum(s.false_negative for s in parts)
    )
    none = [got for got, right in zip(predicted, wanted, strict=True) if right == {"none"}]
    events = [got for got, right in zip(predicted, wanted, strict=True) if right != {"none"}]
    return Agreement(
        labels,
        micro,
        len(none),
        sum(got != {"none"} for got in none),
        len(events),
        sum(got == {"none"} for got in events),
    )


def evaluate(
    rows: Sequence[Mapping[str, str]], *, episode: bool = False, code: Callable[[Sequence[str]], Any] = code_texts
) -> Agreement:
    """Score annotated rows with the columns `text`, `categories` and `categories_episode`."""
    texts = [row["text"] for row in rows]
    column = "categories_episode" if episode else "categories"
    predicted = labels_of(texts, statuses=EPISODE if episode else ASSERTED, code=code)
    return agreement(predicted, [parse_labels(row[column]) for row in rows])


def bootstrap_f1(
    predicted: Sequence[frozenset[str]], wanted: Sequence[frozenset[str]], *, repeats: int = 1000, seed: int = 1
) -> dict[str, tuple[float, float]]:
    """Two-sided 95 % percentile intervals of F1 by label and of the micro F1 ("micro"), texts drawn with replacement.

    A draw in which a label neither occurs nor is given counts as F1 = 1, as in `Score`. No texts: an empty dictionary.
    """
    import numpy as np

    if not predicted:
        return {}
    labels = sorted(set().union(*predicted, *wanted) - {"none"})
    columns = [*labels, "none"]
    hits = np.array(
        [[label in got and label in right for label in columns] for got, right in zip(predicted, wanted, strict=True)]
    )
    sizes = np.array(
        [[(label in got) + (label in right) for label in columns] for got, right in zip(predicted, wanted, strict=True)]
    )
    count = len(predicted)
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=repeats)
    found, total = 2 * draws @ hits, draws @ sizes
    micro = found[:, : len(labels)].sum(axis=1, keepdims=True), total[:, : len(labels)].sum(axis=1, keepdims=True)
    found, total = np.hstack([found, micro[0]]), np.hstack([total, micro[1]])
    f1 = np.where(total > 0, found / np.maximum(total, 1), 1.0)
    low, high = np.percentile(f1, [2.5, 97.5], axis=0)
    return {label: (float(low[k]), float(high[k])) for k, label in enumerate([*columns, "micro"])}


def as_lines(result: Agreement, intervals: Mapping[str, tuple[float, float]] | None = None) -> list[str]:
    """The scores as lines of text, urgent first; with the interval of each F1 where given."""
    order = sorted(result.labels, key=lambda label: (label != "urgent", label == "none", label))
    lines = [f"{'label':<12}{'recall':>8}{'precision':>11}{'F1':>7}{'n':>6}{'   95 % of F1' if intervals else ''}"]
    for label, s in [*((label, result.labels[label]) for label in order), ("micro", result.micro)]:
        wanted = s.true_positive + s.false_negative
        span = f"   {intervals[label][0]:.3f} to {intervals[label][1]:.3f}" if intervals and label in intervals else ""
        lines.append(f"{label:<12}{s.recall:>8.3f}{s.precision:>11.3f}{s.f1:>7.3f}{wanted:>6}{span}")
    lines.append(f"texts without an event given one: {result.none_wrong} of {result.none_texts}")
    lines.append(f"texts with an event read as none or unknown: {result.event_none} of {result.event_texts}")
    return lines
