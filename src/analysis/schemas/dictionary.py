"""The data dictionary as Markdown, made of the schemas themselves: `python -m analysis.schemas.dictionary` prints it."""

import sys

from analysis.schemas.frames import FRAMES, Frame
from analysis.schemas.signals import DECISIONS, SIGNALS

HEAD = """# Data dictionary

Made from the schemas by `make dictionary`; do not edit. A test holds it to them. Stored frames are read with
`analysis.open_store(path).<name>`; `signals` and `decisions` are frames of a month's context. Every frame is sorted by its key.
Text that holds words of patients or staff is marked confidential and appears on no page by default.
"""
_KINDS = (
    ("str", "text"), ("int", "whole number"), ("Int", "whole number"), ("float", "number"), ("bool", "yes or no"), ("datetime", "date"),
)  # fmt: skip
"""How a type's name begins, and what a reader calls it; the rest of the name depends on the version of pandas."""


def dictionary() -> str:
    """Every frame with its grain and key, and each column with meaning, unit, kind, whether it may be missing, and allowed values."""
    frames = [*FRAMES.values(), SIGNALS, DECISIONS]
    return "\n".join([HEAD, *(_frame(frame) for frame in frames)])


def _frame(frame: Frame) -> str:
    head = f"## {frame.name}\n\nOne row is {frame.grain}. Key: {', '.join(f'`{name}`' for name in frame.key)}.\n"
    rows = ["| column | kind | may be missing | meaning | allowed |", "|---|---|---|---|---|"]
    for name, column in frame.schema.columns.items():
        allowed = ", ".join(f"`{value}`" for value in (column.metadata or {}).get("allowed") or [])
        kind = next(word for start, word in _KINDS if str(column.dtype).startswith(start))
        missing = "yes" if column.nullable else "no"
        rows.append(
            f"| `{name}` | {kind} | {missing} | {_cell(column.description or '')} | {_cell(allowed) or 'any'} |"
        )
    return "\n".join([head, *rows, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(dictionary())
