"""Shapes of what the monitor says: result frames of one month, not stored."""

import pandera.pandas as pa

from analysis.schemas.columns import month, number, text, truth, whole
from analysis.schemas.frames import Frame

KINDS = ("trigger", "monitor")
STATES = ("new", "persisting", "resolved")
UNIT_KINDS = ("episode", "lot", "injector", "clinic", "group")
TAILS = ("more", "few")

_SIGNAL = dict(  # noqa: C408 - column = meaning reads as the documentation it is
    signal_id=text("same for the same rule and unit in every month; what `ae decide` takes", required=True),
    kind=text("written case trigger, or the sequential monitor", allowed=KINDS, required=True),
    rule=text("trigger of triggers.toml, or line of monitors.toml", required=True),
    measure=text("measure of a monitor; missing for a trigger"),
    tail=text("more than expected, or few", allowed=TAILS),
    unit_kind=text("what the signal is about", allowed=UNIT_KINDS, required=True),
    unit=text("keyed code of an injector, lot, clinic, or event id", required=True),
    clinic=text("clinic; missing for a lot"),
    name=text("injector's name, only when names were asked for"),
    first_seen=month("first month whose end already showed it without a break since"),
    state=text("new this month, there last month too, or gone since last month", allowed=STATES, required=True),
    from_month=text("first month of the figures"),
    to_month=text("last month of the figures"),
    sessions=whole("sessions or courses behind the figures", minimum=0),
    observed=whole("affected sessions, or episodes", minimum=0),
    expected=number("expected at the comparators' rate", unit="count"),
    size=number("observed ÷ expected", unit="ratio"),
    lower=number("lower exact 95 % limit of size", unit="ratio"),
    upper=number("upper exact 95 % limit of size", unit="ratio"),
    e_value=number("evidence of the monitor; signals at limit", unit="1"),
    limit=number("evidence at which a line signals", unit="1"),
    chance=number("chance of so many episodes or more at everybody else's rate; a trigger's only", unit="probability"),
    power_2=number("chance that twice (few: half) the expected would be noticed within a year", unit="probability"),
    power_3=number("chance that three times (few: a third of) the expected would be noticed within a year", unit="probability"),
    method=text("how it was found", required=True),
)  # fmt: skip

_DECISION = dict(  # noqa: C408
    signal_id=text("signal", required=True),
    rule=text("rule or line of the signal", required=True),
    unit=text("code, lot, clinic or entry it is about", required=True),
    clinic=text("clinic; missing for a lot"),
    decided=text("day of the entry, ISO", required=True),
    month=month("month of the report it was decided on"),
    cause=text("cause of causes.csv", required=True),
    cause_label=text("cause in words", required=True),
    attribution=text("the injector's check of attribution", required=True),
    reply=text("the injector's reply, as the director summed it up"),
    action=text("what is done"),
    owner=text("who does it"),
    recheck=text("day of the next look, ISO; missing when nothing is to be looked at again"),
    effect=text("what came of the action"),
    reviewer=text("who decided", required=True),
    open=truth("an action is waiting for its effect", required=True),
    due=truth("its day of re-check is not after the data cut", required=True),
)  # fmt: skip


def _frame(name: str, grain: str, key: tuple[str, ...], columns: dict[str, pa.Column]) -> Frame:
    return Frame(name, grain, key, pa.DataFrameSchema(columns, strict=True, ordered=True, coerce=False, name=name))


SIGNALS = _frame(
    "signals", "signal: one rule or line of the monitor × unit, as known at the end of the month",
    ("kind", "rule", "clinic", "unit"), _SIGNAL,
)  # fmt: skip
DECISIONS = _frame("decisions", "signal the director decided on: the newest entry of each", ("signal_id",), _DECISION)
