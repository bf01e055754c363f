"""The steps of a profile from a table: a line holds name, certainty, sources, accepted statuses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from .model import Certainty
from .model import Step
from .profile import Variant

Row: TypeAlias = tuple[str, Certainty, str, tuple[int, ...]]


class StepTable:
    """All steps that a profile can send, by scenario."""

    def __init__(self, rows: Mapping[str, tuple[Row, ...]]) -> None:
        self.scenarios: Mapping[str, tuple[Step, ...]] = MappingProxyType(
            {
                scenario: tuple(
                    Step(name, certainty, tuple(sources.split()), scenario, accepts)
                    for name, certainty, sources, accepts in lines
                )
                for scenario, lines in rows.items()
            }
        )

    def step(self, scenario: str, name: str) -> Step:
        """Return one step; raises KeyError for a step that the table does not have."""
        for candidate in self.scenarios[scenario]:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{scenario} has no step {name!r}")

    def default_form(self, scenario: str) -> Variant:
        """Return the variant that stands for the sequence as the sheet shows it."""
        steps = self.scenarios[scenario]
        tags = [step.certainty for step in steps]
        return Variant(
            name="default",
            certainty=Certainty.weakest(*tags) if tags else Certainty.DOC,
            sources=tuple(dict.fromkeys(key for step in steps for key in step.sources)),
            note="as the sheet's sources show it first",
        )


def form(name: str, certainty: Certainty, sources: str, note: str, **switches: str) -> Variant:
    """Return another known wire form: the switches that bring it about, and who says so."""
    return Variant(
        name=name,
        switches=switches,
        certainty=certainty,
        sources=tuple(sources.split()),
        note=note,
    )
