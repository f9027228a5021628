"""One rate block as a reader sees it: never bare, and in words where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.report.numbers import count, is_missing, of, per_thousand

FEWEST_FOR_A_RATE = 100
"""Under this many sessions a page says "k of n" and no rate."""
UNLINKED_GAP = 1.25
"""A rate is printed as a range when counting unlinked entries would raise it by more than this factor."""


@dataclass(frozen=True)
class Rate:
    """One rate block of a result row, and the one rule of how it is said.

    kind is `none` (no rate, `reason` says why), `few` (fewer than 100 sessions: "k of n"), `range` (unlinked entries
    would change it by more than 25 %: the range, not the point), `zero` or `point`.
    """

    numerator: int | None
    denominator: int | None
    rate: float | None
    lower: float | None
    upper: float | None
    linked_only: float | None
    if_unlinked_counted: float | None
    per: int
    provisional: bool
    reason: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Rate":
        """Read the rate block of a row; columns that are absent count as missing."""

        def number(name: str) -> float | None:
            return None if is_missing(row.get(name)) else float(row[name])

        def whole(name: str) -> int | None:
            return None if is_missing(row.get(name)) else int(row[name])

        return cls(
            numerator=whole("numerator"),
            denominator=whole("denominator"),
            rate=number("rate"),
            lower=number("lower"),
            upper=number("upper"),
            linked_only=number("linked_only"),
            if_unlinked_counted=number("if_unlinked_counted"),
            per=whole("per") or 1000,
            provisional=not is_missing(row.get("provisional")) and bool(row["provisional"]),
            reason=None if is_missing(row.get("reason")) else str(row["reason"]),
        )

    @property
    def kind(self) -> str:
        """Which of the five ways this rate is said."""
        if self.reason is not None or self.rate is None or not self.denominator:
            return "none"
        if self.denominator < FEWEST_FOR_A_RATE:
            return "few"
        low, high = self.linked_only, self.if_unlinked_counted
        if low is not None and high is not None and max(low, high) > UNLINKED_GAP * min(low, high):
            return "range"
        return "zero" if self.numerator == 0 else "point"

    @property
    def drawn(self) -> bool:
        """True when a chart may show it as a mark."""
        return self.kind in ("point", "zero", "range")

    @property
    def why(self) -> str:
        """Why there is no rate, in words."""
        if self.reason is not None:
            return self.reason
        return "no sessions" if self.denominator == 0 else "number of sessions not known"

    @property
    def count(self) -> str:
        """`31 of 5,210`; only the numerator where the denominator is missing."""
        if self.denominator is None:
            return count(self.numerator)
        return of(self.numerator, self.denominator)

    @property
    def value(self) -> str:
        """The rate per 1,000 alone: `6.0`, `4.1 to 6.6`, `0 (up to 12.2)`, or the words for no rate."""
        if self.kind == "none":
            return "no rate"
        if self.kind == "few":
            return "too few for a rate"
        if self.kind == "range":
            low, high = sorted((self.linked_only or 0.0, self.if_unlinked_counted or 0.0))
            return f"{per_thousand(low, self.per)} to {per_thousand(high, self.per)}"
        if self.kind == "zero":
            return f"0 (up to {per_thousand(self.upper, self.per)})"
        return per_thousand(self.rate, self.per)

    @property
    def interval(self) -> str:
        """The 95 % interval per 1,000: `4.1 to 8.4`; `[z]` where no rate is printed."""
        if not self.drawn:
            return "[z]"
        return f"{per_thousand(self.lower, self.per)} to {per_thousand(self.upper, self.per)}"

    @property
    def said(self) -> str:
        """The whole rate in one phrase, as pages print it."""
        unit = f"per {self.per:,}"
        match self.kind:
            case "none":
                known = "" if self.numerator is None else f"{self.count}; "
                return f"{known}no rate: {self.why}"
            case "few":
                return self.count
            case "zero":
                return f"{self.count}; up to {per_thousand(self.upper, self.per)} {unit}"
            case "range":
                return f"{self.count} linked; {self.value} {unit} with and without unlinked entries"
            case _:
                return f"{self.count}; {self.value} {unit} ({self.interval})"

    @property
    def cell(self) -> str:
        """The rate as a table cell of two lines: `31 of 5,210` and `6.0 (4.1 to 8.4)`."""
        match self.kind:
            case "none":
                return f"no rate: {self.why}"
            case "few":
                return self.count
            case "zero":
                return f"{self.count}\nup to {per_thousand(self.upper, self.per)}"
            case _:
                return f"{self.count}\n{self.value} ({self.interval})"
