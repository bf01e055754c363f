"""The requirement catalogue: one checkable sentence per id, with its source and judgement."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from typing import TypeVar

import pytest

MARK = "scim_requirement"
JUDGEMENTS = ("fail", "warn", "note")
LEVELS = ("MUST", "SHOULD", "MAY", "STATEMENT", "NEEDS", "WANTS", "TEST")

Function = TypeVar("Function", bound=Callable[..., Any])


class CatalogueError(Exception):
    """A catalogue file or an id used in a case is wrong: our own mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One entry of the catalogue.

    `level` is the RFC keyword, or for an IdP `NEEDS` (it stops otherwise), `WANTS` (it goes on)
    and `TEST` (an assertion of the IdP's own test file). `document` names section or sheet part,
    `sources` the keys of the IdP facts (or an RFC), `feature` the part of the admin console.
    `judges` names the verbs of the IdP whose plain working this requirement is about: a case that
    cannot get past such a verb while preparing points here.
    """

    id: str
    level: str
    judgement: str
    wording: str
    document: str
    sources: tuple[str, ...] = ()
    feature: str | None = None
    idp: str | None = None
    consequence: str | None = None
    hint: str | None = None
    link: str | None = None
    judges: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()


@cache
def catalogue() -> dict[str, Requirement]:
    """Return every requirement by id; raises CatalogueError on a double id or a bad value."""
    entries: dict[str, Requirement] = {}
    for file in sorted(files("suites").joinpath("catalogue").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".json"):
            continue
        for entry in _read(file.read_text(encoding="utf-8"), file.name):
            if entry.id in entries:
                raise CatalogueError(f"{file.name}: id {entry.id!r} is used twice")
            entries[entry.id] = entry
    return entries


def _read(text: str, name: str) -> list[Requirement]:
    document = json.loads(text)
    shared = document["shared"]
    found = []
    for raw in document["requirements"]:
        lists = {
            name: tuple({**shared, **raw}.get(name, ()))
            for name in ("sources", "judges", "dialects")
        }
        merged = {**shared, **raw, **lists}
        entry = Requirement(**merged)
        if entry.judgement not in JUDGEMENTS or entry.level not in LEVELS:
            raise CatalogueError(f"{name}: {entry.id}: unknown level or judgement")
        found.append(entry)
    return found


def by_id(requirement_id: str) -> Requirement:
    """Return one requirement; raises CatalogueError for an id that the catalogue lacks."""
    try:
        return catalogue()[requirement_id]
    except KeyError:
        raise CatalogueError(f"no requirement {requirement_id!r} in the catalogue") from None


@cache
def judge_of(idp: str, verb: str) -> str | None:
    """Return the id of the requirement that judges a verb of an IdP, if there is one."""
    entries = catalogue().values()
    return next((entry.id for entry in entries if entry.idp == idp and verb in entry.judges), None)


Proof = tuple[str, ...] | dict[str, tuple[str, ...]]


def requirement(
    requirement_id: str, *, proof: Proof, dialects: tuple[str, ...] | None = None
) -> Callable[[Function], Function]:
    """Mark a case with the requirement it checks and the deviations that must make it fail.

    `proof` names the deviations, per dialect where they differ. `dialects` are the IdP dialects
    the case runs in: None runs those of the catalogue, an empty tuple runs once because the
    traffic is the same in all of them.
    """

    def mark(function: Function) -> Function:
        marker = getattr(pytest.mark, MARK)
        marked: Function = marker(requirement_id, proof=proof, dialects=dialects)(function)
        return marked

    return mark
