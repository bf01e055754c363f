"""The table of deviations: each has a name, an area, a sentence and a way to wrap a handler."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from reference_server.messages import Handler

Wrap: TypeAlias = Callable[[Handler], Handler]

_registered: dict[str, Deviation] = {}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One named misbehaviour of an otherwise correct server."""

    name: str
    area: str
    summary: str
    wrap: Wrap


def deviation(name: str, *, area: str) -> Callable[[Wrap], Wrap]:
    """Register the decorated function under a name; its docstring is what users read."""

    def register(wrap: Wrap) -> Wrap:
        if name in _registered:
            raise ValueError(f"the deviation {name!r} is registered twice")
        _registered[name] = Deviation(name, area, _first_line(wrap), wrap)
        return wrap

    return register


def registered() -> dict[str, Deviation]:
    """Return all deviations by name, in alphabetical order."""
    return dict(sorted(_registered.items()))


def find(name: str) -> Deviation:
    """Return a deviation, or raise ValueError with the names that look like the one given."""
    if name in _registered:
        return _registered[name]
    close = get_close_matches(name, sorted(_registered), n=4, cutoff=0.5)
    shown = ", ".join(close) if close else "none"
    raise ValueError(f"unknown deviation {name!r}; close names: {shown}")


def _first_line(wrap: Wrap) -> str:
    text = inspect.getdoc(wrap)
    if not text:
        raise ValueError(f"the deviation {wrap!r} has no docstring to show to users")
    return text.splitlines()[0]
