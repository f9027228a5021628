"""The same arguments give the same files, whatever the run, the hash seed or the time zone."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.simulation import write_demo

PROGRAM = "import sys; from pathlib import Path; from analysis.simulation import write_demo; "
PROGRAM += "write_demo(Path(sys.argv[1]), seed=3, sessions=600)"


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_hash_seed_time_zone_and_locale_change_nothing(tmp_path: Path) -> None:
    write_demo(tmp_path / "here", seed=3, sessions=600)
    for name, setting in (("a", ("1", "Pacific/Kiritimati", "C")), ("b", ("977", "America/Anchorage", "tr_TR.UTF-8"))):
        environment = os.environ | dict(zip(("PYTHONHASHSEED", "TZ", "LC_ALL"), setting, strict=True))
        subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path / name)], check=True, env=environment)
        assert digests(tmp_path / name) == digests(tmp_path / "here")
    assert any(name.endswith(".xlsx") for name in digests(tmp_path / "here"))


def test_another_seed_gives_other_files(tmp_path: Path) -> None:
    write_demo(tmp_path / "one", seed=1, sessions=300)
    write_demo(tmp_path / "two", seed=2, sessions=300)
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one["truth/sessions.csv"] != two["truth/sessions.csv"]
    assert one["raw/sim-harbour/clinic.toml"] == two["raw/sim-harbour/clinic.toml"]


def test_a_second_run_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    write_demo(tmp_path / "twice", sessions=300, dirt=False)
    write_demo(tmp_path / "twice", sessions=300)
    write_demo(tmp_path / "once", sessions=300)
    assert digests(tmp_path / "twice") == digests(tmp_path / "once")


@pytest.mark.parametrize("wrong", [{"scenario": "other"}, {"sessions": 5}, {"seed": -1}])
def test_wrong_arguments_are_refused_before_anything_is_written(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        write_demo(tmp_path / "out", **wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()
