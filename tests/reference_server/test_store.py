"""The store: what operations cost must not depend on how much is stored."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim


def lines_run(action: Callable[[], object]) -> int:
    """Count the lines of Python that an action runs: a measure of cost that does not vary."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Json:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    gc.disable()  # what is collected just then runs finalizers of others, whose lines would count
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


def costs(scim: Scim, size: int) -> dict[str, int]:
    people = [scim.user(f"user{number}") for number in range(size)]
    newcomer = scim.user("newcomer")[7:]
    path = scim.group("g", people)
    add = {"op": "add", "path": "members", "value": [{"value": newcomer}]}
    remove = {"op": "remove", "path": f'members[value eq "{newcomer}"]'}
    rename = {"op": "replace", "value": {"displayName": "h"}}
    actions: dict[str, Callable[[], object]] = {
        "add a member": lambda: scim.patch(path, add),
        "remove a member": lambda: scim.patch(path, remove),
        "rename the group": lambda: scim.patch(path, rename),
        "read without members": lambda: scim.get(path, excludedAttributes="members"),
        "find by userName": lambda: scim.get("/Users", filter='userName eq "user7"'),
        "find by and": lambda: scim.get("/Users", filter='title pr and userName eq "user7"'),
        "find by or": lambda: scim.get("/Users", filter='id eq "x" or externalId eq "y"'),
        "first page": lambda: scim.get("/Users", count=2),
        "read a user": lambda: scim.get(people[0]),
        "delete a user": lambda: scim.delete(people[1]),
    }
    for action in [*actions.values()] * 2:
        action()  # fills caches; twice, since the first deletion changes what a page says
    return {name: lines_run(action) for name, action in actions.items()}


@pytest.mark.skipif(sys.gettrace() is not None, reason="a debugger or a coverage tool is tracing")
def test_costs_do_not_grow_with_the_number_of_users_and_members(
    make_scim: Callable[..., Scim],
) -> None:
    costs(make_scim(), 10)  # fills the caches that all servers of a process share
    small, large = costs(make_scim(), 10), costs(make_scim(), 300)
    assert {name: large[name] - small[name] for name in small} == dict.fromkeys(small, 0)


def test_the_measure_of_cost_would_notice(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim()
    path = scim.group("g", [scim.user("a")])
    one = lines_run(lambda: scim.get(path))
    scim.patch(path, {"op": "add", "path": "members", "value": [{"value": scim.user("b")[7:]}]})
    assert lines_run(lambda: scim.get(path)) > one
