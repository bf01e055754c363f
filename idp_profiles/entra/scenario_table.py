"""One line of a table of scenarios, and the two dialects' shorthand."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from idp_profiles.model import Script
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage

from .behaviour import Entra
from .moves import no_preparation
from .names import ALL
from .steps import TABLE
from .variants import variants_of

Arrange: TypeAlias = Callable[[Entra, Stage], Iterator[Script]]
Act: TypeAlias = Callable[[Entra, Stage], Script | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the id of a sequence, what it is called, and how it is brought about."""

    id: str
    title: str
    feature: str
    act: Act
    arrange: Arrange = no_preparation
    dialects: tuple[str, ...] = ALL
    people: int = 1


def scenario_of(row: Row) -> Scenario[Entra]:
    """Return the scenario of a line, with its steps and known wire forms."""
    return Scenario(
        id=row.id,
        title=row.title,
        feature=row.feature,
        dialects=row.dialects,
        steps=TABLE.scenarios[row.id],
        variants=variants_of(row.id),
        arrange=row.arrange,
        act=row.act,
        people=row.people,
    )
