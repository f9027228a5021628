"""Page one: six short answers, made of the disclosed facts of one month, in the order a director needs them."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from analysis.report.attention import entry_columns
from analysis.report.followup import signed_off
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import count, day, is_missing, month, of, per_thousand, percent, short_month
from analysis.report.rates import Rate
from analysis.report.sentences import compared, is_hidden, left_out, monitor, one_injector, power, unseen
from analysis.report.words import NOT_VALIDATED, joined, lower_first, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, plain, words

MOST_WORDS = 250
MOST_ENTRIES, FEWEST_ENTRIES = 6, 3
"""How many open entries page one lists, as far as the words allow; the full list follows on the next page."""

_RULES = {"now": "level now, reported this month"}
"""The first rule counts the month's own entries, while Look today lists every open one."""


def page_one(ctx: MonthContext) -> Fragment:
    """Look today, waiting, trust, the newest closed month, this month so far, injectors: at most 250 words."""
    for entries in range(MOST_ENTRIES, FEWEST_ENTRIES, -1):
        page = _page(ctx, entries)
        if words_in(page.html) <= MOST_WORDS:
            return page
    return _page(ctx, FEWEST_ENTRIES)


def words_in(html: str) -> int:
    """Words a reader sees; figures standing alone (`31`, `10–19`) are no words."""
    return sum(any(letter.isalpha() for letter in word) for word in re.sub(r"<[^>]+>", " ", html).split())


def _page(ctx: MonthContext, entries: int) -> Fragment:
    return fragment(
        '<div class="page-one">',
        _box("look", "Look today", *_look_today(ctx, entries)),
        _box("waiting", "Waiting", *_waiting(ctx)),
        _box("trust", "Trust", *_trust(ctx)),
        _box("closed", "Newest closed month" + _common_month(ctx), *_closed_month(ctx)),
        _box("so-far", f"{month(ctx.month)} so far", *_so_far(ctx)),
        _box("injectors", "Injectors", *_injectors(ctx)),
        "</div>",
    )


def _box(name: str, heading: str, *parts: str | Table) -> str:
    inner = fragment(*parts).html
    return (
        f'<section class="box {name}" aria-labelledby="one-{name}">'
        f'<h3 id="one-{name}">{escape(heading)}</h3>\n{inner}\n</section>'
    )


def _look_today(ctx: MonthContext, entries: int) -> list[str | Table]:
    frame = ctx.frames.get("look_today", pd.DataFrame())
    now, today, unread = (ctx.facts.get(name) or 0 for name in ("look_now", "look_today", "unread"))
    if frame.empty and not (now or today or unread):
        return [
            paragraph("No open entry needs a clinician.", kind="lead"),
            paragraph("This covers only the logs received; no events reported does not mean none occurred."),
        ]
    parts = (
        [f'<strong class="now">{count(now)} now</strong>', f"<strong>{count(today)} today</strong>"]
        if now or today
        else []
    )
    parts += [f"{count(unread)} unread"] if unread else []
    shown = frame.head(entries)
    table = make_table(shown, entry_columns(short=True), caption="Newest first", id="one-entries")
    return [f'<p class="lead">{", ".join(parts)}</p>', table, _more(len(frame), len(shown))]


def _more(entries: int, shown: int) -> str:
    if entries <= shown:
        return ""
    return f'<p class="more"><a href="#every-entry-that-needs-a-clinician">All {count(entries)} entries</a></p>'


def _waiting(ctx: MonthContext) -> list[str | Table]:
    facts = ctx.facts
    due, by = facts.get("contacts_due"), facts.get("contacts_overdue_before")
    contacts = "No follow-up contact is due." if due == 0 else f"{plural(due, 'follow-up contact')} due"
    if due != 0:
        contacts += f" by {day(by)}." if by else "."
    decisions = facts.get("decisions_open")
    decided = (
        ""
        if decisions is None
        else "No action open."
        if not decisions
        else f"{plural(decisions, 'action')} open{_due(facts)}."
    )
    return [paragraph(contacts, _outside(facts), decided, signed_off(facts))]


def _due(facts: Mapping[str, Any]) -> str:
    due = facts.get("decisions_due")
    return f", {count(due)} due" if due else ""


def _outside(facts: Mapping[str, Any]) -> str:
    """Open cases of level now, or serious, for which the log names no outside body; whether one must be told is not decided here."""
    undecided = facts.get("outside_undecided")
    if undecided is None:
        return ""
    return f"{plural(undecided, 'external report')} undecided." if undecided else "No external report undecided."


def _trust(ctx: MonthContext) -> list[str | Table]:
    facts = ctx.facts
    sessions = facts.get("followup_sessions")
    share = percent(facts.get("followup_scheduled"), sessions)
    followup = f"Scheduled follow-up: {share} of {plural(sessions, 'session')}." if sessions else ""
    apart = facts.get("without_sessions")
    rest = [
        f"{count(facts.get('unlinked'))} unlinked"
        + (f" ({count(apart)} more of clinics without session lists)" if apart else ""),
        f"{count(facts.get('to_review'))} to review",
        f"{plural(facts.get('set_aside'), 'row')} set aside",
    ]
    refused = facts.get("files_refused")
    if refused:
        rest.append(f"{plural(refused, 'file')} refused")
    return [
        paragraph(left_out(ctx), kind="lead-small"),
        paragraph(followup or "Scheduled follow-up: not documented.", f"{joined(rest)}.", _simulated_apart(facts)),
        paragraph(NOT_VALIDATED),
    ]


def _simulated_apart(facts: Mapping[str, Any]) -> str:
    """Simulated and real clinics are never counted together; the page says when some were left out."""
    names = facts.get("simulated_left_out") or []
    return f"{plural(len(names), 'simulated clinic')} left out." if names else ""


def _closed_month(ctx: MonthContext) -> list[str | Table]:
    frame = ctx.frames.get("headline", pd.DataFrame())
    if ctx.facts.get("counts_only"):
        return [paragraph("No treatments log, so no rate is given: counts only.", kind="lead-small")]
    if frame.empty:
        return [paragraph("No month is closed yet.", kind="lead-small")]
    hidden = [row for row in frame.to_dict("records") if is_hidden(row)]
    table = make_table(
        frame[[not is_hidden(row) for row in frame.to_dict("records")]],
        [
            Column("Sessions with", lambda row: plain(words(row.get("label")), 60)),
            *([] if _common_month(ctx) else [Column("Month", lambda row: short_month(row.get("month")))]),
            Column("Count", lambda row: Rate.of(row).count, number=True),
            Column("Per 1,000", _value, number=True),
            Column("Usual", _usual, number=True),
            Column("Year before", _before, number=True),
        ],
        caption="Usual: expected spread",
        id="one-closed-counts",
    )
    return [paragraph(compared(frame), kind="lead-small"), table, paragraph(*map(_why_hidden, hidden), power(ctx))]


def _common_month(ctx: MonthContext) -> str:
    """The month in the heading when every measure has the same newest closed month; otherwise a column says it."""
    frame = ctx.frames.get("headline", pd.DataFrame())
    if ctx.facts.get("counts_only"):
        return ""
    months = {row["month"] for row in frame.to_dict("records") if not is_hidden(row)}
    return f": {month(months.pop())}" if len(months) == 1 else ""


def _why_hidden(row: Row) -> str:
    reason = row.get("hidden_reason")
    return f"{plain(words(row.get('label')), 60)}: {'not shown' if is_missing(reason) else plain(str(reason), 80)}."


def _value(row: Row) -> str:
    rate = Rate.of(row)
    return f"up to {per_thousand(rate.upper, rate.per)}" if rate.kind == "zero" else rate.value


def _usual(row: Row) -> str:
    if is_missing(row.get("usual_lower")) or is_missing(row.get("usual_upper")):
        return "[x]"
    return f"{count(row['usual_lower'])}–{count(row['usual_upper'])}"


def _before(row: Row) -> str:
    if is_missing(row.get("before_numerator")):
        return "[x]"
    return of(row["before_numerator"], row.get("before_denominator"))


def _so_far(ctx: MonthContext) -> list[str | Table]:
    frame = ctx.frames.get("month_so_far", pd.DataFrame())
    sessions = ctx.facts.get("sessions_month")
    treated = "Sessions not known." if is_missing(sessions) else f"{plural(sessions, 'session')}."
    reported = ctx.facts.get("events_reported_month")
    entries = "No events reported." if reported == 0 else f"{plural(reported, 'entry', 'entries')} reported."
    if ctx.facts.get("events_log") is False:
        entries = "Events log not received."
    chosen = set(ctx.frames.get("headline", pd.DataFrame({"measure": []}))["measure"])
    rows = [
        row for row in frame.to_dict("records") if row["measure"] in chosen and not is_missing(row.get("numerator"))
    ]
    counts = joined([f"{lower_first(plain(str(row['label']), 60))} {count(row['numerator'])}" for row in rows])
    so_far = f"Counts, still arriving: {counts}." if counts else ""
    return [paragraph(treated, entries, so_far)]


def _injectors(ctx: MonthContext) -> list[str | Table]:
    triggers = [trigger for trigger in ctx.facts.get("triggers") or [] if trigger.get("count")]
    met = joined([f"{count(t['count'])} ({plain(_RULES.get(t['level'], str(t['level'])), 40)})" for t in triggers])
    rules = f"Case-review rules met: {met}." if met else "No case-review rule was met."
    return [paragraph(rules, monitor(ctx)), paragraph(unseen(ctx), one_injector(ctx))]
