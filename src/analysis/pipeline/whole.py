"""The shares of all sites to the stored frames: what needs the data cut of all, and everything in order of clinic."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.counting.episodes import with_state_on
from analysis.intake.coverage import coverage, without_missed
from analysis.pipeline.recorded import Recorded
from analysis.pipeline.site import LARGE, Share
from analysis.review.apply import stale_notes
from analysis.review.decisions import with_state
from analysis.schemas import FRAMES, conform, empty
from analysis.schemas.parquet import Stored


@dataclass(frozen=True)
class Frames(Mapping[str, pd.DataFrame]):
    """The stored frames by name. Those of LARGE are put together when asked for; `pieces` gives them share by share."""

    small: dict[str, pd.DataFrame]
    shares: list[Share]
    data_cut: date | None

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self.small:
            return self.small[name]
        found = list(self.pieces(name))
        return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)

    def __iter__(self) -> Iterator[str]:
        return iter(FRAMES)

    def __len__(self) -> int:
        return len(FRAMES)

    def stored(self, name: str) -> Stored:
        """A frame as the store takes it: as Parquet where the only share has made it, else in pieces."""
        made = self.shares[0].encoded.get(name) if len(self.shares) == 1 else None
        return made.result() if made else self.pieces(name)

    def pieces(self, name: str) -> Iterator[pd.DataFrame]:
        """A frame in pieces whose rows, one after the other, are the whole in order of its key."""
        if name in self.small:
            yield self.small[name]
            return
        yielded = False
        for frame in _by_clinic(name, self.shares):
            yielded = True
            if name == "episodes" and self.data_cut:
                frame = with_state_on(frame, self.data_cut)
            yield frame
        if not yielded:
            yield empty(name)


def _by_clinic(name: str, shares: list[Share]) -> Iterator[pd.DataFrame]:
    """The rows of each clinic in order of its name; each share's frame is looked up once per run of its own clinics."""
    if len(shares) == 1:
        yield shares[0].frames[name]
        return
    last, own = -1, dict[str, pd.DataFrame]()
    for clinic, number in sorted((clinic, number) for number, share in enumerate(shares) for clinic in share.clinics):
        if number != last:
            last, own = number, _clinics_of(shares[number].frames[name])
        if clinic in own:
            yield own[clinic]


def _clinics_of(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of each clinic, of a frame in order of clinic."""
    codes, clinics = pd.factorize(frame["clinic"])
    if len(clinics) == 1:
        return {clinics[0]: frame}
    edges = codes.searchsorted(range(len(clinics) + 1))
    return {clinic: frame.iloc[edges[n] : edges[n + 1]] for n, clinic in enumerate(clinics)}


def whole(shares: list[Share], decisions: Recorded, *, as_of: date | None) -> Frames:
    """All stored frames, in their schemas."""
    cut = as_of or max((share.newest for share in shares if share.newest), default=None)
    small = {name: _joined(name, [share.frames[name] for share in shares]) for name in FRAMES if name not in LARGE}
    lost = _of_nobody(decisions, shares)
    small["reviews"] = _joined("reviews", [small["reviews"], lost])
    small["notes"] = _joined("notes", [small["notes"], stale_notes(lost), decisions.notes])
    spans = pd.concat([share.spans for share in shares], ignore_index=True) if shares else pd.DataFrame()
    if cut and len(spans):
        nil, missed = (pd.concat([getattr(s, name) for s in shares], ignore_index=True) for name in ("nil", "missed"))
        small["coverage"] = without_missed(coverage(spans, nil, data_cut=cut), missed)
    return Frames({name: conform(name, frame) for name, frame in small.items()}, shares, cut)


def _of_nobody(decisions: Recorded, shares: list[Share]) -> pd.DataFrame:
    """Decisions on entries of clinics that no file speaks of any more."""
    known = frozenset[str]().union(*(share.clinics for share in shares))
    left = decisions.made[~decisions.made["clinic"].isin(known)].reset_index(drop=True)
    return with_state(left, empty("events"), empty("treatments"), empty("set_aside"))


def _joined(name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    own = [frame for frame in frames if len(frame)]
    return pd.concat(own, ignore_index=True) if own else empty(name)
