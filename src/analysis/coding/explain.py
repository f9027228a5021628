"""One text with its findings, cues and rules marked, as plain text for a clinician."""

from pathlib import Path

from analysis.coding.decide import decide
from analysis.coding.lexicon import load_lexicon
from analysis.coding.mentions import Matched
from analysis.coding.texts import read


def explain(
    text: str, *, area: str | None = None, treatment_type: str | None = None, lexicon: str | Path | None = None
) -> str:
    """The text with findings in [brackets] and cues in {braces}, then one line per finding with its rule."""
    compiled = load_lexicon(lexicon)
    found = read(text, compiled)
    findings = decide(found, compiled, area, treatment_type)
    lines = [_marked(text, found), ""]
    for finding in findings:
        if finding.subcode is None:
            why = finding.rule or "nothing was recognised: a person should read it"
            lines.append(f"{finding.category}: {why}")
            continue
        flags = [name for name in ("urgent", "red_flag", "needs_review") if getattr(finding, name)]
        stated = [part for part in (finding.severity, finding.laterality, finding.site, finding.pattern) if part]
        lines.append(f"{finding.category} {finding.subcode} {finding.status}; triage {finding.triage}")
        lines.append(f"    words: {finding.evidence!r} ({finding.start}-{finding.end})")
        lines.append(f"    rule:  {finding.rule}")
        if stated or flags:
            lines.append(f"    also:  {', '.join([*stated, *flags])}")
    cues = [
        f"    {' '.join(found.words.words[hit.first : hit.last])}: {_cue_text(hit.value, compiled.cues)}"
        for hit in found.cues
    ]
    return "\n".join([*lines, *(["cues:", *cues] if cues else [])])


def _cue_text(number: int, cues: list) -> str:  # type: ignore[type-arg]
    cue = cues[number]
    return f"{cue.status}, {cue.direction}, {cue.reach}"


def _marked(text: str, found: Matched) -> str:
    words = found.words
    opening: dict[int, str] = {}
    closing: dict[int, str] = {}
    for hit in found.cues:
        _mark(opening, closing, words.starts[hit.first], words.ends[hit.last - 1], "{", "}")
    for mention in found.mentions:
        _mark(opening, closing, words.starts[mention.first], words.ends[mention.last - 1], "[", "]")
    out = []
    for place in range(len(text) + 1):
        out.append(closing.get(place, ""))
        out.append(opening.get(place, ""))
        out.append(text[place : place + 1])
    return "".join(out)


def _mark(opening: dict[int, str], closing: dict[int, str], start: int, end: int, left: str, right: str) -> None:
    opening[start] = opening.get(start, "") + left
    closing[end] = right + closing.get(end, "")
