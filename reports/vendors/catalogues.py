"""What the catalogues of identity providers ask of a vendor: data of the project, with sources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_FOLDER = resources.files("reports.vendors").joinpath("submissions")
# A new catalogue is a file of data, and nothing here.
NAMES = tuple(
    sorted(
        file.name.removesuffix(".json")
        for file in _FOLDER.iterdir()
        if file.name.endswith(".json") and not file.name.endswith(".schema.json")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something is said: `kind` is how sure it makes it, `read` when it was last read."""

    title: str
    kind: str
    address: str | None
    read: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is asked.

    `requirements` are those whose verdicts show it; with `one_is_enough` one of them does. What
    is to be done in the IdP's own tool, or by a person, is `by_hand`. `dialects` and `run` stand
    in place of the catalogue's.
    """

    id: str
    asks: str
    need: str
    certainty: str
    sources: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    one_is_enough: bool = False
    by_hand: str = ""
    dialects: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What one IdP's catalogue asks, in sections; `decides` says who alone decides."""

    idp: str
    title: str
    decides: str
    run: str
    dialects: tuple[str, ...]
    about: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]
    sources: dict[str, Source]


@cache
def catalogue(name: str) -> Catalogue:
    """Return what the catalogue of one of `NAMES` asks."""
    file = _FOLDER.joinpath(f"{name}.json")
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    sections = tuple(
        (section["title"], tuple(map(_item, section["items"]))) for section in data.pop("sections")
    )
    sources = {key: Source(**row) for key, row in data.pop("sources").items()}
    dialects = tuple(data.pop("dialects"))
    return Catalogue(**data, dialects=dialects, sections=sections, sources=sources)


def _item(row: dict[str, Any]) -> Item:
    known: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}
    return Item(**known)
