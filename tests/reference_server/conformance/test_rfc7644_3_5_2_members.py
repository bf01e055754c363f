"""RFC 7644 section 3.5.2 on groups: the members, which a PATCH adds, removes and replaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

UNSET = object()

honours = pytest.mark.honours


def op(op: str, path: str | None = None, value: Json = UNSET) -> dict[str, Any]:
    operation = {"op": op, "path": path, "value": value}
    return {key: each for key, each in operation.items() if each not in (None, UNSET)}


def value(path: str) -> dict[str, Any]:
    return {"value": path.rpartition("/")[2]}


def one(path: str) -> str:
    """Return the path that selects a member."""
    return f'members[value eq "{value(path)["value"]}"]'


# Makes an operation of the paths of three users a, b and c, of whom a and b are members.
Make = Callable[[str, str, str], dict[str, Any]]


def row(ids: str, make: Make, members: str, *, id: str) -> object:  # `id` is pytest's word
    marks = honours(*(f"RFC7644-{each}" for each in ids.split())) if ids else ()
    return pytest.param(make, members, marks=marks, id=id)


ROWS = [
    row("3.5.2.1-13", lambda a, b, c: op("add", "members", [value(c)]), "abc", id="add"),
    row("3.5.2.1-6", lambda a, b, c: op("add", "members", value(c)), "abc", id="without-array"),
    row(
        "3.5.2.1-10 3.5.2.1-11",
        lambda a, b, c: op("add", "members", [value(b), value(a)]),
        "ab",
        id="add-those-who-are-there",
    ),
    row(
        "3.5.2.1-6",
        lambda a, b, c: op("add", "members", [value(a), value(c), value(c)]),
        "abc",
        id="add-one-who-is-there-and-one-twice",
    ),
    row(
        "3.5.2.1-3",
        lambda a, b, c: op("add", value={"Members": [value(c)]}),
        "abc",
        id="add-without-path",
    ),
    row("3.5.2.2-4", lambda a, b, c: op("remove", one(a)), "b", id="remove-one"),
    row(
        "3.5.2.2-4",
        lambda a, b, c: op("remove", f'{one(a)[:-1]} or value eq "{b[7:]}"]'),
        "",
        id="remove-both",
    ),
    row("3.5.2.2-10", lambda a, b, c: op("remove", one(c)), "ab", id="remove-a-stranger"),
    row("3.5.2.2-10", lambda a, b, c: op("remove", one("/x")), "ab", id="remove-nobody-known"),
    row(
        "3.5.2.2-5",
        lambda a, b, c: op("remove", 'members[type eq "User" and not (display eq "b")]'),
        "b",
        id="remove-by-sub-attributes",
    ),
    row("3.5.2.2-12", lambda a, b, c: op("remove", "members"), "", id="remove-all"),
    row(
        "3.5.2.2-16",
        lambda a, b, c: op("remove", "members", [value(a)]),
        "b",
        id="remove-those-named",
    ),
    row("3.5.2.2-16", lambda a, b, c: op("remove", "members", [a[7:]]), "b", id="remove-by-text"),
    row("3.5.2.2-16", lambda a, b, c: op("remove", "members", []), "ab", id="remove-none-named"),
    row("3.5.2.3-3", lambda a, b, c: op("replace", "members", [value(c)]), "c", id="replace-all"),
    row("3.5.2.3-3", lambda a, b, c: op("replace", "members", []), "", id="replace-by-nobody"),
    row(
        "3.5.2.3-3",
        lambda a, b, c: op("replace", "members", [value(b), value(a)]),
        "ab",
        id="replace-by-the-same-in-another-order",
    ),
    row(
        "3.5.2.3-1",
        lambda a, b, c: op("replace", value={"members": [value(b), value(c)]}),
        "bc",
        id="replace-without-path",
    ),
    row(
        "3.5.2.3-7",
        lambda a, b, c: op("replace", one(a), value(c)),
        "bc",
        id="replace-one",
    ),
    row("3.5.2.3-7", lambda a, b, c: op("replace", one(a), value(a)), "ab", id="replace-by-itself"),
    row(
        "",
        lambda a, b, c: op("add", "members", [{**value(c), "display": "C", "type": "User"}]),
        "abc",
        id="with-what-the-server-knows-better",
    ),
]


@pytest.mark.parametrize(("make", "members"), ROWS)
def test_an_operation_changes_the_members(scim: Scim, make: Make, members: str) -> None:
    paths = {name: scim.user(name) for name in "abc"}
    group = scim.group("g", [paths["a"], paths["b"]])
    before = scim.get(group).body
    assert scim.patch(group, make(*paths.values())).status == 204
    after = scim.get(group).body
    assert sorted(scim.members(group)) == sorted(paths[name] for name in members)
    assert ("members" in after) == bool(members)
    assert (after["meta"] != before["meta"]) == (members != "ab")
    for name, path in paths.items():
        assert ("groups" in scim.get(path).body) == (name in members)


@honours("RFC7644-3.5.2.1-12")
def test_adding_those_who_are_there_moves_no_time(scim: Scim) -> None:
    a = scim.user("a")
    group = scim.group("g", [a])
    before = scim.get(group).body["meta"]
    scim.patch(group, op("add", "members", [value(a)]), op("replace", "displayName", "g"))
    scim.patch(group, op("remove", "members"), op("add", "members", [value(a)]))
    assert scim.get(group).body["meta"] == before


@honours("RFC7644-3.5.2.2-11")
def test_the_example_of_one_member_removed(scim: Scim) -> None:
    first, second = scim.user("first"), scim.user("second")
    group = scim.group("g", [first, second])
    scim.patch(group, op("remove", one(first)))
    assert scim.members(group) == [second]


@honours("RFC7644-3.5.2.2-14")
@pytest.mark.parametrize("blank", [" ", ""])
def test_the_example_of_one_member_removed_and_one_added(scim: Scim, blank: str) -> None:
    old, stays, new = (scim.user(name) for name in "abc")
    group = scim.group("g", [old, stays])
    away = op("remove", f'members[value eq{blank}"{old[7:]}"]')
    assert scim.patch(group, away, op("add", "members", [value(new)])).status == 204
    assert sorted(scim.members(group)) == sorted([stays, new])


@honours("RFC7644-3.5.2.2-15")
def test_the_example_of_all_members_removed_and_others_added(scim: Scim) -> None:
    old, stays, new = (scim.user(name) for name in "abc")
    group = scim.group("g", [old, stays])
    scim.patch(group, op("remove", "members"), op("add", "members", [value(new), value(stays)]))
    assert sorted(scim.members(group)) == sorted([new, stays])


@honours("RFC7644-3.5.2.3-10")
def test_the_example_of_all_members_replaced(scim: Scim) -> None:
    babs, james, gone = (scim.user(name) for name in ("babs", "james", "gone"))
    group = scim.group("g", [gone])
    shown = [
        {"display": "Babs Jensen", "$ref": f"https://example.com/v2{babs}", **value(babs)},
        {"display": "James Smith", "$ref": f"https://example.com/v2{james}", **value(james)},
    ]
    assert scim.patch(group, op("replace", "members", shown)).status == 204
    assert sorted(scim.members(group)) == sorted([babs, james])


FAULTS = [
    pytest.param(op("add", "members", [{"value": "x"}]), "invalidValue", id="unknown"),
    pytest.param(op("add", "members", [{"display": "x"}]), "invalidValue", id="no-id"),
    pytest.param(op("add", "members", [{"value": 5}]), "invalidValue", id="number"),
    pytest.param(op("add", "members", ["x"]), "invalidValue", id="text"),
    pytest.param(op("add", "members", [{"value": "editor"}]), "invalidValue", id="role"),
    pytest.param(op("replace", 'members[value eq "x"]', {"value": "y"}), "noTarget", id="no-match"),
    pytest.param(op("replace", "members[value pr]", {"value": "y"}), "invalidValue", id="by-none"),
    pytest.param(op("replace", "members[value pr].value", "x"), "mutability", id="immutable"),
    pytest.param(op("remove", "members[value pr].type"), "mutability", id="remove-type"),
    pytest.param(op("replace", "members.value", "x"), "mutability", id="of-all"),
    pytest.param(op("remove", "members.value"), "mutability", id="remove-of-all"),
    pytest.param(op("remove", "members[value pr].displayName"), "invalidPath", id="unknown-sub"),
    pytest.param(op("remove", "members[value eq]"), "invalidFilter", id="filter"),
    pytest.param(op("remove", 'members[pet eq "x"]'), "invalidFilter", id="filter-on-unknown"),
    pytest.param(op("remove", "displayName"), "mutability", id="required"),
]


@honours("RFC7644-3.5.2-12", "RFC7644-3.5.2-15")
@pytest.mark.parametrize(("operation", "scim_type"), FAULTS)
def test_a_wrong_operation_changes_nothing(scim: Scim, operation: Json, scim_type: str) -> None:
    a, b = scim.user("a"), scim.user("b")
    group = scim.group("g", [a])
    before = scim.get(group).body
    reply = scim.patch(group, op("add", "members", [value(b)]), operation)
    assert reply.fault == (400, scim_type)
    assert "Operations[1]" in reply.body["detail"]
    assert scim.get(group).body == before
    assert "groups" not in scim.get(b).body


@honours("RFC7644-3.5.2-21")
def test_operations_on_members_keep_their_order(scim: Scim) -> None:
    a, b, c = (scim.user(name) for name in "abc")
    group = scim.group("g", [a])
    scim.patch(
        group,
        op("add", "members", [value(b), value(c)]),
        op("remove", one(b)),
        op("remove", one(a)),
        op("add", "members", [value(a)]),
    )
    assert sorted(scim.members(group)) == sorted([a, c])
    scim.patch(group, op("add", "members", [value(b)]), op("replace", "members", [value(c)]))
    assert scim.members(group) == [c]


def test_a_filter_sees_the_members_that_operations_before_it_added(scim: Scim) -> None:
    a, b = scim.user("a"), scim.user("b")
    group = scim.group("g", [a])
    by_name = op("remove", 'members[display eq "b"]')
    scim.patch(group, op("add", "members", [value(b)]), by_name)
    assert scim.members(group) == [a]
    scim.patch(group, op("add", "members", [value(b)]), op("replace", one(b), value(a)))
    assert scim.members(group) == [a]


def test_a_group_can_be_a_member_even_of_itself(scim: Scim) -> None:
    inner, outer = scim.group("inner"), scim.group("outer")
    scim.patch(outer, op("add", "members", [value(inner), value(outer)]))
    assert sorted(scim.members(outer)) == sorted([inner, outer])
    scim.patch(outer, op("remove", one(outer)))
    assert scim.members(outer) == [inner]
