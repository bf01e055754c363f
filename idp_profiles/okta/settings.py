"""The settings of a mock Okta, checked: dialect, switches, toggles."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from .facts import LIMITS
from .facts import SWITCHES
from .facts import TOGGLES
from .names import ALL


def checked_dialect(dialect: str) -> str:
    """Return the dialect, or raise ValueError naming the known ones."""
    if dialect not in ALL:
        raise ValueError(f"there is no dialect {dialect!r}; known: {', '.join(ALL)}")
    return dialect


def checked_switches(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return all switches with their values, or raise ValueError naming what is wrong."""
    known = {switch.key: switch for switch in SWITCHES}
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"there is no switch {key!r}; {_hint(key, list(known))}")
        if key == "member_chunk":
            _check_chunk(value)
        elif value not in known[key].values:
            values = ", ".join(known[key].values)
            raise ValueError(f"the switch {key!r} has no value {value!r}; known: {values}")
    defaults = {key: switch.values[0] for key, switch in known.items()}
    return MappingProxyType({**defaults, **given})


def checked_toggles(given: Mapping[str, bool]) -> Mapping[str, bool]:
    """Return all toggles with their values, or raise ValueError naming an unknown one."""
    for key in given:
        if key not in TOGGLES:
            raise ValueError(f"there is no toggle {key!r}; {_hint(key, list(TOGGLES))}")
    return MappingProxyType({**TOGGLES, **given})


def _check_chunk(value: str) -> None:
    low, high = LIMITS["member_chunk_min"].value, LIMITS["member_chunk_max"].value
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise ValueError(f"the switch 'member_chunk' goes from {low} to {high}, not {value!r}")


def _hint(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
