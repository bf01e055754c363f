"""Every result that is no finding, under what it has in common with others."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from reports import view
from reports.findings.blockers import blocked
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.reading import Json

from .entries import Entries
from .entries import Entry

_WAIVER_FACTS = ("owner", "expires", "requirement", "cause", "idp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Results under one heading: a blocker, a waiver, a reason or an identity provider."""

    heading: str
    entries: tuple[Entry, ...]
    link: str = ""
    blocker: str = ""  # the requirement that judges what stood in the way
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Results of one verdict."""

    key: str
    verdict: Verdict
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many results there are."""
        return sum(len(group.entries) for group in self.groups)


def errors(report: Report, entries: Entries) -> Section:
    """Return what went wrong in scimproof itself, each with its evidence."""
    found = view.of_verdict(report, Verdict.ERROR)
    groups = (Group(heading="", entries=tuple(map(entries.in_full, found))),) if found else ()
    return Section(key="errors", verdict=Verdict.ERROR, groups=groups)


def inconclusive(report: Report, entries: Entries) -> Section:
    """Return what could not be judged, under what stood in its way, each named once."""
    groups = tuple(
        Group(
            heading=blocker.sentence,
            blocker=blocker.requirement or "",
            entries=tuple(map(entries.alone, blocker.results)),
        )
        for blocker in blocked(report)
    )
    return Section(key="inconclusive", verdict=Verdict.INCONCLUSIVE, groups=groups)


def waived(report: Report, entries: Entries) -> Section:
    """Return what was accepted on purpose, under its waiver."""
    groups = tuple(
        Group(
            heading=_waiver_reason(results[0]),
            facts=_waiver_facts(results[0].waiver or {}, entries),
            link=_web_link(results[0].waiver or {}),
            entries=tuple(map(entries.alone, results)),
        )
        for _, results in _grouped(report, Verdict.WAIVED, _waiver_key)
    )
    return Section(key="waived", verdict=Verdict.WAIVED, groups=groups)


def skipped(report: Report, entries: Entries) -> Section:
    """Return what did not apply, under the reason."""
    return _plain("skipped", Verdict.SKIP, view.reason, report, entries)


def passed(report: Report, entries: Entries) -> Section:
    """Return what was as it has to be, under the identity provider or the suite."""

    def heading(result: Result) -> str:
        if result.product:
            return result.product.capitalize()
        return entries.filters.title(result.idp) if result.idp else result.suite

    return _plain("passed", Verdict.PASS, heading, report, entries)


def _plain(
    key: str, verdict: Verdict, heading: Callable[[Result], str], report: Report, entries: Entries
) -> Section:
    groups = tuple(
        Group(heading=name, entries=tuple(map(entries.alone, results)))
        for name, results in _grouped(report, verdict, heading)
    )
    return Section(key=key, verdict=verdict, groups=groups)


def _grouped(
    report: Report, verdict: Verdict, heading: Callable[[Result], str]
) -> Iterable[tuple[str, list[Result]]]:
    grouped: dict[str, list[Result]] = {}
    for result in view.of_verdict(report, verdict):
        grouped.setdefault(view.one_line(heading(result), 1_000), []).append(result)
    return grouped.items()


def _waiver_key(result: Result) -> str:
    return view.compact(dict(result.waiver)) if result.waiver else view.reason(result)


def _waiver_reason(result: Result) -> str:
    reason = (result.waiver or {}).get("reason")
    return reason if isinstance(reason, str) and reason else view.reason(result)


def _waiver_facts(waiver: Mapping[str, Json], entries: Entries) -> tuple[tuple[str, str], ...]:
    return tuple(
        (entries.words(f"waiver.{key}"), view.one_line(view.compact(waiver[key]), 200))
        for key in _WAIVER_FACTS
        if waiver.get(key)
    )


def _web_link(waiver: Mapping[str, Json]) -> str:
    link = waiver.get("link")
    return link if isinstance(link, str) else ""
