"""Stand-ins for what pytest collects."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Function = Callable[..., Any]


def definition(func: Function, *asks: str, scope: str = "function") -> Any:  # noqa: ANN401 - stands for pytest's own class
    return SimpleNamespace(func=func, argnames=asks, scope=scope)


def item(
    name: str,
    *asks: str,
    obj: Function = lambda **_: None,
    params: dict[str, Any] | None = None,
    marks: tuple[str, ...] = (),
    **fixtures: Any,  # noqa: ANN401 - see `definition`
) -> Any:  # noqa: ANN401 - as above
    """Return a case that asks for fixtures, all of which come with their definitions."""
    known = {each: made if isinstance(made, list) else [made] for each, made in fixtures.items()}
    return SimpleNamespace(
        name=name,
        nodeid=name,
        originalname=name,
        obj=obj,
        config=SimpleNamespace(),
        callspec=SimpleNamespace(params=params or {}),
        funcargs={},
        iter_markers=lambda mark: [],
        get_closest_marker=lambda mark: SimpleNamespace() if mark in marks else None,
        _fixtureinfo=SimpleNamespace(argnames=asks, name2fixturedefs=known),
    )
