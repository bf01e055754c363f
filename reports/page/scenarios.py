"""The replayed scenarios of each identity provider as pictures, the ones that stop first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from reports import view
from reports.model import Report
from reports.pictures.diagrams import Diagram
from reports.pictures.diagrams import scenario_diagrams

from .entries import Entries

# What all pictures of a page may take together; those that stop are drawn before the others.
_ROOM = 1_500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One scenario with the case that it shows."""

    title: str
    dialect: str
    verdict: str
    svg: Markup
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The scenarios of one identity provider."""

    title: str
    pictures: tuple[Picture, ...]
    stopped: int
    left_out: int


def scenarios(report: Report, entries: Entries) -> tuple[Strip, ...]:
    """Return the pictures of each identity provider."""
    found = sorted(scenario_diagrams(report), key=lambda each: not each.failed)
    kept = set(map(id, _that_fit(found)))
    grouped: dict[str, list[Diagram]] = {}
    for diagram in found:
        grouped.setdefault(view.one_line(diagram.idp_title, 60), []).append(diagram)
    order = {view.one_line(each.title, 60): None for each in report.idps}
    return tuple(
        _strip(title, grouped[title], kept, entries)
        for title in dict.fromkeys([*order, *grouped])
        if title in grouped
    )


def _that_fit(diagrams: Iterable[Diagram]) -> Iterable[Diagram]:
    left = _ROOM
    for diagram in diagrams:
        if len(diagram.svg) <= left:
            left -= len(diagram.svg)
            yield diagram


def _strip(title: str, diagrams: list[Diagram], kept: set[int], entries: Entries) -> Strip:
    shown = [diagram for diagram in diagrams if id(diagram) in kept]
    return Strip(
        title=title,
        pictures=tuple(
            Picture(
                title=view.one_line(each.scenario, 100),
                dialect=entries.dialect(each.idp, each.dialect),
                verdict=each.verdict.value,
                svg=each.svg,
                href=f"#{place}" if (place := entries.place(each.case)) else "",
            )
            for each in shown
        ),
        stopped=sum(each.failed for each in diagrams),
        left_out=len(diagrams) - len(shown),
    )
