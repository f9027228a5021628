"""Reading again with what earlier runs left gives the same snapshot as reading everything anew, whatever was delivered when."""

import random
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.columnar.packed import unpack
from analysis.intake.find import find_files
from analysis.keys import load_key
from analysis.pipeline.cache import Cache, cache_folder
from analysis.pipeline.engine import Here, Processes
from analysis.pipeline.ingest import ingest
from analysis.pipeline.recorded import recorded
from analysis.pipeline.site import Share, Site, Work, build_site
from analysis.pipeline.whole import whole
from analysis.store import parquet_bytes

TREATED = "Treatment ID,Patient ID,Treatment date,Injector,Area,Units\n"
LOGGED = "Event ID,Patient ID,Treatment date,Onset date,Description,Outcome\n"
WORDS = ("lid droop since Tuesday", "small bruise", "trouble breathing", "no complaint", "seems odd")


def sessions(draw: random.Random, month: int) -> str:
    days = [f"{draw.randrange(1, 28):02d}/{month:02d}/2025" for _ in range(3)]
    return TREATED + "".join(f"T{month}{n},P{draw.randrange(4)},{day},Dr A,Glabella,20\n" for n, day in enumerate(days))


def entries(draw: random.Random, month: int) -> str:
    rows = [
        f"E{month}{n},P{draw.randrange(4)},,{draw.randrange(1, 28):02d}/{month:02d}/2025,{draw.choice(WORDS)},"
        for n in (1, 2)
    ]
    return LOGGED + "\n".join([*rows, f"E{month}9,P1,,,bruise and no date,", "Total: 3 entries"]) + "\n"


FILES = [
    (clinic, kind, month) for clinic in ("harbour", "quay") for kind in ("events", "treatments") for month in (3, 4)
]
STEPS = st.lists(st.tuples(st.sampled_from(FILES), st.sampled_from(["put", "take", "break"])), min_size=2, max_size=6)


def change(raw: Path, one: tuple[str, str, int], step: str, draw: random.Random) -> None:
    clinic, kind, month = one
    path = raw / clinic / f"{kind}_2025-{month:02d}.csv"
    if step == "take":
        path.unlink(missing_ok=True)
    elif step == "break":
        path.write_text("neither,a,log\n1,2,3\n")
    else:
        path.write_text((sessions if kind == "treatments" else entries)(draw, month))


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 9))
def test_any_deliveries_read_bit_by_bit_are_the_snapshot_of_all_at_once(tmp_path: Path, steps: list, seed: int) -> None:
    shutil.rmtree(tmp_path / "raw", ignore_errors=True)
    draw = random.Random(seed)
    for clinic in ("harbour", "quay"):
        (tmp_path / "raw" / clinic).mkdir(parents=True)
        change(tmp_path / "raw", (clinic, "treatments", 3), "put", draw)
    for one, step in steps:
        change(tmp_path / "raw", one, step, draw)
        bit_by_bit = ingest(tmp_path / "raw", tmp_path / "kept", engine=Here()).snapshot
    assert bit_by_bit == ingest(tmp_path / "raw", tmp_path / "anew", engine=Here(), cache=False).snapshot
    assert not cache_folder(tmp_path / "anew").exists()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """Shipped logs of two clinics, read once: raw, processed and the snapshot."""
    folder, all_of_them = tmp_path_factory.mktemp("shipped"), Path(__file__).parents[2] / "data" / "raw"
    raw, processed = folder / "raw", folder / "processed"
    for name in ("sim-harbour", "sim-quayside"):
        shutil.copytree(all_of_them / name, raw / name)
    return raw, processed, ingest(raw, processed, engine=Here()).snapshot


def test_again_and_in_other_processes_the_shipped_logs_give_the_same_bits(
    shipped: tuple[Path, Path, str], tmp_path: Path
) -> None:
    raw, processed, snapshot = shipped
    assert ingest(raw, processed, engine=Here()).snapshot == snapshot
    assert ingest(raw, tmp_path / "apart", engine=Processes(2), cache=False).snapshot == snapshot


def test_a_changed_byte_in_what_is_kept_is_noticed_and_mended(shipped: tuple[Path, Path, str]) -> None:
    raw, processed, snapshot = shipped
    kept = {path: path.read_bytes() for path in sorted(cache_folder(processed).iterdir())}
    assert kept
    for path, content in kept.items():
        at = random.Random(path.name).randrange(len(content))
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert ingest(raw, processed, engine=Here()).snapshot == snapshot
    assert {path: path.read_bytes() for path in sorted(cache_folder(processed).iterdir())} == kept


def test_nothing_is_kept_that_the_store_does_not_hold(tmp_path: Path) -> None:
    """Names, and words beside the entries, are in no piece; what is of no use any more goes."""
    folder = tmp_path / "raw" / "harbour"
    folder.mkdir(parents=True)
    (folder / "treatments.csv").write_text(
        TREATED.replace("Injector", "Patient name,Injector") + "T1,P1,03/03/2025,Zebedee Q,Dr A,Glabella,20\n"
    )
    (folder / "events.csv").write_text(
        "Quokka title of the log\n" + LOGGED.replace("Outcome", "Remarks of the desk")
        + "E1,P1,,13/03/2025,bruise,wallaby phoned about it twice\n"
    )  # fmt: skip
    ingest(tmp_path / "raw", tmp_path / "p", engine=Here())
    cache, seen = Cache(cache_folder(tmp_path / "p"), load_key()), ""
    for path in cache.folder.iterdir():
        said, frames = unpack(cache.get(path.name) or b"")
        seen += f"{said} " + " ".join(frame.to_csv() for frame in frames.values())
    assert "bruise" in seen
    assert not [word for word in ("Zebedee", "Quokka", "wallaby", "P1,") if word in seen]
    before = set(cache.folder.iterdir())
    shutil.move(folder, folder.with_name("pier"))
    ingest(tmp_path / "raw", tmp_path / "p", engine=Here())
    assert len(set(cache.folder.iterdir())) == len(before)
    assert not before & set(cache.folder.iterdir())


def test_folders_of_one_clinic_are_built_together(tmp_path: Path) -> None:
    """Sessions of a clinic in one folder and its events in another, a third clinic between them by name."""
    draw, raw = random.Random(1), tmp_path / "raw"
    for folder, clinic in (("a", "Quay"), ("b", "Pier"), ("c", "Quay")):
        (raw / folder).mkdir(parents=True)
        (raw / folder / "clinic.toml").write_text(f'[clinic]\nname = "{clinic}"\n')
    change(raw, ("a", "treatments", 3), "put", draw)
    change(raw, ("b", "treatments", 3), "put", draw)
    change(raw, ("b", "events", 3), "put", draw)
    change(raw, ("c", "events", 3), "put", draw)
    apart = ingest(raw, tmp_path / "p", engine=Here(), cache=False)
    assert apart.frames["events"].set_index("clinic").loc["Quay", "session_id"].notna().any()
    files = find_files(raw)
    work = Work(raw, load_key(), date.today(), None, recorded(None).made)
    at_once = build_site(Site(tuple((name, tuple(own)) for name, own in files.items())), work)
    frames = whole([at_once], recorded(None), as_of=None)
    for name in frames:
        assert parquet_bytes(frames[name]) == parquet_bytes(apart.frames[name]), name


def test_a_mistake_of_ours_in_one_clinic_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, raw = random.Random(1), tmp_path / "raw"
    for folder in ("harbour", "quay"):
        (raw / folder).mkdir(parents=True)
        change(raw, (folder, "treatments", 3), "put", draw)

    def fails(site: Site, work: Work) -> Share:
        if "quay" in site.name:
            raise ZeroDivisionError("lid droop of P1")
        return build_site(site, work)

    monkeypatch.setattr("analysis.pipeline.building.build_site", fails)
    done = ingest(raw, tmp_path / "p")
    files = done.frames["files"].set_index("clinic")
    assert files.loc["harbour", "accepted"] == 3
    assert "ZeroDivisionError" in files.loc["quay", "refused_reason"]
    assert "droop" not in files.loc["quay", "refused_reason"]
    assert set(done.frames["treatments"]["clinic"]) == {"harbour"}
