"""Adverse events after botulinum-toxin injections: from clinic logs to a monthly quality report.

Importing this package loads no pandas, matplotlib or SciPy: the names below are fetched on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from analysis.version import VERSION

if TYPE_CHECKING:
    from analysis.coding import code_texts
    from analysis.store import open_store

__version__ = VERSION
__all__ = ["__version__", "code_texts", "open_store"]

_LATE = {"open_store": "analysis.store", "code_texts": "analysis.coding"}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")
