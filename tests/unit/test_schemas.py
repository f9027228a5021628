"""Shapes: every frame comes back from Parquet as it went, empty frames fit, and a wrong value is refused without being quoted."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import UsageError
from analysis.schemas import FRAMES, conform, empty
from analysis.schemas.config import load_clinic_config, load_group_config
from analysis.schemas.conform import check
from analysis.store import open_store, parquet_bytes

SECRET = "Mrs Smith 1970-01-01"
NAMES = sorted(FRAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_comes_back_from_parquet_as_it_went(name: str, demo_store: Path, tmp_path: Path) -> None:
    for frame in (open_store(demo_store).frame(name), empty(name)):
        (tmp_path / "frame.parquet").write_bytes(parquet_bytes(frame))
        back = check(FRAMES[name], pd.read_parquet(tmp_path / "frame.parquet"))
        pd.testing.assert_frame_equal(back, frame, check_exact=True)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_frame_fits(name: str) -> None:
    frame = conform(name, empty(name))
    assert list(frame.columns) == list(FRAMES[name].schema.columns)
    assert len(frame) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_rows_makes_no_difference(name: str, demo_store: Path) -> None:
    frame = open_store(demo_store).frame(name)
    pd.testing.assert_frame_equal(conform(name, frame.sample(frac=1, random_state=7)), frame)
    assert parquet_bytes(conform(name, frame.iloc[::-1])) == parquet_bytes(frame)


@pytest.mark.parametrize("name", NAMES)
def test_every_column_says_what_it_is(name: str) -> None:
    spec = FRAMES[name]
    assert spec.grain
    assert set(spec.key) <= set(spec.schema.columns)
    assert all(column.description for column in spec.schema.columns.values())


def wrong_values() -> list[tuple[str, str]]:
    return [
        (name, column)
        for name, spec in FRAMES.items()
        for column, part in spec.schema.columns.items()
        if part.checks and str(part.dtype) == "str"
    ]


@pytest.mark.parametrize(("name", "column"), wrong_values())
def test_a_word_outside_the_vocabulary_is_refused_and_not_quoted(name: str, column: str, demo_store: Path) -> None:
    frame = open_store(demo_store).frame(name).head(3).copy()
    if frame.empty:
        pytest.skip("the demo has no row of it")
    frame[column] = pd.Series([SECRET] * len(frame), index=frame.index, dtype="str")
    with pytest.raises(ValueError, match=column) as error:
        conform(name, frame)
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_a_missing_value_where_one_is_needed_is_refused(demo_store: Path) -> None:
    frame = open_store(demo_store).events.head(3).copy()
    frame.loc[0, "event_id"] = None
    with pytest.raises(ValueError, match="event_id"):
        check(FRAMES["events"], frame)


def test_an_unknown_key_of_a_settings_file_is_refused_by_name_without_its_value(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text(f'[clinic]\nnmae = "{SECRET}"\n')
    with pytest.raises(UsageError, match=r"clinic\.toml: clinic\.nmae") as error:
        load_clinic_config(tmp_path)
    assert SECRET not in str(error.value)
    (tmp_path / "group.toml").write_text("[disclosure]\nthreshold = 1\n")
    with pytest.raises(UsageError, match=r"disclosure\.threshold"):
        load_group_config(tmp_path / "group.toml")


@pytest.mark.parametrize("content", [b"[clinic\n", b"\xff\xfe", b"name = \n"])
def test_a_settings_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clinic.toml").write_bytes(content)
    with pytest.raises(UsageError, match="not a TOML file"):
        load_clinic_config(tmp_path)


def test_without_settings_the_defaults_hold(tmp_path: Path) -> None:
    assert load_clinic_config(tmp_path).clinic.patient_ids == "clinic"
    assert load_group_config(tmp_path / "group.toml").disclosure.threshold == 11
