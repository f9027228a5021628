"""Nobody in danger stays off the first screen's list: simulated groups against the truth behind them."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))
from calibration.danger import Found, one_group  # noqa: E402

SEEDS = range(2, 7)


@pytest.mark.slow
def test_every_true_pressing_episode_is_listed_and_few_others_are(tmp_path: Path) -> None:
    whole = Found()
    for seed in SEEDS:
        whole.add(one_group(tmp_path / str(seed), seed=seed, sessions=400))
    assert whole.episodes > 15
    assert whole.missed == []
    assert len(whole.needless) <= 0.15 * whole.listed, whole.needless


def test_a_group_whose_list_is_empty_is_seen_to_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibration.danger._listed", lambda *_: set())
    found = one_group(tmp_path, seed=2, sessions=100)
    assert found.episodes
    assert len(found.missed) >= found.episodes
    assert found.listed == 0
