"""Which findings come from one cause.

Rather too many causes than two that have nothing to do with each other under one name: findings
are put together only where the request, the way it went wrong and the attribute are the same, or
where an IdP needs what a requirement of the RFC asks and the same request breaks that as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from reports import view
from reports.model import Result

from .deciding import is_right_to_miss
from .outcomes import GONE
from .outcomes import IGNORED
from .outcomes import REFUSED
from .outcomes import REPLY
from .outcomes import STALE
from .shapes import Shape
from .signatures import Signature


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its signature."""

    result: Result
    about: Signature


class _Sets:
    """Sets of findings that grow together."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def top(self, member: int) -> int:
        """Return what stands for the set of a member."""
        while self._above[member] != member:
            self._above[member] = self._above[self._above[member]]
            member = self._above[member]
        return member

    def join(self, one: int, other: int) -> None:
        """Make one set of two; the earlier member stands for it."""
        first, second = sorted((self.top(one), self.top(other)))
        self._above[second] = first


def grouped(findings: Sequence[Found]) -> list[list[Found]]:
    """Return the findings of each cause together."""
    sets = _Sets(len(findings))
    by_token: dict[str, int] = {}
    wider = _Wider(
        never=_never_locked_out(findings),
        gone=_gone(each.about.shape for each in findings if each.about.outcome == GONE),
    )
    for position, found in enumerate(findings):
        for token in (*_tokens(found), *wider.tokens(found)):
            sets.join(by_token.setdefault(token, position), position)
    _join_what_the_rfc_asks(findings, sets)
    groups: dict[int, list[Found]] = {}
    for position, found in enumerate(findings):
        groups.setdefault(sets.top(position), []).append(found)
    return [*groups.values()]


def _tokens(found: Found) -> Iterator[str]:
    """Return what a finding shares with others of its cause."""
    result, about = found.result, found.about
    yield about.key
    if about.by_text and about.outcome == IGNORED:
        yield "a text that does not lock out"
    if about.attribute and about.outcome in (IGNORED, STALE, REPLY) and not about.plain:
        # One duty broken for one attribute by every kind of write.
        lost = "lost" if about.lost else ""
        yield "|".join((about.outcome, result.requirement, about.shape.kind, about.attribute, lost))


@dataclass(frozen=True, slots=True)
class _Wider:
    """What the whole report shows about a server, so that more findings have one cause.

    `never`: no way of setting a person inactive does. `gone`: after which one act people or groups
    are not there, so that whatever is written to them is not found.
    """

    never: bool
    gone: Mapping[str, str]

    def tokens(self, found: Found) -> Iterator[str]:
        """Return what a finding shares with others for that."""
        about = found.about
        if self.never and _keeps(about):
            yield "nobody is ever locked out"
        missed = about.status == 404 and about.outcome in (REFUSED, REPLY)
        missed = missed and not is_right_to_miss(found.result)
        kind, act = about.shape.kind, about.shape.act
        if kind in self.gone and (missed or (about.outcome == GONE and self.gone[kind] == act)):
            yield f"gone|{kind}"
        elif about.outcome == GONE:
            yield f"gone|{kind}|{act}"


def _gone(shapes: Iterable[Shape]) -> dict[str, str]:
    """Return after which act people and groups are not there: their creation, or the only other."""
    acts: dict[str, set[str]] = {}
    for each in shapes:
        acts.setdefault(each.kind, set()).add(each.act)
    only = {kind: {"create"} & found or found for kind, found in acts.items()}
    return {kind: next(iter(found)) for kind, found in only.items() if len(found) == 1}


def _keeps(about: Signature) -> bool:
    return about.shape.act == "deactivate" and about.outcome == IGNORED


def _never_locked_out(findings: Iterable[Found]) -> bool:
    """Tell whether no way of setting a person inactive does, the plain ones included.

    A server that fails PUT and PATCH with a boolean, and shows nobody as inactive, has one fault.
    """
    kept = [found.about.shape for found in findings if _keeps(found.about)]
    ways = {shape.line for shape in kept if shape.detail.endswith("false")}
    return len(ways) > 1 and not any(
        '"active": false' in view.compact(view.part(exchange, "response").get("body"))
        for found in findings
        for exchange in view.exchanges(found.result)
    )


def _join_what_the_rfc_asks(findings: Sequence[Found], sets: _Sets) -> None:
    """Put what an IdP needs to the requirement of the RFC that the same request breaks."""
    broken: dict[str, list[int]] = {}
    for position, found in enumerate(findings):
        if found.result.idp is None:
            broken.setdefault(found.result.requirement, []).append(position)
    for position, found in enumerate(findings):
        asked = (each for name in found.result.rests_on for each in broken.get(name, ()))
        match = next((each for each in asked if _alike(found.about, findings[each].about)), None)
        if match is not None:
            sets.join(position, match)


def _alike(one: Signature, other: Signature) -> bool:
    """Tell whether two findings are about one request that went wrong in one way."""
    mine, theirs = one.shape, other.shape
    if (mine.line, mine.act, one.outcome) != (theirs.line, theirs.act, other.outcome):
        return False
    if one.plain:
        return mine.detail == theirs.detail and one.apart == other.apart
    return mine.op == theirs.op and one.attribute == other.attribute and one.lost == other.lost


def blockers(results: Iterable[Result]) -> dict[str, str]:
    """Return what stood in the way of each requirement that could not be judged."""
    return {each.requirement: each.blocked_by for each in results if each.blocked_by}
