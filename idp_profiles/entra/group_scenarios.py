"""The sequences about roles, groups, provisioning on demand and Microsoft's test tools."""

from __future__ import annotations

from . import moves
from .limits import LIMITS
from .names import DEFAULT
from .names import FLAG
from .scenario_table import Row

_PLAIN, _FLAGGED = (DEFAULT,), (FLAG,)
_ROLES, _GROUPS, _MEMBERS = "App Roles", "Provision Groups", "Group Members"
_ON_DEMAND = "Provision on Demand"
_VALIDATOR, _GALLERY = "SCIM Validator (reconstructed)", "Gallery Tests (reconstructed)"
_CROWD = 6  # people: enough for a batch of five and one that is not full

ROWS = (
    Row(
        "role-single-create",
        "A new person with one role, by SingleAppRoleAssignment",
        _ROLES,
        lambda idp, stage: moves.grant(idp, stage, "single", "role-single-create", moves.ROLE_A),
        dialects=_PLAIN,
    ),
    Row(
        "role-single-patch",
        "The one role of a person changes",
        _ROLES,
        lambda idp, stage: moves.grant(idp, stage, "single", "role-single-patch", moves.ROLE_A),
        moves.with_role,
        _PLAIN,
    ),
    Row(
        "role-complex-create",
        "A new person with two roles, by AppRoleAssignmentsComplex",
        _ROLES,
        lambda idp, stage: moves.grant(
            idp, stage, "complex", "role-complex-create", moves.ROLE_A, moves.ROLE_B
        ),
        dialects=_PLAIN,
    ),
    Row(
        "role-complex-patch",
        "A person gets a role, by AppRoleAssignmentsComplex, which only adds",
        _ROLES,
        lambda idp, stage: moves.grant(idp, stage, "complex", "role-complex-patch", moves.ROLE_A),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "role-assertive-patch",
        "A person's roles change, by AssertiveAppRoleAssignmentsComplex, which replaces the list",
        _ROLES,
        lambda idp, stage: moves.grant(
            idp, stage, "assertive", "role-assertive-patch", moves.ROLE_A
        ),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "create-group",
        "A group in scope that does not exist in the app",
        _GROUPS,
        lambda idp, stage: idp.push_group(stage.group),
    ),
    Row(
        "match-existing-group",
        "A group of the same name exists in the app already",
        _GROUPS,
        lambda idp, stage: idp.push_group(stage.group),
        moves.foreign_group,
        _PLAIN,
    ),
    Row(
        "match-group-external-id",
        "Groups matched by externalId",
        _GROUPS,
        moves.match_group_by_id,
        moves.group_unlinked,
    ),
    Row(
        "read-group",
        "A linked group is read",
        _GROUPS,
        lambda idp, stage: idp.read_group(stage.group),
        moves.group_made,
    ),
    Row(
        "group-add-member-default",
        "People come into a group",
        _MEMBERS,
        lambda idp, stage: idp.add_members(stage.group, stage.people),
        moves.group_and_people,
        _PLAIN,
        _CROWD,
    ),
    Row(
        "group-add-members-flag",
        "People come into a group, with the flag",
        _MEMBERS,
        lambda idp, stage: idp.add_members(stage.group, stage.people),
        moves.group_and_people,
        _FLAGGED,
        _CROWD,
    ),
    Row(
        "group-remove-member-default",
        "Somebody leaves a group",
        _MEMBERS,
        lambda idp, stage: idp.remove_members(stage.group, stage.people[:1]),
        moves.group_filled,
        _PLAIN,
        3,
    ),
    Row(
        "group-remove-member-flag",
        "Somebody leaves a group, with the flag",
        _MEMBERS,
        lambda idp, stage: idp.remove_members(stage.group, stage.people[:1]),
        moves.group_filled,
        _FLAGGED,
        3,
    ),
    Row(
        "rename-group",
        "A group is renamed",
        _GROUPS,
        lambda idp, stage: idp.rename_group(stage.group, stage.new_group_name),
        moves.group_made,
        _PLAIN,
    ),
    Row(
        "delete-group",
        "A group is deleted, or unassigned",
        _GROUPS,
        lambda idp, stage: idp.delete_group(stage.group),
        moves.group_made,
    ),
    Row(
        "provision-on-demand-user",
        "One person provisioned on demand",
        _ON_DEMAND,
        lambda idp, stage: idp.provision_on_demand(moves.first(stage)),
    ),
    Row(
        "provision-on-demand-group",
        "One group provisioned on demand with five picked members",
        _ON_DEMAND,
        lambda idp, stage: idp.provision_group_on_demand(stage.group, stage.people),
        moves.everybody,
        people=LIMITS["on_demand_members"].value,
    ),
    Row(
        "validator-replace-attributes",
        "SCIM Validator (reconstructed): attributes replaced without a path",
        _VALIDATOR,
        moves.validator_replace,
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "validator-group-add-member",
        "SCIM Validator (reconstructed): a member added by a replace",
        _VALIDATOR,
        lambda idp, stage: idp.validator_add_member(stage.group, stage.person),
        moves.group_and_people,
        _PLAIN,
    ),
    Row(
        "gallery-pagination",
        "Gallery test (reconstructed): users read page by page",
        _GALLERY,
        lambda idp, stage: idp.read_pages(),
        moves.everybody,
        _PLAIN,
        LIMITS["gallery_users"].value,
    ),
)
