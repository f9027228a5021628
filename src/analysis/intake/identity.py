"""Which rows are the same thing said twice, and which are newer versions of one thing. Nothing depends on order of arrival."""

import math
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intake.amendments import NEXT
from analysis.intake.distinct import distinct
from analysis.intake.reused_ids import own_ids, own_treatments
from analysis.schemas.order import groups, order_of, repeats

CONFLICT = "conflict: another version of this entry stands"
"""Reason of a version set aside although nothing says that it is the older one: what it says still has to be read."""
_PLACE = ["path", "sheet", "row"]


@dataclass(frozen=True)
class Resolved:
    """`kept` rows, and the `others` with `disposition` (duplicate, superseded), `reason` and, for a version, where the next one stands."""

    kept: pd.DataFrame
    others: pd.DataFrame


def resolve_events(rows: pd.DataFrame) -> Resolved:
    """One row per (clinic, event_id): exact repeats are duplicates; of different versions the newest stands.

    Versions are ordered by version number, updated-at, then the file's `as_of`. Versions that nothing orders leave the one
    with the latest report, then the fullest, then by text; the others are superseded as `conflict`.
    `rows` needs path, sheet, row, as_of and the typed columns; event_id filled.
    """
    content = [c for c in rows.columns if c not in (*_PLACE, "as_of")]
    rows = in_place_order(rows)
    rows = rows.assign(_version=repeats(rows, content))
    rows["_as_of"] = rows.groupby("_version")["as_of"].transform("max")
    first = ~rows.duplicated("_version")
    rows["event_id"] = own_ids(rows, first)
    duplicates = rows[~first].assign(disposition="duplicate", reason="the same entry was delivered before")
    versions = rows[first].copy()
    versions["_number"] = distinct(versions["event_version"].astype("str"), _number, dtype="float64")
    versions["_fullness"] = versions[content].notna().sum(axis=1)
    versions["_text"] = versions["text"].fillna("") + versions["event_category_raw"].fillna("")
    order = ["_number", "updated_at", "_as_of", "reported_date", "_fullness", "_text"]
    versions = versions.sort_values(["clinic", "event_id", *order], na_position="first", kind="stable")
    versions[list(NEXT)] = versions.groupby(["clinic", "event_id"], sort=False)[_PLACE].shift(-1).to_numpy()
    last = ~versions.duplicated(["clinic", "event_id"], keep="last")
    kept, older = versions[last], versions[~last]
    winner = kept.set_index(["clinic", "event_id"])[["_number", "updated_at", "_as_of"]]
    theirs = winner.reindex(pd.MultiIndex.from_frame(older[["clinic", "event_id"]]))
    tied = np.ones(len(older), dtype=bool)
    for column in ("_number", "updated_at", "_as_of"):
        ours, other = older[column].to_numpy(), theirs[column].to_numpy()
        tied &= (ours == other) | (pd.isna(ours) & pd.isna(other))
    reason = np.where(tied, CONFLICT, "replaced by a newer version")
    older = older.assign(disposition="superseded", reason=reason)
    return _resolved(kept.drop(columns=list(NEXT)), duplicates, older)


def _number(version: str) -> float:
    found = re.search(r"[0-9]+(?:\.[0-9]+)?", version)
    return float(found[0]) if found else math.nan


def resolve_lines(rows: pd.DataFrame) -> Resolved:
    """Treatment lines: exact repeats are duplicates; a line of one treatment id in a newer file replaces the older one.

    Of one area and product always; of another area or product where the newer file tells at least as many lines of that
    patient's treatment of that day as the older one did: fewer may be an addition, and absence deletes nothing. An id that
    stands for another patient on another day is another treatment's (a numbering that starts again). Lines
    that name neither patient nor treatment repeat lawfully within a file (three alike on one day are three).
    """
    content = [c for c in rows.columns if c not in (*_PLACE, "as_of")]
    rows = in_place_order(rows)
    telling = ["treatment_id", "area", "patient_key"]  # these alone tell most lines apart
    rows = rows.assign(_version=repeats(rows, [*telling, *(c for c in content if c not in telling)]))
    again = rows["_version"].duplicated()
    repeated = again
    nameless = rows["patient_key"].isna() & rows["treatment_id"].isna()
    if nameless.any():
        rows["_nth"] = (
            rows[nameless]
            .groupby(["_version", "path", "sheet"], sort=False)
            .cumcount()
            .reindex(rows.index, fill_value=0)
        )
        repeated = rows.duplicated(["_version", "_nth"])
    duplicates = rows[repeated].assign(disposition="duplicate", reason="the same line was delivered before")
    rows["_as_of"] = rows.groupby("_version")["as_of"].transform("max") if again.any() else rows["as_of"]
    rows = _without(rows, repeated.to_numpy())
    old = _outdated(rows)
    older = rows[old].assign(disposition="superseded", reason="replaced by a newer version")
    if len(older):
        standing = rows[~old & rows["treatment_id"].isin(older["treatment_id"]).to_numpy()]
        older = _with_next(older, standing, standing[~standing["_version"].isin(duplicates["_version"])])
    return _resolved(_without(rows, old), duplicates, older)


def _with_next(older: pd.DataFrame, standing: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Lines that do not stand, each with the place of the one that does (columns NEXT): of its area and product, else a new one."""
    treatment = ["clinic", "treatment_id"]
    older = _beside(older, standing, [*treatment, "area", "product"])
    alone = older[NEXT[0]].isna()
    named = older[NEXT[0]].dropna()
    other = _beside(older.loc[alone].drop(columns=list(NEXT)), new, treatment)
    return pd.concat([older[~alone], other]) if len(named) else other


def _beside(older: pd.DataFrame, standing: pd.DataFrame, same: list[str]) -> pd.DataFrame:
    stands = standing.drop_duplicates(same)[[*same, *_PLACE]]
    return older.merge(stands.rename(columns=dict(zip(_PLACE, NEXT, strict=True))), on=same, how="left")


def _without(rows: pd.DataFrame, which: np.ndarray) -> pd.DataFrame:
    """The rows that are not marked; the very frame when none is, because copying a large one takes long."""
    return rows[~which] if which.any() else rows


def _outdated(rows: pd.DataFrame) -> np.ndarray:
    """Lines of a treatment of which a newer file says the same area and product anew, or the whole treatment."""
    old = np.zeros(len(rows), dtype=bool)
    if rows["_as_of"].nunique() > 1:
        named = rows["treatment_id"].notna()
        own = rows[named]
        older = _of_older_file(own, [])
        if older.any():
            shared = own["treatment_id"].isin(own.loc[older, "treatment_id"])
            own = own.assign(_treatment=own_treatments(own[shared]).reindex(own.index, fill_value=0))
            older = _of_older_file(own, ["_treatment"])
        old[named] = older | _told_anew(own, ~older)
    return old


def _of_older_file(own: pd.DataFrame, apart: list[str]) -> pd.Series:
    """Is the same area and product of that treatment told in a newer file? `apart` are columns that tell treatments apart too."""
    newest = own.groupby(groups(own, ["clinic", "treatment_id", "area", "product", *apart]))["_as_of"].transform("max")
    return own["_as_of"] < newest


def _told_anew(own: pd.DataFrame, standing: pd.Series) -> pd.Series:
    """Lines of a treatment of which the newest dated file tells as many lines or more, counting those it repeats."""
    treatment = groups(own, ["clinic", "treatment_id", "treatment_date", "patient_key"])
    newest = own["_as_of"].groupby(treatment).transform("max")
    of_newest = (own["_as_of"] == newest).groupby(treatment).transform("sum")
    behind = standing & (own["_as_of"] < newest)
    of_older = own["_as_of"].groupby([treatment, own["_as_of"]]).transform("size")
    return behind & (of_older <= of_newest)


def in_place_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by file, sheet and row, 0-based index."""
    order = order_of(rows, _PLACE)
    return rows.reset_index(drop=True) if (order[1:] > order[:-1]).all() else rows.take(order).reset_index(drop=True)


def resolve_totals(rows: pd.DataFrame) -> Resolved:
    """Monthly totals: repeats in other files are duplicates; for one cell of the table the newest file stands.

    Several rows of one file may fall into one cell (two services of one type) and are added up. Of files that nothing orders
    the one with the larger total stands, the others are superseded as `conflict`.
    """
    cell = ["clinic", "month", "treatment_type", "injector", "area", "product"]
    rows = rows.sort_values(_PLACE, ignore_index=True)
    version = rows.groupby([*cell, "said", "sessions"], dropna=False, sort=False).ngroup()
    rows = rows.assign(_as_of=rows["as_of"].groupby(version).transform("max"))
    repeated = version.duplicated()
    duplicates = rows[repeated].assign(disposition="duplicate", reason="the same total was delivered before")
    rows = rows[~repeated]
    where = [*cell, "path", "sheet"]
    by_file = rows.groupby(where, dropna=False).agg(_newest=("_as_of", "max"), _sum=("sessions", "sum")).reset_index()
    by_file = by_file.sort_values(["_newest", "_sum", "path", "sheet"], na_position="first")
    stands = by_file.drop_duplicates(cell, keep="last")[[*cell, "path", "sheet", "_newest"]]
    stands = stands.rename(columns={"path": "_path", "sheet": "_sheet"})
    rows = rows.merge(stands, on=cell, how="left")
    newest = (rows["_as_of"] == rows["_newest"]) & rows["_as_of"].notna()
    keeps = newest | ((rows["path"] == rows["_path"]) & (rows["sheet"] == rows["_sheet"]) & rows["_newest"].isna())
    reason = np.where(rows["_newest"].isna(), CONFLICT, "replaced by a newer total")
    older = rows.assign(disposition="superseded", reason=reason)[~keeps]
    return _resolved(rows[keeps], duplicates, older)


def _resolved(kept: pd.DataFrame, *others: pd.DataFrame) -> Resolved:
    helpers = [c for c in kept.columns if c.startswith("_")]
    columns = [*_PLACE, "clinic", "disposition", "reason"]
    return Resolved(
        in_place_order(kept.drop(columns=helpers)),
        pd.concat([other.reindex(columns=[*columns, *NEXT]) for other in others], ignore_index=True),
    )
