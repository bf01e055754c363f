"""Sequence diagrams of the replayed scenarios: who asked what, and where it stopped."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from reports import view
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.wording import wording

from .diagram_rows import rows_of
from .diagram_rows import scenario_of
from .diagram_rows import step_of
from .diagram_rows import telling_position
from .diagram_svg import drawn

_SAYS = wording("diagrams")
# Which verdict tells more about a scenario; any other says as much as a pass.
_TELLING = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.INCONCLUSIVE)
_BAD = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE)

Key = tuple[str, str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """One replayed scenario as a picture; `dialect` None means that all dialects do the same.

    `case` is the result that the picture shows, `position` its place in the report.
    """

    idp: str
    idp_title: str
    dialect: str | None
    scenario: str
    title: str
    svg: Markup
    failed: bool
    case: str
    verdict: Verdict
    position: int


def scenario_diagrams(report: Report) -> tuple[Diagram, ...]:
    """Return one diagram for each IdP, dialect and scenario, made from its most telling result.

    The results of a product's own promises have no part in it: they try the product.
    """
    titles = {each.idp: each.title for each in report.idps}
    dialects = {(each.idp, each.dialect): each.dialect_title for each in report.idps}
    groups = _groups(report)
    return tuple(_diagram(key, groups, titles.get(key[0], key[0]), dialects) for key in groups)


def diagram_of(result: Result, idp_title: str = "", after: Iterable[str] = ()) -> Markup:
    """Return the diagram of one result.

    `idp_title` is the name over the first lifeline; `after` names the steps that would have come
    after the last one.
    """
    client = idp_title or result.idp or _SAYS("scimproof")
    title = _title(result, client, result.dialect, result.scenario or deciding_scenario(result))
    return drawn(rows_of(result, after), client=client, title=title)


def deciding_scenario(result: Result) -> str:
    """Return the scenario that a case is about, or nothing for one that goes through several.

    That is the scenario of the request which shows its finding, else the only one that it has: of
    a whole history nobody can say which part led to what is seen at its end.
    """
    exchanges = view.exchanges(result)
    telling = telling_position(result)
    if telling is not None and (shown := scenario_of(exchanges[telling])):
        return shown
    carried = {scenario_of(each) for each in exchanges if step_of(each)} - {""}
    return carried.pop() if len(carried) == 1 else ""


def _groups(report: Report) -> dict[Key, list[tuple[int, Result]]]:
    """Return the results of each scenario with their places, in the order of the report."""
    groups: dict[Key, list[tuple[int, Result]]] = {}
    for position, result in enumerate(report.results):
        if result.idp is None or result.product is not None or not result.evidence:
            continue
        scenario = result.scenario or deciding_scenario(result)
        if scenario and _steps(result, scenario):
            groups.setdefault((result.idp, result.dialect, scenario), []).append((position, result))
    return groups


def _diagram(
    key: Key,
    groups: dict[Key, list[tuple[int, Result]]],
    idp_title: str,
    dialects: dict[tuple[str, str], str],
) -> Diagram:
    idp, dialect, scenario = key
    position, result = max(groups[key], key=lambda each: _telling(each[1], scenario))
    dialect_title = dialects.get((idp, dialect), dialect) if dialect else None
    after = _not_reached(result, scenario, _others(groups, idp, scenario))
    title = _title(result, idp_title, dialect_title, scenario)
    return Diagram(
        idp=idp,
        idp_title=idp_title,
        dialect=dialect,
        scenario=scenario,
        title=title,
        svg=drawn(rows_of(result, after), client=idp_title, title=title),
        failed=result.verdict in _BAD,
        case=result.case,
        verdict=result.verdict,
        position=position,
    )


def _title(result: Result, idp: str, dialect: str | None, scenario: str) -> str:
    key = "title_dialect" if dialect else "title"
    parts = (idp, dialect or "", scenario or _SAYS("without_scenario"))
    names = (view.one_line(each, 120) for each in parts)
    title = _SAYS(key, **dict(zip(("idp", "dialect", "scenario"), names, strict=True)))
    return _SAYS("simulated", title=title) if result.simulated else title


def _telling(result: Result, scenario: str) -> tuple[int, bool, int, int]:
    """Return how much a result tells about a scenario: a short failure most, then a long pass."""
    found = result.verdict in _TELLING
    rank = len(_TELLING) - _TELLING.index(result.verdict) if found else 0
    length = len(result.evidence)
    carried = len(_steps(result, scenario))
    return (rank, result.scenario == scenario, -length if found else carried, -length)


def _steps(result: Result, scenario: str) -> list[str]:
    """Return the steps of a scenario that a result went through, in order."""
    return [
        step_of(each)
        for each in view.exchanges(result)
        if scenario_of(each) == scenario and step_of(each)
    ]


def _others(
    groups: dict[Key, list[tuple[int, Result]]], idp: str, scenario: str
) -> Iterator[Result]:
    for (its_idp, _, its_scenario), members in groups.items():
        if its_idp == idp and its_scenario == scenario:
            yield from (result for _, result in members)


def _not_reached(result: Result, scenario: str, others: Iterable[Result]) -> tuple[str, ...]:
    """Return the steps that come after the one that stopped, as a case that passed shows them.

    Only a case that went the same way until then can tell: its steps must begin with all those
    of this result, and the identity provider's own request must be what stopped.
    """
    if not _stops_in(result, scenario):
        return ()
    gone = _once(_steps(result, scenario))
    ways = (_once(_steps(each, scenario)) for each in others if each.verdict is Verdict.PASS)
    longer = [way for way in ways if way[: len(gone)] == gone and len(way) > len(gone)]
    return tuple(min(longer, key=len)[len(gone) :]) if longer else ()


def _stops_in(result: Result, scenario: str) -> bool:
    """Tell whether a request of the scenario itself stopped, and none of it came after that."""
    telling = telling_position(result)
    if telling is None or result.verdict is Verdict.WARN:
        return False
    last, *later = view.exchanges(result)[telling:]
    in_scenario = bool(step_of(last)) and scenario_of(last) == scenario
    return in_scenario and not any(map(step_of, later))


def _once(steps: Sequence[str]) -> list[str]:
    """Return the steps without repeats, and of a sequence that starts again its first round."""
    short = [step for step, _ in groupby(steps)]
    return short[: short.index(short[0], 1)] if short[:1] and short[0] in short[1:] else short
