"""How far the ledger went when it was written to last, kept outside its folder: number and SHA-256 of the newest entry.

Taking lines away from the end, or the whole file, leaves a chain that holds; the head tells. It may lag behind by an entry (what was
only intended, or a run that died between the two), never be ahead of what was written. To accept that lines are gone (a restore from
an older backup), a named person says so: `accept_cut`.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis import durable
from analysis.ledger.lines import digest

CUT, ACCEPTED = "entries missing", "missing entries accepted"


def head_path(path: Path) -> Path:
    """`.ledger-head` beside the folder of the ledger: `data/.ledger-head` for `data/ledger/ledger.jsonl`."""
    folder = path.parent
    return folder.parent / f".{folder.name}-head"


def remember(path: Path, lines: list[bytes]) -> None:
    """Write down the newest entry. A folder that cannot be written keeps the older head: a lower bound still."""
    with suppress(OSError):
        durable.replace_alone(head_path(path), f"{len(lines)} {digest(lines[-1])}\n".encode())


def missing(path: Path, lines: list[bytes]) -> dict[str, Any] | None:
    """What the head knows and the ledger does not have: `known` and `found` entries and the lost head; None when all is there."""
    try:
        number, known = head_path(path).read_text(encoding="ascii").split()
        count = int(number)
    except (OSError, ValueError):
        return None
    if 1 <= count <= len(lines) and digest(lines[count - 1]) == known:
        return None
    return {"known": count, "found": len(lines), "head": known}
