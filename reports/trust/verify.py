"""Whether a report is still what its run wrote, as far as the file and its neighbours can tell.

The checks find an edit of one of the two files, not somebody who writes both anew: nothing is
signed. Whoever reads a report can repeat the run (`repeat_command`), which proves more.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from reports import renderings
from reports import view
from reports.model import FORMAT
from reports.model import IdpSummary
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.reading import Json
from reports.reading import ReportError
from reports.record import read_data
from reports.record import read_report
from reports.wording import wording

_UNJUDGED = (Verdict.SKIP, Verdict.INCONCLUSIVE, Verdict.ERROR)
_CLEAN = (Verdict.PASS, Verdict.SKIP)
_FIRST = datetime(2026, 11, 1, tzinfo=UTC)  # no report of this format is older
_AHEAD = timedelta(days=1)  # by which somebody's clock may be wrong


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked; `holds` is None where nothing could be told."""

    name: str
    holds: bool | None
    says: str


def digest(path: Path) -> str:
    """Return the SHA-256 of a report's file, in hex; raises ReportError when it is no report."""
    read_report(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_report(path: Path) -> tuple[Report | None, tuple[Check, ...]]:
    """Return a report with the checks of it alone; None and the one that failed for a broken one.

    Raises ReportError for a file that does not say that it is a report.
    """
    try:
        report = read_report(path)
    except ReportError as error:
        said = read_data(path)
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise
        return None, (judged("schema", [view.one_line(str(error), 400).rstrip(".")]),)
    data = read_data(path)
    summary = data.get("summary") if isinstance(data, dict) else None
    counted = judged("counts", _miscounted(report, summary), count=len(report.results))
    return report, (
        judged("schema", []),
        counted,
        *(judged(name, wrong(report)) for name, wrong in _CHECKS.items()),
        judged("started", _untimely(report), time=view.one_line(report.run.started, 40)),
    )


def judged(name: str, wrong: Iterable[str], **values: object) -> Check:
    """Return a check that holds when nothing is wrong, and else says the first that is."""
    say, found = wording("verify"), list(wrong)
    if not found:
        return Check(name, True, say(f"{name}.holds", **values))
    first = found[0]
    if len(found) > 1:
        first = say("first.more", first=first, count=len(found) - 1)
    return Check(name, False, say(f"{name}.fails", first=first, **values))


def _miscounted(report: Report, summary: Json) -> Iterator[str]:
    said = summary if isinstance(summary, dict) else {}
    for verdict, there in report.summary.items():
        if said.get(verdict) != there:
            yield _first("count", verdict=verdict, said=said.get(verdict), there=there)


def _lost(report: Report) -> Iterator[str]:
    """Return the results that are there twice, and the cases that are named and not there."""
    counted = Counter(result.case for result in report.results)
    yield from (_first("twice", case=case) for case, count in counted.items() if count > 1)
    for place, cases in _named(report):
        for case in cases:
            if case not in counted:
                yield _first("unnamed", case=case, place=place)


def _named(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    for idp in report.idps:
        yield from ((_place(idp, feature.name), feature.results) for feature in idp.features)
        yield from ((_place(idp, item.text), item.results) for item in idp.checklist)
    yield from ((each.id, each.results) for each in report.contradictions)


def _disagreeing(report: Report) -> Iterator[str]:
    """Return the parts of a console with another verdict than that of the results behind them."""
    known = {result.case: result.verdict for result in report.results}
    for idp in report.idps:
        parts = chain(
            ((feature.name, feature.verdict, feature.results) for feature in idp.features),
            ((item.text, item.verdict, item.results) for item in idp.checklist),
        )
        for name, said, cases in parts:
            there = Verdict.worst(known[case] for case in cases if case in known)
            if said is not there:
                yield _first("feature", place=_place(idp, name), said=said, there=there)
        there = Verdict.worst(each.verdict for each in idp.features if each.verdict)
        if there and (idp.verdict is None or idp.verdict.badness < there.badness):
            yield _first("feature", place=_place(idp, ""), said=idp.verdict, there=there)


def _place(idp: IdpSummary, name: str) -> str:
    return ", ".join(part for part in (idp.title, idp.dialect, name) if part)


def _uncovered(report: Report) -> Iterator[str]:
    listed = report.coverage.get("checked")
    if not isinstance(listed, list):
        return
    there = {each.requirement for each in report.results if each.verdict not in _UNJUDGED}
    for requirement in listed:
        if requirement not in there:
            yield _first("requirement", requirement=requirement)
    for requirement in sorted(there - {*map(str, listed)}):
        yield _first("unlisted", requirement=requirement)


def _contradicting(report: Report) -> Iterator[str]:
    """Return the results whose verdict is not that of the texts which a case left beside it."""
    for result in report.results:
        if result.verdict in _CLEAN and (result.reproduce or result.hint):
            yield _first("pass", case=result.case, verdict=result.verdict)
        elif result.verdict is not Verdict.PASS and not (result.actual or result.notes):
            yield _first("finding", case=result.case, verdict=result.verdict)


def _miswaived(report: Report) -> Iterator[str]:
    for result in report.results:
        wrong = _waiver_trouble(report, result)
        if wrong is not None:
            yield _first(wrong, case=result.case, verdict=result.verdict, date=_end(result)[:-1])


def _waiver_trouble(report: Report, result: Result) -> str | None:
    """Return the name of what is wrong with the waiver of a result; None when nothing is.

    Reports of earlier versions say in a note alone what waived a result.
    """
    waived = result.verdict is Verdict.WAIVED
    if waived and result.waiver is None and report.run.versions:
        return "unwaived"
    if not waived and result.waiver is not None:
        return "waived"
    return "expired" if waived and _end(result) and _end(result) < report.run.started else None


def _end(result: Result) -> str:
    end = result.waiver.get("expires") if result.waiver else None
    # The day itself still counts: any time of it is later than the date alone.
    return f"{end}~" if isinstance(end, str) else ""


def _untimely(report: Report) -> Iterator[str]:
    now = datetime.now(UTC)
    try:
        started = datetime.fromisoformat(report.run.started)
    except ValueError:
        yield _first("no_time", time=report.run.started)
        return
    if started > now + _AHEAD:
        yield _first("future", time=report.run.started, now=now.isoformat(timespec="seconds"))
    if started < _FIRST:
        yield _first("past", time=report.run.started)


_CHECKS: Mapping[str, Callable[[Report], Iterable[str]]] = {
    "cases": _lost,
    "consoles": _disagreeing,
    "coverage": _uncovered,
    "verdicts": _contradicting,
    "waivers": _miswaived,
}


def check_renderings(report: Report, directory: Path) -> Iterator[Check]:
    """Return for each rendering beside a report whether this version makes it of the report."""
    say, ours = wording("verify"), _ours()
    for name, render in renderings.FILES.items():
        known = {"name": name, "version": view.one_line(report.run.version, 40), "ours": ours}
        path = directory / name
        if not path.is_file():
            yield Check("renderings", None, say("renderings.absent", **known))
        elif path.read_bytes() == render(report).encode("utf-8", "backslashreplace"):
            yield Check("renderings", True, say("renderings.holds", **(known | {"version": ours})))
        elif report.run.version != ours:
            yield Check("renderings", None, say("renderings.unknown", **known))
        else:
            yield Check("renderings", False, say("renderings.fails", **known))


def _ours() -> str:
    try:
        return version("scimproof")
    except PackageNotFoundError:
        return "0+unknown"


def _first(key: str, **values: object) -> str:
    shown = {name: view.one_line(str(value), 120) for name, value in values.items()}
    return wording("verify")(f"first.{key}", **shown)
