"""Distinct short log texts, drawn by a small grammar of their own, and the coder on them."""

import random
import subprocess
import sys

_WHO = ("pt", "client", "patient reports", "c/o", "rang:", "seen today:", "emailed,", "")
_WHAT = (
    "bruise", "lid droop", "brow heaviness", "headache", "swelling", "no bruising", "trouble swallowing", "smile asymmetry",
    "redness", "lack of effect", "neck weakness", "denies ptosis", "flu like symptoms", "dry eye", "itchy rash",
)  # fmt: skip
_WHERE = ("forehead", "glabella", "L crow's feet", "R upper lid", "masseter", "both brows", "neck", "upper lip", "")
_WHEN = ("day {n}", "d{n}", "{n} days after", "since yesterday", "{n}/52", "after touch-up", "")
_THEN = ("reassured", "rv 2/52", "arnica", "photo requested", "settled", "mild", "moderate", "resolving", "")


def distinct(count: int, *, seed: int = 1) -> list[str]:
    """`count` different texts; the same for a seed."""
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [draw.choice(pool) for pool in (_WHO, _WHAT, _WHERE, _WHEN, _THEN)]
        if draw.random() < 0.3:
            parts.append(f"and {draw.choice(_WHAT)} {draw.choice(_WHERE)}")
        text = " ".join(part for part in parts if part).format(n=draw.randrange(1, 30))
        found[text] = None
    return list(found)


def code(texts: list[str]) -> None:
    """Code them all."""
    from analysis import code_texts

    code_texts(texts)


def seconds_anew(count: int) -> float:
    """Processor seconds for `count` distinct texts in a process that has read none of them; what is read once is kept, and free after."""
    program = (
        "import time; from benchmarks import texts; own = texts.distinct(%d); texts.code(['brow heavy since tuesday']); "
        "start = time.process_time(); texts.code(own); print(time.process_time() - start)"
    )
    done = subprocess.run([sys.executable, "-c", program % count], capture_output=True, text=True, check=True)
    return float(done.stdout)
