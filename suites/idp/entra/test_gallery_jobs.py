"""Microsoft's gallery tests (reconstructed): those that let a provisioning job run.

They change the directory, let the job of the app work, and look into its log and at the endpoint.
"""

from __future__ import annotations

import pytest

from idp_profiles.entra.tool_values import MANAGER
from idp_profiles.model import Group
from idp_profiles.model import Json
from reports import Verdict
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch

from .conftest import Account
from .conftest import Acted
from .conftest import formed
from .conftest import team_of
from .tool_run import Answer
from .tool_run import ToolRun

GROUPS = pytest.mark.usefixtures("groups_offered")


@pytest.fixture
def run(entra: Replay, bench: Bench) -> ToolRun:
    """The reads by which the gallery's tests look at the endpoint."""
    return ToolRun(entra, bench, entra.idp.gallery)


@pytest.fixture
def team(entra: Replay, look: ScimClient, people: Registry) -> tuple[Group, str]:
    """A group without members that Entra has provisioned before, and its id."""
    return _team(entra, look, people)


def _team(entra: Replay, look: ScimClient, people: Registry, *member_ids: str) -> tuple[Group, str]:
    group = team_of(people)
    group_id = formed(look, group.name, member_ids)
    entra.idp.link_group(group, group_id)
    return group, group_id


def _found(run: ToolRun, user_name: str) -> Answer:
    """Expect a look-up by userName to find one user, and return the user."""
    __tracebackhide__ = True
    found = run.send(run.tool.find("/Users", "userName", user_name))
    expect(found).list_response("totalResults").has("totalResults", 1)
    return found.first()


def _group_found(run: ToolRun, name: str) -> Answer:
    """Expect a look-up by displayName to find one group, and return the group."""
    __tracebackhide__ = True
    found = run.send(run.tool.find("/Groups", "displayName", name))
    expect(found).list_response("totalResults").has("totalResults", 1)
    return found.first()


# -- users


@requirement(
    "ENTRA-GAL-1",
    proof=("create-keeps-nothing", "create-empty-body", "enterprise-refused-listed"),
)
def test_a_new_person_is_on_the_endpoint(entra: Replay, run: ToolRun, newcomer: Acted) -> None:
    """Create_User_Test: a person who came into scope is found on the endpoint."""
    entra.judged(newcomer.outcome)
    user = _found(run, newcomer.person.user_name)
    expect(user).has("id", newcomer.id).has("userName", newcomer.person.user_name)


@requirement("ENTRA-GAL-2", proof=("patch-op-must-be-lower-case", "patch-replace-ignored"))
def test_changes_are_on_the_endpoint(entra: Replay, run: ToolRun, assigned: Account) -> None:
    """Update_User_Test: changed attributes of a person are read on the endpoint."""
    title, department = "title", f"{ENTERPRISE_URN}:department"
    changed: dict[str, Json] = {"jobTitle": "Architect", "department": "Planning"}
    entra.act.update(assigned.person, given_name="Renamed", **changed)
    wanted: dict[str, Json] = {title: "Architect", department: "Planning"}
    kept = {path: value for path, value in wanted.items() if run.knows(path)}
    shown = run.send(run.tool.read("/Users", assigned.id))
    run.shows(shown, {"name.givenName": "Renamed", **kept})


@requirement(
    "ENTRA-GAL-3", proof=("active-text-refused", "deactivate-ignored", "deactivate-refused")
)
def test_a_blocked_person_is_inactive(entra: Replay, run: ToolRun, assigned: Account) -> None:
    """Disable_User_Test: a person whose account is blocked is inactive on the endpoint."""
    entra.act.soft_delete(assigned.person)
    shown = run.send(run.tool.read("/Users", assigned.id))
    expect(shown).status(200).has("active", False)


@requirement("ENTRA-GAL-4", proof=("delete-ignored", "delete-refused", "delete-deactivates"))
def test_a_purged_person_is_gone(entra: Replay, run: ToolRun, assigned: Account) -> None:
    """Delete_User_Test: a person who was purged is gone from the endpoint.

    That the account is disabled first is left out: Disable_User_Test is about it.
    """
    entra.act.purge(assigned.person)
    expect(run.send(run.tool.read("/Users", assigned.id))).status(404)


@requirement(
    "ENTRA-GAL-5",
    proof=("manager-text-refused", "manager-first-kept", "manager-selected-remove-refused"),
)
def test_a_manager_comes_changes_and_goes(
    entra: Replay, run: ToolRun, assigned: Account, crew: tuple[Account, ...]
) -> None:
    """User_Update_Manager_Test: a manager is set, changed and removed by the job."""
    for manager in crew[:2]:
        entra.act.set_manager(assigned.person, manager.person)
        shown = run.send(run.tool.read("/Users", assigned.id))
        expect(shown).status(200).has(f"{MANAGER}.value", manager.id)
    removed = entra.watched(entra.mock.remove_manager(assigned.person))
    if removed.stopped is not None:
        raise Mismatch(
            expected="the manager removed in the form that is assumed",
            actual=removed.stopped.because,
            entry=entra.last_entry(),
            at_most=Verdict.WARN,
        )
    shown = run.send(run.tool.read("/Users", assigned.id))
    expect(shown).warn_at_most().status(200).lacks(f"{MANAGER}.value")


@requirement(
    "ENTRA-GAL-6",
    proof=(
        *("reactivate-ignored", "reactivate-refused", "filter-hides-inactive"),
        *("deactivate-deletes", "reactivate-new-id"),
    ),
)
def test_a_person_who_comes_back_is_active(entra: Replay, run: ToolRun, assigned: Account) -> None:
    """Restore_User_Test: a person who left the scope and came back is active again."""
    entra.act.unassign(assigned.person)
    entra.act.reassign(assigned.person)
    user = _found(run, assigned.person.user_name)
    expect(user).has("id", assigned.id).not_inactive()


@requirement("ENTRA-GAL-7", proof=("create-keeps-nothing", "create-empty-body"))
def test_a_person_on_demand_is_on_the_endpoint(
    entra: Replay, run: ToolRun, people: Registry
) -> None:
    """POD_User_Test: a person who is provisioned on demand is found on the endpoint."""
    person = people.person()
    entra.act.provision_on_demand(person)
    expect(_found(run, person.user_name)).has("userName", person.user_name)


# -- groups


@requirement(
    "ENTRA-GAL-8", proof=("group-create-501", "empty-group-refused", "group-name-truncated")
)
@GROUPS
def test_a_new_group_is_on_the_endpoint(entra: Replay, run: ToolRun, people: Registry) -> None:
    """Create_Group_Test: a group that came into scope is found on the endpoint."""
    group = team_of(people)
    entra.act.push_group(group)
    expect(_group_found(run, group.name)).filled("id")


@requirement(
    "ENTRA-GAL-9", proof=("group-rename-ignored", "group-rename-refused", "group-patch-501")
)
@GROUPS
def test_a_renamed_group_has_its_new_name(
    entra: Replay, run: ToolRun, people: Registry, team: tuple[Group, str]
) -> None:
    """Update_Group_Test: a group that was renamed is found by the new name."""
    name = people.unique("renamed")
    entra.act.rename_group(team[0], name)
    expect(_group_found(run, name)).has("id", team[1])


@requirement("ENTRA-GAL-10", proof=("group-delete-ignored", "group-delete-refused"))
@GROUPS
def test_a_deleted_group_is_gone(entra: Replay, run: ToolRun, team: tuple[Group, str]) -> None:
    """Delete_Group_Test: a group that was deleted is found no more."""
    entra.act.delete_group(team[0])
    found = run.send(run.tool.find("/Groups", "displayName", team[0].name))
    expect(found).list_response("totalResults").has("totalResults", 0)


@requirement("ENTRA-GAL-11", proof=("member-add-ignored", "patch-op-must-be-lower-case"))
@GROUPS
def test_a_new_member_is_in_the_group(
    entra: Replay, run: ToolRun, team: tuple[Group, str], crew: tuple[Account, ...]
) -> None:
    """Group_Update_Add_Member_Test: a person who was added is a member."""
    entra.act.add_members(team[0], [crew[0].person])
    shown = run.send(run.tool.read("/Groups", team[1]))
    expect(shown).status(200).members([crew[0].id])


@requirement(
    "ENTRA-GAL-12",
    proof=(
        *("member-remove-overlooks-value", "members-remove-value-refused"),
        "member-remove-ignored",
    ),
)
@GROUPS
def test_a_removed_member_is_no_longer_in_the_group(
    entra: Replay,
    run: ToolRun,
    look: ScimClient,
    people: Registry,
    crew: tuple[Account, ...],
) -> None:
    """Group_Update_Remove_Member_Test: a person who was removed is no member, the other is."""
    group, group_id = _team(entra, look, people, crew[0].id, crew[1].id)
    entra.act.remove_members(group, [crew[0].person])
    shown = run.send(run.tool.read("/Groups", group_id))
    expect(shown).status(200).members([crew[1].id])


@requirement("ENTRA-GAL-13", proof=("group-create-501", "member-add-ignored"))
@GROUPS
def test_a_group_on_demand_is_on_the_endpoint(
    entra: Replay, run: ToolRun, people: Registry, crew: tuple[Account, ...]
) -> None:
    """POD_Group_Test: a group that is provisioned on demand is found with its members."""
    group = team_of(people)
    entra.act.provision_group_on_demand(group, [crew[0].person, crew[1].person])
    group_id = str(_group_found(run, group.name).at("id"))
    shown = run.send(run.tool.read("/Groups", group_id))
    expect(shown).status(200).members([crew[0].id, crew[1].id])


@requirement("ENTRA-GAL-14", proof=("group-deleted-name-taken", "group-delete-ignored"))
@GROUPS
def test_a_group_that_comes_back_is_there_again(
    entra: Replay, run: ToolRun, team: tuple[Group, str]
) -> None:
    """Restore_Group_Test: a group that left the scope and came back is found again."""
    entra.act.delete_group(team[0])
    expect(run.send(run.tool.read("/Groups", team[1]))).status(404)
    entra.act.push_group(team[0])
    expect(_group_found(run, team[0].name)).filled("id")
