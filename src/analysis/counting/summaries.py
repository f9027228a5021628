"""Plain counts for a page: what was reported, how much was done, what came of the files. Frames in, frames or facts out."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from analysis import taxonomy
from analysis.columnar.calendar import month_names
from analysis.columnar.coded import coded
from analysis.counting.clinics import Clinics
from analysis.counting.tallies import contacts_by_month, mixed_by_month
from analysis.periods import month_of, month_range
from analysis.resources import read_rows, resource
from analysis.schemas.vocabulary import PROCESS

TYPE_LABELS = {
    "cosmetic": "Cosmetic", "tmj": "TMJ and bruxism", "migraine": "Migraine", "hair": "Hair and scalp",
    "hyperhidrosis": "Sweating", "other_medical": "Other medical", "unknown": "Type not recorded",
}  # fmt: skip
_PLACE = {"area": "intake/areas.csv", "product": "intake/products.csv"}


def with_labels(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add the label column of a treatment type, area or product; known values before 'unknown', rows without sessions left out."""
    if by == "treatment_type":
        labels, column = TYPE_LABELS, "type_label"
    else:
        labels, column = {row[by]: row["label"] for row in read_rows(resource(_PLACE[by]))}, f"{by}_label"
    kept = table[(table["denominator"].fillna(0) > 0) | (table["numerator"].fillna(0) > 0)]
    known = kept.assign(
        **{
            column: kept[by]
            .map(labels)
            .fillna(kept[by].map({"unknown": "Not recorded", "mixed": "Mixed"}))
            .fillna(kept[by])
        }
    )
    return known.reset_index(drop=True)


def with_codes(table: pd.DataFrame, injectors: pd.DataFrame, *, names: bool) -> pd.DataFrame:
    """Replace injectors by their keyed codes, in order of clinic and code; names only when asked for; `unknown` is left out."""
    coded = table.merge(injectors[["clinic", "injector", "code"]], on=["clinic", "injector"], how="inner")
    coded["name"] = coded["injector"].where(pd.Series(names, index=coded.index))
    order = coded["measure"].map({name: n for n, name in enumerate(dict.fromkeys(table["measure"]))})
    coded = coded.assign(_order=order).sort_values(["_order", "clinic", "code"], ignore_index=True)
    texts = dict.fromkeys(("clinic", "code", "name"), "str")
    return coded.drop(columns=["injector", "_order"]).astype(texts)


def coverage_until(coverage: pd.DataFrame, month: str) -> pd.DataFrame:
    """Coverage up to a month, dates as ISO text."""
    kept = coverage[coverage["month"] <= month]
    return kept.assign(covered_to=kept["covered_to"].dt.strftime("%Y-%m-%d").astype("str")).reset_index(drop=True)


def triggers(look_today: pd.DataFrame, month: str) -> list[dict[str, Any]]:
    """Case-review rules met: entries of level now reported in the month, and those that nothing dates."""
    when = look_today["reported_date"].fillna(look_today["onset_date"])
    own = (look_today["triage"] == "now") & (when.isna() | (when.str[:7] == month))
    return [{"level": "now", "count": int(own.sum())}]


def left_out(coverage: pd.DataFrame, months: Iterable[str]) -> list[dict[str, str]]:
    """Clinics whose logs of any of the months were not received whole, newest month first, and which log."""
    found = []
    chosen = coverage[coverage["month"].isin(set(months))].sort_values(["month", "clinic"], ascending=[False, True])
    for row in chosen.itertuples():
        missing = [
            f"{log} log {'only in part' if state == 'partial' else 'not received'}"
            for log, state in (("treatments", row.treatments), ("events", row.events)) if state in ("missing", "partial")
        ]  # fmt: skip
        if missing:
            found.append({"clinic": str(row.clinic), "month": str(row.month), "what": " and ".join(missing)})
    return found


def covered_clinics(coverage: pd.DataFrame) -> dict[str, frozenset[str]]:
    """For each month the clinics whose two logs were received."""
    whole = coverage[(coverage["treatments"] == "received") & (coverage["events"] != "missing")]
    return {str(month): frozenset(own) for month, own in whole.groupby("month")["clinic"]}


def events_log(coverage: pd.DataFrame, month: str) -> bool:
    """Some clinic's events log of the month was received, or it said that there was nothing."""
    return bool((coverage.loc[coverage["month"] == month, "events"] != "missing").any())


def month_so_far(monthly: pd.DataFrame, month: str) -> pd.DataFrame:
    """Counts of the month's own sessions; `still_arriving` where the measure's follow-up is not over."""
    own = monthly[monthly["month"] == month]
    return (
        own[["measure", "label", "numerator", "denominator"]]
        .assign(still_arriving=own["provisional"])
        .reset_index(drop=True)
    )


def counts_by_category(episodes: pd.DataFrame, month: str) -> pd.DataFrame:
    """Episodes first reported in the month, by category and sub-code."""
    own = episodes[episodes["counted"] & (month_names(episodes["reported_date"]) == month)]
    found = own.assign(linked=own["session_id"].notna(), unlinked=own["session_id"].isna())
    table = found.groupby(["category", "subcode"]).agg(
        episodes=("episode_id", "size"), linked=("linked", "sum"), unlinked=("unlinked", "sum")
    ).reset_index()  # fmt: skip
    labels = {code: entry.label for code, entry in taxonomy.load_taxonomy().items()}
    order = {name: n for n, name in enumerate(taxonomy.CATEGORIES)}
    table = table.assign(label=table["category"].map(taxonomy.CATEGORY_LABELS), sub_label=table["subcode"].map(labels))
    table = table.sort_values(
        ["category", "subcode"], key=lambda c: c.map(order) if c.name == "category" else c, ignore_index=True
    )
    counts = dict.fromkeys(("episodes", "linked", "unlinked"), "Int64")
    return table[["category", "label", "subcode", "sub_label", *counts]].astype(counts)


def counts_by_month_reported(episodes: pd.DataFrame, coverage: pd.DataFrame, month: str) -> pd.DataFrame:
    """Episodes by month of first report and category, up to a month; 0 where an events log was received and none was reported."""
    own = episodes[episodes["counted"]].assign(month=month_names(episodes["reported_date"]))
    counts = own[own["month"].notna() & (own["month"] <= month)].groupby(["month", "category"]).size()
    received = coverage.loc[(coverage["month"] <= month) & (coverage["events"] != "missing"), "month"].unique()
    months = sorted({*received, *counts.index.get_level_values("month")})
    every = pd.MultiIndex.from_product([months, taxonomy.CATEGORIES], names=["month", "category"])
    table = counts.reindex(every, fill_value=0).rename("episodes").reset_index()
    return table.assign(label=table["category"].map(taxonomy.CATEGORY_LABELS))[
        ["month", "category", "label", "episodes"]
    ]


def process_by_month(counts: pd.DataFrame, month: str) -> pd.DataFrame:
    """Complaints and near misses by month up to `month`, and those that nothing dates (month missing): counts, never in a rate.

    Months from the first entry of a kind of log on are there with 0; a kind of which no log came is missing.
    """
    own = counts[counts["month"].fillna("") <= month]
    dated, undated = own[own["month"].notna()], own[own["month"].isna()]
    months = list(month_range(min(dated["month"]), month)) if len(dated) else []
    table = pd.DataFrame({"month": pd.Series([*months, *([None] if len(undated) else [])], dtype="str")})
    for about in PROCESS:
        kind = own[own["about"] == about]
        sums = kind.groupby("month", dropna=False)["entries"].sum()
        first = kind["month"].dropna().min() if kind["month"].notna().any() else None
        known = table["month"].isna() | (table["month"] >= first if first else False)
        table[about] = table["month"].map(sums).fillna(0).where(known & bool(len(kind))).astype("Int64")
    return table


def activity(by_month: pd.DataFrame, coverage: pd.DataFrame, totals: pd.DataFrame, month: str) -> pd.DataFrame:
    """Sessions by clinic and month; missing where no treatments log was received. `by_month`: `tallies.contacts_by_month`."""
    logged = by_month.groupby(["clinic", "month"])["sessions"].sum()
    summed = totals.groupby(["clinic", "month"])["sessions"].sum()
    sessions = logged.add(summed, fill_value=0).rename("sessions").reset_index()
    months = coverage.loc[coverage["month"] <= month, ["clinic", "month", "treatments"]]
    table = months.merge(sessions, on=["clinic", "month"], how="left")
    received = table["treatments"] != "missing"
    counted = table["sessions"].fillna(0).where(received).astype("Int64")
    return table.assign(sessions=counted)[["month", "clinic", "sessions"]].sort_values(
        ["month", "clinic"], ignore_index=True
    )


def row_account(files: pd.DataFrame) -> pd.DataFrame:
    """The row account per file × sheet."""
    columns = [
        "path",
        "sheet",
        "clinic",
        "kind",
        "rows_read",
        "accepted",
        "duplicate",
        "superseded",
        "quarantined",
        "ignored",
        "refused_reason",
    ]
    return files[columns].reset_index(drop=True)


def set_aside_reasons(set_aside: pd.DataFrame) -> pd.DataFrame:
    """Why rows were held, most frequent first."""
    held = set_aside[set_aside["disposition"] == "quarantined"]
    table = held.groupby(["reason", "column", "mend"], dropna=False).size().rename("rows").reset_index()
    return table.sort_values(["rows", "reason"], ascending=[False, True], ignore_index=True)[
        ["reason", "column", "rows", "mend"]
    ]


def notes_by_code(notes: pd.DataFrame) -> pd.DataFrame:
    """Notes by kind, with one example sentence."""
    table = (
        notes.sort_values(["code", "message"])
        .groupby("code")
        .agg(message=("message", "first"), notes=("message", "size"))
    )
    return table.reset_index().astype({"notes": "Int64"})[["code", "message", "notes"]]


def followed_up(clinics: Clinics, *, months: Iterable[str]) -> tuple[int, int]:
    """Sessions with a scheduled contact on days 10-28 (`courses.asked`), and all sessions, of covered clinic-months among `months`.

    (0, 0) where nothing is recorded about follow-up.
    """
    every = contacts_by_month(clinics)
    own = every[every["covered"] & every["month"].isin(frozenset(months))]
    if not (own["kind"] != "unknown").any():
        return 0, 0
    return int(own.loc[own["kind"] == "scheduled", "sessions"].sum()), int(own["sessions"].sum())


def closed_later(monthly: pd.DataFrame, window: list[str]) -> list[dict[str, str | None]]:
    """Measures for which newer months of the window are still open: label, and the newest of them that is closed, if one is."""
    found: list[dict[str, str | None]] = []
    own = monthly[monthly["month"].isin(window)]
    for label, rows in own.groupby("label", sort=False):
        closed = rows.loc[~rows["provisional"], "month"]
        if len(closed) < len(rows):
            found.append({"label": str(label), "last": str(closed.max()) if len(closed) else None})
    return found


def mixed_sessions(clinics: Clinics, months: Iterable[str]) -> int:
    """Sessions of more than one indication in covered clinic-months among `months`: those that tables by type count twice."""
    every = mixed_by_month(clinics)
    return int(every.loc[every["covered"] & every["month"].isin(frozenset(months)), "sessions"].sum())


def month_facts(own: dict[str, pd.DataFrame], *, month: str, cut: date, activity: pd.DataFrame) -> dict[str, Any]:
    """Single numbers of the page."""
    events, findings, episodes = own["events"], own["findings"], own["episodes"]
    # entries of a clinic that sends no treatments log have nothing to be linked to; they are counted apart
    linkable = events["clinic"].isin(coded(own["treatments"]["clinic"]).values)
    linked, unlinked = (
        int((linkable & mask).sum()) for mask in (events["session_id"].notna(), events["session_id"].isna())
    )
    due = episodes["next_contact_due"].dropna()
    this_month = activity.loc[activity["month"] == month, "sessions"].dropna()
    final = findings[findings["final"]]
    skin = {code for code, entry in taxonomy.load_taxonomy().items() if entry.skin_related}
    past_window = final["status"].isin(taxonomy.HAPPENED) & ~final["in_window"] & final["episode_id"].notna()
    in_session = final["event_id"].isin(events.loc[events["session_id"].notna(), "event_id"])
    told_now = month_names(episodes["reported_date"]) == month
    return {
        "sessions_month": int(this_month.sum()) if len(this_month) else None,
        "sessions_total": int(activity["sessions"].fillna(0).sum()),
        "events_reported_month": int((month_names(events["reported_date"]) == month).sum()),
        "events_total": len(events), "linked": linked, "unlinked": unlinked, "without_sessions": int((~linkable).sum()),
        "set_aside": int((own["set_aside"]["disposition"] == "quarantined").sum()),
        "files_refused": int(own["files"]["refused_reason"].notna().sum()),
        # what fell due since the month began; older ones without an outcome are among the open entries
        "contacts_due": int(((due >= pd.Timestamp(month + "-01")) & (due <= pd.Timestamp(cut))).sum()),
        "contacts_overdue_before": cut.isoformat(),
        "skin_reactions": int((told_now & episodes["counted"] & episodes["subcode"].isin(skin)).sum()),
        "outside_window": int((past_window & in_session).sum()),
        "counts_only": own["treatments"].empty and own["exposure_totals"].empty,
        "data_month": month_of(cut),
    }  # fmt: skip
