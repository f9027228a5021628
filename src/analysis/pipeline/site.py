"""One site (a clinic's folder, or folders that share a clinic) from raw files to its share of the stored frames.

Sites do not know of each other, so that any number of them may be built at once, here or elsewhere.
"""

import hashlib
import json
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path, PurePath

import numpy as np
import pandas as pd

from analysis.beside import beside
from analysis.coding.events import code_events
from analysis.coding.texts import code_texts
from analysis.columnar.coded import coded
from analysis.errors import InputRefused, Place, UsageError
from analysis.intake.account import account, log_spans, nil_returns, set_aside
from analysis.intake.amendments import amendments
from analysis.intake.combine import Rows, combine
from analysis.intake.coverage import missed_sessions
from analysis.intake.find import RawFile, printable
from analysis.intake.folder import Part, read_folder
from analysis.intake.kept import Kept
from analysis.intake.link import link_events
from analysis.intake.mended import mend
from analysis.intake.mending import Grid, grids
from analysis.intake.process import process_counts
from analysis.intake.sessions import by_area, to_sessions
from analysis.intake.values import injector_key
from analysis.keys import Key
from analysis.pipeline.as_known import joined
from analysis.pipeline.cache import Cache
from analysis.pipeline.cut import newest_day
from analysis.pipeline.early import sessions_early, then
from analysis.pipeline.known_texts import KnownTexts
from analysis.pipeline.naming import naming_notes
from analysis.pipeline.pressing import heard, listen, pressing_remarks, with_triage, without_those_that_stand
from analysis.pipeline.program import stamp
from analysis.review.apply import reading, relinked, stale_notes
from analysis.review.decisions import with_state
from analysis.schemas import FRAMES, conform, empty
from analysis.schemas.config import ClinicConfig, load_clinic_config
from analysis.schemas.order import firsts, groups
from analysis.schemas.parquet import Encoded

_INJECTOR = ["clinic", "injector"]
_MANY_LINES, _MANY_EVENTS = 100_000, 20_000
"""From which on it pays to work at two things at once."""
LARGE = ("treatments", "treatment_lines", "exposure_totals", "events", "findings", "episodes")
"""Frames sorted by clinic first: the shares of the sites, one after the other, are the whole."""


@dataclass(frozen=True)
class Work:
    """What every site is built with. `decisions` are a person's corrections, one more input."""

    raw: Path
    key: Key
    today: date
    as_of: date | None
    decisions: pd.DataFrame
    meddra: Path | None = None
    cache: Path | None = None
    """Where typed rows of earlier runs lie; nowhere when everything is to be read anew."""
    alone: bool = False
    """One site, built where its share is stored: frames that are ready are made into Parquet beside what is still to be done."""


@dataclass(frozen=True)
class Site:
    """Folders built together, each with its files, in order of name."""

    folders: tuple[tuple[str, tuple[RawFile, ...]], ...]

    @property
    def name(self) -> str:
        """Names of the folders, for progress."""
        return ", ".join(folder for folder, _ in self.folders)


@dataclass(frozen=True)
class Share:
    """A site's share of the stored frames, and what the whole is made of besides: facts and small frames."""

    frames: Mapping[str, pd.DataFrame]
    clinics: frozenset[str]
    """Every clinic that something of the site speaks of."""
    corrects: frozenset[str]
    """Folders of whose rows the site holds corrections."""
    newest: date | None
    spans: pd.DataFrame
    nil: pd.DataFrame
    missed: pd.DataFrame
    held: list[Grid]
    places: pd.DataFrame
    pieces: frozenset[str] = frozenset()
    """Names of the pieces of the cache that were used."""
    encoded: Mapping[str, Future[Encoded]] = field(default_factory=dict)
    """Frames that are being made into Parquet already."""


def build_site(site: Site, work: Work) -> Share:
    """Read, type, judge, resolve, link, code and join one site. Frames of LARGE are in their schemas.

    The state of episodes and the coverage need the data cut of all sites: see `analysis.pipeline.whole`.
    """
    cache = Cache(work.cache, work.key) if work.cache else None
    parts: list[Part] = []
    for folder, files in site.folders:
        place = work.raw / folder if folder else work.raw
        kept = _kept(cache, folder, work) if cache else None
        parts += read_folder(place, list(files), key=work.key, today=work.today, kept=kept, finish=listen)
    mend(parts, work.key.fingerprint)
    share = share_of(parts, combine(parts), work, cache=cache, name=site.name)
    if cache:
        cache.settle()
    return share


def refused_site(site: Site, work: Work, error: Exception) -> Share:
    """The share of a site that this program cannot build: its files, refused, with the kind of mistake and its place."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    why = f"{type(error).__name__} at {PurePath(frame.filename).name}:{frame.lineno}"
    parts = []
    for folder, files in site.folders:
        own = load_clinic_config(work.raw / folder).clinic
        for file in files:
            part = Part(file, "", "unknown", own.name or printable(folder) or "Clinic", None, None, own.simulated)
            part.refused = str(
                InputRefused(
                    Place(file.name),
                    f"cannot be used because of a mistake in this program ({why}).",
                    "Please report it.",
                )
            )
            parts.append(part)
    return share_of(parts, combine(parts), work)


def share_of(parts: list[Part], rows: Rows, work: Work, *, cache: Cache | None = None, name: str = "") -> Share:
    """The share of parts that were read, and of what of their rows stands. `cache` knows texts that were read under `name`."""
    clinics = _clinics(parts, rows)
    work = replace(work, decisions=work.decisions[work.decisions["clinic"].isin(clinics)].reset_index(drop=True))
    reader = KnownTexts(cache, _piece("texts", name), work.key) if cache else code_texts
    frames, encoded = _frames(parts, rows, work, reader)
    folders = {told.path.rpartition("/")[0].split("/")[0] for part in parts for told in part.corrects.values()}
    return Share(
        frames=frames, clinics=clinics, corrects=frozenset(folders), newest=newest_day(rows.lines, rows.totals, rows.events),
        spans=log_spans(parts), nil=nil_returns(parts), missed=missed_sessions(frames["events"], frames["treatments"]),
        held=grids(parts, work.key.fingerprint), places=rows.events[["clinic", "event_id", "path", "sheet", "row"]],
        pieces=frozenset(cache.used) if cache else frozenset(), encoded=encoded,
    )  # fmt: skip


def _kept(cache: Cache, folder: str, work: Work) -> Callable[[ClinicConfig], Kept]:
    """What is kept of one folder, for this program, key and `clinic.toml`."""

    def kept(config: ClinicConfig) -> Kept:
        told = json.dumps([stamp(), work.key.fingerprint, folder, config.model_dump(mode="json")], sort_keys=True)
        return Kept(cache, _piece("rows", folder), hashlib.sha256(told.encode()).hexdigest(), work.today)

    return kept


def _piece(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}\0{name}".encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _clinics(parts: list[Part], rows: Rows) -> frozenset[str]:
    named = {part.clinic for part in parts} | {clinic for part in parts for clinic, _ in part.nil_months}
    frames = [rows.lines, rows.totals, rows.events, rows.others, *(p.aside for p in parts if len(p.aside))]
    return frozenset(named.union(*(coded(frame["clinic"]).values for frame in frames)))


def _frames(
    parts: list[Part], rows: Rows, work: Work, reader: Callable[..., pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], Mapping[str, Future[Encoded]]]:
    aside = set_aside(parts, rows.others)
    frames = {name: empty(name) for name in FRAMES}
    frames["files"] = account(parts, aside) if parts else frames["files"]
    notes = [said for part in parts if len(said := heard(part))]
    notes += [*pressing_remarks(parts), *([changes] if len(changes := amendments(parts, rows.others)) else [])]
    frames["set_aside"] = with_triage(aside) if len(aside) else frames["set_aside"]
    _refuse_mixed_names(rows)
    with beside(partial(naming_notes, rows.events), worth=len(rows.events) > _MANY_EVENTS) as naming:
        frames |= _sessions(rows)
        notes.append(naming())
    early = sessions_early(frames, beside=work.alone and len(rows.lines) > _MANY_LINES)
    events = link_events(rows.events, rows.lines, frames["treatments"]) if len(rows.events) else frames["events"]
    frames["reviews"] = with_state(work.decisions, events, frames["treatments"], frames["set_aside"])
    day = work.as_of or newest_day(rows.lines, rows.totals, rows.events)
    if len(events) and day:
        frames |= _coded(events, frames["treatments"], frames["reviews"], day, work.meddra, then(reader, early.start))
        frames["set_aside"] = without_those_that_stand(frames["set_aside"], frames["findings"])
    frames["exposure_totals"], twice = _totals(rows, frames["treatments"])
    said = [part for part in (*notes, twice, stale_notes(frames["reviews"])) if len(part)]
    frames["notes"] = pd.concat(said, ignore_index=True) if said else frames["notes"]
    frames["injectors"] = _injectors(rows, work.key)
    counted = process_counts(parts)
    frames["process_counts"] = counted if len(counted) else frames["process_counts"]
    early.start()
    done = {
        name: conform(name, frame) if name in LARGE else frame for name, frame in frames.items() if name not in early
    }
    return done | early.frames(), early.encoded


def _sessions(rows: Rows) -> dict[str, pd.DataFrame]:
    """Both frames of sessions; courses are told apart as the last thing, see `sessions_early`."""
    if rows.lines.empty:
        return {}
    area_lines = by_area(rows.lines)
    return {"treatment_lines": area_lines, "treatments": to_sessions(rows.lines, area_lines)}


def _coded(
    events: pd.DataFrame,
    sessions: pd.DataFrame,
    reviews: pd.DataFrame,
    data_cut: date,
    meddra: Path | None,
    reader: Callable[..., pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Events, findings and episodes, with what reviewers decided on links, readings, merges and open entries."""
    events = relinked(events, reviews, sessions)
    reviewed = reading(events, reviews)
    coded = code_events(
        events, sessions, meddra=meddra, reviewed=reviewed.findings, decided=reviewed.rows, read_texts=reader
    )
    events = events.assign(coded=coded.coded, event_category=coded.event_category)
    episodes, findings = joined(coded.findings, events, reviews, data_cut=data_cut)
    return {"events": events, "findings": findings, "episodes": episodes}


def _refuse_mixed_names(rows: Rows) -> None:
    """A clinic is simulated or real; one name for both would pool them."""
    told = [frame[["clinic", "simulated"]] for frame in (rows.lines, rows.totals, rows.events)]
    named = pd.concat([frame.take(firsts(groups(frame, frame.columns))) for frame in told])
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
    told = [frame[_INJECTOR] for frame in (rows.lines, rows.totals, rows.events)]
    seen = pd.concat([frame.take(firsts(groups(frame, _INJECTOR))) for frame in told], ignore_index=True)
    people = seen.take(firsts(groups(seen, _INJECTOR)))
    people = people[people["injector"] != "unknown"].reset_index(drop=True)
    people["code"] = [key.injector(clinic, injector_key(name)) for clinic, name in people.itertuples(index=False)]
    lines = rows.lines[[*_INJECTOR, "injector_credential"]]
    role = groups(lines, lines.columns)
    roles = lines.take(firsts(role)).assign(count=np.bincount(role)).dropna(subset=["injector_credential"])
    roles = roles.sort_values(
        [*_INJECTOR, "count", "injector_credential"], ascending=[True, True, False, True]
    ).drop_duplicates(_INJECTOR).rename(columns={"injector_credential": "credential"}).drop(columns="count")  # fmt: skip
    return people.merge(roles, on=_INJECTOR, how="left")
