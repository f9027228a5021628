"""The scorer itself, on hand-counted examples."""

import pytest

from analysis.coding.evaluate import agreement, as_lines, bootstrap_f1, evaluate, parse_labels


def test_counts_by_hand() -> None:
    predicted = [frozenset({"bruise"}), frozenset({"facial", "urgent"}), frozenset({"none"}), frozenset({"other"})]
    wanted = [frozenset({"bruise"}), frozenset({"facial"}), frozenset({"systemic"}), frozenset({"none"})]
    result = agreement(predicted, wanted)
    assert (result.micro.true_positive, result.micro.false_positive, result.micro.false_negative) == (2, 2, 1)
    assert result.micro.f1 == pytest.approx(4 / 7)
    assert (result.none_texts, result.none_wrong) == (1, 1)
    assert as_lines(result)[1].startswith("urgent")


def test_labels() -> None:
    assert parse_labels("bruise; urgent") == {"bruise", "urgent"}
    assert parse_labels("") == {"none"}


def test_evaluate_and_bootstrap() -> None:
    rows = [
        {"text": "bruise", "categories": "bruise", "categories_episode": "bruise"},
        {"text": "bruise gone", "categories": "none", "categories_episode": "bruise"},
    ]
    assert evaluate(rows).micro.f1 == 1.0
    assert evaluate(rows, episode=True).micro.f1 == 1.0


def test_bootstrap_intervals() -> None:
    same = [frozenset({"a"})] * 5
    assert bootstrap_f1(same, same, repeats=20)["micro"] == (1.0, 1.0)
    assert bootstrap_f1([], []) == {}
    mixed = [frozenset({"a"}), frozenset({"none"})] * 20
    low, high = bootstrap_f1(mixed, [frozenset({"a"})] * 40)["micro"]
    assert low < 2 / 3 < high, "half of the texts found: F1 = 2/3"
    assert bootstrap_f1(mixed, [frozenset({"a"})] * 40)["none"] == (0.0, 0.0)


def test_a_missed_event_is_counted() -> None:
    result = agreement([frozenset({"none"})], [frozenset({"bruise"})])
    assert (result.event_texts, result.event_none) == (1, 1)
    assert as_lines(result, {"bruise": (0.0, 0.5)})[1].endswith("0.000 to 0.500")
