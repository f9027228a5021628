"""The one stage that decides what each audience may be shown. Nothing is worded or charted before it."""

from analysis.errors import UsageError
from analysis.schemas import MonthContext

AUDIENCES = ("director", "committee", "shared", "injector:CODE")
OPEN = ("director",)


def check_audience(audience: str) -> str:
    """The audience when it is one that is built; UsageError for those that are not yet, and for others."""
    if audience in OPEN:
        return audience
    if audience in AUDIENCES or audience.startswith("injector:"):
        raise UsageError(f"The audience {audience!r} is not built yet. What can be made today: {', '.join(OPEN)}.")
    raise UsageError(f"There is no audience {audience!r}. Audiences: {', '.join(AUDIENCES)}.")


def disclose(context: MonthContext) -> MonthContext:
    """The context as its audience may see it. `director` sees exact counts; no other audience passes yet."""
    check_audience(context.audience)
    return context
