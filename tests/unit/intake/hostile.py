"""What a hostile file is: its bytes and what must become of it; and the rows they are made of.

`account` is (accepted, duplicate, superseded, quarantined, ignored) over the case's files; `refused` words of the sentence that
refuses a file; `texts` what the accepted events say, in order of id.
"""

from dataclasses import dataclass, field

HEAD = "Event ID,Client ID,Treatment date,Date reported,Description,Severity\n"
ROW1 = "AE-1,P001,2026-03-01,2026-03-04,Bruise on the left cheek,mild\n"
ROW2 = "AE-2,P002,2026-03-02,2026-03-20,Lid droop,moderate\n"
TWO = ("Bruise on the left cheek", "Lid droop")
VISITS = "Client ID,Treatment date,Injector,Area,Units,Product\n"
VISIT1 = "P001,2026-03-01,Ana Reyes,glabella,20,Botox\n"
VISIT2 = "P002,2026-03-02,Bo Li,forehead,12,Botox\n"


@dataclass(frozen=True)
class Hostile:
    id: str
    files: dict[str, bytes]
    account: tuple[int, int, int, int, int] | None = None
    refused: str | None = None
    partly: str | None = None
    """Words of the sentence that refuses one sheet while the others are read."""
    texts: tuple[str, ...] | None = None
    reason: str | None = None
    note: str | None = None
    patients: int | None = None
    sessions: int | None = None
    doses: tuple[float | None, ...] | None = None
    dates: tuple[str, ...] | None = None
    toml: str = ""
    more: dict[str, object] = field(default_factory=dict)


def one(name: str, content: str | bytes, **expected: object) -> Hostile:
    data = content.encode() if isinstance(content, str) else content
    file = expected.pop("file", "log.csv")
    return Hostile(name, {f"C/{file}": data}, **expected)  # type: ignore[arg-type]


def several(name: str, files: dict[str, str | bytes], **expected: object) -> Hostile:
    data = {f"C/{k}" if "/" not in k else k: v.encode() if isinstance(v, str) else v for k, v in files.items()}
    return Hostile(name, data, **expected)  # type: ignore[arg-type]


CLEAN = HEAD + ROW1 + ROW2
ALL = (2, 0, 0, 0, 0)
