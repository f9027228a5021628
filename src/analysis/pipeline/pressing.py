"""What rows say that are counted nowhere: read for triage only, so that nothing urgent hides among them."""

import numpy as np
import pandas as pd

from analysis import taxonomy
from analysis.coding import triage_of
from analysis.intake.identity import CONFLICT
from analysis.intake.part import Part
from analysis.intake.unread import WHOLE_ROW

_PRESSING = ("now", "today")
_OF_EVENTS = ("events", "process")
REMARK = "pressing_remark"
_WHERE = {False: "This cell is coded nowhere and", True: "The file is refused, and this row"}


def listen(part: Part) -> None:
    """Read, in place, what is said beside the entries of a sheet, so that only the levels go on and none of the words.

    The words of rows held back stay until they are mended: they tell one such row from another.
    """
    if part.corrects:
        return
    part.notes = pd.concat([part.notes, *pressing_remarks([part])], ignore_index=True)
    part.remarks = {}
    if len(part.aside):
        passed = part.aside["disposition"] != "quarantined"
        level = _levels(part.aside["words"].where(passed, ""))
        part.aside = part.aside.assign(level=level.astype("str"), words=part.aside["words"].mask(passed, ""))


def heard(part: Part) -> pd.DataFrame:
    """The notes of a sheet; of one that is refused only that its words are pressing."""
    if part.refused is None or part.notes.empty:
        return part.notes
    return part.notes[part.notes["code"] == REMARK]


def with_triage(aside: pd.DataFrame) -> pd.DataFrame:
    """Rows set aside with the level of their words; a row that states death or another criterion of ICH E2A is `now`."""
    level = _levels(aside["words"])
    if "level" in aside:
        level = aside["level"].fillna(level)
    level = level.to_numpy(dtype=object)
    return aside.assign(
        triage=pd.Series(np.where(aside["serious"].eq(True), "now", level), index=aside.index).astype("str")
    )


def _levels(words: pd.Series) -> pd.Series:
    """`triage_of`; the lexicon is not loaded for no words at all."""
    if not words.fillna("").ne("").any():
        return pd.Series(None, index=words.index, dtype="str", name="triage")
    return triage_of(words)


def without_those_that_stand(aside: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Of versions that were replaced only those stay listed that were more pressing than what stands now.

    A correction must not take an urgent entry off the first screen: a named person does.
    """
    if "event_id" not in aside:
        return aside
    ranks = {level: rank for rank, level in enumerate(taxonomy.TRIAGE)}
    watched = findings[findings["status"].isin(taxonomy.WATCHED)]
    stands = watched["triage"].map(ranks).groupby([watched["clinic"], watched["event_id"]]).min()
    theirs = stands.reindex(pd.MultiIndex.from_frame(aside[["clinic", "event_id"]])).to_numpy(dtype=float)
    replaced = (aside["disposition"] == "superseded") & (aside["reason"] != CONFLICT)
    answered = replaced & (theirs <= aside["triage"].map(ranks).to_numpy(dtype=float))
    return aside.assign(triage=aside["triage"].mask(answered))


def pressing_remarks(parts: list[Part]) -> list[pd.DataFrame]:
    """Notes on words that are read for nothing else and speak of something a clinician should see; no text is kept.

    One note for each row of a log of events or complaints (`new` is its level), one for a whole column beside sessions.
    """
    found = []
    for part in parts:
        for header, cells in part.remarks.items():
            levels = triage_of([words for _, words in cells]).tolist()
            rows = [(row, level) for (row, _), level in zip(cells, levels, strict=True) if level in _PRESSING]
            place = {
                "clinic": part.clinic,
                "path": part.file.name,
                "sheet": part.sheet,
                "column": header[:60] or None,
                "code": REMARK,
            }
            if part.kind in _OF_EVENTS or header == WHOLE_ROW:
                message = f"{_WHERE[header == WHOLE_ROW]} may speak of something that needs a clinician. Look at it."
                found += [{**place, "row": row, "old": None, "new": level, "message": message} for row, level in rows]
            elif rows:
                named = ", ".join(str(row) for row, _ in rows[:10]) + (" …" if len(rows) > 10 else "")
                message = (
                    f"This column is not read, and {len(rows)} of its cells may speak of something that needs a clinician "
                    f"(row {named}). Look at them, and enter what happened in the events log."
                )
                found.append({**place, "row": rows[0][0], "old": None, "new": None, "message": message})
    return [pd.DataFrame(found).astype({"row": "Int64"})] if found else []
