"""Which program it is: hashes of its own modules and words, and of the libraries it is locked to."""

import hashlib
from functools import cache
from pathlib import Path


@cache
def code_hash() -> str:
    """Hash of the program itself: its modules and its words, in order of name."""
    root = Path(__file__).parents[1]
    whole = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def lock_hash() -> str | None:
    """Hash of the lock file beside the source tree; missing for an installed package, which carries none."""
    path = Path(__file__).parents[3] / "requirements.lock"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


@cache
def stamp() -> str:
    """Tells this program with the libraries it uses from every other."""
    from importlib.metadata import version

    libraries = [f"{name} {version(name)}" for name in ("pandas", "pyarrow", "numpy", "python-calamine")]
    return hashlib.sha256("\n".join([code_hash(), *libraries]).encode()).hexdigest()
