"""Raw files to the store: read, type, judge, resolve, link, code, join into episodes, account for every row, publish."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis import __version__, durable, ledger
from analysis.coding.events import code_events
from analysis.errors import CheckFailed, UsageError
from analysis.intake.account import account, log_spans, nil_returns, set_aside
from analysis.intake.amendments import amendments
from analysis.intake.combine import Rows, combine
from analysis.intake.coverage import coverage, missed_sessions, without_missed
from analysis.intake.find import find_files
from analysis.intake.folder import Part, read_folder
from analysis.intake.link import link_events
from analysis.intake.mended import mend
from analysis.intake.mending import set_aside_workbook
from analysis.intake.process import process_counts
from analysis.intake.sessions import add_courses, by_area, to_sessions
from analysis.intake.values import injector_key
from analysis.keys import Key, load_key
from analysis.pipeline import journal
from analysis.pipeline.as_known import joined
from analysis.pipeline.cut import newest_day
from analysis.pipeline.naming import naming_notes
from analysis.pipeline.pressing import pressing_remarks, with_triage, without_those_that_stand
from analysis.pipeline.raw_files import remember
from analysis.pipeline.recorded import Recorded, recorded
from analysis.review.apply import reading, relinked, stale_notes
from analysis.review.decisions import with_state
from analysis.schemas import FRAMES, conform, empty
from analysis.schemas.config import load_group_config
from analysis.store import SCHEMA_VERSION, stored_fingerprint, write_snapshot

SET_ASIDE = "set_aside.xlsx"
"""Beside the frames of a snapshot: the rows held back, to be corrected and put back among the raw files."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Ingested:
    """What a run of ingest stored."""

    snapshot: str
    frames: dict[str, pd.DataFrame]
    data_cut: date | None
    places: pd.DataFrame
    """Where each event stands in the files: clinic, event_id, path, sheet, row."""


def ingest(raw: Path, processed: Path, *, as_of: date | None = None, progress: Progress = lambda *_: None) -> Ingested:
    """Read everything below `raw` and publish it as the current snapshot of `processed`.

    `as_of` is the data cut (else the largest accepted date). Raises UsageError for a folder or `clinic.toml` that cannot be used,
    RefusedBeforeWork for lock, permission or key; files that cannot be used do not raise: see frame `files`.
    """
    files = find_files(raw)
    book = ledger.ledger_path(processed)
    with durable.writing(processed):
        _settle(book, processed)
        key = load_key(expected_fingerprint=stored_fingerprint(processed))
        parts: list[Part] = []
        for done, (folder, found) in enumerate(sorted(files.items())):
            progress(folder or raw.name, done, len(files))
            parts += read_folder(raw / folder if folder else raw, found, key=key, today=date.today())
        progress("linking and coding", len(files), len(files))
        mend(parts, key.fingerprint)
        rows = combine(parts)
        decisions = recorded(book)
        frames, data_cut = build_frames(
            parts, rows, key=key, as_of=as_of, decisions=decisions, meddra=_meddra(processed)
        )
        inputs = [{"path": f.name, "sha256": f.sha256} for group in files.values() for f in group]
        facts = {
            "program_version": __version__, "data_cut": data_cut.isoformat() if data_cut else None,
            "key_fingerprint": key.fingerprint,
            "inputs": inputs,
        }  # fmt: skip

        hashes = sorted(entry["sha256"] for entry in inputs)
        before = journal.last_of(book, journal.INGESTED)
        change = {
            "old": before.get("snapshot"), "inputs": hashes, "schema_version": SCHEMA_VERSION,
            "why": journal.why_read(before.get("inputs", ()), hashes),
        }  # fmt: skip

        def prepared(snapshot: str) -> None:
            ledger.append(
                book,
                "ingest prepared",
                {"snapshot": snapshot, "program_version": __version__, "new": snapshot, **change},
            )

        to_mend = set_aside_workbook(parts, key.fingerprint)
        snapshot = write_snapshot(processed, frames, facts, before_swap=prepared, beside={SET_ASIDE: to_mend})
        sizes = {name: len(frame) for name, frame in frames.items()}
        with contextlib.suppress(
            OSError, CheckFailed
        ):  # the new state is visible; what could not be said now the next run says
            said = {"snapshot": snapshot, "rows": sizes, "data_cut": facts["data_cut"], "new": snapshot, **change}
            ledger.append(book, journal.INGESTED, said)
            journal.say_amendments(book, frames["notes"], {f["path"]: f["sha256"] for f in inputs})
        remember(raw, processed)
    return Ingested(snapshot, frames, data_cut, rows.events[["clinic", "event_id", "path", "sheet", "row"]])


def _meddra(processed: Path) -> Path | None:
    """The group's own MedDRA release, where `group.toml` names one."""
    folder = processed.parent / "config"
    named = load_group_config(folder / "group.toml").coding.meddra
    return folder / named if named else None


def _settle(book: Path, processed: Path) -> None:
    """Finish or discard in the ledger what a run that died had prepared."""
    try:
        said = [entry for entry in ledger.entries(book) if entry["kind"].startswith("ingest ")]
    except CheckFailed:  # `ae audit verify` names the line; it does not keep anybody from seeing today's entries
        return
    if said and said[-1]["kind"] == "ingest prepared":
        snapshot = said[-1]["data"]["snapshot"]
        pointer = processed / "CURRENT"
        visible = pointer.exists() and pointer.read_text(encoding="ascii", errors="replace").strip() == snapshot
        told = {**said[-1]["data"], "settled": True}
        ledger.append(book, f"ingest {'published' if visible else 'abandoned'}", told)


def build_frames(
    parts: list[Part],
    rows: Rows,
    *,
    key: Key,
    as_of: date | None,
    decisions: Recorded | None = None,
    meddra: Path | None = None,
) -> tuple[dict[str, pd.DataFrame], date | None]:
    """All stored frames, in their schemas, and the data cut; `decisions` are a person's corrections, one more input."""
    aside = set_aside(parts, rows.others)
    frames = {name: empty(name) for name in FRAMES}
    frames["files"] = account(parts, aside) if parts else frames["files"]
    notes = [part.notes for part in parts if part.refused is None and len(part.notes)]
    notes += [*pressing_remarks(parts), *([changes] if len(changes := amendments(parts, rows.others)) else [])]
    frames["notes"] = pd.concat(notes, ignore_index=True) if notes else frames["notes"]
    frames["set_aside"] = with_triage(aside) if len(aside) else frames["set_aside"]
    _refuse_mixed_names(rows)
    data_cut = as_of or newest_day(rows.lines, rows.totals, rows.events)
    frames |= _sessions(rows)
    events = link_events(rows.events, rows.lines, frames["treatments"]) if len(rows.events) else frames["events"]
    decisions = decisions or recorded(None)
    frames["reviews"] = with_state(decisions.made, events, frames["treatments"], frames["set_aside"])
    if len(events) and data_cut:
        frames |= _coded(events, frames["treatments"], frames["reviews"], data_cut, meddra)
        frames["set_aside"] = without_those_that_stand(frames["set_aside"], frames["findings"])
    spans = log_spans(parts)
    if data_cut and len(spans):
        covered = coverage(spans, nil_returns(parts), data_cut=data_cut)
        frames["coverage"] = without_missed(covered, missed_sessions(events, frames["treatments"]))
    frames["exposure_totals"], twice = _totals(rows, frames["treatments"])
    said = [frames["notes"], naming_notes(rows.events), twice, stale_notes(frames["reviews"]), decisions.notes]
    frames["notes"] = pd.concat([part for part in said if len(part)] or [frames["notes"]], ignore_index=True)
    frames["injectors"] = _injectors(rows, key)
    counted = process_counts(parts)
    frames["process_counts"] = counted if len(counted) else frames["process_counts"]
    return {name: conform(name, frame) for name, frame in frames.items()}, data_cut


def _sessions(rows: Rows) -> dict[str, pd.DataFrame]:
    if rows.lines.empty:
        return {}
    area_lines = by_area(rows.lines)
    return {"treatment_lines": area_lines, "treatments": add_courses(to_sessions(rows.lines, area_lines))}


def _coded(
    events: pd.DataFrame, sessions: pd.DataFrame, reviews: pd.DataFrame, data_cut: date, meddra: Path | None
) -> dict[str, pd.DataFrame]:
    """Events, findings and episodes, with what reviewers decided on links, readings, merges and open entries."""
    events = relinked(events, reviews, sessions)
    reviewed = reading(events, reviews)
    coded = code_events(events, sessions, meddra=meddra, reviewed=reviewed.findings, decided=reviewed.rows)
    events = events.assign(coded=coded.coded, event_category=coded.event_category)
    episodes, findings = joined(coded.findings, events, reviews, data_cut=data_cut)
    return {"events": events, "findings": findings, "episodes": episodes}


def _refuse_mixed_names(rows: Rows) -> None:
    """A clinic is simulated or real; one name for both would pool them."""
    named = pd.concat([frame[["clinic", "simulated"]] for frame in (rows.lines, rows.totals, rows.events)])
    kinds = named.drop_duplicates().groupby("clinic").size()
    if (kinds > 1).any():
        both = ", ".join(sorted(kinds.index[kinds > 1]))
        raise UsageError(
            f"The name {both} stands for a real and for a simulated clinic. Give one of them another name in clinic.toml."
        )


def _totals(rows: Rows, treatments: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Monthly totals, and a note for each clinic-month whose totals give way to the sessions themselves."""
    grain = list(FRAMES["exposure_totals"].key)
    if rows.totals.empty:
        return rows.totals.reindex(columns=[*grain, "sessions"]), rows.totals.reindex(
            columns=list(FRAMES["notes"].schema.columns)
        )
    listed = set(zip(treatments["clinic"], treatments["treatment_date"].dt.strftime("%Y-%m"), strict=True))
    twice = pd.Series(
        [key in listed for key in zip(rows.totals["clinic"], rows.totals["month"], strict=True)],
        index=rows.totals.index, dtype=bool,
    )  # fmt: skip
    notes = rows.totals[twice][["clinic", "path", "sheet", "row", "month"]].rename(columns={"month": "old"})
    message = "This month's sessions are listed one by one, so its total is not counted."
    summed = rows.totals[~twice].groupby(grain, dropna=False)["sessions"].sum().reset_index()
    return summed, notes.assign(column="sessions", code="total_not_counted", new=None, message=message)


def _injectors(rows: Rows, key: Key) -> pd.DataFrame:
    seen = pd.concat([rows.lines[["clinic", "injector", "injector_credential"]], rows.totals[["clinic", "injector"]],
                      rows.events[["clinic", "injector"]]], ignore_index=True)  # fmt: skip
    seen = seen[seen["injector"] != "unknown"]
    roles = seen.dropna(subset=["injector_credential"]).value_counts().reset_index().sort_values(
        ["clinic", "injector", "count", "injector_credential"], ascending=[True, True, False, True]
    ).drop_duplicates(["clinic", "injector"])  # fmt: skip
    people = seen[["clinic", "injector"]].drop_duplicates()
    people["code"] = [key.injector(clinic, injector_key(name)) for clinic, name in people.itertuples(index=False)]
    return people.merge(
        roles.rename(columns={"injector_credential": "credential"}), on=["clinic", "injector"], how="left"
    )
