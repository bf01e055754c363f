"""The settings of a mock IdP, checked against what its profile knows."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from .profile import Dialect
from .profile import Switch


def chosen_dialect(dialect: str, known: Iterable[Dialect]) -> str:
    """Return the dialect, or raise ValueError naming the known ones."""
    keys = [one.key for one in known]
    if dialect not in keys:
        raise ValueError(f"there is no dialect {dialect!r}; known: {', '.join(keys)}")
    return dialect


def chosen_switches(given: Mapping[str, str], switches: Iterable[Switch]) -> Mapping[str, str]:
    """Return all switches with their values, or raise ValueError naming what is wrong."""
    known = {switch.key: switch.values for switch in switches}
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"there is no switch {key!r}; {_hint(key, list(known))}")
        if value not in known[key]:
            values = ", ".join(known[key])
            raise ValueError(f"the switch {key!r} has no value {value!r}; known: {values}")
    return MappingProxyType({**{key: values[0] for key, values in known.items()}, **given})


def chosen_toggles(given: Mapping[str, bool], known: Mapping[str, bool]) -> Mapping[str, bool]:
    """Return all toggles with their values, or raise ValueError naming an unknown one."""
    for key in given:
        if key not in known:
            raise ValueError(f"there is no toggle {key!r}; {_hint(key, list(known))}")
    return MappingProxyType({**known, **given})


def _hint(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
