"""The 35 named sequences: what has to be there first, and what Okta then does."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage

from .behaviour import Okta
from .moves import add_many
from .moves import assign_renamed
from .moves import assigned
from .moves import backlog
from .moves import change_members
from .moves import deactivated
from .moves import discovered
from .moves import empty_group_pushed
from .moves import empty_team
from .moves import everybody
from .moves import grant
from .moves import group_pushed
from .moves import linkable
from .moves import no_preparation
from .moves import one_inactive
from .moves import somebody_else
from .moves import suspend_and_delete
from .moves import team
from .moves import unlinked
from .moves import unlinked_and_inactive
from .moves import with_nickname
from .names import AIW
from .names import ALL
from .names import CATALOG
from .names import GOVERNANCE
from .steps import STEPS
from .variants import variants_of

Arrange: TypeAlias = Callable[[Okta, Stage], Iterator[Script]]
Act: TypeAlias = Callable[[Okta, Stage], Script | None]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table below."""

    id: str
    title: str
    feature: str
    dialects: tuple[str, ...]
    arrange: Arrange
    act: Act
    people: int = 3
    interfere: Callable[[Okta, Stage, Request], Iterator[Script]] | None = None


_CREATE, _UPDATE, _DEACTIVATE = "Create Users", "Update User Attributes", "Deactivate Users"
_MEMBERS, _PUSH = "Push Groups: members", "Push Groups: create"

_TABLE = (
    _Row(
        "test-credentials",
        "Test API Credentials (catalog app) or Test Connector Configuration (wizard app)",
        "Test API Credentials",
        ALL,
        no_preparation,
        lambda idp, stage: idp.test_connection(),
    ),
    _Row(
        "save-provisioning-settings",
        "Saving the provisioning settings",
        "Test API Credentials",
        ALL,
        no_preparation,
        lambda idp, stage: idp.save_settings(),
    ),
    _Row(
        "create-user",
        "Assigning a person who does not exist in the app",
        _CREATE,
        ALL,
        no_preparation,
        lambda idp, stage: idp.assign(stage.person),
    ),
    _Row(
        "create-user-group-assignment",
        "Assigning a group to the app",
        _CREATE,
        ALL,
        no_preparation,
        lambda idp, stage: idp.assign_group(team(stage)),
    ),
    _Row(
        "link-existing-user-aiw",
        "Assigning a person whose userName is in the app already",
        _CREATE,
        (AIW,),
        unlinked,
        assign_renamed,
    ),
    _Row(
        "link-existing-user-oin",
        "Assigning a person whose userName is in the app already, inactive",
        _CREATE,
        CATALOG,
        unlinked_and_inactive,
        assign_renamed,
    ),
    _Row(
        "create-user-conflict",
        "A POST that is answered with 409",
        _CREATE,
        ALL,
        no_preparation,
        lambda idp, stage: idp.assign(stage.person),
        interfere=somebody_else,
    ),
    _Row(
        "update-profile",
        "A mapped attribute changes in Okta",
        _UPDATE,
        ALL,
        assigned,
        lambda idp, stage: idp.update(stage.person, given_name=stage.new_given_name),
    ),
    _Row(
        "rename-user",
        "userName and e-mail address change in Okta",
        _UPDATE,
        ALL,
        assigned,
        lambda idp, stage: idp.rename(
            stage.person, user_name=stage.new_user_name, email=stage.new_email
        ),
    ),
    _Row(
        "push-empty-values",
        "An attribute is cleared in Okta",
        _UPDATE,
        ALL,
        with_nickname,
        lambda idp, stage: idp.clear(stage.person, "nickName"),
    ),
    _Row(
        "deactivate-user-oin",
        "A person is unassigned or deactivated",
        _DEACTIVATE,
        CATALOG,
        assigned,
        lambda idp, stage: idp.deactivate(stage.person),
    ),
    _Row(
        "deactivate-user-aiw",
        "A person is unassigned or deactivated",
        _DEACTIVATE,
        (AIW,),
        assigned,
        lambda idp, stage: idp.deactivate(stage.person),
    ),
    _Row(
        "reactivate-user-oin",
        "A deactivated person is assigned again",
        _DEACTIVATE,
        CATALOG,
        deactivated,
        lambda idp, stage: idp.assign(stage.person),
    ),
    _Row(
        "reactivate-user-aiw",
        "A deactivated person is assigned again",
        _DEACTIVATE,
        (AIW,),
        deactivated,
        lambda idp, stage: idp.assign(stage.person),
    ),
    _Row(
        "sync-password-oin",
        "A password changes in Okta",
        "Sync Password",
        CATALOG,
        assigned,
        lambda idp, stage: idp.sync_password(stage.person, stage.new_password),
    ),
    _Row(
        "sync-password-aiw",
        "A password changes in Okta",
        "Sync Password",
        (AIW,),
        assigned,
        lambda idp, stage: idp.sync_password(stage.person, stage.new_password),
    ),
    _Row(
        "suspend-or-delete-user",
        "A person is suspended, or deleted after a deactivation",
        _DEACTIVATE,
        ALL,
        deactivated,
        suspend_and_delete,
    ),
    _Row(
        "provision-user-backlog",
        "Provision User for people assigned before provisioning was switched on",
        _CREATE,
        ALL,
        backlog,
        lambda idp, stage: idp.provision_backlog(stage.people[:2]),
    ),
    _Row(
        "import-users",
        "Import Now, or a scheduled import",
        "Import",
        ALL,
        one_inactive,
        lambda idp, stage: idp.import_users(),
    ),
    _Row(
        "import-groups",
        "Refresh App Groups",
        "Import",
        ALL,
        group_pushed,
        lambda idp, stage: idp.import_groups(),
    ),
    _Row(
        "push-group-create-patch",
        "A new group is pushed",
        _PUSH,
        CATALOG,
        everybody,
        lambda idp, stage: idp.push_group(team(stage)),
    ),
    _Row(
        "push-group-create-put",
        "A new group is pushed",
        _PUSH,
        (AIW,),
        everybody,
        lambda idp, stage: idp.push_group(team(stage)),
    ),
    _Row(
        "push-empty-group",
        "A group without assigned members is pushed",
        _PUSH,
        ALL,
        no_preparation,
        lambda idp, stage: idp.push_group(empty_team(stage)),
    ),
    _Row(
        "group-members-change-patch",
        "People join and leave a pushed group",
        _MEMBERS,
        CATALOG,
        group_pushed,
        change_members,
    ),
    _Row(
        "group-members-replace-patch",
        "Push Now: the complete list of members",
        _MEMBERS,
        CATALOG,
        group_pushed,
        lambda idp, stage: idp.push_now(team(stage)),
    ),
    _Row(
        "group-members-large",
        "A large group in several requests",
        _MEMBERS,
        CATALOG,
        empty_group_pushed,
        add_many,
        people=101,
    ),
    _Row(
        "group-change-put",
        "The members of a pushed group change",
        _MEMBERS,
        (AIW,),
        group_pushed,
        change_members,
    ),
    _Row(
        "group-rename-patch",
        "A pushed group is renamed in Okta",
        "Push Groups: rename",
        CATALOG,
        group_pushed,
        lambda idp, stage: idp.rename_group(team(stage), stage.new_group_name),
    ),
    _Row(
        "group-link-existing",
        "Link Group: a group of the app is linked",
        _PUSH,
        CATALOG,
        linkable,
        lambda idp, stage: idp.link_group(stage.new_group_name, stage.people[1:], team(stage)),
    ),
    _Row(
        "group-delete",
        "A pushed group is unlinked and deleted in the app",
        "Push Groups: delete",
        ALL,
        group_pushed,
        lambda idp, stage: idp.unlink_group(team(stage), delete=True),
    ),
    _Row(
        "group-unlink-leave",
        "A pushed group is unlinked and left in the app",
        "Push Groups: delete",
        ALL,
        group_pushed,
        lambda idp, stage: idp.unlink_group(team(stage), delete=False),
    ),
    _Row(
        "rate-limit",
        "The server answers 429",
        "Rate limiting",
        ALL,
        no_preparation,
        lambda idp, stage: idp.assign(stage.person),
    ),
    _Row(
        "entitlement-discovery",
        "Roles and entitlements are read",
        "Entitlements",
        (GOVERNANCE,),
        no_preparation,
        lambda idp, stage: idp.discover_entitlements(),
    ),
    _Row(
        "entitlement-assign",
        "A role or an entitlement is granted",
        "Entitlements",
        (GOVERNANCE,),
        discovered,
        grant,
    ),
    _Row(
        "import-user-schema",
        "Import User Schema",
        "Import User Schema",
        CATALOG,
        no_preparation,
        lambda idp, stage: idp.import_user_schema(),
    ),
)

SCENARIOS: Mapping[str, Scenario[Okta]] = {
    row.id: Scenario(
        id=row.id,
        title=row.title,
        feature=row.feature,
        dialects=row.dialects,
        steps=STEPS[row.id],
        variants=variants_of(row.id),
        arrange=row.arrange,
        act=row.act,
        interfere=row.interfere,
        people=row.people,
    )
    for row in _TABLE
}
