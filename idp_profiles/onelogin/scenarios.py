"""The 13 named sequences: what has to be there first, and what OneLogin then does."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TypeAlias

from idp_profiles.model import Script
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage

from .behaviour import OneLogin
from .names import PROVISIONER
from .steps import TABLE
from .variants import variants_of

Arrange: TypeAlias = Callable[[OneLogin, Stage], Iterator[Script]]
Act: TypeAlias = Callable[[OneLogin, Stage], Script]

_GROUPS, _SUSPEND = "Groups", "Suspend user"


def _no_preparation(idp: OneLogin, stage: Stage) -> Iterator[Script]:
    del idp, stage
    yield from ()


def _provisioned(idp: OneLogin, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)


def _unknown(idp: OneLogin, stage: Stage) -> Iterator[Script]:
    """Make an account that OneLogin then knows nothing of."""
    yield idp.assign(stage.person)
    idp.forget(stage.person)


def _everybody(idp: OneLogin, stage: Stage) -> Iterator[Script]:
    for person in stage.people:
        yield idp.assign(person)


def _with_group(idp: OneLogin, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)
    yield idp.make_group(stage.group)


def _in_group(idp: OneLogin, stage: Stage) -> Iterator[Script]:
    yield from _with_group(idp, stage)
    yield idp.assign(stage.people[1])
    for person in stage.people[:2]:
        yield idp.add_to_groups(person, [stage.group])


_ROWS: tuple[tuple[str, str, str, Arrange, Act], ...] = (
    (
        "enable",
        "The API connection is enabled",
        "API Connection: Enable",
        _no_preparation,
        lambda idp, stage: idp.enable(),
    ),
    (
        "provision-new",
        "Access is given to a user who does not exist in the app",
        "Create user",
        _no_preparation,
        lambda idp, stage: idp.assign(stage.person),
    ),
    (
        "provision-existing",
        "Access is given to a user who exists in the app",
        "Create user",
        _unknown,
        lambda idp, stage: idp.assign(stage.person),
    ),
    (
        "update",
        "An attribute changes in OneLogin",
        "Update user",
        _provisioned,
        lambda idp, stage: idp.update(stage.person, given_name=stage.new_given_name),
    ),
    (
        "group-read",
        "The groups of the app are read",
        _GROUPS,
        _with_group,
        lambda idp, stage: idp.refresh_entitlements(),
    ),
    (
        "group-create",
        "A group that the app does not have is created",
        _GROUPS,
        _no_preparation,
        lambda idp, stage: idp.make_group(stage.group),
    ),
    (
        "group-member-add",
        "A user comes into a group",
        _GROUPS,
        _with_group,
        lambda idp, stage: idp.add_to_groups(stage.person, [stage.group]),
    ),
    (
        "group-member-remove",
        "A user leaves a group",
        _GROUPS,
        _in_group,
        lambda idp, stage: idp.remove_from_groups(stage.person, [stage.group]),
    ),
    (
        "group-member-remove-filter",
        "A user leaves a group, named by a filter in the path",
        _GROUPS,
        _in_group,
        lambda idp, stage: idp.remove_from_groups(stage.person, [stage.group], "filter"),
    ),
    (
        "suspend-put",
        "A user is suspended, or loses access",
        _SUSPEND,
        _provisioned,
        lambda idp, stage: idp.suspend(stage.person),
    ),
    (
        "suspend-patch",
        "A user is suspended by a PATCH",
        _SUSPEND,
        _provisioned,
        lambda idp, stage: idp.suspend(stage.person, "patch"),
    ),
    (
        "delete",
        "A user loses access where the choice is Delete",
        "Delete user",
        _provisioned,
        lambda idp, stage: idp.delete(stage.person),
    ),
    (
        "sync-logins",
        "Sync Logins reads the users of the app",
        "Sync Logins",
        _everybody,
        lambda idp, stage: idp.sync_logins(),
    ),
)

SCENARIOS: Mapping[str, Scenario[OneLogin]] = {
    key: Scenario(
        id=key,
        title=title,
        feature=feature,
        dialects=(PROVISIONER,),
        steps=TABLE.scenarios[key],
        variants=variants_of(key),
        arrange=arrange,
        act=act,
    )
    for key, title, feature, arrange, act in _ROWS
}
