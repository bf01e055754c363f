"""The findings by cause: what the server does, what happens to whom, and how to see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from reports import view
from reports.findings.causes import Cause
from reports.findings.causes import causes
from reports.findings.harm import Place
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.pictures.diagrams import diagram_of
from reports.wording import wording

from .entries import Entries
from .entries import Entry

_MOST_LINKS = 6
_MOST_HINTS = 3
# One of 40 exchanges takes 30,000.
_LARGEST_DIAGRAM = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseEntry:
    """A cause with its place on the page; `lead` is the result that shows it best."""

    anchor: str
    cause: Cause
    scope: str
    certainty: str
    lead: Entry
    others: tuple[Entry, ...]
    stops: tuple[tuple[str, tuple[str, ...]], ...]
    warns: tuple[tuple[str, tuple[str, ...]], ...]
    hints: tuple[str, ...]
    links: tuple[str, ...]
    diagram: Markup

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every result of the cause, the one that is shown first included."""
        return (self.lead, *self.others)


def findings(report: Report, entries: Entries) -> tuple[CauseEntry, ...]:
    """Return the causes of all findings; those with a failure stand before mere warnings."""
    found = sorted(causes(report), key=lambda cause: cause.verdict is not Verdict.FAIL)
    return tuple(_entry(cause, entries) for cause in found)


def _entry(cause: Cause, entries: Entries) -> CauseEntry:
    lead, *others = cause.results
    anchor = entries.anchors.cause(cause.id)
    return CauseEntry(
        anchor=anchor,
        cause=cause,
        scope=_scope(cause.harm.scope),
        certainty=view.CERTAINTY_WORDS.get(cause.certainty or "", cause.certainty or ""),
        lead=entries.in_full(lead),
        others=tuple(map(entries.in_brief, others)),
        stops=_by_console(cause.harm.stops),
        warns=_by_console(cause.harm.warns),
        hints=cause.hints[:_MOST_HINTS],
        links=_links(cause.results),
        diagram=_diagram(lead, entries),
    )


def _diagram(lead: Result, entries: Entries) -> Markup:
    """Return the picture of a replay; a case of the standard alone replays nothing."""
    if lead.idp is None or not lead.evidence or not entries.room.has(_LARGEST_DIAGRAM):
        return Markup()
    drawn = diagram_of(lead, entries.filters.title(lead.idp))
    fits = len(drawn) <= _LARGEST_DIAGRAM and entries.room.take(len(drawn))
    return drawn if fits else Markup()


def _scope(scope: str) -> str:
    """Return how far a cause reaches, in words."""
    words = wording("causes")
    return words(f"scope.{scope}") if f"scope.{scope}" in words else scope


def _by_console(places: Iterable[Place]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the features of each identity provider and dialect."""
    grouped: dict[str, list[str]] = {}
    for idp, dialect, feature in places:
        name = " · ".join(view.one_line(part, 80) for part in (idp, dialect) if part)
        grouped.setdefault(name, []).append(view.one_line(feature, 80))
    return tuple((name, tuple(features)) for name, features in grouped.items())


def _links(results: Iterable[Result]) -> tuple[str, ...]:
    """Return where to read more: the texts of the RFCs first."""
    found = _each_once((link for each in results for link in each.links), 50)
    return tuple(sorted(found, key=lambda link: "rfc-editor.org" not in link))[:_MOST_LINKS]


def _each_once(texts: Iterable[str | None], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:most]
