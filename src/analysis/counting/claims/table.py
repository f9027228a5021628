"""The table of statements: one row each, in the article's order, with a verdict only where follow-up and fields allow one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.counting.claims import contrasts, frequencies, shares
from analysis.counting.claims.evidence import Answer, Evidence, gather, plain_share
from analysis.counting.clinics import Clinics
from analysis.counting.followup import completeness
from analysis.resources import read_toml, resource

VERDICTS = ("supported", "contradicted", "cannot tell", "not estimable")
COLUMNS = [
    "claim", "statement", "estimand", "comparison", "n", "unit", "effect", "lower", "upper", "level", "method", "verdict", "why", "note",
    "followup", "filled",
]  # fmt: skip
_KINDS: dict[str, Callable[[Evidence, dict[str, Any]], Answer]] = {
    "most_frequent": frequencies.most_frequent, "rare": frequencies.rare, "occurs": frequencies.occurs,
    "share_mild": shares.share_mild, "recovered": shares.recovered, "mild_and_recovered": shares.mild_and_recovered,
    "risk_ratio": contrasts.risk_ratio, "rate_ratio": contrasts.ratio_of_rates, "dose_trend": contrasts.dose_trend,
}  # fmt: skip

_UNITS = {
    "most_frequent": "difference", "rare": "per session", "occurs": "per session", "share_mild": "share", "recovered": "share",
    "mild_and_recovered": "share", "risk_ratio": "ratio", "rate_ratio": "ratio", "dose_trend": "ratio",
}  # fmt: skip


def article_claims(
    counted: Clinics, *, months: Iterable[str], months_of: Mapping[str, Iterable[str]] | None = None
) -> pd.DataFrame:
    """One row per statement of `claims.toml`: estimand, comparison, n, effect, limits, verdict and why.

    From sessions of covered clinic-months among `months` (closed ones); a statement that names a `measure` uses that measure's own
    closed months in `months_of`, where these are given. Limits hold for all statements together: each at level
    1 - 0.05 ÷ (number of statements that are estimated). `supported` or `contradicted` only where scheduled follow-up is documented for
    80 % of the sessions and the field a statement needs is filled in 70 %; else `cannot tell`. What such logs cannot answer is
    `not estimable`. Shares 0-1, ratios without unit. Nothing here is advice about a medicine.
    """
    data = read_toml(resource("claims.toml"))
    chosen = frozenset(months)
    estimated = sum(claim["kind"] != "refused" for claim in data["claim"])
    level = 1 - (1 - data["level"]) / estimated
    of_measure = {name: frozenset(own) for name, own in (months_of or {}).items()}
    followed: dict[frozenset[str], tuple[Evidence, float]] = {}
    rows = []
    for claim in data["claim"]:
        own = of_measure.get(claim.get("measure", ""), chosen)
        if own not in followed:
            followed[own] = _followed(counted, own, level=level, rare=data["rare"])
        rows.append(_row(claim, *followed[own], data))
    kinds = dict.fromkeys(("statement", "estimand", "comparison", "method", "verdict", "why", "note", "unit"), "str")
    return pd.DataFrame(rows, columns=COLUMNS).astype({**kinds, "claim": "int64", "n": "Int64"})


def _followed(counted: Clinics, months: frozenset[str], *, level: float, rare: float) -> tuple[Evidence, float]:
    """The evidence of some months, and the share of its sessions with scheduled follow-up."""
    found = gather(counted, months=months, level=level, rare=rare)
    everyone = completeness(counted, months=months, by=["clinic"])
    # where only totals are known nobody can be followed up on paper: these sessions are not among the evidence either
    there = everyone[everyone["clinic"].isin(found.sessions["clinic"].unique())]
    asked = there["asked"].sum() / there["sessions"].sum() if there["sessions"].sum() else np.nan
    return found, float(asked)


def _row(claim: dict[str, Any], found: Evidence, asked: float, data: dict[str, Any]) -> dict[str, Any]:
    head = {"claim": claim["n"], "statement": claim["text"], **{key: claim[key] for key in ("estimand", "comparison")}}
    if claim["kind"] == "refused":
        return {**head, "verdict": "not estimable", "why": claim["reason"], "note": claim.get("note")}
    answer = _KINDS[claim["kind"]](found, claim)
    forbidden = _forbidden(answer, asked, data)
    decided = answer.points is not None and not forbidden
    return {
        **head, "n": answer.n, "unit": _UNITS[claim["kind"]], "level": found.level,
        "effect": answer.effect, "lower": answer.lower, "upper": answer.upper,
        "method": answer.method, "verdict": answer.points if decided else "cannot tell", "note": claim.get("note"),
        "why": "; ".join(part for part in (answer.why, forbidden) if part), "followup": asked, "filled": answer.filled,
    }  # fmt: skip


def _forbidden(answer: Answer, asked: float, data: dict[str, Any]) -> str:
    """Why no verdict may be given whatever the limits say; empty when one may."""
    if answer.n == 0:
        return ""
    if not asked >= data["followup"]:
        said = "not recorded" if np.isnan(asked) else plain_share(asked)
        return f"no verdict: scheduled follow-up {said}, needed {plain_share(data['followup'])}"
    if answer.filled < data["filled"]:
        return f"no verdict: the field needed is filled in {plain_share(answer.filled)}, needed {plain_share(data['filled'])}"
    return ""
