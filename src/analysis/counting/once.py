"""What several counts of the same clinics need is worked out once, and kept as long as these frames are."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

Of = TypeVar("Of")
Options = ParamSpec("Options")
Found = TypeVar("Found")


def once(make: Callable[Concatenate[Of, Options], Found]) -> Callable[Concatenate[Of, Options], Found]:
    """Remember what a pure function found for an object (told by identity) and hashable options.

    For frozen objects whose frames nobody changes; whoever gets a frame from here makes a new one and never writes into it.
    """
    kept: WeakKeyDictionary[Any, dict[Any, Found]] = WeakKeyDictionary()

    @wraps(make)
    def found(of: Of, /, *options: Options.args, **named: Options.kwargs) -> Found:
        own = kept.setdefault(of, {})
        key = (options, tuple(sorted(named.items())))
        if key not in own:
            own[key] = make(of, *options, **named)
        return own[key]

    return found
