"""Page one: six short answers, made of the disclosed facts of one month, in the order a director needs them."""

import re
from html import escape

import pandas as pd

from analysis.report.attention import entry_columns, newest_first
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import Rate, chance, count, day, is_missing, month, of, per_thousand, percent, short_month
from analysis.report.words import NOT_VALIDATED, joined, lower_first, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, plain, words

MOST_WORDS = 250
MOST_ENTRIES, FEWEST_ENTRIES = 8, 3
"""How many open entries page one lists, as far as the words allow; the full list follows on the next page."""


def page_one(ctx: MonthContext) -> Fragment:
    """Look today, waiting, trust, the newest closed month, this month so far, injectors: at most 250 words."""
    for entries in range(MOST_ENTRIES, FEWEST_ENTRIES, -1):
        page = _page(ctx, entries)
        if words_in(page.html) <= MOST_WORDS:
            return page
    return _page(ctx, FEWEST_ENTRIES)


def words_in(html: str) -> int:
    """Words a reader sees, numbers included."""
    return len(re.sub(r"<[^>]+>", " ", html).split())


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
    now, today = ctx.facts.get("look_now"), ctx.facts.get("look_today")
    if frame.empty and not (now or today):
        return [
            paragraph("No open entry needs a clinician.", kind="lead"),
            paragraph("This covers only the logs received; no events reported does not mean none occurred."),
        ]
    lead = f'<p class="lead"><strong class="now">{count(now)} now</strong>, <strong>{count(today)} today</strong></p>'
    shown = newest_first(frame).head(entries)
    table = make_table(shown, entry_columns(short=True), caption="Newest first", id="one-entries")
    return [lead, table, _more(len(frame), len(shown))]


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
    decided = "" if not decisions else f"{plural(decisions, 'decision')} open."
    signed = "Signed off." if facts.get("signed_off") else "Not signed off."
    return [paragraph(contacts, decided, signed)]


def _trust(ctx: MonthContext) -> list[str | Table]:
    facts = ctx.facts
    sessions = facts.get("followup_sessions")
    share = percent(facts.get("followup_scheduled"), sessions)
    followup = f"Scheduled follow-up: {share} of {plural(sessions, 'session')}." if sessions else ""
    rest = [
        f"{count(facts.get('unlinked'))} unlinked",
        f"{count(facts.get('to_review'))} to review",
        f"{plural(facts.get('set_aside'), 'row')} set aside",
    ]
    refused = facts.get("files_refused")
    if refused:
        rest.append(f"{plural(refused, 'file')} refused")
    return [
        paragraph(left_out(ctx), kind="lead-small"),
        paragraph(followup or "Scheduled follow-up: not documented.", f"{joined(rest)}."),
        paragraph(NOT_VALIDATED),
    ]


def left_out(ctx: MonthContext) -> str:
    """Which logs are missing this month, by clinic: left out of every rate, and never read as "none occurred"."""
    missing = ctx.facts.get("left_out") or []
    if not missing:
        return "All logs received." if ctx.facts.get("clinics") else "No logs received."
    each = [f"{plain(str(gap['clinic']), 40)} ({plain(str(gap['what']), 40)})" for gap in missing[:4]]
    if len(missing) > len(each):
        each.append(f"{len(missing) - len(each)} more")
    return f"Missing, left out: {joined(each)}."


def _closed_month(ctx: MonthContext) -> list[str | Table]:
    frame = ctx.frames.get("headline", pd.DataFrame())
    if ctx.facts.get("counts_only"):
        return [paragraph("No treatments log, so no rate is given: counts only.", kind="lead-small")]
    if frame.empty:
        return [paragraph("No month is closed yet.", kind="lead-small")]
    table = make_table(
        frame,
        [
            Column("Sessions with", lambda row: plain(words(row.get("label")), 60)),
            *([] if _common_month(ctx) else [Column("Month", lambda row: short_month(row.get("month")))]),
            Column("Count", _count, number=True),
            Column("Per 1,000", _value, number=True),
            Column("Usual", _usual, number=True),
            Column("Year before", _before, number=True),
        ],
        caption="Usual: expected spread of the count",
        id="one-closed",
    )
    return [paragraph(compared(frame), kind="lead-small"), table, paragraph(power(ctx))]


def _common_month(ctx: MonthContext) -> str:
    """The month in the heading when every measure has the same newest closed month; otherwise a column says it."""
    frame = ctx.frames.get("headline", pd.DataFrame())
    months = set(frame["month"]) if len(frame) and not ctx.facts.get("counts_only") else set()
    return f": {month(months.pop())}" if len(months) == 1 else ""


def _hidden(row: Row) -> bool:
    return not is_missing(row.get("shown")) and not row["shown"]


def _count(row: Row) -> str:
    return plain(str(row.get("hidden_reason") or "not shown"), 60) if _hidden(row) else Rate.of(row).count


def _value(row: Row) -> str:
    if _hidden(row):
        return "[z]"
    rate = Rate.of(row)
    return f"up to {per_thousand(rate.upper, rate.per)}" if rate.kind == "zero" else rate.value


def _usual(row: Row) -> str:
    if _hidden(row):
        return "[z]"
    if is_missing(row.get("usual_lower")) or is_missing(row.get("usual_upper")):
        return "[x]"
    return f"{count(row['usual_lower'])}–{count(row['usual_upper'])}"


def _before(row: Row) -> str:
    if _hidden(row):
        return "[z]"
    if is_missing(row.get("before_numerator")):
        return "[x]"
    return of(row["before_numerator"], row.get("before_denominator"))


def compared(frame: pd.DataFrame) -> str:
    """Which measures lie outside their usual range, in words; a range is a description, not an alarm."""
    rows = [row for row in frame.to_dict("records") if not _hidden(row) and not is_missing(row.get("numerator"))]
    known = [row for row in rows if not is_missing(row.get("usual_lower")) and not is_missing(row.get("usual_upper"))]
    if not known:
        return "Usual range: known after 12 closed months."
    above = [lower_first(plain(str(row["label"]))) for row in known if row["numerator"] > row["usual_upper"]]
    below = [lower_first(plain(str(row["label"]))) for row in known if row["numerator"] < row["usual_lower"]]
    said = [f"above usual: {joined(above)}"] if above else []
    said += [f"below usual: {joined(below)}"] if below else []
    text = "; ".join(said) or ("nothing outside its usual range" if len(known) == len(rows) else "nothing else unusual")
    return f"{text[:1].upper()}{text[1:]}."


def power(ctx: MonthContext) -> str:
    """The chance that a doubled rate would have stood out in one month at this volume."""
    given = ctx.facts.get("power")
    if not given:
        return "Too little is known to say what would have stood out."
    label = lower_first(plain(str(given["label"])))
    return f"At {plural(given['sessions'], 'session')} a month, twice the {label} would stand out {chance(given['chance'])}."


def _so_far(ctx: MonthContext) -> list[str | Table]:
    frame = ctx.frames.get("month_so_far", pd.DataFrame())
    sessions = ctx.facts.get("sessions_month")
    treated = "Sessions not known." if is_missing(sessions) else f"{plural(sessions, 'session')}."
    reported = ctx.facts.get("events_reported_month")
    entries = "No events reported." if reported == 0 else f"{plural(reported, 'entry', 'entries')} reported."
    rows = [row for row in frame.to_dict("records") if not is_missing(row.get("numerator"))]
    counts = joined([f"{lower_first(plain(str(row['label']), 60))} {count(row['numerator'])}" for row in rows])
    so_far = f"Counts, still arriving: {counts}." if counts else ""
    return [paragraph(treated, entries, so_far)]


def _injectors(ctx: MonthContext) -> list[str | Table]:
    triggers = [trigger for trigger in ctx.facts.get("triggers") or [] if trigger.get("count")]
    met = joined([f"{count(t['count'])} ({plain(str(t['level']), 40)})" for t in triggers])
    rules = f"Case-review rules met: {met}." if met else "No case-review rule was met."
    learning = "Monitor: learning; case triggers only." if ctx.facts.get("learning") else ""
    return [paragraph(rules, unseen(ctx)), paragraph(learning)]


def unseen(ctx: MonthContext) -> str:
    """What silence about injectors is worth: the power of the whole group bounds that of any one of them."""
    given = ctx.facts.get("power")
    if not given:
        return "Not reassurance: what would have stood out is not known."
    more = "would more often be missed than seen" if given["chance"] < 0.5 else "could still be missed"
    return f"Not reassurance: a doubled rate {more}, even more so for one injector."

