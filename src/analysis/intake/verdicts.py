"""What is said of rows while they are typed: holds, ignores and notes, collected per row and folded into frames at the end."""

from dataclasses import dataclass, field

import pandas as pd

QUOTE = 40
"""Most characters of a date, number or code cell that a message quotes; free text and identifiers are never quoted."""


def quote(value: str) -> str:
    """A cell as it may be shown in a message."""
    return repr(value if len(value) <= QUOTE else value[: QUOTE - 1] + "…")


@dataclass
class Verdicts:
    """Collects verdicts of one sheet. `position` is the 0-based position of the row in the sheet's data rows."""

    held: list[tuple[int, str, str, str]] = field(default_factory=list)
    ignored: list[tuple[int, str]] = field(default_factory=list)
    noted: list[tuple[int | None, str | None, str, str | None, str | None, str]] = field(default_factory=list)

    day_matters: bool = False
    """Something lies in the future of the day of reading, and may be read otherwise on a later day."""

    def hold(self, positions: "pd.Index[int]", column: str, reason: str, mend: str) -> None:
        """Rows that cannot be used; every reason of a row is kept."""
        self.held.extend((int(p), column, reason, mend) for p in positions)

    def ignore(self, positions: "pd.Index[int]", reason: str) -> None:
        """Rows that are no session and no event: no-shows, retail lines, test entries."""
        self.ignored.extend((int(p), reason) for p in positions)

    def note(
        self, position: int | None, code: str, message: str, *, column: str | None = None,
        old: str | None = None, new: str | None = None,
    ) -> None:  # fmt: skip
        """Something a person should know about a row (or, without a position, the sheet) that is used."""
        self.noted.append((position, column, code, old, new, message))

    def set_aside(self) -> pd.DataFrame:
        """One row per row not used: position, disposition, reason, column, mend. Ignored comes before held."""
        ignored = dict(reversed(self.ignored))
        found: list[tuple[int, str, str, str | None, str | None]] = [
            (position, "ignored", reason, None, None) for position, reason in ignored.items()
        ]
        by_row: dict[int, list[tuple[str, str, str]]] = {}
        for position, column, reason, mend in self.held:
            if position not in ignored:
                by_row.setdefault(position, []).append((column, reason, mend))
        for position, parts in by_row.items():
            reasons = "; ".join(dict.fromkeys(reason for _, reason, _ in parts))
            mends = " ".join(dict.fromkeys(mend for _, _, mend in parts))
            found.append((position, "quarantined", reasons, parts[0][0], mends))
        return pd.DataFrame(found, columns=["position", "disposition", "reason", "column", "mend"])
