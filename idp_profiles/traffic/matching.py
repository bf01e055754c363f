"""Which scenario each stretch of a recording matches best: the cheapest way through all of them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic
from typing import TypeVar

from .forms import NEVER
from .forms import Form

T = TypeVar("T")
# A request that is missing or too many; one that no scenario knows; the beginning of a stretch,
# so that one long scenario is preferred to two short ones.
_MISSING, _UNKNOWN, _BEGIN = 1.0, 1.6, 0.05
_CLOSE = 0.35
_REPEAT = 0.01
_SPARE = 2


@dataclass(frozen=True, slots=True)
class Template(Generic[T]):
    """A scenario as a row of forms; a step of `repeats` may come any number of times."""

    of: T
    forms: tuple[Form, ...]
    repeats: frozenset[int]

    @classmethod
    def made(cls, of: T, forms: Sequence[Form]) -> Template[T]:
        """Return a template in which equal neighbours are one step that repeats."""
        kept: list[Form] = []
        repeats: set[int] = set()
        for form in forms:
            if kept and kept[-1] == form:
                repeats.add(len(kept) - 1)
            else:
                kept.append(form)
        paged = {at for at, form in enumerate(kept) if form.paged}
        return cls(of, tuple(kept), frozenset(repeats | paged))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an alignment: numbers of the profile's and of the recorded request, or None."""

    ours: int | None
    theirs: int | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """Some recorded requests in a row, and the scenarios that come closest, best first."""

    begin: int
    end: int
    closest: tuple[T, ...]


def stretches(
    recorded: Sequence[Form], retried: frozenset[int], templates: Sequence[Template[T]]
) -> list[Stretch[T]]:
    """Divide a recording into stretches; `retried` are requests that went out once more."""
    reach = [_reaches(recorded, retried, at, templates) for at in range(len(recorded))]
    best: list[tuple[float, int]] = [(0.0, len(recorded))] * (len(recorded) + 1)
    for at in reversed(range(len(recorded))):
        choices = [(_UNKNOWN + best[at + 1][0], at + 1)]
        for end, costs in reach[at].items():
            choices.append((_BEGIN + min(costs.values()) + best[end][0], end))
        best[at] = min(choices, key=lambda one: (round(one[0], 6), -one[1]))
    found: list[Stretch[T]] = []
    at = 0
    while at < len(recorded):
        end = best[at][1]
        found.append(Stretch(at, end, _closest(reach[at].get(end, {}), templates)))
        at = end
    return found


def _closest(costs: dict[int, float], templates: Sequence[Template[T]]) -> tuple[T, ...]:
    if not costs or min(costs.values()) >= _UNKNOWN:
        return ()
    least = min(costs.values())
    order = sorted(costs, key=lambda at: (round(costs[at], 6), at))
    return tuple(templates[at].of for at in order if costs[at] <= least + _CLOSE)


def _reaches(
    recorded: Sequence[Form],
    retried: frozenset[int],
    begin: int,
    templates: Sequence[Template[T]],
) -> dict[int, dict[int, float]]:
    """Return for each end of a stretch from `begin` what each template would cost."""
    found: dict[int, dict[int, float]] = {}
    for number, template in enumerate(templates):
        if template.forms[0].distance(recorded[begin]) >= NEVER and (
            len(template.forms) < 2 or template.forms[1].distance(recorded[begin]) >= NEVER
        ):
            continue
        for end, cost in _ends(recorded, retried, begin, template).items():
            found.setdefault(end, {})[number] = cost
    return found


def _ends(
    recorded: Sequence[Form], retried: frozenset[int], begin: int, template: Template[T]
) -> dict[int, float]:
    """Return the cost of aligning a template with recorded[begin:end], for each useful end."""
    steps = len(template.forms)
    row = {0: 0.0}  # the cost by how many of our steps are done
    ends: dict[int, float] = {}
    for at in range(begin, len(recorded) + 1):
        further: dict[int, float] = {}
        for step in range(steps + 1):
            cost = row.get(step, NEVER)
            if cost > _MISSING * _SPARE:
                continue
            for (reached, place), price in _moves(recorded, retried, template, step, at):
                states = row if place == at else further
                states[reached] = min(states.get(reached, NEVER), cost + price)
        if at > begin and row.get(steps, NEVER) < NEVER:
            ends[at] = row[steps]
        if not further:
            break
        row = further
    return ends


def _moves(
    recorded: Sequence[Form], retried: frozenset[int], template: Template[T], step: int, at: int
) -> list[tuple[tuple[int, int], float]]:
    moves: list[tuple[tuple[int, int], float]] = []
    steps, more = len(template.forms), at < len(recorded)
    if step < steps:
        moves.append(((step + 1, at), _MISSING))
    if step < steps and more:
        price = template.forms[step].distance(recorded[at])
        if price < NEVER:
            moves.append(((step + 1, at + 1), price))
    if step and more and _repeats(template, retried, step - 1, at):
        price = template.forms[step - 1].distance(recorded[at])
        if price < _MISSING:
            moves.append(((step, at + 1), price))
    if more and 0 < step < steps:
        moves.append(((step, at + 1), _MISSING))
    return moves


def _repeats(template: Template[T], retried: frozenset[int], step: int, at: int) -> bool:
    return step in template.repeats or at in retried


def aligned(ours: Sequence[Form], theirs: Sequence[Form], retried: frozenset[int]) -> list[Step]:
    """Return which recorded request stands for which of the profile's, cheapest first.

    `retried` are the places in `theirs` of requests that went out once more.
    """
    table: dict[tuple[int, int], tuple[float, tuple[int, int] | None, Step | None]]
    table = {(len(ours), len(theirs)): (0.0, None, None)}
    for mine in reversed(range(len(ours) + 1)):
        for other in reversed(range(len(theirs) + 1)):
            ways = [
                (price + table[state][0], state, step)
                for price, state, step in _ways(ours, theirs, retried, mine, other)
            ]
            if ways:
                table[mine, other] = min(ways, key=lambda one: one[0])
    steps: list[Step] = []
    state: tuple[int, int] | None = (0, 0)
    while state is not None:
        _, state, step = table[state]
        steps += [step] if step is not None else []
    return steps


def _ways(
    ours: Sequence[Form], theirs: Sequence[Form], retried: frozenset[int], mine: int, other: int
) -> Iterator[tuple[float, tuple[int, int], Step | None]]:
    """Yield the next steps of an alignment with what each costs and where it leads."""
    mine_left, theirs_left = mine < len(ours), other < len(theirs)
    if mine_left and theirs_left:
        price = ours[mine].distance(theirs[other])
        if price < NEVER:
            yield price, (mine + 1, other + 1), Step(mine, other)
    if mine and theirs_left and _again(ours, mine - 1, other in retried):
        price = ours[mine - 1].distance(theirs[other])
        if price < _MISSING:
            yield price + _REPEAT, (mine, other + 1), Step(mine - 1, other, again=True)
    if mine and mine_left and ours[mine] == ours[mine - 1]:
        yield _REPEAT, (mine + 1, other), None
    if mine_left:
        yield _MISSING, (mine + 1, other), Step(mine, None)
    if theirs_left:
        yield _MISSING, (mine, other + 1), Step(None, other)


def _again(ours: Sequence[Form], at: int, retried: bool) -> bool:  # a fact about one place
    """Tell whether a request may come once more: a page, a retry, or one of several in a row."""
    neighbours = (*ours[max(0, at - 1) : at], *ours[at + 1 : at + 2])
    return retried or ours[at].paged or ours[at] in neighbours
