"""The fixtures of a case, made where pytest itself cannot make them: in a thread of its own.

pytest makes the fixtures of one case at a time. Those that are plain functions, which is nearly all
of ours, need nothing of it but the order in which one asks for another.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a fixture is told of the case that asks: the part of pytest's `request` we use."""

    node: pytest.Item
    config: pytest.Config
    param: Any = None


class Fixtures:
    """The fixtures of one case, each made when it is first asked for."""

    def __init__(self, item: pytest.Item, given: Mapping[str, Any]) -> None:
        self._item = item
        self._known = definitions(item)
        self._params: Mapping[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        self._made: dict[tuple[str, int], Any] = {(name, 1): each for name, each in given.items()}

    def all(self) -> dict[str, Any]:
        """Make everything the case asks for, in pytest's order; raises what a fixture raises."""
        return {name: self.value(name) for name in names(self._item) if name != REQUEST}

    def value(self, name: str, level: int = 1) -> Any:  # noqa: ANN401 - whatever a fixture returns
        """Return a fixture; one that another of its own name asks for is of the next level."""
        if name == REQUEST:
            return Asking(self._item, self._item.config)
        if (name, level) not in self._made:
            self._made[name, level] = self._make(name, level)
        return self._made[name, level]

    def _make(self, name: str, level: int) -> Any:  # noqa: ANN401 - as above
        definition = self._known[name][-level]
        wanted = {
            each: self.value(each, level + 1 if each == name else 1) for each in definition.argnames
        }
        if REQUEST in wanted:
            wanted[REQUEST] = Asking(self._item, self._item.config, self._params.get(name))
        return definition.func(**wanted)


def names(item: pytest.Item) -> Sequence[str]:
    """Return the fixtures that a case asks for, those included that these ask for.

    What other plugins make for every case is no part of it.
    """
    info = getattr(item, "_fixtureinfo", None)
    marked = [name for mark in item.iter_markers("usefixtures") for name in mark.args]
    left, found = [*marked, *getattr(info, "argnames", ())], dict[str, None]()
    while left:
        name = left.pop(0)
        if name not in found:
            found[name] = None
            left += [each for made in used(item, name) for each in made.argnames]
    return tuple(found)


def used(item: pytest.Item, name: str) -> Sequence[pytest.FixtureDef[Any]]:
    """Return what makes a fixture: the last definition, and those before it that it asks for."""
    found: list[pytest.FixtureDef[Any]] = []
    for made in reversed(definitions(item).get(name, ())):
        found.append(made)
        if name not in made.argnames:
            break
    return found


def definitions(item: pytest.Item) -> Mapping[str, Sequence[pytest.FixtureDef[Any]]]:
    """Return what defines the fixtures of a case; the last definition of a name goes first."""
    info = getattr(item, "_fixtureinfo", None)
    return getattr(info, "name2fixturedefs", {})


def is_plain(definition: pytest.FixtureDef[Any]) -> bool:
    """Return whether a fixture is a plain function, made anew for each case."""
    return definition.scope == "function" and not inspect.isgeneratorfunction(definition.func)
