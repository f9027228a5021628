"""Clinical text to canonical words that remember where they came from.

Folding lower-cases, strips accents and unifies quotes and dashes; every canonical word keeps the code-point span it covers in
the original text, so that evidence can always be quoted exactly. Everything here is one pass over the text.
"""

import unicodedata
from functools import lru_cache

QUOTES = {"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"'}
DASHES = {"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "→": ">", "…": "."}
OTHERS = {
    "½": "0.5",
    "☐": "[ ]",
    "☑": "[x]",
    "☒": "[x]",
    "✓": "[x]",
    "✔": "[x]",
    "×": "x",
    "•": ";",
    "·": ";",
    "\r": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "¿": "¿",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "\x1b": "\x1b",
}
FOLDED = {**QUOTES, **DASHES, **OTHERS}

BRITISH = (("haem", "hem"), ("oedem", "edem"), ("aemi", "emi"), ("noea", "nea"), ("rrhoea", "rrhea"), ("paraes", "pares"),
           ("aesth", "esth"), ("colour", "color"), ("paralyse", "paralyze"), ("pnoea", "pnea"), ("tumour", "tumor"))  # fmt: skip
"""British spellings and their American ones, for coded terms."""

HARD_BREAKS = frozenset({".", ";", "!", "?", "\n", "|"})
CLAUSE_ENDS = frozenset({"-", "(", ")", "[", "]"})
SOFT_BREAKS = frozenset({",", "-", ":", "(", ")", "[", "]", "->", "=>", ">"})
WALLS = HARD_BREAKS | {","}
CLAUSE_BREAKS = WALLS | CLAUSE_ENDS
ASKING = "¿"
"""A question mark written before a word ("?ptosis") becomes this token: query, not question."""


def fold(text: str) -> tuple[str, list[int] | None]:
    """Lower-case, accent-free text and, unless positions are unchanged, the original position of each folded character."""
    if text.isascii():
        return text.lower(), None
    out: list[str] = []
    origin: list[int] = []
    for position, character in enumerate(text):
        for piece in _fold_character(character):
            out.append(piece)
            origin.append(position)
    return "".join(out), origin


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in FOLDED:
        return FOLDED[character]
    if character.isspace():
        return "\n" if character == "\n" else " "
    decomposed = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in decomposed if unicodedata.category(part) not in ("Mn", "Cf", "Cc"))
    return kept.lower()


def term_key(text: str) -> str:
    """Spelling-independent key of a term."""
    plain = fold(text)[0]
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    key = " ".join(words)
    for british, american in BRITISH:
        key = key.replace(british, american)
    return key
