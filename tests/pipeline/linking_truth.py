"""How well the links of a simulated group agree with its truth. Shared by the test and by whoever measures other seeds."""

import csv
import re
import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.intake.combine import combine
from analysis.intake.courses import add_courses
from analysis.intake.find import find_files
from analysis.intake.folder import Part, read_folder
from analysis.intake.link import link_events
from analysis.intake.sessions import by_area, to_sessions
from analysis.keys import Key
from analysis.simulation import write_demo

TITLES = {"dr", "dra", "ms", "mr", "mrs", "sr", "sra"}


@dataclass(frozen=True)
class Linking:
    """Entries of the simulated logs: one row each, with what was found and what is true."""

    entries: pd.DataFrame
    """clinic, method, ids (the entry has a patient or treatment id), visible (its session was delivered), right, injector_wrong."""

    def precision(self, rows: "pd.Series[bool]") -> float:
        """Share of links that lead to the true session."""
        linked = self.entries[rows & self.entries["linked"]]
        return float(linked["right"].mean())

    def recall(self, rows: "pd.Series[bool]") -> float:
        """Share of entries with a delivered session that are linked to it."""
        there = self.entries[rows & self.entries["visible"]]
        return float(there["right"].mean())

    @property
    def with_ids(self) -> "pd.Series[bool]":
        return self.entries["ids"]

    @property
    def probable(self) -> "pd.Series[bool]":
        return self.entries["method"] == "probable"

    @property
    def wrong_injector(self) -> float:
        """Share of links that lead to another injector's session."""
        return float(self.entries.loc[self.entries["linked"], "injector_wrong"].mean())

    @property
    def unlinked_by_clinic(self) -> "pd.Series[float]":
        return 1 - self.entries.groupby("clinic")["linked"].mean()


def person(name: str) -> tuple[str, ...]:
    """A name without case, accents, order or title."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return tuple(sorted(word for word in re.findall(r"[a-z]+", plain) if word not in TITLES))


VARIANTS = {
    "as delivered": (),
    "no treatment ids": ("treatment_id",),
    "no treatment ids or dates": ("treatment_id", "treatment_date"),
    "no ids at all": ("treatment_id", "patient_key"),
}
"""What is taken out of the entries before they are linked, so that every way of linking is measured."""


def measure(folder: Path, *, seed: int, sessions: int) -> dict[str, Linking]:
    """Simulate a group and hold every link against the truth: as delivered, and with ids taken away."""
    write_demo(folder, seed=seed, sessions=sessions)
    parts: list[Part] = []
    for name, files in sorted(find_files(folder / "raw").items()):
        parts += read_folder(
            folder / "raw" / name if name else folder / "raw", files, key=Key(b"k" * 32), today=date(2030, 1, 1)
        )
    rows = combine(parts)
    treatments = add_courses(to_sessions(rows.lines, by_area(rows.lines)))
    truth = {path.stem: _read(path) for path in (folder / "truth").glob("*.csv")}
    found = {}
    for name, taken in VARIANTS.items():
        events = rows.events.copy()
        for column in taken:
            events[column] = pd.Series(None, index=events.index, dtype=events[column].dtype)
        found[name] = Linking(_entries(link_events(events, rows.lines, treatments), treatments, truth))
        there, lines = _delivered(treatments), _delivered(rows.lines)
        found[f"{name}, a tenth of the sessions not delivered"] = Linking(
            _entries(link_events(events, lines, there), there, truth)
        )
    return found


def _delivered(frame: pd.DataFrame) -> pd.DataFrame:
    """What is left when a tenth of the sessions, by their ids, never reach us."""
    return frame[[int(name[-6:], 16) % 10 > 0 for name in frame["session_id"]]]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _entries(events: pd.DataFrame, treatments: pd.DataFrame, truth: dict[str, list[dict[str, str]]]) -> pd.DataFrame:
    told = {(r["path"], r["sheet"], int(r["row"])): r["session_key"] for r in truth["rows"] if r["session_key"]}
    meant = {s["session_key"]: s for s in truth["sessions"]}
    stored = {(t.clinic, t.session_id): t for t in treatments.itertuples()}
    there = {(t.clinic, f"{t.treatment_date:%Y-%m-%d}", person(t.injector), t.areas) for t in treatments.itertuples()}
    found = []
    for event in events.itertuples():
        true = meant.get(told.get((event.path, event.sheet, int(event.row)), ""))
        if true is None:
            continue
        linked = stored.get((event.clinic, event.session_id)) if isinstance(event.session_id, str) else None
        right = linked is not None and (
            f"{linked.treatment_date:%Y-%m-%d}" == true["treatment_date"]
            and person(linked.injector) == person(true["injector"])
            and linked.areas == true["areas"]
        )
        visible = (event.clinic, true["treatment_date"], person(true["injector"]), true["areas"]) in there
        other = linked is not None and person(linked.injector) != person(true["injector"])
        ids = isinstance(event.patient_key, str) or event.link_method == "treatment_id"
        found.append((event.clinic, event.link_method, ids, visible, linked is not None, right, other))
    columns = ["clinic", "method", "ids", "visible", "linked", "right", "injector_wrong"]
    return pd.DataFrame(found, columns=columns)


if __name__ == "__main__":
    for number in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as made:
            for name, linking in measure(Path(made), seed=number, sessions=9500).items():
                e = linking.entries[linking.entries["visible"]]
                print(f"seed {number}, {name}: {len(e)} entries of delivered sessions {e['method'].value_counts().to_dict()}; "
                      f"with ids {int(linking.with_ids.sum())}: precision {linking.precision(linking.with_ids):.4f}, recall "
                      f"{linking.recall(linking.with_ids):.4f}; probable {int(linking.probable.sum())}: precision "
                      f"{linking.precision(linking.probable):.4f}; wrong injector {linking.wrong_injector:.4f}; unlinked "
                      f"{linking.unlinked_by_clinic.round(3).to_dict()}")  # fmt: skip
