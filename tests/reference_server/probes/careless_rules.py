"""Probes of look_alikes, joins, state_rules, memberships, namings and bare_people."""

from __future__ import annotations

from tests.reference_server.deviation_talk import ENTERPRISE
from tests.reference_server.deviation_talk import HOME
from tests.reference_server.deviation_talk import OFF
from tests.reference_server.deviation_talk import ON
from tests.reference_server.deviation_talk import WORK
from tests.reference_server.deviation_talk import Json
from tests.reference_server.deviation_talk import Look
from tests.reference_server.deviation_talk import Talk
from tests.reference_server.deviation_talk import adding
from tests.reference_server.deviation_talk import removing
from tests.reference_server.deviation_talk import replacing


def _off(t: Talk) -> Talk:
    """Let Anna be inactive."""
    return t.also("anna", active=False)


def _boss(t: Talk) -> Talk:
    """Let Ben report to Anna."""
    return t.also("ben", **{ENTERPRISE: {"manager": {"value": t.anna}}})


def _is_managed(t: Talk) -> bool:
    """Tell whether Ben has a manager after Anna, his manager, was deactivated."""
    _boss(t).patch(OFF)
    return "manager" in t.get("ben").get(ENTERPRISE, {})


def _two_groups(t: Talk) -> Talk:
    """Let Anna be in two groups."""
    return t.crew("anna", name="Other").crew("anna", "ben")


def _left_by(t: Talk, *operations: Json) -> list[str]:
    """Return who is in the other group after Anna left one."""
    t.patch_group(*operations)
    return t.inside("Other")


def _added_by_two(t: Talk) -> list[str]:
    return t.people(3).crew("anna").inside_after(adding(*(t.ids[n] for n in ("anna", "ben"))))


def _without_other_group(t: Talk) -> list[str]:
    t.delete_group()
    return t.inside("Other")


def _after_a_deletion(t: Talk) -> int:
    t.people(2).crew("anna", "ben").deleted()
    return t.patch_group(replacing(displayName="All")).status


PROBES: dict[str, tuple[Look, object, object]] = {
    "filter-underscores-work": (
        lambda t: t.also("a_b").also("axb").found("a_b"),
        ["a_b"],
        ["a_b", "axb"],
    ),
    "filter-overlooks-accents": (
        lambda t: t.also("ana").also("aná").found("ana"),
        ["ana"],
        ["ana", "aná"],
    ),
    "filter-split-at-and": (lambda t: t.search_group("R and D").status, 200, 400),
    "list-repeats-users-with-addresses": (
        lambda t: t.also("anna", emails=[WORK, HOME]).names(),
        ["anna"],
        ["anna", "anna"],
    ),
    "list-repeats-users-of-groups": (
        lambda t: _two_groups(t).found("anna"),
        ["anna"],
        ["anna", "anna"],
    ),
    "deactivate-twice-activates": (lambda t: _off(t).after_patch(OFF)["active"], False, True),
    "patch-activates": (
        lambda t: _off(t).after_patch(replacing(title="Boss"))["active"],
        False,
        True,
    ),
    "patch-active-only-alone": (
        lambda t: t.after_patch(OFF | {"path": "active", "value": False}, replacing(title="B"))[
            "active"
        ],
        False,
        True,
    ),
    "inactive-not-changed": (
        lambda t: _off(t).patch(replacing(title="Boss"), ON).status,
        200,
        403,
    ),
    "delete-of-manager-refused": (lambda t: _boss(t).deleted()[0], 204, 409),
    "deactivate-forgets-manager": (
        _is_managed,
        True,
        False,
    ),
    "member-remove-from-every-group": (
        lambda t: _left_by(_two_groups(t), removing(t.ids["anna"])),
        ["anna"],
        [],
    ),
    "group-delete-ends-memberships": (
        lambda t: _without_other_group(_two_groups(t)),
        ["anna"],
        [],
    ),
    "group-of-deleted-member-500": (_after_a_deletion, 204, 500),
    "member-add-ends-at-present": (_added_by_two, ["anna", "ben"], ["anna"]),
    "create-requires-email": (lambda t: t.create("anna", emails=...).status, 201, 400),
    "create-requires-family-name": (lambda t: t.create("anna", name=...).status, 201, 400),
    "rename-in-capitals-refused": (
        lambda t: t.people(1).put(userName="Anna@example.com").status,
        200,
        409,
    ),
    "rename-changes-email": (
        lambda t: t.after_put(userName="b@example.com")["emails"][0]["value"],
        "anna@example.com",
        "b@example.com",
    ),
    "reactivate-clears-title": (
        lambda t: _off(t).after_patch(ON).get("title"),
        "Engineer",
        None,
    ),
    "group-change-drops-inactive": (
        lambda t: _off(t).crew("anna", "ben").inside_after(replacing(displayName="All")),
        ["anna", "ben"],
        ["ben"],
    ),
    "user-names-must-be-emails": (
        lambda t: t.create("anna", userName="anna").status,
        201,
        400,
    ),
    "names-of-people-unique": (
        lambda t: (
            t.people(1).create("ben", name={"givenName": "Anna", "familyName": "Example"}).status
        ),
        201,
        409,
    ),
    "digits-lose-zeros": (
        lambda t: t.create("anna", **{ENTERPRISE: {"employeeNumber": "007"}}).json[ENTERPRISE],
        {"employeeNumber": "007"},
        {"employeeNumber": "7"},
    ),
}
