"""What changed: signals and what was decided on them, and how likely a change would have been noticed, in words."""

from analysis.report.evidence import frame_of
from analysis.report.fragment import Fragment, fragment, listed, paragraph
from analysis.report.numbers import chance, count, day, decimal, is_missing, month
from analysis.report.sentences import compared, monitor, one_injector
from analysis.report.words import NO_FAULT, joined, lower_first, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, make_table, plain, words

STATE = {"new": "new this month", "persisting": "there last month too", "resolved": "gone since last month"}
TAIL = {"more": "more than expected", "few": "few reports: a question about reporting"}


def changed(ctx: MonthContext) -> Fragment:
    """What changed, in four sentences at most: signals, the newest closed month, run rules, long gaps."""
    return fragment(
        listed([part for part in (_signals(ctx), _closed(ctx), _runs(ctx), _gaps(ctx)) if part]),
        paragraph("Only a written case rule or the monitor raises a signal. Charts below describe.", NO_FAULT),
    )


def signals_table(ctx: MonthContext) -> Fragment:
    """Every signal of the month with its state, figures and the chance that such a change would have been noticed."""
    table = make_table(
        frame_of(ctx, "signals"),
        [
            Column("Signal", "signal_id", code=True),
            Column("What", lambda row: what(ctx, row)),
            Column("About", about),
            Column("State", lambda row: STATE.get(str(row["state"]), words(row["state"]))),
            Column("First seen", lambda row: month(row.get("first_seen")), whole=True),
            Column("Figures", figures),
            Column("Would be noticed", _noticed),
        ],
        caption=f"Signals, {month(ctx.month)}",
        id="table-signals",
        empty="No signal: no case-review rule was met and the monitor is silent. This is not reassurance.",
        note="Answer one with: ae decide SIGNAL.",
    )
    return fragment(paragraph(monitor(ctx), _frozen(ctx), one_injector(ctx)), table)


def what(ctx: MonthContext, row: Row) -> str:
    """The rule in words, or the measure of the monitor and which way it points."""
    if row["kind"] == "trigger":
        return words(row.get("method"))
    labels = dict(
        zip(*(frame_of(ctx, "run_test_by_measure").get(name, ()) for name in ("measure", "label")), strict=True)
    )
    return f"Monitor, {lower_first(plain(words(labels.get(row['measure'], row['measure']))))}: {TAIL.get(str(row['tail']), '')}"


def about(row: Row) -> str:
    """`entry QY-AE-0100, Quayside`; a lot has no clinic."""
    kind = {"episode": "entry"}.get(str(row["unit_kind"]), words(row["unit_kind"]))
    parts = [
        f"{kind} {words(row['unit'])}",
        *(words(row[name]) for name in ("clinic", "name") if not is_missing(row.get(name))),
    ]
    return ", ".join(dict.fromkeys(parts))


def figures(row: Row) -> str:
    """`9 observed, 3.1 expected, ratio 2.90 (1.33 to 5.51)`; for a trigger the number of episodes."""
    if is_missing(row.get("expected")):
        return plural(row.get("observed"), "episode")
    said = f"{count(row['observed'])} observed, {decimal(row['expected'])} expected"
    if is_missing(row.get("size")):
        return said
    if is_missing(row.get("lower")) or is_missing(row.get("upper")):
        return f"{said}, ratio {decimal(row['size'], 2)}"
    return f"{said}, ratio {decimal(row['size'], 2)} ({decimal(row['lower'], 2)} to {decimal(row['upper'], 2)})"


def _noticed(row: Row) -> str:
    if is_missing(row.get("power_2")):
        return "always, once it is in the log" if row["kind"] == "trigger" else "[x]"
    twice, thrice = ("half", "a third") if row.get("tail") == "few" else ("twice", "three times")
    return f"{twice} the expected {chance(row['power_2'])}, {thrice} {chance(row['power_3'])}, within a year"


def actions(ctx: MonthContext) -> Fragment:
    """What was decided on signals: action, owner, day of the next look, and what came of the last ones."""
    table = make_table(
        frame_of(ctx, "decisions"),
        [
            Column("Signal", "signal_id", code=True),
            Column(
                "About",
                lambda row: ", ".join(words(row[name]) for name in ("unit", "clinic") if not is_missing(row.get(name))),
            ),
            Column("Cause", "cause_label"),
            Column("Action", lambda row: _or(row, "action", "none decided")),
            Column("Owner", lambda row: _or(row, "owner", "nobody named")),
            Column("Next look", _next_look, whole=True),
            Column("Effect", lambda row: _or(row, "effect", "not known yet")),
            Column("Decided", lambda row: f"{day(row['decided'])}, {words(row['reviewer'])}"),
        ],
        caption="Decisions and actions",
        id="table-actions",
        empty="No decision is recorded. A signal is answered with: ae decide.",
    )
    return fragment(table)


def _or(row: Row, name: str, otherwise: str) -> str:
    return otherwise if is_missing(row.get(name)) else str(row[name])


def _next_look(row: Row) -> str:
    if is_missing(row.get("recheck")):
        return "none set"
    return f"{day(row['recheck'])}{', due' if row['due'] else ''}"


def _signals(ctx: MonthContext) -> str:
    frame = frame_of(ctx, "signals")
    if frame.empty:
        return "No signal this month or last month."
    many = [(name, int((frame["state"] == name).sum())) for name in STATE]
    return f"Signals: {joined([f'{count(n)} {STATE[name]}' for name, n in many if n])}."


def _closed(ctx: MonthContext) -> str:
    frame = frame_of(ctx, "headline")
    return "" if frame.empty or ctx.facts.get("counts_only") else f"Newest closed month: {lower_first(compared(frame))}"


def _runs(ctx: MonthContext) -> str:
    tests = frame_of(ctx, "run_test_by_measure")
    judged = tests[tests["unusual"].notna()] if len(tests) else tests
    if judged.empty:
        return "Run rules: not applied yet; they need twelve closed months."
    labels = [lower_first(plain(str(row["label"]))) for row in judged.to_dict("records") if row["unusual"]]
    if labels:
        return f"Run rules, over the closed months: a lasting change is likely in {joined(labels)}."
    return f"Run rules, over the closed months: no lasting change in any of {plural(len(judged), 'measure')}."


def _gaps(ctx: MonthContext) -> str:
    frame = frame_of(ctx, "days_since_last")
    rows = frame.to_dict("records")
    long = [row for row in rows if not is_missing(row["longer_than_usual"]) and row["longer_than_usual"]]
    if not long:
        return "Days since the last one: longer than usual for no measure." if rows else ""
    each = [f"{lower_first(plain(str(row['label'])))} ({plural(row['days_since'], 'day')})" for row in long]
    return f"Longer than usual without one, a question about reporting: {joined(each)}."


def _frozen(ctx: MonthContext) -> str:
    known = ctx.facts.get("monitor_frozen")
    return f"It compares with what was known on {day(known)}." if known else ""
