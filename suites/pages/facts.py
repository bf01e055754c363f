"""What all pages of requirements draw on, gathered once: cases, relations, real servers."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import idp_profiles
from idp_profiles.model import Source
from reference_server import deviations
from suites.proving.case_list import Case
from suites.proving.coverage import State
from suites.proving.coverage import states
from suites.reach import embedded_product
from suites.requirements import Requirement
from suites.requirements import catalogue

from .real_servers import Found
from .real_servers import read

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a page says of a requirement beyond its entry, by its id."""

    states: Mapping[str, State]
    cases: Mapping[str, tuple[Case, ...]]
    relying: Mapping[str, tuple[str, ...]]  # the identity providers that rely on it
    supports: Mapping[str, tuple[str, ...]]  # the needs of identity providers that rest on it
    repeated: Mapping[str, tuple[str, ...]]  # the entries that say the same
    covers: Mapping[str, tuple[str, ...]]  # the entries that its cases show as well
    real: Mapping[str, tuple[Found, ...]]


def gather(found: Iterable[Case], interop: Path | None) -> Facts:
    """Return the facts of all requirements; `interop` is the folder with the pages on servers."""
    cases = list(found)
    entries = list(catalogue().values())
    return Facts(
        states={state.requirement.id: state for state in states(cases)},
        cases=_by((case.requirement, case) for case in cases),
        relying=_by((each, name) for name in idp_profiles.PROFILES for each in _relies(name)),
        supports=_by((each, entry.id) for entry in entries for each in entry.rests_on),
        repeated=_by((entry.same_as, entry.id) for entry in entries if entry.same_as),
        covers=_by((entry.covered_by, entry.id) for entry in entries if entry.covered_by),
        real=read(interop),
    )


def _relies(name: str) -> tuple[str, ...]:
    return idp_profiles.load(name).facts.relies_on


def _by(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    grouped: dict[str, list[T]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in grouped.items()}


def sources_of(entry: Requirement) -> list[Source]:
    """Return the documents behind a need of an identity provider."""
    if entry.idp is None:
        return []
    known = idp_profiles.load(entry.idp).facts.sources
    return [known[key] for key in entry.sources if key in known]


def misbehaviour(name: str, entry: Requirement) -> str:
    """Return what a deviation does, in the words of the server that can be told to do it."""
    known = embedded_product.deviations(entry.product) if entry.product else {}
    # A simulated product may be told to make the mistakes of the server below it, too.
    parts = name.split("+")
    said = [known[part] if part in known else deviations.describe(part) for part in parts]
    return "; and: ".join(each.rstrip(".") for each in said) + "."
