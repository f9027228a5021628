"""What a group sets for a measure in `group.toml` holds for its months."""

import shutil
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.pipeline.context import build_month
from analysis.store import open_store


def test_a_longer_follow_up_keeps_a_month_open_longer(demo_store: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_store, tmp_path / "data" / "processed")
    settings = tmp_path / "data" / "config" / "group.toml"
    settings.parent.mkdir()
    settings.write_text("[measures.bruise]\nfollow_up_days = 100\n")
    store = open_store(tmp_path / "data" / "processed")
    own, usual = (build_month(one).frames["rates_by_month"] for one in (store, open_store(demo_store)))
    late = [frame[frame["measure"] == "bruise"].set_index("month")["provisional"].sum() for frame in (own, usual)]
    assert late[0] > late[1]
    lid = [frame[frame["measure"] == "lid_droop"].reset_index(drop=True) for frame in (own, usual)]
    assert lid[0].equals(lid[1])
    settings.write_text("[measures.droop]\nfollow_up_days = 100\n")
    with pytest.raises(UsageError, match=r"measures\.droop: there is no such measure"):
        build_month(store)
