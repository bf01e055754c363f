"""A comparison as one self-contained page: no script, no outside resource."""

from __future__ import annotations

from dataclasses import dataclass

from reports import view
from reports.sheet import render_sheet

from . import comparison_view as said
from .comparison import Change
from .comparison import Comparison
from .comparison import Pair
from .comparison_view import Group
from .comparison_view import words

# Nobody reads more of one kind; both reports have them all.
_MOST_CASES = 200
_OPEN = (Change.REGRESSION, Change.NEW_WARNING, Change.NEW_AND_FAILS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One case, ready to be shown."""

    name: str
    title: str
    verdicts: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Cases that belong together, ready to be shown."""

    id: str
    head: str
    cases: tuple[_Case, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """All cases with one change."""

    key: str
    said: str
    is_open: bool
    groups: tuple[_Group, ...]


def render_html(comparison: Comparison, *, strict: bool = False) -> str:
    """Return a comparison as a page."""
    counted = comparison.counted()
    sections = [
        _Section(
            key=change.value,
            said=said.count_of(change, counted[change]),
            is_open=change in _OPEN,
            groups=tuple(_group(group) for group in said.groups(comparison, change)),
        )
        for change in said.SECTIONS
        if counted[change]
    ]
    return render_sheet(
        "compare",
        target=view.target_name(comparison.new),
        headline=said.headline(comparison, strict=strict),
        worse=comparison.is_worse(strict=strict),
        counts=said.counts(comparison),
        old=said.about(comparison.old),
        new=said.about(comparison.new),
        notes=said.notes(comparison),
        sections=sections,
    )


def _group(group: Group) -> _Group:
    title = view.one_line(group.title, 300)
    return _Group(
        id=group.id,
        head=words("group", title=title, count=len(group.pairs)),
        cases=tuple(map(_case, group.pairs[:_MOST_CASES])),
        left_out=len(group.pairs[_MOST_CASES:]),
    )


def _case(pair: Pair) -> _Case:
    return _Case(
        name=view.name(pair.shown),
        title=view.one_line(pair.shown.title, 300),
        verdicts=said.was_and_is(pair),
        details=tuple(said.details(pair)),
    )
