"""The texts of every rendering, in one place: a file of TOML for each rendering."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


class Wording:
    """The texts of one rendering; a text is found by its key, such as `findings.expected`."""

    def __init__(self, name: str, texts: Mapping[str, str]) -> None:
        self._name = name
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its places filled in; raises KeyError for one that nobody wrote."""
        if key not in self._texts:
            raise KeyError(f"{self._name}.toml has no text {key!r}")
        return self._texts[key].format(**values) if values else self._texts[key]

    def __contains__(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self._texts


@cache
def wording(name: str) -> Wording:
    """Return the texts of one rendering, from the file of that name."""
    source = resources.files("reports.wording").joinpath(f"{name}.toml")
    return Wording(name, _flat(tomllib.loads(source.read_text("utf-8"))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the texts of nested tables by their dotted keys."""
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
