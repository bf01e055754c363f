"""The sequences about connection, credentials and people."""

from __future__ import annotations

from . import moves
from .names import DEFAULT
from .names import FLAG
from .scenario_table import Row

_PLAIN, _FLAGGED = (DEFAULT,), (FLAG,)
_UPDATE, _LEAVE, _MATCH = "Update Users", "Disable and Delete Users", "Matching"

ROWS = (
    Row(
        "test-connection",
        "Test Connection, and the check of the credentials before a job",
        "Test Connection",
        lambda idp, stage: idp.test_connection(),
    ),
    Row(
        "schema-discovery",
        "The provisioning settings are saved or opened",
        "Schema Discovery",
        lambda idp, stage: idp.discover_schemas(),
    ),
    Row(
        "oauth-token-header",
        "OAuth 2.0 client credentials, sent in the header",
        "Admin Credentials",
        lambda idp, stage: moves.token(idp, "header"),
    ),
    Row(
        "oauth-token-body",
        "OAuth 2.0 client credentials, sent in the body",
        "Admin Credentials",
        lambda idp, stage: moves.token(idp, "body"),
    ),
    Row(
        "wif-token",
        "Workload identity federation",
        "Admin Credentials",
        moves.identity,
    ),
    Row(
        "create-user",
        "A person in scope who does not exist in the app",
        "Create Users",
        lambda idp, stage: idp.assign(moves.first(stage), moves.boss(stage)),
        moves.with_boss,
        people=2,
    ),
    Row(
        "match-two-attributes",
        "Two matching attributes, tried one after the other",
        _MATCH,
        moves.match_two,
    ),
    Row(
        "match-by-email",
        "Matching by the work e-mail address",
        _MATCH,
        lambda idp, stage: moves.match_by(idp, stage, "email"),
        moves.unlinked,
    ),
    Row(
        "match-existing-then-patch",
        "A person in scope who exists in the app already",
        _MATCH,
        lambda idp, stage: idp.assign(moves.first(stage)),
        moves.unlinked_and_poorer,
        _PLAIN,
    ),
    Row(
        "match-case",
        "The user name in another letter case",
        _MATCH,
        lambda idp, stage: idp.match(moves.shouting(stage), "match-case"),
        moves.unlinked,
    ),
    Row(
        "incremental-update-known-user",
        "An attribute of a linked person changes",
        _UPDATE,
        lambda idp, stage: idp.update(moves.first(stage), jobTitle="Architect"),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "update-many-default",
        "Several attributes of a linked person change",
        _UPDATE,
        lambda idp, stage: idp.update(
            moves.first(stage), "update-many-default", **moves.changed(stage)
        ),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "update-many-flag",
        "Several attributes of a linked person change, with the flag",
        _UPDATE,
        lambda idp, stage: idp.update(
            moves.first(stage), "update-many-flag", **moves.flag_changed(stage)
        ),
        moves.assigned,
        _FLAGGED,
    ),
    Row(
        "add-single-default",
        "An attribute gets its first value",
        _UPDATE,
        lambda idp, stage: idp.update(moves.first(stage), "add-single-default", nickName="Nick"),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "add-single-flag",
        "An attribute gets its first value, with the flag",
        _UPDATE,
        lambda idp, stage: idp.update(moves.first(stage), "add-single-flag", nickName="Nick"),
        moves.assigned,
        _FLAGGED,
    ),
    Row(
        "add-multivalued-absent",
        "E-mail address and mobile number of somebody who had none",
        _UPDATE,
        moves.become_reachable,
        moves.assigned_unreachable,
        _PLAIN,
    ),
    Row(
        "remove-multivalued",
        "A value is removed from a multi-valued attribute",
        _UPDATE,
        lambda idp, stage: idp.remove_value(
            moves.first(stage), 'emails[type eq "work"].value', stage.person.email
        ),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "rename-username",
        "The user principal name of a linked person changes",
        _UPDATE,
        lambda idp, stage: idp.rename(moves.first(stage), stage.new_user_name),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "custom-extension-attribute",
        "An attribute of a custom extension changes",
        _UPDATE,
        moves.change_custom,
        moves.custom_assigned,
        _PLAIN,
    ),
    Row(
        "manager-set-default",
        "A manager is linked after both people exist",
        "Manager",
        lambda idp, stage: idp.set_manager(moves.first(stage), moves.boss(stage)),
        moves.both_assigned,
        _PLAIN,
        2,
    ),
    Row(
        "manager-set-flag",
        "A manager is linked after both people exist, with the flag",
        "Manager",
        lambda idp, stage: idp.set_manager(moves.first(stage), moves.boss(stage)),
        moves.both_assigned,
        _FLAGGED,
        2,
    ),
    Row(
        "manager-remove",
        "A manager is taken away",
        "Manager",
        lambda idp, stage: idp.remove_manager(moves.first(stage)),
        moves.managed,
        _FLAGGED,
        2,
    ),
    Row(
        "disable-user-default",
        "A person leaves the scope, is deleted or blocked",
        _LEAVE,
        lambda idp, stage: idp.unassign(moves.first(stage)),
        moves.assigned,
        _PLAIN,
    ),
    Row(
        "disable-user-flag",
        "A person leaves the scope, is deleted or blocked, with the flag",
        _LEAVE,
        lambda idp, stage: idp.unassign(moves.first(stage)),
        moves.assigned,
        _FLAGGED,
    ),
    Row(
        "enable-user-default",
        "A person comes back into scope, or is restored",
        _LEAVE,
        lambda idp, stage: idp.reassign(moves.first(stage)),
        moves.unassigned,
        _PLAIN,
    ),
    Row(
        "enable-user-flag",
        "A person comes back into scope, or is restored, with the flag",
        _LEAVE,
        lambda idp, stage: idp.reassign(moves.first(stage)),
        moves.unassigned,
        _FLAGGED,
    ),
    Row(
        "hard-delete-user",
        "A person is purged from the recycle bin",
        _LEAVE,
        lambda idp, stage: idp.purge(moves.first(stage)),
        moves.soft_deleted,
    ),
)
