"""Whether anybody in danger stays off the list: true entries of level now or today in simulated groups, one seed after another.

python -m calibration.danger [--first 1] [--seeds 20] [--sessions 400]
"""

import argparse
import csv
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from analysis.counting.attention import open_entries
from analysis.pipeline.ingest import ingest
from analysis.pipeline.selection import select
from analysis.simulation import write_demo
from analysis.store import open_store

PRESSING = ("now", "today")
STILL_PRESSING = ("asserted", "resolved", "uncertain", "other_cause", "")
"""Statuses in which an entry stays on the list; empty: a row whose text cannot be read has none."""


@dataclass
class Found:
    """Of one or more groups: true pressing episodes and entries, those not listed, and what was listed without need."""

    episodes: int = 0
    missed: list[str] = field(default_factory=list)
    listed: int = 0
    needless: list[str] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Take another group in."""
        self.episodes += other.episodes
        self.missed += other.missed
        self.listed += other.listed
        self.needless += other.needless

    def said(self) -> str:
        """One line for the screen."""
        share = len(self.needless) / self.listed if self.listed else 0.0
        return (
            f"{self.episodes} true episodes of level now or today, {len(self.missed)} not listed; "
            f"{self.listed} entries listed, {len(self.needless)} without need ({share:.1%})"
        )


def one_group(folder: Path, *, seed: int, sessions: int) -> Found:
    """Simulate a group, read it, and hold the first screen's list against the truth behind it."""
    write_demo(folder, seed=seed, sessions=sessions)
    ingest(folder / "raw", folder / "processed")
    listed = _listed(folder / "processed")
    # an entry that could not be read stands on the same list, as unread
    seen = listed | _listed(folder / "processed", ("unread",))
    rows = _read(folder / "truth" / "rows.csv")
    names = [_names(row) for row in rows]
    of_episode: dict[str, set[str]] = defaultdict(set)
    pressing: set[str] = set()
    for row, own in zip(rows, names, strict=True):
        if row["triage"] in PRESSING and row["status"] in STILL_PRESSING:
            pressing |= own
        for number in filter(None, row["episodes"].split(";")):
            of_episode[number] |= own
    true = [
        one
        for one in _read(folder / "truth" / "episodes.csv")
        if one["triage"] in PRESSING and one["delivered"] == "True"
    ]
    missed = [
        f"seed {seed}: {one['concept']}, {one['clinic']}" for one in true if not of_episode[one["episode"]] & seen
    ]
    alone = {name for name in pressing if name.startswith("E ")} if pressing else set()
    missed += [
        f"seed {seed}: entry {name[2:]}"
        for name in sorted(alone)
        if not _with_its_episode(name, rows, names, of_episode) & seen
    ]
    wanted = pressing | {name for one in true for name in of_episode[one["episode"]]}
    needless = sorted(listed - wanted)
    return Found(len(true), missed, len(listed), [f"seed {seed}: {name}" for name in needless])


def _with_its_episode(
    name: str, rows: list[dict[str, str]], names: list[set[str]], of_episode: dict[str, set[str]]
) -> set[str]:
    """An entry and whatever tells of the same episode: a joined entry is listed under its episode's first pressing one."""
    found = {name}
    for row, own in zip(rows, names, strict=True):
        if name in own:
            found |= own.union(*(of_episode[number] for number in filter(None, row["episodes"].split(";"))))
    return found


def _names(row: dict[str, str]) -> set[str]:
    """How the list may call a row: by its entry's id in its clinic, or by its place."""
    place = f"P {row['path']}, row {row['row']}"
    return {place, f"E {row['clinic']} {row['event_id']}"} if row["event_id"] else {place}


def _listed(processed: Path, levels: tuple[str, ...] = PRESSING) -> set[str]:
    """Entries of the levels on the list of the group."""
    chosen = select(open_store(processed), None)
    own = chosen.frames
    frames = (own["episodes"], own["findings"], own["events"], own["set_aside"], own["injectors"])
    found = open_entries(*frames, until=chosen.data_cut or date.max, notes=own["notes"])
    found = found[found["triage"].isin(levels)]
    ids = set(own["events"]["event_id"])
    return {
        f"E {row.clinic} {row.entry}" if row.entry in ids else f"P {row.entry}"
        for row in found[["clinic", "entry"]].itertuples(index=False)
    }


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def main() -> None:
    """Print each seed and the sum."""
    parser = argparse.ArgumentParser(prog="python -m calibration.danger")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sessions", type=int, default=400)
    chosen, whole = parser.parse_args(), Found()
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        with tempfile.TemporaryDirectory(prefix="ae-danger-") as folder:
            whole.add(one_group(Path(folder), seed=seed, sessions=chosen.sessions))
    print(f"seeds {chosen.first} to {chosen.first + chosen.seeds - 1}, {chosen.sessions} sessions each: {whole.said()}")
    for line in [
        *(f"  not listed: {one}" for one in whole.missed[:20]),
        *(f"  without need: {one}" for one in whole.needless[:20]),
    ]:
        print(line)


if __name__ == "__main__":
    main()
