"""One text with its findings, cues and rules marked, as plain text for a clinician."""

from pathlib import Path

from analysis import taxonomy
from analysis.coding.concepts import Cue, Lexicon
from analysis.coding.decide import Asked, decide
from analysis.coding.findings import Finding
from analysis.coding.lexicon import load_lexicon
from analysis.coding.mentions import Hit, Matched
from analysis.coding.texts import read

MEANING = {
    "asserted": "present",
    "resolved": "happened, over",
    "negated": "denied or not found",
    "historical": "from before this treatment",
    "hypothetical": "only talked about",
    "other_person": "somebody else's",
    "uncertain": "not sure",
    "other_cause": "has another cause",
    "begun": "denied for the past, there now",
    "proxy": "somebody speaks for the patient",
}
DIRECTION = {
    "forward": "what follows",
    "backward": "what stands before",
    "both": "both sides",
    "around": "what stands between",
}
REACH = {
    "near": "within three words",
    "clause": "to the end of the clause",
    "sentence": "to the end of the sentence",
    "heading": "to the end of the sentence or of the numbered list",
    "text": "to the end of the text",
    "count": "what the 0 counts",
    "box": "the finding whose tick box it is",
    "question": "when the entry is a short question",
}


def explain(
    text: str, *, area: str | None = None, treatment_type: str | None = None, lexicon: str | Path | None = None
) -> str:
    """The text with findings in [brackets] and cues in {braces}; then each finding with its words, the reason and its rule.

    `area` and `treatment_type` as in code_texts. Raises UsageError when the lexicon cannot be read.
    """
    compiled = load_lexicon(lexicon)
    found = read(text, compiled)
    marked = _marked(text, found)
    lines = [marked, ""]
    for number, finding in enumerate(decide(found, compiled, Asked(area, treatment_type)), start=1):
        lines += _of_finding(number, finding, compiled)
    told = [(hit, compiled.cues[hit.value]) for hit in found.cues]
    cues = [_of_cue(hit, cue, found.words.words) for hit, cue in told if cue.status != "pseudo"]
    return "\n".join([*lines, *(["", "Cues in {braces}:", *cues] if cues else [])])


def _of_finding(number: int, finding: Finding, lexicon: Lexicon) -> list[str]:
    if finding.subcode is None:
        return [_nothing(finding)]
    named = None if lexicon.apart else taxonomy.load_taxonomy().get(finding.subcode)
    title = f"{finding.category} {finding.subcode}{f' ({named.label})' if named else ''}"
    status = finding.status or ""
    rule, _, cue = (finding.rule or "").partition(" [")
    pattern = rule.partition(": ")[2]
    place = (
        f"{finding.pattern} to the treated site"
        if finding.pattern in ("local", "adjacent", "distant")
        else finding.pattern
    )
    stated = [
        part for part in (finding.severity, finding.laterality, finding.site, place) if part and part != "unknown"
    ]
    flags = [name for name in ("urgent", "red_flag", "needs_review") if getattr(finding, name)]
    lines = [f"{number}. {title}: {status} ({MEANING.get(status, status)}); triage {finding.triage}"]
    lines.append(f'     words   "{finding.evidence}" (characters {finding.start} to {finding.end})')
    if cue:
        lines.append(f'     status  because of "{cue.removesuffix("]")}"')
    lines.append(f"     rule    {rule}{f', read as: {_spoken(pattern)}' if pattern else ', a phrase of the lexicon'}")
    if stated or flags:
        lines.append(f"     also    {', '.join([*stated, *flags])}")
    return lines


def _nothing(finding: Finding) -> str:
    if finding.category == "none":
        return f"none: no event is told ({finding.rule or 'an idiom, or words that only look like a finding'})"
    why = finding.rule or "nothing was recognised"
    return f"unknown: {why}; a person should read it"


def _spoken(pattern: str) -> str:
    """A pattern in words: "@lid & @droop" is "a word for lid near a word for droop"."""
    said = []
    for part in pattern.split():
        if part[0] == "@":
            said.append(f"a word for {part[1:].replace('_', ' ')}")
        elif part == "…":
            said.append("near")
        else:
            said.append("near" if part[0] == "&" else "then" if part[0] == ">" else f'"{part}"')
    return " ".join(said)


def _of_cue(hit: Hit, cue: Cue, words: list[str]) -> str:
    where = "" if cue.status == "proxy" else f": {DIRECTION[cue.direction]}, {REACH[cue.reach]}"
    return f'    "{hit.said(words)}" - {MEANING.get(cue.status, cue.status)}{where}'


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
