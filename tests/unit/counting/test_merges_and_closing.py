"""Corrections of episodes: held apart, joined, closed."""

from itertools import permutations

import pandas as pd
import pytest

from analysis.counting.closing import still_open, with_closed
from analysis.counting.merges import corrected_ids


def ids(merges: list[tuple[str, str, str | None]]) -> dict[str, str]:
    rows = pd.DataFrame({"clinic": "C", "event_id": ["A", "B", "D", "E"], "subcode": ["F1", "F1", "F1", "B1"]})
    own = pd.Series(["one", "one", "two", "bruise"])
    told = pd.DataFrame([("C", *row) for row in merges], columns=["clinic", "event_id", "subcode", "with_event"])
    return dict(zip(rows["event_id"], corrected_ids(rows, own, told.astype("str")), strict=True))


def test_held_apart_joined_and_left_alone() -> None:
    assert ids([]) == {"A": "one", "B": "one", "D": "two", "E": "bruise"}
    apart = ids([("B", "F1", None)])
    assert apart["A"] == "one"
    assert apart["B"] not in ("one", "two")
    assert ids([("D", "F1", "A")])["D"] == "one"
    assert ids([("D", "F1", "E")])["D"] == "two"  # E has no such finding
    assert ids([("X", "F1", "A")]) == ids([])


def test_a_join_follows_its_target_wherever_that_goes() -> None:
    for order in permutations([("D", "F1", "B"), ("B", "F1", "A")]):
        assert len({ids(list(order))[name] for name in "ABD"}) == 1
    circle = ids([("A", "F1", "D"), ("D", "F1", "A")])
    assert circle["A"] == circle["D"] == "one"


@pytest.fixture
def frames() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    day = pd.to_datetime(["2026-05-01", "2026-05-10"]).astype("datetime64[us]")
    events = pd.DataFrame({"clinic": "C", "event_id": ["A", "B"], "reported_date": day, "onset_date": pd.NaT})
    findings = pd.DataFrame(
        {"clinic": "C", "event_id": ["A", "B"], "episode_id": "P", "triage": ["now", "today"], "status": "asserted"}
    )
    episodes = pd.DataFrame(
        {
            "clinic": "C", "episode_id": ["P", "Q"], "triage": ["now", "routine"], "state": "ongoing",
            "pressing_event_id": ["A", "Z"], "pressing_since": day, "next_contact_due": day,
        }
    )  # fmt: skip
    return episodes, findings, events


def closed(*entries: str, outcome: str = "recovered") -> pd.DataFrame:
    return pd.DataFrame(
        {"clinic": "C", "event_id": list(entries), "decided": pd.Timestamp("2026-06-01"), "outcome": outcome}
    )


def test_an_entry_that_nobody_closed_stands_for_its_episode(frames: tuple[pd.DataFrame, ...]) -> None:
    (left,) = still_open(*frames, closed("A")).to_dict("records")
    assert (left["pressing_event_id"], left["triage"]) == ("B", "today")
    assert left["next_contact_due"] == pd.Timestamp("2026-05-10")
    assert still_open(*frames, closed("A", "B")).empty
    assert still_open(*frames, closed("B"))["pressing_event_id"].tolist() == ["A"]


def test_no_contact_is_due_once_all_is_closed_and_the_state_follows_the_outcome(
    frames: tuple[pd.DataFrame, ...],
) -> None:
    assert with_closed(*frames, closed("A"))["next_contact_due"].notna().all()
    over = with_closed(*frames, closed("A", "B"))
    assert over["state"].tolist() == ["closed", "ongoing"]
    assert over["next_contact_due"].isna().tolist() == [True, False]
    lasting = with_closed(*frames, closed("A", "B", outcome="not_recovered"))
    assert lasting["state"].tolist() == ["ongoing", "ongoing"]
