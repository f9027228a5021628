"""All sites to the stored frames, by whatever engine: built each by itself, put together in order of clinic."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analysis.beside import allowed_here
from analysis.coding.lexicon import load_lexicon
from analysis.columnar.packed import pack, unpack
from analysis.durable import STAGE_PREFIX
from analysis.errors import AnalysisError, is_of_memory
from analysis.intake.combine import Rows
from analysis.intake.find import RawFile
from analysis.intake.mending import set_aside_workbook
from analysis.intake.part import Part
from analysis.keys import Key
from analysis.pipeline.cache import Cache
from analysis.pipeline.engine import Engine, Processes, engine_for
from analysis.pipeline.recorded import Recorded, recorded
from analysis.pipeline.site import LARGE, Share, Site, Work, build_site, refused_site, share_of
from analysis.pipeline.whole import Frames, whole

_AT_ONCE = 100_000_000
"""Bytes of raw files that may be built as one site, and whose shares may all be held in memory."""
Files = Mapping[str, list[RawFile]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """The stored frames, the workbook of rows held back, and where each event stands in the files."""

    frames: Frames
    workbook: bytes
    places: pd.DataFrame


@contextmanager
def spool(processed: Path) -> Iterator[Path]:
    """A folder for shares on their way; what a killed run leaves is cleared by the next one."""
    with tempfile.TemporaryDirectory(prefix=STAGE_PREFIX, dir=processed, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def build(
    files: Files, work: Work, decisions: Recorded, *, engine: Engine | None = None, spool: Path, progress: Progress = lambda *_: None
) -> Built:  # fmt: skip
    """Build every site and put the shares together. Large frames of shares made elsewhere wait in `spool`.

    Without an engine, what is small enough to be built here is built as one site, which is quickest; the shares are the same.
    """
    every = [file for own in files.values() for file in own]
    size = sum(file.size for file in every)
    chosen = engine or engine_for(len(files), files=len(every), size=size)
    if isinstance(chosen, Processes) and not (work.cache and work.cache.exists()):
        load_lexicon(None)  # once for all processes, where they are forks of this one
    apart = [Site(((folder, tuple(own)),)) for folder, own in sorted(files.items())]
    packed = chosen.elsewhere or size > _AT_ONCE
    alone, several = (replace(work, alone=one and not packed) for one in (True, len(apart) == 1))
    each = partial(_shares, apart, several, chosen, spool, progress, packed=packed)
    with nullcontext() if chosen.elsewhere else allowed_here():
        if engine is None and not packed and len(apart) > 1:
            progress("reading", 0, len(apart))
            try:
                shares = [build_site(_joined(apart), alone)]
            except (AnalysisError, OSError):
                raise
            except Exception as error:  # a mistake of ours somewhere: each by itself, so that it stops one site alone
                if is_of_memory(error):
                    raise
                shares = each()
        else:
            shares = each()
    if work.cache:
        Cache(work.cache, work.key).prune({piece for share in shares for piece in share.pieces})
    held = [grid for share in shares for grid in share.held]
    places = [share.places for share in shares] or [
        pd.DataFrame(columns=["clinic", "event_id", "path", "sheet", "row"])
    ]
    return Built(
        whole(shares, decisions, as_of=work.as_of), set_aside_workbook(held), pd.concat(places, ignore_index=True)
    )


def _shares(
    apart: list[Site], work: Work, engine: Engine, spool: Path, progress: Progress, *, packed: bool
) -> list[Share]:
    """The share of each site, in order of folder; sites that turn out to belong together are built anew as one.

    `packed`: large frames wait in `spool`, where whoever builds a site puts them; from another machine they come as bytes.
    """
    shares: dict[Site, Share] = {}
    waiting = apart
    put = _Put(spool if engine.same_disk else None) if packed else None
    built = partial(_built, work=work, put=put, single=len(apart) == 1)
    while waiting:
        for n, (share, large) in engine.map(built, waiting):
            if isinstance(large, bytes):
                large = _spooled(large, spool)
            if large is not None:
                share = replace(share, frames=Spooled(share.frames, large))
            shares[waiting[n]] = share
            progress(waiting[n].name or work.raw.name, len(shares), len(apart))
        waiting = _to_join(shares)
    return [shares[site] for site in sorted(shares, key=lambda site: site.folders[0][0])]


def _joined(sites: Iterable[Site]) -> Site:
    return Site(tuple(sorted((folder for site in sites for folder in site.folders), key=lambda folder: folder[0])))


def build_frames(parts: list[Part], rows: Rows, *, key: Key, as_of: date | None) -> dict[str, pd.DataFrame]:
    """The stored frames of parts that were read, as one site without anybody's decisions."""
    nothing = recorded(None)
    share = share_of(parts, rows, Work(Path(), key, date.max, as_of, nothing.made))
    return dict(whole([share], nothing, as_of=as_of))


@dataclass(frozen=True)
class _Put:
    """What becomes of the large frames of a share that is not handed over as it is: into this folder, or (None) given back."""

    folder: Path | None


def _built(site: Site, *, work: Work, put: _Put | None, single: bool) -> tuple[Share, bytes | Path | None]:
    """A site's share. A mistake of this program in one site of several becomes a refusal of its files, and the others go on."""
    try:
        share = build_site(site, work)
    except (AnalysisError, OSError):
        raise
    except Exception as error:
        if single or is_of_memory(error):
            raise
        share = refused_site(site, work, error)
    if put is None:
        return share, None
    small = {name: frame for name, frame in share.frames.items() if name not in LARGE}
    large = pack({}, {name: share.frames[name] for name in LARGE})
    return replace(share, frames=small), large if put.folder is None else _spooled(large, put.folder)


def _spooled(content: bytes, folder: Path) -> Path:
    """A new file of this content: of two workers that build one site, because one was given up, each has its own."""
    handle, made = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(made)


class Spooled(Mapping[str, pd.DataFrame]):
    """Frames of a share of which the large ones lie on disk."""

    def __init__(self, small: Mapping[str, pd.DataFrame], place: Path) -> None:
        self.small, self.place = small, place

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self.small:
            return self.small[name]
        with pa.memory_map(str(self.place)) as mapped:
            return unpack(memoryview(mapped.read_buffer()), only={name})[1][name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.small, *LARGE))

    def __len__(self) -> int:
        return len(self.small) + len(LARGE)


def _to_join(shares: dict[Site, Share]) -> list[Site]:
    """Sites that turned out to share a clinic, or of which one corrects another's rows: out of `shares`, joined, to be built anew."""
    home = {folder: site for site in shares for folder, _ in site.folders}
    group = {site: {site} for site in shares}
    by_clinic: dict[str, Site] = {}
    for site, share in shares.items():
        others = [home[folder] for folder in share.corrects if folder in home]
        others += [by_clinic.setdefault(clinic, site) for clinic in share.clinics]
        for other in others:
            joined = group[site] | group[other]
            for member in joined:
                group[member] = joined
    several = {frozenset(members) for members in group.values() if len(members) > 1}
    for site in [site for members in several for site in members]:
        del shares[site]
    return [_joined(members) for members in several]
