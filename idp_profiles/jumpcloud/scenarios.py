"""The 19 named sequences: what has to be there first, and what JumpCloud then does."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TypeAlias

from idp_profiles.model import Script
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage

from .behaviour import JumpCloud
from .moves import add_last
from .moves import bound
from .moves import deactivated
from .moves import everybody
from .moves import group_bound
from .moves import leave
from .moves import no_preparation
from .moves import only_group_bound
from .moves import remove_first
from .moves import remove_first_by_filter
from .moves import remove_first_by_put
from .moves import team
from .moves import unknown
from .moves import with_test_user
from .names import CUSTOM
from .steps import TABLE
from .variants import variants_of

Arrange: TypeAlias = Callable[[JumpCloud, Stage], Iterator[Script]]
Act: TypeAlias = Callable[[JumpCloud, Stage], Script]

_TEST, _UPDATE, _DEACTIVATE = "Test Connection and Activate", "Update users", "Deactivate users"
_GROUPS, _MEMBERS = "Manage user groups", "Manage group membership"

_ROWS: tuple[tuple[str, str, str, Arrange, Act], ...] = (
    (
        "test-connection",
        "Test Connection, or Activate without groups",
        _TEST,
        no_preparation,
        lambda idp, stage: idp.test_connection(stage.person.email),
    ),
    (
        "test-connection-no-delete",
        "The test user is deactivated where the application does not delete",
        _TEST,
        with_test_user,
        lambda idp, stage: idp.remove_test_user(),
    ),
    (
        "test-connection-groups",
        "Activate with group management: the test group",
        _TEST,
        with_test_user,
        lambda idp, stage: idp.try_test_group(stage.group.name),
    ),
    (
        "provision-new",
        "Binding a person who does not exist in the application",
        "Create users",
        no_preparation,
        lambda idp, stage: idp.bind(stage.person),
    ),
    (
        "provision-existing",
        "Binding a person whose userName is in the application already",
        "Create users",
        unknown,
        lambda idp, stage: idp.bind(stage.person),
    ),
    (
        "update",
        "An attribute changes in JumpCloud",
        _UPDATE,
        bound,
        lambda idp, stage: idp.update(stage.person, given_name=stage.new_given_name),
    ),
    (
        "deactivate",
        "A person is unbound or suspended, or the password expires",
        _DEACTIVATE,
        bound,
        lambda idp, stage: idp.unbind(stage.person),
    ),
    (
        "reactivate",
        "A person is bound again",
        _DEACTIVATE,
        deactivated,
        lambda idp, stage: idp.bind(stage.person),
    ),
    (
        "delete",
        "An account is deleted in the application",
        "Delete users",
        bound,
        lambda idp, stage: idp.delete(stage.person),
    ),
    (
        "group-create",
        "A group with members is bound",
        _GROUPS,
        everybody,
        lambda idp, stage: idp.bind_group(team(stage)),
    ),
    ("group-member-add", "A person comes into a bound group", _MEMBERS, group_bound, add_last),
    (
        "group-member-remove",
        "A person leaves a bound group",
        _MEMBERS,
        group_bound,
        remove_first,
    ),
    (
        "group-member-remove-p2",
        "A person leaves a bound group, named by a filter in the path",
        _MEMBERS,
        group_bound,
        remove_first_by_filter,
    ),
    (
        "group-put-p3",
        "A person leaves a bound group, which is replaced",
        _MEMBERS,
        group_bound,
        remove_first_by_put,
    ),
    (
        "group-rename",
        "A bound group is renamed",
        _GROUPS,
        group_bound,
        lambda idp, stage: idp.rename_group(team(stage), stage.new_group_name),
    ),
    (
        "group-unbind",
        "A group is unbound: it stays, and its members are deactivated",
        _DEACTIVATE,
        only_group_bound,
        lambda idp, stage: idp.unbind_group(team(stage)),
    ),
    (
        "group-delete",
        "A bound group is deleted in JumpCloud",
        _GROUPS,
        only_group_bound,
        lambda idp, stage: idp.delete_group(team(stage)),
    ),
    (
        "import",
        "Import users from this app",
        "Import users",
        everybody,
        lambda idp, stage: idp.import_users(),
    ),
    (
        "integration-off",
        "The integration is deactivated: nothing is sent any more",
        _DEACTIVATE,
        only_group_bound,
        leave,
    ),
)

SCENARIOS: Mapping[str, Scenario[JumpCloud]] = {
    key: Scenario(
        id=key,
        title=title,
        feature=feature,
        dialects=(CUSTOM,),
        steps=TABLE.scenarios[key],
        variants=variants_of(key),
        arrange=arrange,
        act=act,
    )
    for key, title, feature, arrange, act in _ROWS
}
