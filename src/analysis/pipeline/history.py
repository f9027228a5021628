"""What was published of a month, kept in the ledger as counts and hashes, and what counts otherwise since."""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import ledger, periods
from analysis.columnar.calendar import month_names
from analysis.counting import revisions
from analysis.counting.clinics import Clinics, of_events
from analysis.counting.exposure import grid
from analysis.counting.headline import SHOWN
from analysis.counting.once import once
from analysis.errors import CheckFailed, UsageError
from analysis.measures import Measure, load_measures
from analysis.pipeline.as_known import first_known, treated_on
from analysis.pipeline.program import code_hash
from analysis.pipeline.publication import PUBLISHED
from analysis.pipeline.selection import Selection, select
from analysis.report.names import report_name
from analysis.store import Store, current_snapshot, open_store

KEPT = "kept"
"""Where a ledger entry of a director's report keeps what the page's figures were made of."""
_AUDIENCE = "director"
_MADE_FROM = ("snapshot", "code_sha256", "data_cut")
"""What a publication was made from: what has not changed counts nothing otherwise."""
_ABOUT = ["report_month", "published"]
State = dict[str, pd.DataFrame]


def state_of(chosen: Selection, base: pd.DataFrame | None = None) -> State:
    """`counts`, `marks` and `shares` of page one's measures as they are now; `base` is the grid, where it is there already."""
    measures = tuple(load_measures()[name] for name in SHOWN)
    counted = chosen.counted()
    table = grid(counted, measures) if base is None else base[base["measure"].isin(SHOWN)]
    marks, shares = _behind(counted, measures)
    return {"counts": revisions.month_counts(table), "marks": marks, "shares": shares}


@once
def _behind(counted: Clinics, measures: tuple[Measure, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Entries by their hashes, and the cells each has a share in, whatever the month."""
    marks = revisions.entry_marks(counted.events, counted.findings)
    return marks, revisions.marked(revisions.contributions(counted, measures), marks)


def history_frames(
    store: Store, chosen: Selection, base: pd.DataFrame, headline: pd.DataFrame, *, month: str, clinic: str | None
) -> tuple[State, dict[str, Any]]:
    """Frames `kept_counts`, `kept_entries` (what a ledger keeps of this page) and `revisions`, and the fact `month_before`.

    `revisions` compares this month, and the month before, with what was last published of them from another state of the data:
    so a page made twice from the same data is the same page. `month_before` is there when a report of it was published.
    """
    now = state_of(chosen, base)
    cells = pd.concat([headline[["measure", "month"]].dropna(), pd.DataFrame({"measure": SHOWN, "month": month})])
    kept = now["counts"].merge(cells.drop_duplicates(), on=["measure", "month"])
    published = _published(ledger.ledger_path(store.folder.parent), simulated=chosen.simulated)
    parts = []
    for one in (periods.shift(month, -1), month):
        name = report_name(month=one, clinic=clinic, audience=_AUDIENCE)
        others = [entry for entry in published.get(name, ()) if entry["data"]["snapshot"] != store.snapshot]
        if others:
            parts.append(_against(others[-1], now))
    before = periods.shift(month, -1)
    told = report_name(month=before, clinic=clinic, audience=_AUDIENCE) in published
    frames = {
        "kept_counts": kept,
        "kept_entries": _entries(chosen, now, kept, month=month),
        "revisions": _together(parts),
    }
    return frames, {"month_before": before if told else None}


def kept(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """The two kept frames as the ledger holds them: counts and hashes, no word and no id of an entry."""
    counts, entries = frames["kept_counts"], frames["kept_entries"]
    return {
        "counts": counts[revisions.COUNTS].to_numpy().tolist(),
        "entries": entries.to_numpy().tolist(),
    }


def revised_reports(processed: Path, *, besides: Collection[str] = ()) -> dict[str, pd.DataFrame]:
    """Of each director's report whose figures count otherwise now than when it was published last: the cells that do.

    Reports named in `besides` are left out.
    Nothing when store or ledger cannot be read: the list of reports says then what it can.
    """
    try:
        # what it holds is read, and checked, once for each process and only where it is needed
        snapshot = current_snapshot(processed)
        if snapshot is None:
            return {}
        published = _published(ledger.ledger_path(processed), simulated=None)
        found = {name: entries[-1] for name, entries in published.items() if name not in besides}
        changed = {}
        for name, entry in found.items():
            data = entry["data"]
            simulated, cut, _ = _state_at(snapshot, data["clinic"])
            of_the_same = (snapshot.name, code_hash(), cut) == tuple(data.get(key) for key in _MADE_FROM)
            if simulated == data["simulated"] and not of_the_same:
                changed[name] = _since(snapshot, data["clinic"], json.dumps(entry))
    except (CheckFailed, UsageError):
        return {}
    return {name: frame for name, frame in changed.items() if len(frame)}


@lru_cache(maxsize=8)
def _state_at(snapshot: Path, clinic: str | None) -> tuple[bool, str | None, State]:
    chosen = select(open_store(snapshot), clinic)
    return chosen.simulated, chosen.data_cut.isoformat() if chosen.data_cut else None, state_of(chosen)


@lru_cache(maxsize=512)
def _since(snapshot: Path, clinic: str | None, entry: str) -> pd.DataFrame:
    """`_against` of an entry as JSON: a run over many months lists the same reports after each of them."""
    return _against(json.loads(entry), _state_at(snapshot, clinic)[2])


def _published(book: Path, *, simulated: bool | None) -> dict[str, list[dict[str, Any]]]:
    """Publications that kept their figures, by report, oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in ledger.entries(book):
        data = entry["data"]
        if entry["kind"] == PUBLISHED and KEPT in data and simulated in (None, data["simulated"]):
            found.setdefault(data["report"], []).append(entry)
    return found


def _against(entry: dict[str, Any], now: State) -> pd.DataFrame:
    """What counts otherwise `now` than in one publication."""
    data = entry["data"]
    marks = pd.DataFrame(
        [row[:3] for row in data[KEPT]["entries"]], columns=["entry", "content", "reading"], dtype="str"
    )
    cells = [(row[0], *share.split(" ")) for row in data[KEPT]["entries"] for share in filter(None, row[3].split(";"))]
    before = {
        "counts": pd.DataFrame(data[KEPT]["counts"], columns=revisions.COUNTS),
        "marks": marks,
        "shares": pd.DataFrame(cells, columns=["entry", "measure", "month"], dtype="str"),
    }
    of_cells = now["shares"].merge(before["counts"][["measure", "month"]], on=["measure", "month"])
    table = revisions.changes(before, {**now, "shares": of_cells})
    order = pd.Series(SHOWN).rename_axis("order").rename("measure").reset_index()
    table = table.merge(order, on="measure").sort_values(["order", "month"], ignore_index=True).drop(columns="order")
    return table.assign(report_month=data["month"], published=entry["when"][:10])


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    columns = [*_ABOUT, *revisions.CHANGES]
    filled = [part for part in parts if len(part)]
    types = dict.fromkeys([*_ABOUT, "measure", "month"], "str")
    table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    labels = {name: load_measures()[name].label for name in SHOWN}
    numbers = {name: types.get(name, "int64") for name in columns}
    table = table[columns].astype(numbers)
    return table.assign(label=table["measure"].map(labels).astype("str"))


def _entries(chosen: Selection, now: State, kept: pd.DataFrame, *, month: str) -> pd.DataFrame:
    """Entries dated in the months of the kept cells, and those with a share in one: entry, content, reading, shares."""
    events, marks = chosen.frames["events"], now["marks"]
    own = now["shares"].merge(kept[["measure", "month"]], on=["measure", "month"])
    told = (own["measure"] + " " + own["month"]).groupby(own["entry"])
    said = {entry: ";".join(sorted(one)) for entry, one in told}
    days = events[["treatment_date", "onset_date", "reported_date"]].min(axis=1)
    days = days.fillna(first_known(events, treated_on(chosen.frames["treatments"], of_events(chosen.counted()))))
    first = min(kept["month"], default=month)
    near = month_names(days).between(first, month) | days.isna()
    shares = pd.Series([said.get(entry, "") for entry in marks["entry"]], index=marks.index, dtype="str")
    table = marks[["entry", "content", "reading"]].assign(shares=shares)
    wanted = near.to_numpy() | (shares != "").to_numpy()
    return table[wanted].sort_values("entry", ignore_index=True)
