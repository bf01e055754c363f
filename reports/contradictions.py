"""Where the documents of a product contradict each other, and what a run had to say about it.

A contradiction has both sources with their dates. It is settled by running, not by reading: a run
on the product itself shows something, one on a simulation of ours does not, and what no run can
show stays what somebody stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from . import reading
from .reading import Json
from .reading import ReportError


class Outcome(StrEnum):
    """What a run had to say about a contradiction."""

    SHOWN = "shown"
    SIMULATED = "simulated"
    STATED = "stated"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one source says; `date` is None where the source bears none."""

    says: str
    source: str
    date: str | None = None
    link: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the claim that was written; raises ReportError for anything else."""
        return cls(
            says=reading.text(data, "says"),
            source=reading.text(data, "source"),
            date=reading.maybe_text(data, "date"),
            link=reading.maybe_text(data, "link"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Claims that cannot all hold as they stand, and what this run found.

    `requirements` are those whose cases can show it, `results` the cases that did in this run.
    """

    id: str
    product: str
    question: str
    claims: tuple[Claim, ...]
    outcome: Outcome
    found: str
    requirements: tuple[str, ...] = ()
    results: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the contradiction that was written; raises ReportError for anything else."""
        return cls(
            id=reading.text(data, "id"),
            product=reading.text(data, "product"),
            question=reading.text(data, "question"),
            claims=tuple(map(Claim.from_json, reading.objects(data, "claims"))),
            outcome=_outcome(data),
            found=reading.text(data, "found"),
            requirements=reading.texts(data, "requirements"),
            results=reading.texts(data, "results"),
        )


def _outcome(data: Mapping[str, Json]) -> Outcome:
    name = reading.text(data, "outcome")
    try:
        return Outcome(name)
    except ValueError:
        raise ReportError(f"{name!r} is no outcome of a contradiction") from None
