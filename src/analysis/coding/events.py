"""Events to findings: what the text says and what the clinic's own field says, side by side, with the one that counts marked."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import taxonomy
from analysis.coding.terms import Coded, code_term, when_severe
from analysis.coding.texts import code_texts
from analysis.schemas.order import among
from analysis.schemas.vocabulary import SURE_LINKS

_TEXT_COLUMNS = [
    "event_id", "category", "subcode", "class", "status", "severity", "laterality", "site", "urgent", "red_flag", "triage",
    "pattern", "confirmed", "evidence", "start", "end", "rule", "needs_review",
]  # fmt: skip


_SESSION = ["clinic", "session_id"]
DEATH = "O14"
BY_STATED_DAY = ("patient_date", "probable")
"""Links that rest on a treatment date stated by the entry itself."""


@dataclass(frozen=True)
class CodedEvents:
    """`findings` without episode; `coded` and `event_category` by position of the event."""

    findings: pd.DataFrame
    coded: pd.Series
    event_category: pd.Series


def code_events(
    events: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    meddra: Path | None = None,
    reviewed: pd.DataFrame | None = None,
    decided: Set[int] = frozenset(),
    read_texts: Callable[..., pd.DataFrame] = code_texts,
) -> CodedEvents:
    """Read each event's text and coded field.

    `events` needs a 0-based index and the columns of the frame `events` except coded and event_category; `sessions` gives area
    and treatment type of linked sessions; `meddra` is the folder of the group's own MedDRA release. Findings of a serious event
    (ICH E2A) that may have happened are raised to `now`.
    `reviewed` are reviewers' findings (column `row` and those of a finding) and `decided` the positions of the events they read:
    there a reviewer's reading counts, even an empty one, and the two others stay beside it. `read_texts` reads as `code_texts` does.
    """
    linked = sessions.loc[among(sessions["session_id"], events["session_id"]), [*_SESSION, "areas", "treatment_type"]]
    context = events[_SESSION].merge(linked, on=_SESSION, how="left")
    area = context["areas"].fillna(events["area"])
    kind = context["treatment_type"].fillna(events["treatment_type"])
    texts = events["text"].astype(object).where(events["text"].notna(), None).tolist()
    severe = events["severity"].astype(object).where(events["severity"] == "severe", None)
    read = read_texts(texts, area=area.tolist(), treatment_type=kind.tolist(), severity=severe.tolist())
    said_none = set(read.loc[read["category"] == "none", "row"])
    rule = read[read["subcode"].notna()].assign(source="rule")
    terms = {term: code_term(term, meddra=meddra) for term in events["event_category_raw"].dropna().unique()}
    field = _field_findings(events, terms)
    same_types = field.astype({name: rule[name].dtype for name in field.columns})
    found = pd.concat([rule, same_types], ignore_index=True)
    found = _mark_final(found, happened=set(rule.loc[rule["status"].isin(taxonomy.HAPPENED), "row"]))
    if decided:
        found = _put_reviewers_first(found, reviewed, decided)
    found = _raise_serious(_with_deaths(found, events, decided), events)
    findings = _with_event_columns(found, events)
    coded = _coded(events, found, said_none | decided, terms)
    unanswered = _serious(events) & ~events.index.to_series().isin(decided) & (coded == "none")
    return CodedEvents(findings, coded.mask(unanswered, "unknown"), _categories(events, terms))


def _field_findings(events: pd.DataFrame, terms: Mapping[str, Coded | None]) -> pd.DataFrame:
    table = taxonomy.load_taxonomy()
    records = []
    named = events[
        events["event_category_raw"].isin([term for term, coded in terms.items() if coded and coded.subcode])
    ]
    cells = (named[name] for name in ("event_category_raw", "severity", "laterality", "outcome"))
    for position, term, severity, side, outcome in zip(named.index, *cells, strict=True):
        coded = terms[term]
        assert coded is not None
        if severity == "severe" and (graver := when_severe(coded)).subcode:
            coded = graver
        status = "resolved" if outcome == "recovered" else "asserted"
        records.append(
            {
                "row": position, "category": coded.category, "subcode": coded.subcode, "class": table[str(coded.subcode)].event_class,
                "status": status, "severity": severity, "laterality": side, "urgent": coded.urgent, "red_flag": coded.red_flag,
                "triage": coded.triage, "rule": f"field:{coded.subcode}", "needs_review": False, "source": "field",
            }
        )  # fmt: skip
    columns = [
        "row",
        "category",
        "subcode",
        "class",
        "status",
        "severity",
        "laterality",
        "urgent",
        "red_flag",
        "triage",
        "rule",
    ]
    return pd.DataFrame(records, columns=[*columns, "needs_review", "source"])


def _mark_final(found: pd.DataFrame, *, happened: set[int]) -> pd.DataFrame:
    """The text's reading counts where it says that something happened; else the field's, and the two are for review."""
    from_text = found["source"] == "rule"
    text_decides = found["row"].isin(happened)
    both = found["row"].isin(np.intersect1d(found.loc[from_text, "row"], found.loc[~from_text, "row"]))
    # a field against a text that denies or doubts it: a person should look; the text's doubts stay listed beside it
    disagree = both & ~text_decides & ~from_text
    return found.assign(final=from_text | ~text_decides, needs_review=found["needs_review"].astype(bool) | disagree)


def _put_reviewers_first(found: pd.DataFrame, reviewed: pd.DataFrame | None, decided: Set[int]) -> pd.DataFrame:
    """The readings of text and field stay, but do not count and ask for no review where a person has decided."""
    settled = found["row"].isin(decided)
    found = found.assign(final=found["final"] & ~settled, needs_review=found["needs_review"] & ~settled)
    if reviewed is None or reviewed.empty:
        return found
    own = reviewed.assign(final=True).astype(
        {"row": "int64", "urgent": "bool", "red_flag": "bool", "needs_review": "bool"}
    )
    return pd.concat([found, own], ignore_index=True)


def _serious(events: pd.DataFrame) -> pd.Series:
    """Some criterion of ICH E2A is stated, death as an outcome among them. Such an entry is never "nothing happened"."""
    return (events["seriousness"].notna() & (events["seriousness"] != "none")) | (events["outcome"] == "fatal")


def _with_deaths(found: pd.DataFrame, events: pd.DataFrame, decided: Set[int]) -> pd.DataFrame:
    """A death that only the clinic's fields state is a finding as well, whatever the text says."""
    stated = events["seriousness"].str.contains("death", regex=False).eq(True) | (events["outcome"] == "fatal")
    known = found.loc[(found["subcode"] == DEATH) & found["status"].isin(taxonomy.HAPPENED), "row"]
    rows = [row for row in events.index[stated] if row not in set(known) | decided]
    if not rows:
        return found
    entry = taxonomy.load_taxonomy()[DEATH]
    told = {
        "category": entry.category, "subcode": DEATH, "class": entry.event_class, "status": "asserted", "urgent": entry.urgent,
        "red_flag": entry.red_flag, "triage": "now", "rule": "field:death", "needs_review": True, "source": "field", "final": True,
    }  # fmt: skip
    return pd.concat([found, pd.DataFrame([{"row": row, **told} for row in rows])], ignore_index=True)


def _raise_serious(found: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    raised = _serious(events).to_numpy(dtype=bool)[found["row"]] & found["status"].isin(taxonomy.WATCHED)
    return found.assign(triage=found["triage"].astype("str").mask(raised, "now"))


def _with_event_columns(found: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    windows = {code: entry.window_days for code, entry in taxonomy.load_taxonomy().items()}
    own = events.loc[found["row"], ["clinic", "event_id", "session_id", "link_method", "link_days"]].reset_index(
        drop=True
    )
    found = found.reset_index(drop=True).drop(columns=["event_id"], errors="ignore")
    days = own["link_days"].astype("float64")
    near = days.le(found["subcode"].map(windows).astype("float64")) & days.ge(0)
    # an entry that states the day of treatment and no other has nothing to measure a window by: it is of that session
    undated = days.isna() & own["link_method"].isin(BY_STATED_DAY)
    in_window = own["session_id"].notna() & (near | undated | own["link_method"].isin(SURE_LINKS))
    joined = pd.concat([own[["clinic", "event_id"]], found], axis=1).assign(in_window=in_window.to_numpy(dtype=bool))
    return joined.drop(columns="row").assign(episode_id=None)


def _coded(
    events: pd.DataFrame, found: pd.DataFrame, said_none: set[int], terms: Mapping[str, Coded | None]
) -> pd.Series:
    some = set(found.loc[found["final"] & found["status"].isin(taxonomy.HAPPENED), "row"])
    denied = set(found["row"]) | said_none
    field_none = {t for t, coded in terms.items() if coded is not None and coded.category == "none"}
    by_field = set(events.index[events["event_category_raw"].isin(field_none) & events["text"].isna()])
    position = events.index.to_series()
    values = np.where(position.isin(some), "findings", np.where(position.isin(denied | by_field), "none", "unknown"))
    return pd.Series(values, index=events.index, dtype="str")


def _categories(events: pd.DataFrame, terms: Mapping[str, Coded | None]) -> pd.Series:
    known = {term: coded.category for term, coded in terms.items() if coded is not None}
    return events["event_category_raw"].map(known).astype("str")
