"""What the page can be filtered by: identity provider, verdict, level and area.

The page carries numbers, never the texts themselves: a name that came from somewhere else is only
ever shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.view import one_line

_Key = TypeVar("_Key")

_LEVELS = ("MUST", "SHOULD", "MAY", "STATEMENT", "NEEDS", "WANTS", "TEST")
_VERDICTS = (
    *(Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.WARN),
    *(Verdict.WAIVED, Verdict.SKIP, Verdict.PASS),
)
# A menu longer than this helps nobody, and only something hostile would make one.
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The numbers by which one result is found."""

    idp: int
    verdict: Verdict
    level: int
    areas: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaGroup:
    """Areas under one heading; without one they are suites."""

    heading: str
    options: tuple[tuple[int, str], ...]


class Filters:
    """The menus of one report, and where each of its results stands in them."""

    def __init__(self, report: Report) -> None:
        titles = {each.idp: each.title for each in report.idps}
        self._titles = titles
        found = dict.fromkeys([*titles, *(each.idp for each in report.results if each.idp)])
        self._idps = _numbered(found)
        self._levels = _numbered(sorted({each.level for each in report.results}, key=_rank))
        areas = dict.fromkeys(("", each.suite) for each in report.results)
        areas |= dict.fromkeys(
            (each.idp or "", each.feature) for each in report.results if each.feature
        )
        self._areas = _numbered(areas)
        self.without_idp = any(each.idp is None for each in report.results)
        self.verdicts = tuple(
            each for each in _VERDICTS if any(one.verdict is each for one in report.results)
        )

    def marks(self, result: Result) -> Marks:
        """Return where a result stands."""
        places = [self._areas["", result.suite]]
        if result.feature:
            places.append(self._areas[result.idp or "", result.feature])
        return Marks(
            idp=self._idps[result.idp] if result.idp else 0,
            verdict=result.verdict,
            level=self._levels[result.level],
            areas=" ".join(map(str, places)),
        )

    @property
    def idps(self) -> tuple[tuple[int, str], ...]:
        """The identity providers with their numbers."""
        return tuple((n, self.title(key)) for key, n in self._idps.items())[:_MOST]

    @property
    def levels(self) -> tuple[tuple[int, str], ...]:
        """The levels with their numbers."""
        return tuple((n, one_line(key, 60)) for key, n in self._levels.items())[:_MOST]

    @property
    def areas(self) -> tuple[AreaGroup, ...]:
        """The suites, then the features of each identity provider."""
        groups: dict[str, list[tuple[int, str]]] = {}
        for (idp, area), number in list(self._areas.items())[:_MOST]:
            groups.setdefault(idp, []).append((number, one_line(area, 60)))
        return tuple(
            AreaGroup(heading=self.title(idp) if idp else "", options=tuple(options))
            for idp, options in groups.items()
        )

    def title(self, idp: str) -> str:
        """Return what an identity provider is called."""
        return one_line(self._titles.get(idp, idp), 60)


def _numbered(keys: Iterable[_Key]) -> dict[_Key, int]:
    return {key: number for number, key in enumerate(keys, 1)}


def _rank(level: str) -> tuple[int, str]:
    return (_LEVELS.index(level) if level in _LEVELS else len(_LEVELS), level)
