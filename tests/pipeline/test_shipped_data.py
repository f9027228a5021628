"""The simulated group in data/raw is what `ae demo` writes, and nothing else is kept there."""

from pathlib import Path

from analysis.simulation import write_demo

RAW = Path(__file__).parents[2] / "data" / "raw"


def test_shipped_group_is_a_run_of_the_generator(tmp_path):
    made = write_demo(tmp_path, seed=1, sessions=4000).raw
    wanted = {path.relative_to(made).as_posix(): path.read_bytes() for path in made.rglob("*") if path.is_file()}
    kept = {
        path.relative_to(RAW).as_posix(): path.read_bytes()
        for folder in RAW.glob("sim-*")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert sorted(kept) == sorted(wanted)
    assert [name for name in wanted if kept[name] != wanted[name]] == []


def test_every_shipped_clinic_says_that_it_is_simulated():
    tables = list(RAW.glob("sim-*/clinic.toml"))
    assert len(tables) == 3
    assert all("simulated = true" in table.read_text(encoding="utf-8") for table in tables)
