"""Joiners, movers and leavers: what each identity provider gets done, by what it last sent."""

from __future__ import annotations

from collections.abc import Sequence

from reports import view
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.wording import wording

from .observed import GROUPS
from .observed import Exchange
from .observed import operation
from .observed import sets_inactive
from .observed import story_of

# The rows of the block, in the order in which somebody passes through a company.
JOINER, MOVER, TEAMS, LEAVER, PURGED = ("joiner", "mover", "teams", "leaver", "purged")
ROWS = (JOINER, MOVER, TEAMS, LEAVER, PURGED)
_NOT_JUDGED = (Verdict.SKIP,)
_WRITES = ("create", "replace", "change", "delete")

Said = tuple[str, Verdict | None, tuple[str, ...]]


def automation(report: Report) -> dict[str, list[Said]]:
    """Return for each row what is said of each IdP: a text, a verdict and the requirements."""
    found: dict[str, dict[str, list[Result]]] = {row: {} for row in ROWS}
    titles = {each.idp: each.title for each in report.idps}
    for result in report.results:
        if result.idp in titles and result.scenario and result.verdict not in _NOT_JUDGED:
            row = _row(result)
            if row:
                found[row].setdefault(titles[result.idp], []).append(result)
    return {
        row: [_said(title, results) for title, results in by_idp.items()]
        for row, by_idp in found.items()
    }


def _row(result: Result) -> str:
    """Return what a replayed sequence is about: what its last write does."""
    last = next((each for each in reversed(list(story_of(result))) if _is_write(each)), None)
    if last is None:
        return ""
    if last.endpoint == GROUPS:
        return TEAMS
    if sets_inactive(last):
        return LEAVER
    return {"create": JOINER, "delete": PURGED}.get(operation(last), MOVER)


def _is_write(exchange: Exchange) -> bool:
    return operation(exchange) in _WRITES


def _said(title: str, results: Sequence[Result]) -> Said:
    """Return how an IdP fares in one row: the worst verdict, and how many cases have it."""
    worst = Verdict.worst(result.verdict for result in results)
    same = [result for result in results if result.verdict is worst]
    only = "-one" if worst is Verdict.PASS and len(results) == 1 else ""
    said = wording("card")(f"fares.{worst}{only}", count=len(same), all=len(results))
    by = tuple(dict.fromkeys(result.requirement for result in same))
    return wording("card")("said.of", what=view.one_line(title, 60), said=said), worst, by
