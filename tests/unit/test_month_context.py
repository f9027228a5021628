"""The frozen month: it comes back as it was saved, and cannot be changed."""

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.pipeline.context import build_month
from analysis.schemas import MonthContext
from analysis.store import open_store


@pytest.fixture(scope="module")
def month(demo_store: Path) -> MonthContext:
    return build_month(open_store(demo_store), month="2026-10")


def test_it_comes_back_as_it_was_saved(month: MonthContext, tmp_path: Path) -> None:
    month.save(tmp_path / "context")
    back = MonthContext.load(tmp_path / "context")
    for name in ("month", "clinic", "audience", "facts", "meta"):
        assert getattr(back, name) == getattr(month, name)
    assert set(back.frames) == set(month.frames)
    for name, frame in month.frames.items():
        pd.testing.assert_frame_equal(back.frames[name], frame, check_dtype=False, obj=name)


def test_saving_what_was_loaded_gives_the_same_bytes(month: MonthContext, tmp_path: Path) -> None:
    month.save(tmp_path / "one")
    MonthContext.load(tmp_path / "one").save(tmp_path / "two")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert (tmp_path / "one" / "context.json").read_bytes() == (tmp_path / "two" / "context.json").read_bytes()


def test_facts_are_plain_values(month: MonthContext) -> None:
    assert json.loads(json.dumps(month.facts)) == month.facts
    assert json.loads(json.dumps(month.meta)) == month.meta


def test_it_says_what_it_is_of(month: MonthContext) -> None:
    assert (month.month, month.clinic, month.audience) == ("2026-10", None, "director")
    assert month.facts["simulated"] is True
    assert all(entry["sha256"] for entry in month.meta["inputs"])


def test_it_cannot_be_changed(month: MonthContext) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        month.month = "2026-09"  # type: ignore[misc]


def test_no_frame_holds_words_or_patients_of_the_log(month: MonthContext, demo_store: Path) -> None:
    events = open_store(demo_store).events
    secret = {text for text in events["text"].dropna() if len(text) > 12} | set(events["patient_key"].dropna())
    for name, frame in month.frames.items():
        assert not {"text", "evidence", "patient_key", "raw", "action_taken"} & set(frame.columns), name
        for column in frame.select_dtypes("string"):
            assert not secret & set(frame[column].dropna()), f"{name}.{column}"


def test_an_earlier_data_cut_makes_more_months_provisional(demo_store: Path, month: MonthContext) -> None:
    earlier = build_month(open_store(demo_store), month="2026-06", as_of=pd.Timestamp("2026-07-01").date())
    later = month.frames["rates_by_month"].query("month == '2026-06' and measure == 'any_reaction'")
    then = earlier.frames["rates_by_month"].query("month == '2026-06' and measure == 'any_reaction'")
    assert (bool(then["provisional"].iloc[0]), bool(later["provisional"].iloc[0])) == (True, False)
