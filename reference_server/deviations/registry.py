"""The table of deviations: each has a name, an area, a sentence and a way to wrap a handler.

What a deviation breaks is data, in `ledger.json`: the ids of the requirements, and the identity
providers whose provisioning it stops or lets go wrong.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from typing import TypeAlias

from reference_server.messages import Handler

Wrap: TypeAlias = Callable[[Handler], Handler]

_registered: dict[str, Deviation] = {}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One named misbehaviour of an otherwise correct server.

    `violates` names the requirements that it breaks, `stops` the identity providers, in lower
    case, that give up over it or end with other data than they believe, and `source` how that is
    known. With `legal` nothing is broken: the behaviour is within the texts, the ids are those it
    bears on, and a case must let it pass.
    """

    name: str
    area: str
    summary: str
    wrap: Wrap
    violates: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    legal: bool = False
    source: str | None = None


def deviation(name: str, *, area: str) -> Callable[[Wrap], Wrap]:
    """Register the decorated function under a name; its docstring is what users read."""

    def register(wrap: Wrap) -> Wrap:
        if name in _registered:
            raise ValueError(f"the deviation {name!r} is registered twice")
        known = ledger().get(name, {})
        _registered[name] = Deviation(
            name,
            area,
            _first_line(wrap),
            wrap,
            violates=tuple(known.get("violates", ())),
            stops=tuple(known.get("stops", ())),
            legal=known.get("legal", False),
            source=known.get("source"),
        )
        return wrap

    return register


@cache
def ledger() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of each deviation beyond its code, by name."""
    text = files("reference_server.deviations").joinpath("ledger.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))


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
