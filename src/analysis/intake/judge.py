"""What a row needs to count: an event needs words and one usable date; a session a date, evidence of toxin and an injector."""

from datetime import date

import pandas as pd

from analysis.intake import services, values
from analysis.intake.distinct import distinct
from analysis.intake.verdicts import Verdicts
from analysis.intake.words import fold

_DATES = ["treatment_date", "onset_date", "reported_date"]


def judge_events(typed: pd.DataFrame, verdicts: Verdicts) -> None:
    """Hold events without words (text or coded term) or without any usable date."""
    wordless = typed["text"].isna() & typed["event_category_raw"].isna()
    verdicts.hold(
        typed.index[wordless], "text", "the entry has neither a description nor a coded term",
        "Write what happened, or 'none' if nothing did.",
    )  # fmt: skip
    undated = typed[_DATES].isna().all(axis=1)
    verdicts.hold(
        typed.index[undated],
        "reported_date",
        "no usable date",
        "Give the date of treatment, of onset or of the entry as YYYY-MM-DD.",
    )


def judge_sessions(
    typed: pd.DataFrame,
    cells: pd.DataFrame,
    verdicts: Verdicts,
    *,
    kind: str = "treatments",
    weak: frozenset[str] = frozenset(),
) -> None:
    """Ignore what was no toxin session; hold lines without date or evidence of toxin. A blank injector becomes `unknown`.

    A quantity (`weak` has dose_units) shows toxin only in a log that names neither products nor services.
    """
    _ignore_refunds(cells, verdicts)
    _ignore_by_status(cells, verdicts)
    if kind == "combined":
        _ignore_by_remark(typed, verdicts)
    no_toxin = _no_toxin(cells)
    toxin = typed["product"].notna() | typed["treatment_type"].notna()
    if "dose_units" not in weak or not {"product", "treatment_type"} & set(cells):
        toxin |= typed["dose_units"].notna()
    excluded = no_toxin.notna() & typed["product"].isna()
    for reason in sorted(no_toxin[excluded].unique()):
        verdicts.ignore(typed.index[excluded & (no_toxin == reason)], f"not toxin: {reason.replace('_', ' ')}")
    verdicts.hold(
        typed.index[typed["treatment_date"].isna()],
        "treatment_date",
        "no usable date of treatment",
        "Give it as YYYY-MM-DD.",
    )
    verdicts.hold(
        typed.index[~toxin & ~excluded], "dose_units", "nothing shows that toxin was given",
        "Fill in units, the product or the service, or map the service's name under [services.treatment_type] in clinic.toml.",
    )  # fmt: skip


def documented_follow_up(typed: pd.DataFrame) -> pd.Series:
    """Follow-up of the rows of a combined log: an outcome that says nothing happened shows that somebody asked."""
    asked = distinct(typed["text"], values.says_none, dtype="boolean").eq(True).fillna(False)
    return typed["followup_kind"].mask(typed["followup_kind"].isna() & asked, "scheduled")


def judge_totals(typed: pd.DataFrame, cells: pd.DataFrame, verdicts: Verdicts, *, today: date) -> pd.DataFrame:
    """Month and number of sessions of each row of monthly totals; rows without either, or of a month to come, are held.

    `said` is what the row says in its own words: two of them may mean the same type and still be two totals.
    """
    months = _months(typed, cells)
    future = months.index[(months > f"{today:%Y-%m}").fillna(False).astype(bool)]
    verdicts.day_matters |= len(future) > 0
    verdicts.hold(future, "month", "the month lies in the future", "Write the month as YYYY-MM.")
    counts = distinct(cells["sessions"], values.whole_number, dtype="Int64")
    verdicts.hold(months.index[months.isna()], "month", "no usable month", "Write the month as YYYY-MM.")
    verdicts.hold(counts.index[counts.isna()], "sessions", "no usable number of sessions", "Write a whole number.")
    own = [c for c in ("treatment_type", "injector", "area", "product") if c in cells]
    said = pd.Series("", index=cells.index, dtype="str")
    for column in own:
        said = said + "|" + distinct(cells[column], fold)
    return typed.assign(month=months, sessions=counts, said=said)


def _ignore_by_status(cells: pd.DataFrame, verdicts: Verdicts) -> None:
    if "service_status" not in cells:
        return
    status = _status(cells)
    for word in ("no_show", "cancelled", "refunded"):
        verdicts.ignore(status.index[status == word], f"appointment {word.replace('_', ' ')}")


def _status(cells: pd.DataFrame) -> pd.Series:
    return distinct(cells["service_status"], services.status)


def _ignore_refunds(cells: pd.DataFrame, verdicts: Verdicts) -> None:
    """A voided or refunded line with a negative quantity takes something back; nothing was cancelled by it."""
    if {"service_status", "dose_units"} <= set(cells):
        negative = cells["dose_units"].str.strip().str.match(r"[-\N{MINUS SIGN}]\s*\d")
        taken_back = negative & _status(cells).isin(["cancelled", "refunded"])
        verdicts.ignore(cells.index[taken_back], "appointment refunded")


def _ignore_by_remark(typed: pd.DataFrame, verdicts: Verdicts) -> None:
    """Rows of a combined log whose outcome cell says that nobody came, where neither product nor dose says otherwise."""
    given = typed["product"].notna() | typed["dose_units"].notna()
    why = distinct(typed["text"], services.not_attended)
    for word in ("no_show", "cancelled"):
        verdicts.ignore(typed.index[(why == word) & ~given], f"appointment {word.replace('_', ' ')}")


def _no_toxin(cells: pd.DataFrame) -> pd.Series:
    found = pd.Series(None, index=cells.index, dtype="str")
    for column in ("service_category", "treatment_type", "product"):
        if column in cells:
            found = found.fillna(distinct(cells[column], services.not_toxin))
    return found


def _months(typed: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    if "month" not in cells:
        return typed["treatment_date"].dt.strftime("%Y-%m").astype("str")
    return distinct(cells["month"], values.month)
