"""The one stage that decides what each audience may be shown. Nothing is worded or charted before it.

One table says it: for each audience the frames with their columns, the facts and the words on how it was made. What is not in the
table does not reach the page, whoever put it into the context.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from analysis.errors import UsageError
from analysis.schemas import MonthContext

AUDIENCES = ("director", "committee", "shared", "injector:CODE")
CIRCULATED = ("committee", "shared")
"""Files meant to be passed on: they never hold an injector's own section, a case, a file name or a text of the log."""
_CODE = re.compile(r"[A-Z]-[A-Z2-7]{4,12}\Z")
_COMMON = ("title_subject", "simulated", "data_cut")
_MADE = ("program_version", "schema_version", "snapshot", "lock_sha256", "code_sha256", "as_of", "parameters")


@dataclass(frozen=True)
class Contents:
    """What an audience gets: columns of each frame, facts, and of `meta`; `inputs` as hashes only."""

    frames: dict[str, tuple[str, ...]]
    facts: tuple[str, ...]
    meta: tuple[str, ...] = _MADE


CONTENTS = {
    "committee": Contents(
        {
            "clinic_counts": ("measure", "label", "clinic", "numerator", "denominator"),
            "ratios_by_code": ("code", "observed", "expected", "ratio"),
            "case_summaries": ("month", "summary"),
        },
        (*_COMMON, "period_first", "period_last", "few_codes"),
    ),
    "shared": Contents(
        {"period_counts": ("table", "cell", "label", "count", "hidden")},
        ("title_subject", "simulated", "period_first", "period_last", "too_few", "rule", "as_published"),
    ),
    "injector": Contents(
        {
            "own_sessions": ("month", "sessions"),
            "own_cases": ("reported_date", "treatment_month", "label", "status", "severity", "state"),
            "own_followup": ("sessions", "asked", "share", "reason"),
            "own_ratios": ("label", "courses", "observed", "expected", "ratio", "lower", "upper", "reason"),
            "group_figure": ("label", "numerator", "denominator", "rate", "lower", "upper"),
        },
        (*_COMMON, "period_first", "period_last", "code"),
    ),
}


def kind_of(audience: str) -> str:
    """`injector:J-ABCD` as `injector`; the others as they are."""
    return audience.partition(":")[0]


def check_audience(audience: str) -> str:
    """The audience when it is one; UsageError for others."""
    if audience in ("director", *CIRCULATED):
        return audience
    kind, _, code = audience.partition(":")
    if kind == "injector" and _CODE.match(code):
        return audience
    if kind == "injector":
        raise UsageError("Name the injector by code, for example --audience injector:J-7QKD; codes are in the report.")
    raise UsageError(f"There is no audience {audience!r}. Audiences: {', '.join(AUDIENCES)}.")


def disclose(context: MonthContext) -> MonthContext:
    """The context as its audience may see it: `director` all of it, the others what `CONTENTS` lists and nothing else."""
    check_audience(context.audience)
    if context.audience == "director":
        return context
    allowed = CONTENTS[kind_of(context.audience)]
    frames = {
        name: context.frames[name][list(columns)].reset_index(drop=True)
        for name, columns in allowed.frames.items()
        if name in context.frames
    }
    facts = {name: context.facts[name] for name in allowed.facts if name in context.facts}
    meta: dict[str, Any] = {name: context.meta[name] for name in allowed.meta if name in context.meta}
    meta["inputs"] = [{"sha256": entry["sha256"]} for entry in context.meta.get("inputs", ())]
    return replace(context, frames=frames, facts=facts, meta=meta)
