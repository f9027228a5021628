"""Texts in, findings frame out; every distinct text is coded once."""

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import taxonomy
from analysis.coding.concepts import Lexicon
from analysis.coding.decide import Asked
from analysis.coding.findings import PLACED, Finding
from analysis.coding.lexicon import load_lexicon
from analysis.coding.mentions import Matched
from analysis.coding.pieces import Pieces
from analysis.coding.readings import readings_of, understood
from analysis.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = tuple(name for name in Finding._fields if name != "concept")
"""Columns after `row`, in the order of the fields of a finding; `event_class` is written as `class`."""
TRUTHS = ("urgent", "red_flag", "needs_review")
PLACES = ("start", "end")
NOWHERE: list["Place"] = [(None, None, None)]
TOGETHER = 256
LONGEST_TOGETHER = 50_000
"""Texts read together, stage by stage, and their characters."""
LONE, REPLACED = re.compile("[\ud800-\udfff]"), "\ufffd"
"""Half of a character, which no encoding can write, and what stands for it in a frame."""
Context = str | Sequence[Any] | None


def code_texts(
    texts: Iterable[Any],
    *,
    area: Context = None,
    treatment_type: Context = None,
    severity: Context = None,
    lexicon: str | Path | None = None,
) -> "pd.DataFrame":
    """One row per finding of each text: what, with which status, how grave, and the exact words.

    `texts` may hold missing values. `area` (sites joined by ";") and `treatment_type` are missing, one value for all, or
    one per text; so is `severity`, the clinic's own field, which counts where a text states none and speaks of one thing.
    `lexicon` is a folder with terms.csv and phrases.toml for another field. `row` is the 0-based position;
    `evidence == text[start:end]` in code points, a lone half of a character shown as U+FFFD.
    A text without a finding has one row, `none` or `unknown`.
    Raises UsageError when the context does not fit the texts or the lexicon cannot be read.
    """
    compiled = load_lexicon(lexicon)
    listed = list(texts)
    given = [_aligned(context, len(listed), name) for context, name in (
        (area, "area"), (treatment_type, "treatment_type"), (severity, "severity"))]  # fmt: skip
    with _uncollected():
        said = [raw if type(raw) is str else as_text(raw) or "" for raw in listed]
        if all(context is None for context in (area, treatment_type, severity)):
            alone = _coded_alone(dict.fromkeys(said), compiled)
            return _frame_of([alone[text] for text in said])
        questions = list(zip(said, [Asked(*map(as_text, row)) for row in zip(*given, strict=True)], strict=True))
        coded = _coded(list(dict.fromkeys(questions)), compiled)
        return _frame_of([coded[question] for question in questions])


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection while very many small objects without cycles are made; it took a quarter of the time.

    Whatever is not kept should be gone when it ends: it looks through all that is there then.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def code_text(
    text: str, lexicon: Lexicon, *, area: str | None = None, treatment_type: str | None = None
) -> list[Finding]:
    """Findings of one text in order of position.

    Texts that differ only in words which mean nothing to the lexicon share one reading; only the places are their own.
    """
    question = text, Asked(area, treatment_type)
    findings, places = _coded([question], lexicon)[question]
    return [
        Finding._make((*finding[:PLACED], *place, *finding[PLACED + 3 :]))
        for finding, place in zip(findings, places, strict=True)
    ]


Question = tuple[str, Asked | None]
Place = tuple[int | None, int | None, str | None]
"""Start, end and evidence."""
Placed = tuple[list[Finding], list[Place]]
"""Findings as read in the skeleton of a text, and the place of each in the text."""


def _coded_alone(texts: Iterable[str], lexicon: Lexicon) -> dict[str, Placed]:
    """What is found in each different text, with nothing known besides its words."""
    out: dict[str, Placed] = {}
    readings, scoring = readings_of(lexicon), lexicon.scoring
    for batch in _batches(texts):
        cut = [lexicon.pieces(text) for text in batch]
        read = readings.read_alone([pieces.skeleton(scoring) for pieces in cut])
        for text, pieces, findings in zip(batch, cut, read, strict=True):
            out[text] = findings, _places(text, pieces, findings)
    return out


def _coded(questions: list[Question], lexicon: Lexicon) -> dict[Question, Placed]:
    """What is found in each different text. A text asked about in several contexts is cut, and its findings placed, once."""
    out: dict[Question, Placed] = {}
    readings = readings_of(lexicon)
    of_text: dict[str, list[Asked | None]] = {}
    for text, context in questions:
        of_text.setdefault(text, []).append(context)
    for batch in _batches(of_text):
        cut = {text: lexicon.pieces(text) for text in batch}
        asked = [(text, context) for text in batch for context in of_text[text]]
        skeletons = {text: pieces.skeleton(lexicon.scoring) for text, pieces in cut.items()}
        placed: dict[tuple[str, int], list[Place]] = {}
        read = readings.read([(skeletons[text], context) for text, context in asked])
        for (text, context), findings in zip(asked, read, strict=True):
            same = text, id(findings)  # those that no context can change are one list
            if same not in placed:
                placed[same] = _places(text, cut[text], findings)
            out[text, context] = findings, placed[same]
    return out


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Few enough, and short enough together, that what is found in them does not fill the memory."""
    batch: list[str] = []
    length = 0
    for text in texts:
        if len(batch) == TOGETHER or (batch and length + len(text) > LONGEST_TOGETHER):
            yield batch
            batch, length = [], 0
        batch.append(text)
        length += len(text)
    if batch:
        yield batch


def _places(text: str, pieces: Pieces, findings: list[Finding]) -> list[Place]:
    if findings[0].start is None:
        return NOWHERE
    spans = pieces.spans([(f.start or 0, (f.end or 1) - 1) for f in findings], len(text))
    return [(start, end, text[start:end]) for start, end in spans]


def read(text: str, lexicon: Lexicon) -> Matched:
    """Mentions of a text with status and attributes."""
    return understood(lexicon.words(text), lexicon)


def triage_of(texts: Iterable[Any], *, lexicon: str | Path | None = None) -> "pd.Series":
    """The most pressing level of each text over findings that happened or may have; missing when there are none.

    Index: that of `texts` when it is a Series, else 0-based. Values: now, today, routine or missing.
    """
    import pandas as pd

    compiled = load_lexicon(lexicon)
    known: dict[str, str | None] = {}
    levels = []
    for raw in texts:
        text = as_text(raw) or ""
        if text not in known:
            found = [f.triage for f in code_text(text, compiled) if f.triage and f.status in taxonomy.WATCHED]
            known[text] = min(found, key=taxonomy.TRIAGE.index) if found else None
        levels.append(known[text])
    index = texts.index if isinstance(texts, pd.Series) else None
    return pd.Series(levels, index=index, dtype="str", name="triage")


def as_text(raw: Any) -> str | None:
    """Text of a cell; missing values of any kind are None."""
    if raw is None or isinstance(raw, str):
        return raw
    try:
        missing = bool(raw != raw)
    except (TypeError, ValueError):
        missing = True
    return None if missing else str(raw)


def _aligned(context: Context, length: int, name: str) -> Iterable[Any]:
    if context is None or isinstance(context, str):
        return repeat(context, length)
    values = list(context)
    if len(values) != length:
        raise UsageError(f"{name} has {len(values)} values for {length} texts; give one for all, or one per text.")
    return values


def _frame_of(coded: list[Placed]) -> "pd.DataFrame":
    rows: list[int] = []
    findings: list[Finding] = []
    places: list[Place] = []
    for row, (read, placed) in enumerate(coded):
        findings += read
        places += placed
        if len(placed) == 1:
            rows.append(row)
        else:
            rows += repeat(row, len(placed))
    return _frame(rows, findings, places)


def _frame(rows: list[int], findings: list[Finding], places: list[Place]) -> "pd.DataFrame":
    import pandas as pd

    data: dict[str, Any] = {"row": pd.Series(rows, dtype="int64")}
    columns = list(zip(*findings, strict=True)) if findings else [()] * len(COLUMNS)
    columns[PLACED : PLACED + 3] = list(zip(*places, strict=True)) if places else [()] * 3
    for column, values in zip(COLUMNS, columns, strict=False):
        data["class" if column == "event_class" else column] = _column(column, values)
    return pd.DataFrame(data)


def _column(name: str, values: tuple[Any, ...]) -> "pd.Series":
    """The values in the column's own type; by way of Arrow, which takes a third of the time pandas does."""
    import pandas as pd
    import pyarrow as pa

    if name in TRUTHS:
        return pd.Series(values, dtype="bool")
    if name in PLACES:
        return pd.Series(pa.array(values, pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get))
    try:
        said = pa.array(values, pa.large_string())
    except UnicodeEncodeError:
        # Half a character, from a text cut in the middle of one, can be written nowhere.
        whole = [None if value is None else LONE.sub(REPLACED, value) for value in values]
        said = pa.array(whole, pa.large_string())
    return pd.Series(said.to_pandas(), dtype="str")
