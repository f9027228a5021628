"""Which clinics a report is made of: one or the group, real or simulated and never both."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.columnar.coded import coded
from analysis.columnar.taking import taken
from analysis.counting.clinics import AsKnown, Clinics, Marks, Places, of_events
from analysis.errors import UsageError
from analysis.pipeline.as_known import cut_entries, cut_to, treated_on
from analysis.pipeline.cut import newest_day
from analysis.schemas import FRAMES
from analysis.store import Store

_KEPT = 4


@dataclass(frozen=True, eq=False)
class Selection:
    """The frames of the clinics taken in, their names, whether they are simulated, and simulated clinics left out."""

    frames: dict[str, pd.DataFrame]
    clinics: list[str]
    simulated: bool
    data_cut: date | None
    left_out_simulated: list[str]

    def counted(self) -> Clinics:
        """The frames that counting reads: the same object each time, so that what is worked out of them once stays with it."""
        return self._counted

    @cached_property
    def _counted(self) -> Clinics:
        return Clinics(**{name: self.frames[name] for name in Clinics.__dataclass_fields__})


@dataclass(frozen=True, eq=False)
class Known:
    """A selection on an earlier day: `frames` as they were known then, but for sessions and their lines.

    Of the sessions of `chosen` those with a mark in `seen` were known; `events` are the rows of its events that were.
    """

    chosen: Selection
    frames: dict[str, pd.DataFrame]
    seen: Marks
    events: Places

    @property
    def clinics(self) -> list[str]:
        """Names of the clinics taken in."""
        return self.chosen.clinics

    def counted(self) -> AsKnown:
        """What counting reads: the same object each time."""
        return self._counted

    def sessions(self) -> Places:
        """For each event the row of its session among those of `chosen`; -1 where it is linked to none that was known."""
        place = of_events(self.chosen.counted())[self.events]
        return np.where(np.append(self.seen, False)[place], place, -1)

    @cached_property
    def _counted(self) -> AsKnown:
        every = self.chosen.counted()
        own = {name: getattr(every, name)[:0] for name in _OF_SESSIONS}
        return AsKnown(
            every, Clinics(**own, **{name: self.frames[name] for name in _COUNTED - _OF_SESSIONS}), self.seen
        )


_OF_SESSIONS = {"treatments", "treatment_lines"}
_COUNTED = set(Clinics.__dataclass_fields__)


def known_on(store: Store, clinic: str | None, day: date) -> Known:
    """What was known of a selection on a day, made once for the months of a run that look at the same day."""
    return store.worked_out(("selection as known", clinic, day), lambda: _known_on(store, clinic, day), most=_KEPT)


def _known_on(store: Store, clinic: str | None, day: date) -> Known:
    chosen = selected(store, clinic)
    until = min(day, chosen.data_cut or day)
    frames = {name: frame for name, frame in chosen.frames.items() if name not in _OF_SESSIONS}
    treatments = chosen.frames["treatments"]
    treated = treated_on(treatments, of_events(chosen.counted()))
    events = cut_entries(frames, until, built_on=chosen.data_cut or store.data_cut, treated=treated)
    seen = (treatments["treatment_date"] <= pd.Timestamp(until)).to_numpy(dtype=bool)
    return Known(chosen, frames, seen, events)


def selected(store: Store, clinic: str | None, *, until: date | None = None) -> Selection:
    """`select`, made once for the months of a run that need the same: with it stays what is counted of its frames."""
    return store.worked_out(("selection", clinic, until), lambda: select(store, clinic, until=until), most=_KEPT)


def select(store: Store, clinic: str | None, *, until: date | None = None) -> Selection:
    """Frames of one clinic, or of the group. Once a real clinic is there the simulated ones are left out of the group.

    `until`: only what was treated, reported and covered by that day, and episodes as their entries told them by then.

    Raises UsageError naming the clinics there are when `clinic` is none of them.
    """
    simulated = simulated_clinics(store)
    everyone = sorted(
        {name for frame in (store.coverage, store.events, store.treatments) for name in coded(frame["clinic"]).values}
    )
    if clinic is not None and clinic not in everyone:
        raise UsageError(f"There is no clinic {clinic!r}. Clinics: {', '.join(everyone) or 'none yet'}.")
    real = [name for name in everyone if name not in simulated]
    chosen = [clinic] if clinic else (real or everyone)
    frames = {name: store.frame(name) for name in FRAMES}
    folders = {
        "files",
        "set_aside",
        "notes",
        "reviews",
    }  # these carry the folder's name where a row does not say its clinic
    for name in set(FRAMES) - folders:
        frames[name] = _of_clinics(frames[name], chosen)
    if real or clinic:
        _narrow_files(frames, store, chosen, simulated)
    cut = _data_cut(
        store, [name for name in everyone if (name in simulated) == (chosen[0] in simulated)] if chosen else []
    )
    if until or cut:
        cut_to(frames, min(day for day in (until, cut) if day), built_on=store.data_cut)
    left_out = sorted(set(simulated) & set(everyone)) if real and not clinic else []
    # a real clinic of which nothing could be used is no clinic yet, but the page must not call its rows invented
    invented = bool(clinic) or bool(real) or bool(store.files["simulated"].all())
    return Selection(frames, chosen, invented and all(name in simulated for name in chosen), cut, left_out)


def _of_clinics(frame: pd.DataFrame, chosen: list[str]) -> pd.DataFrame:
    """The rows of some clinics; the frame itself when it holds no others, so that what is known of its columns is not lost."""
    of = coded(frame["clinic"])
    wanted = np.array([*of.values.isin(chosen), False])
    own = wanted[of.codes]
    return frame if own.all() else taken(frame, np.flatnonzero(own))


def _data_cut(store: Store, kind: list[str]) -> date | None:
    """The day that was stated when the logs were read, where it is later than all they hold.

    Else the newest date of the real clinics, or of the simulated ones: neither may close months of the other.
    """
    dated = (store.treatments, store.exposure_totals, store.events)
    newest = newest_day(*dated)
    if store.data_cut and (newest is None or store.data_cut > newest):
        return store.data_cut
    own = [_of_clinics(frame, kind) for frame in dated]
    days = [day for day in (newest_day(*own), store.data_cut) if day]
    return min(days, default=None)


def simulated_clinics(store: Store) -> set[str]:
    """Clinics declared as simulated."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for frame in (store.treatments, store.events, store.files):
        of, simulated = coded(frame["clinic"]), frame["simulated"].to_numpy(dtype=bool)
        for kind, own in names.items():
            own.update(of.values.take(np.unique(of.codes[simulated == kind])))
    return names[True] - names[False]


def _narrow_files(frames: dict[str, pd.DataFrame], store: Store, chosen: list[str], simulated: set[str]) -> None:
    """Files (with their rows set aside and notes) that a chosen clinic's name stands on, or whose folder holds chosen clinics."""
    files = store.files
    keep = files["clinic"].isin(chosen)
    if not set(chosen) & simulated:
        keep |= ~files["simulated"]
    else:
        keep |= files["simulated"] & ~files["clinic"].isin(set(store.coverage["clinic"]))
    paths = set(files.loc[keep, "path"])
    for name in ("files", "set_aside", "notes"):
        keep_rows = frames[name]["path"].isin(paths)
        if name == "notes":  # what the ledger says of decisions belongs to a clinic and to no file
            keep_rows |= (frames[name]["path"] == "ledger") & frames[name]["clinic"].isin([*chosen, ""])
        frames[name] = frames[name][keep_rows].reset_index(drop=True)
