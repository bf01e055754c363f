"""RFC 7644 section 3.4.2.2: every operator on parts, on several values and on extensions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import timedelta
from datetime import timezone

import pytest

from suites.client import ENTERPRISE_URN
from suites.client import Seen
from suites.expect import expect
from suites.making.bodies import filled
from suites.making.lab import Lab
from suites.making.world import World
from suites.querying.conftest import Ask
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import moment
from suites.values import quoted
from suites.verbs import Made
from suites.verdicts import NotOffered

PART = "name.familyName"
MAIL = "emails.value"
DEPARTMENT = f"{ENTERPRISE_URN}:department"
PATHS = pytest.mark.parametrize("path", [PART, MAIL, DEPARTMENT], ids=["part", "mail", "extension"])
PARTS = ("filter-parts-by-eq-alone", "filter-parts-overlooked")
# By path: where its values begin, what is in some of them, and how some end.
WORDS = {
    PART: ("O'Ma", "all", "ley"),
    MAIL: ("ada.{tag}", "{tag}.home@", ".home@{domain}"),
    DEPARTMENT: ("Res", "arch", "arch {mark}"),
}
Like = Callable[[str, str], bool]


def _found(ask: Ask, world: World, path: str, name: str, like: Like, value: str) -> None:
    """Expect those for whom a comparison holds; where only case decides, it is judged elsewhere."""
    __tracebackhide__ = True
    exact = {each.key for each in world.whose(path, lambda v: like(v, value), folded=False)}
    folded = {each.key for each in world.whose(path, lambda v: like(v, value.casefold()))}
    expect(ask(f"{path} {name} {quoted(value)}")).finds(
        *world.keys(exact & folded), among=world.users, perhaps=world.keys(exact ^ folded)
    )


def _word(world: World, path: str, number: int) -> str:
    words = {"tag": world.tag, "mark": world.mark, "domain": world.domain}
    return str(filled(WORDS[path][number], words))


def _bound(world: World, path: str) -> str:
    """Return a value in the middle of those at a path."""
    values = sorted(str(value) for each in world.having(path) for value in each.values(path))
    return values[(len(values) - 1) // 2]


@PATHS
@requirement("RFC7644-3.4.2.2-14", proof=PARTS)
def test_co_looks_into_parts_and_extensions(path: str, ask: Ask, world: World) -> None:
    """`co` finds what contains the value, in a part, any of several values or an extension."""
    _found(ask, world, path, "co", str.__contains__, _word(world, path, 1))


@PATHS
@requirement("RFC7644-3.4.2.2-15", proof=PARTS)
def test_sw_looks_into_parts_and_extensions(path: str, ask: Ask, world: World) -> None:
    """`sw` finds what begins so, in a part, any of several values or an extension."""
    _found(ask, world, path, "sw", str.startswith, _word(world, path, 0))


@PATHS
@requirement("RFC7644-3.4.2.2-16", proof=PARTS)
def test_ew_looks_into_parts_and_extensions(path: str, ask: Ask, world: World) -> None:
    """`ew` finds what ends so, in a part, any of several values or an extension."""
    _found(ask, world, path, "ew", str.endswith, _word(world, path, 2))


@PATHS
@requirement("RFC7644-3.4.2.2-18", proof=PARTS)
def test_gt_looks_into_parts_and_extensions(path: str, ask: Ask, world: World) -> None:
    """`gt` finds what comes later, in a part, any of several values or an extension."""
    _found(ask, world, path, "gt", operator.gt, _bound(world, path))


@PATHS
@requirement("RFC7644-3.4.2.2-25", proof=("filter-parts-overlooked",))
def test_le_looks_into_parts_and_extensions(path: str, ask: Ask, world: World) -> None:
    """`le` finds the value and what is before, in a part, any of several or an extension."""
    _found(ask, world, path, "le", operator.le, _bound(world, path))


@pytest.mark.parametrize("path", ["emails.type", DEPARTMENT], ids=["part", "extension"])
@requirement("RFC7644-3.4.2.2-17", proof=("filter-pr-ignored", "filter-parts-overlooked"))
def test_pr_looks_into_parts_and_extensions(path: str, ask: Ask, world: World) -> None:
    """`pr` finds who has a value in a part of any of several values, or in an extension."""
    expect(ask(f"{path} pr")).finds(*world.having(path), among=world.users)


@requirement("RFC7644-3.4.2.2-17", proof=("filter-pr-finds-empty-arrays",))
def test_pr_does_not_find_an_empty_array(experiment: Experiment) -> None:
    """`emails pr` does not find a user who was created with an empty array of emails."""

    def run(lab: Lab) -> tuple[Made, Seen]:
        made = lab.plain_user(key="without addresses", emails=[])
        return lab.reread(made), lab.scim.find("emails pr")

    made, reply = experiment(run, key="a user with an empty array")
    if made.has("emails"):
        raise NotOffered("the server gives a user without addresses one")
    expect(reply).finds(among=[made])


@pytest.mark.parametrize(
    ("name", "hours"), [pytest.param("gt", 14, id="gt"), pytest.param("lt", -12, id="lt")]
)
@requirement("RFC7644-3.4.2.2-18", proof=("filter-zones-overlooked",))
def test_a_moment_is_the_same_in_every_zone(name: str, hours: int, ask: Ask, world: World) -> None:
    """`gt` and `lt` with a time of a distant zone find what was changed after it and before."""
    times = {e.key: moment(e.value("meta.lastModified")) for e in world.having("meta.lastModified")}
    at = [*times.values()][len(times) // 2]
    if at is None or None in times.values():
        raise NotOffered("meta.lastModified is no dateTime, which RFC7643-2.3.5-1 judges")
    there = at.astimezone(timezone(timedelta(hours=hours))).isoformat()
    like = operator.gt if name == "gt" else operator.lt
    wanted = {key for key, time in times.items() if time is not None and like(time, at)}
    # A server may keep more digits of a second than it shows.
    same = {key for key, time in times.items() if time == at}
    expect(ask(f"meta.lastModified {name} {quoted(there)}")).finds(
        *world.keys(wanted), among=world.users, perhaps=world.keys(same)
    )
