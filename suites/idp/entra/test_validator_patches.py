"""Microsoft's SCIM Validator (reconstructed): users are changed, disabled, and get managers."""

from __future__ import annotations

import pytest

from idp_profiles.entra.tool_values import MANAGER
from idp_profiles.entra.tool_values import Values
from idp_profiles.entra.tool_values import folded
from idp_profiles.entra.tool_values import later_values
from idp_profiles.entra.tool_values import one_by_one
from idp_profiles.entra.tool_values import role_changes
from idp_profiles.entra.tool_values import role_value
from idp_profiles.model import Json
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .conftest import Account as Colleague
from .tool_run import PATCHED
from .tool_run import Account
from .tool_run import ToolRun

CREATE = "ENTRA-VAL-1"


@pytest.fixture
def run(entra: Replay, bench: Bench) -> ToolRun:
    """The Validator at work in this case."""
    return ToolRun(entra, bench, entra.idp.validator)


@pytest.fixture
def user(run: ToolRun, people: Registry) -> Account:
    """A user of the case's own, with all attributes but roles and manager."""
    return run.created(people.person(), by=CREATE)


@pytest.fixture
def bare(run: ToolRun, people: Registry) -> Account:
    """A user of the case's own who has a userName and nothing else."""
    person = people.person()
    return run.created(person, {"userName": person.user_name}, by=CREATE)


def _patched(run: ToolRun, user: Account, operations: list[Json], values: Values) -> None:
    """Send a PATCH and expect the user to show these values by the joining property."""
    __tracebackhide__ = True
    if not values:
        raise NotOffered("the server's schema has none of these attributes for clients to write")
    expect(run.send(run.tool.patch("/Users", user.id, operations))).status(*PATCHED)
    name = values.get("userName", user.person.user_name)
    found = run.send(run.tool.find("/Users", "userName", str(name)))
    expect(found).list_response("totalResults").has("totalResults", 1)
    run.shows(found.first(), values)


@requirement(
    "ENTRA-VAL-6",
    proof=(
        *("patch-dotted-key-refused", "patch-dotted-key-ignored", "patch-qualified-key-refused"),
        *("patch-pathless-refused", "patch-replace-ignored", "patch-filter-hits-all"),
    ),
    dialects=(),
)
def test_attributes_are_replaced_by_keys(run: ToolRun, user: Account) -> None:
    """Values whose paths are keys of one replace are changed, those that a type selects too."""
    values = later_values(user.person, run.knows)
    _patched(run, user, folded("replace", values), values)


@requirement(
    "ENTRA-VAL-33",
    proof=(
        *("patch-many-operations-refused", "patch-first-operation-only", "patch-replace-ignored"),
        *("patch-part-path-refused", "patch-urn-path-refused", "patch-filter-hits-all"),
    ),
    dialects=(),
)
def test_attributes_are_replaced_one_by_one(run: ToolRun, user: Account) -> None:
    """Values that each have an operation with a path are replaced."""
    values = later_values(user.person, run.knows)
    _patched(run, user, one_by_one("replace", values), values)


@requirement(
    "ENTRA-VAL-36", proof=("patch-primary-text-refused", "patch-role-ignored"), dialects=()
)
def test_the_primary_role_is_replaced(run: ToolRun, people: Registry) -> None:
    """The parts of the primary role are replaced by paths that compare a boolean with a text."""
    if not run.knows("roles.value"):
        raise NotOffered("the server's schema has no roles for clients to write")
    person = people.person()
    roles: Values = {"roles": [role_value(person, "first")]}
    user = run.created(person, {"userName": person.user_name, **roles}, by=CREATE)
    changes = one_by_one("replace", role_changes(person, "later"))
    expect(run.send(run.tool.patch("/Users", user.id, changes))).status(*PATCHED)
    shown = run.send(run.tool.read("/Users", user.id))
    value = role_value(person, "later")["value"]
    expect(shown).status(200).holds_value("roles", value=value)


@requirement(
    "ENTRA-VAL-7",
    proof=("rename-refused", "patch-user-pathless-refused", "patch-replace-ignored"),
    dialects=(),
)
def test_the_user_name_is_changed(run: ToolRun, user: Account, people: Registry) -> None:
    """A user who is given another userName without a path is found by the new one."""
    values: Values = {"userName": people.person().user_name}
    _patched(run, user, folded("replace", values), values)


@requirement(
    "ENTRA-VAL-8",
    proof=(
        *("deactivate-ignored", "deactivate-refused", "inactive-hidden-by-id"),
        *("deactivate-deletes", "active-omitted", "active-as-string"),
    ),
    dialects=(),
)
def test_a_user_is_disabled(run: ToolRun, user: Account) -> None:
    """A user whom active false disables is returned as inactive."""
    if not run.knows("active"):
        raise NotOffered("the server's schema has no active for clients to write")
    disabling = run.tool.patch("/Users", user.id, one_by_one("replace", {"active": False}))
    expect(run.send(disabling)).status(*PATCHED)
    expect(run.send(run.tool.read("/Users", user.id))).status(200).has("active", False)


@requirement(
    "ENTRA-VAL-9",
    proof=("patch-dotted-key-refused", "patch-pathless-refused", "patch-add-ignored"),
    dialects=(),
)
def test_attributes_are_added_by_keys(run: ToolRun, bare: Account) -> None:
    """A user who has only a userName is filled by one add without a path."""
    values = later_values(bare.person, run.knows)
    _patched(run, bare, folded("add", values), values)


@requirement(
    "ENTRA-VAL-34",
    proof=("patch-many-operations-refused", "patch-add-ignored", "patch-urn-path-refused"),
    dialects=(),
)
def test_attributes_are_added_one_by_one(run: ToolRun, bare: Account) -> None:
    """A user who has only a userName is filled by adds with paths, also by those that select."""
    values = later_values(bare.person, run.knows)
    _patched(run, bare, one_by_one("add", values), values)


# -- managers


def _manage(run: ToolRun, user: Account, op: str, value: Json, manager_id: str) -> None:
    """Send one operation on the manager, and expect this id to be shown."""
    __tracebackhide__ = True
    operation: Json = {"op": op, "path": MANAGER, "value": value}
    expect(run.send(run.tool.patch("/Users", user.id, [operation]))).status(*PATCHED)
    shown = expect(run.send(run.tool.read("/Users", user.id))).status(200)
    if manager_id:
        shown.has(f"{MANAGER}.value", manager_id)
    else:
        # The Validator takes an empty text for no manager as well.
        shown.lacks(f"{MANAGER}.value")


def _managed(run: ToolRun, user: Account, manager_id: str) -> None:
    """Give a user a manager in a way that the RFC has; raises Blocked."""
    operation: Json = {"op": "add", "path": MANAGER, "value": {"value": manager_id}}
    answer = run.send(run.tool.patch("/Users", user.id, [operation]))
    if answer.status not in PATCHED:
        came = f"the add of a manager was answered {answer.status}"
        raise Blocked(came, by="ENTRA-VAL-10", entry=answer.entry)


@requirement(
    "ENTRA-VAL-10",
    proof=("patch-add-ignored", "patch-urn-path-refused", "manager-object-refused"),
    dialects=(),
)
def test_a_manager_is_added(run: ToolRun, user: Account, crew: tuple[Colleague, ...]) -> None:
    """A manager who is added as an object is shown."""
    _manage(run, user, "add", {"value": crew[0].id}, crew[0].id)


@requirement("ENTRA-VAL-11", proof=("patch-replace-ignored", "manager-first-kept"), dialects=())
def test_a_manager_is_replaced(run: ToolRun, user: Account, crew: tuple[Colleague, ...]) -> None:
    """A manager who is replaced by another object is the other one."""
    _managed(run, user, crew[0].id)
    _manage(run, user, "replace", {"value": crew[1].id}, crew[1].id)


@requirement("ENTRA-VAL-12", proof=("patch-replace-ignored", "empty-string-refused"), dialects=())
def test_a_manager_is_emptied(run: ToolRun, user: Account, crew: tuple[Colleague, ...]) -> None:
    """A manager who is replaced by an empty value is no manager any more."""
    _managed(run, user, crew[0].id)
    _manage(run, user, "replace", {"value": ""}, "")


@requirement(
    "ENTRA-VAL-35",
    proof=("manager-text-refused", "manager-text-ignored", "manager-empty-refused"),
    dialects=(),
)
def test_a_manager_comes_as_a_text(
    run: ToolRun, user: Account, crew: tuple[Colleague, ...]
) -> None:
    """A manager is added, replaced and emptied by bare texts."""
    _manage(run, user, "add", crew[0].id, crew[0].id)
    _manage(run, user, "replace", crew[1].id, crew[1].id)
    _manage(run, user, "replace", "", "")


# -- preview


@requirement(
    "ENTRA-VAL-26",
    proof=(
        *("patch-many-operations-refused", "patch-first-operation-only"),
        *("patch-last-operation-only", "patch-remove-ignored"),
    ),
    dialects=(),
)
def test_different_attributes_change_at_once(run: ToolRun, user: Account) -> None:
    """A remove, an add and a replace of different attributes are all carried out."""
    language, later = "preferredLanguage", later_values(user.person, run.knows)
    if language not in later or "title" not in later:
        raise NotOffered("the server's schema lacks preferredLanguage or title")
    operations: list[Json] = [
        {"op": "remove", "path": language},
        {"op": "add", "path": "externalId", "value": user.person.idp_id},
        {"op": "replace", "path": "title", "value": later["title"]},
    ]
    expect(run.send(run.tool.patch("/Users", user.id, operations))).status(*PATCHED)
    shown = run.send(run.tool.read("/Users", user.id))
    expect(shown).status(200).lacks(language)
    run.shows(shown, {"title": later["title"], "externalId": user.person.idp_id})


@requirement(
    "ENTRA-VAL-27",
    proof=(
        *("patch-many-operations-refused", "patch-operations-reversed"),
        "patch-first-operation-only",
    ),
    dialects=(),
)
def test_one_attribute_changes_thrice_at_once(run: ToolRun, user: Account) -> None:
    """A remove, an add and a replace of one attribute are carried out in this order."""
    operations: list[Json] = [
        {"op": "remove", "path": "externalId"},
        {"op": "add", "path": "externalId", "value": f"{user.person.idp_id}-1"},
        {"op": "replace", "path": "externalId", "value": f"{user.person.idp_id}-2"},
    ]
    expect(run.send(run.tool.patch("/Users", user.id, operations))).status(*PATCHED)
    shown = run.send(run.tool.read("/Users", user.id))
    expect(shown).status(200).has("externalId", f"{user.person.idp_id}-2")
