"""Before a page is published: what it prints, what the saved context holds and what the ledger will keep are the same counts.

The page is read as a reader's browser would, table by table; the context is loaded from the Parquet files that the notebook was given;
the ledger's figures are those of the summary. One count that differs anywhere, and nothing is published.
"""

import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pandas as pd

from analysis.errors import CheckFailed
from analysis.schemas import MonthContext
from analysis.tables import slug

LEVELS = ("now", "today", "unread")
Cells = list[list[str]]


def check_counts(html: str, saved: MonthContext, summary: dict[str, Any]) -> None:
    """Raises CheckFailed naming the first places where page, saved context and summary do not agree."""
    page = _Page()
    page.feed(html)
    kind = saved.audience.partition(":")[0]
    found = {"director": _director, "committee": _committee, "shared": _shared, "injector": _injector}[kind](
        page, saved, summary
    )
    if hashlib.sha256(html.encode()).hexdigest() != summary["sha256"]:
        found.append("the ledger would name another page by its hash")
    if not html.rstrip().endswith("</html>"):
        found.append("the page is not whole")
    if found:
        failed = CheckFailed("The page, the data it was made of and the summary do not agree; nothing was published.")
        failed.details = tuple(found[:10])
        raise failed


def _director(page: "_Page", saved: MonthContext, summary: dict[str, Any]) -> list[str]:
    facts, entries = saved.facts, saved.frames["look_today"]
    levels = entries["triage"].astype("str").value_counts()
    printed = [cells[0].casefold() for cells in page.rows("entries")]
    found = []
    for level in LEVELS:
        in_frame, on_page = int(levels.get(level, 0)), printed.count(level)
        fact = facts["unread" if level == "unread" else f"look_{level}"]
        found += _differ(f"open entries, {level}", page=on_page, data=in_frame, facts=fact)
        if level != "unread":
            found += _differ(f"open entries, {level}", data=in_frame, ledger=summary.get(f"look_{level}"))
    month = saved.frames["activity"]
    sessions = month.loc[month["month"] == saved.month, "sessions"].dropna()
    own = {"data": int(sessions.sum()) if len(sessions) else None, "ledger": summary.get("sessions_month")}
    found += _differ("sessions of the month", page=page.said(r"\A([\d,]+) sessions?\."), **own)
    reported = {"data": facts["events_reported_month"], "ledger": summary.get("events_reported_month")}
    if facts.get("events_log") is not False:
        reported["page"] = page.said(r"(No) events reported\.|([\d,]+) entr(?:y|ies) reported\.")
    found += _differ("entries reported in the month", **reported)
    for cells in page.rows("one-closed-counts"):
        of = re.search(r"([\d,]+) of ([\d,]+)", " | ".join(cells[1:3]))
        same = saved.frames["headline"][saved.frames["headline"]["label"] == cells[0]]
        if of and len(same) == 1:
            about = f"newest closed month, {cells[0]}"
            found += _differ(about, page=_number(of[1]), data=same["numerator"].iloc[0])
            found += _differ(f"{about}, of", page=_number(of[2]), data=same["denominator"].iloc[0])
    return found


def _committee(page: "_Page", saved: MonthContext, summary: dict[str, Any]) -> list[str]:
    found = _same(page, "table-ratios", saved.frames["ratios_by_code"], ["observed", "expected"])
    counts, rows = saved.frames["clinic_counts"], page.rows("table-counts")
    clinics, measures = list(dict.fromkeys(counts["clinic"])), list(counts.groupby("measure", sort=False))
    found += _differ("table-counts, rows", page=len(rows), data=len(measures))
    for cells, (measure, own) in zip(rows, measures, strict=False):
        there = own.set_index("clinic")
        for cell, clinic in zip(cells[1:], clinics, strict=False):
            printed = re.fullmatch(r"([\d,]+) of ([\d,]+)", cell.strip()) or (None, None, None)
            for place, column in enumerate(("numerator", "denominator"), start=1):
                data = there.at[clinic, column] if clinic in there.index else None
                found += _differ(f"{measure}, {clinic}, {column}", page=_number(printed[place] or ""), data=data)
    return found


def _shared(page: "_Page", saved: MonthContext, summary: dict[str, Any]) -> list[str]:
    frame, kept = saved.frames["period_counts"], summary["shared_period"]["tables"]
    found = []
    if saved.facts["too_few"]:
        return _differ("tables of a period of too few", page=len(page.tables), ledger=len(kept), data=0)
    for name, own in frame.groupby("table", sort=False):
        found += _same(page, "table-" + slug(f"By {str(name).replace('_', ' ')}"), own, ["count"])
        for cell, count in own[["cell", "count"]].astype(object).itertuples(index=False):
            about = f"{name}, {cell}"
            found += _differ(about, data=count, ledger=kept.get(name, {}).get(cell))
    return found


def _injector(page: "_Page", saved: MonthContext, summary: dict[str, Any]) -> list[str]:
    found = _same(page, "table-sessions", saved.frames["own_sessions"], ["sessions"])
    found += _same(page, "table-cases", saved.frames["own_cases"], [])
    return found + _same(page, "table-ratios", saved.frames["own_ratios"], ["courses", "observed"])


def _same(page: "_Page", table: str, frame: pd.DataFrame, columns: list[str]) -> list[str]:
    """A table against its frame: as many rows, and in the columns after the first the same whole numbers."""
    rows = page.rows(table)
    found = _differ(f"{table}, rows", page=len(rows), data=len(frame))
    for cells, values in zip(rows, frame[columns].astype(object).to_numpy(), strict=False):
        for cell, value, column in zip(cells[1:], values, columns, strict=False):
            found += _differ(f"{table}, {column}", page=_number(cell), data=value)
    return found


def _differ(about: str, **counts: Any) -> list[str]:
    """One line when the counts are not all the same; missing is the same as missing only."""
    plain = {place: None if value is None or pd.isna(value) else int(value) for place, value in counts.items()}
    if len(set(plain.values())) == 1:
        return []
    return [f"{about}: " + ", ".join(f"{place} {value}" for place, value in plain.items())]


def _number(text: str) -> int | None:
    digits = text.replace(",", "").strip()
    return int(digits) if re.fullmatch(r"\d+", digits, flags=re.ASCII) else None


class _Page(HTMLParser):
    """Rows of every table by its id, and the paragraphs of the box `this month so far`."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, Cells] = {}
        self.paragraphs: list[str] = []
        self._table, self._into, self._so_far = "", "", False

    def rows(self, table: str) -> Cells:
        """Rows of a table's body; none when it is not on the page."""
        return [cells for cells in self.tables.get(table, []) if cells]

    def said(self, pattern: str) -> int | None:
        """The number in the first of the box's paragraphs that fits; `No` is 0."""
        for text in self.paragraphs:
            if found := re.search(pattern, text):
                word = next(group for group in found.groups() if group)
                return 0 if word == "No" else _number(word)
        return None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row of its body, a cell or a paragraph."""
        own = dict(attrs)
        if tag == "table":
            self._table = own.get("id") or ""
            self.tables[self._table] = []
        elif tag == "tr" and self._table:
            self.tables[self._table].append([])
        elif tag == "th" and own.get("scope") == "col":
            self._into = ""
        elif tag in ("td", "th") and self._table and self.tables[self._table]:
            self.tables[self._table][-1].append("")
            self._into = "cell"
        elif tag == "section":
            self._so_far = own.get("aria-labelledby") == "one-so-far"
        elif tag == "p" and self._so_far:
            self.paragraphs.append("")
            self._into = "paragraph"

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "table":
            self._table = ""
        if tag == "section":
            self._so_far = False
        if tag in ("td", "th", "p"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        """Text of the open cell or paragraph."""
        if self._into == "cell":
            self.tables[self._table][-1][-1] += data
        elif self._into == "paragraph":
            self.paragraphs[-1] += data
