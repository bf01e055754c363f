"""The 17 named sequences: what has to be there first, and what authentik then does."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from idp_profiles.model import Group
from idp_profiles.model import Script
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage

from .behaviour import Authentik
from .names import ALL
from .names import AWS
from .names import BELIEVING
from .names import SALESFORCE
from .steps import TABLE
from .variants import variants_of

Arrange: TypeAlias = Callable[[Authentik, Stage], Iterator[Script]]
Act: TypeAlias = Callable[[Authentik, Stage], Script]

_USERS, _GROUPS = "Sync users", "Sync groups"
_PUTTING = (AWS, SALESFORCE)
# Hardly any server has the plural path of Salesforce mode, so nothing counts as supported in it,
# and a 409 brings no look-up.
_FILTERING = tuple(dialect for dialect in ALL if dialect != SALESFORCE)


def _nothing(idp: Authentik, stage: Stage) -> Iterator[Script]:
    del idp, stage
    yield from ()


def _user(idp: Authentik, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)


def _unlinked_user(idp: Authentik, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)
    idp.forget(stage.person)


def _gone_user(idp: Authentik, stage: Stage) -> Iterator[Script]:
    """Delete the account behind authentik's back."""
    yield idp.assign(stage.person)
    kept = idp.user_id(stage.person) or ""
    yield idp.delete(stage.person)
    idp.believe(stage.person, kept)


def _inactive_user(idp: Authentik, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)
    yield idp.deactivate(stage.person)


def _team(stage: Stage) -> Group:
    return replace(stage.group, members=stage.people[:2])


def _people(idp: Authentik, stage: Stage) -> Iterator[Script]:
    for person in stage.people[:3]:
        yield idp.assign(person)


def _group(idp: Authentik, stage: Stage) -> Iterator[Script]:
    yield from _people(idp, stage)
    yield idp.push_group(_team(stage))


def _unlinked_group(idp: Authentik, stage: Stage) -> Iterator[Script]:
    yield from _group(idp, stage)
    idp.forget(stage.group)


def _everything(idp: Authentik, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)
    yield idp.push_group(replace(stage.group, members=(stage.person,)))
    idp.forget(stage.person, stage.group)


def _swap_members(idp: Authentik, stage: Stage) -> Script:
    return idp.push_group(replace(stage.group, members=(stage.people[0], stage.people[2])))


def _rename(idp: Authentik, stage: Stage) -> Script:
    return idp.rename_group(stage.group, stage.new_group_name)


def _update(idp: Authentik, stage: Stage) -> Script:
    name = f"{stage.new_given_name} {stage.person.family_name}"
    return idp.update(stage.person, display_name=name)


_Row: TypeAlias = tuple[str, str, str, tuple[str, ...], Arrange, Act]
_ROWS: tuple[_Row, ...] = (
    (
        "user-create",
        "A user comes into the provider's scope, the first since the hour began",
        _USERS,
        ALL,
        _nothing,
        lambda idp, stage: idp.assign(stage.person),
    ),
    (
        "user-create-conflict",
        "A user comes into scope whom the app has already",
        _USERS,
        _FILTERING,
        _unlinked_user,
        lambda idp, stage: idp.assign(stage.person),
    ),
    ("user-update", "The name of a user changes", _USERS, ALL, _user, _update),
    (
        "user-update-gone",
        "A user changes whose account is gone",
        _USERS,
        ALL,
        _gone_user,
        _update,
    ),
    (
        "user-deactivate",
        "A user is deactivated",
        _USERS,
        ALL,
        _user,
        lambda idp, stage: idp.deactivate(stage.person),
    ),
    (
        "user-reactivate",
        "A user is activated again",
        _USERS,
        ALL,
        _inactive_user,
        lambda idp, stage: idp.reactivate(stage.person),
    ),
    (
        "user-delete",
        "A user is deleted",
        _USERS,
        ALL,
        _user,
        lambda idp, stage: idp.delete(stage.person),
    ),
    (
        "group-create",
        "A group with two members is pushed",
        _GROUPS,
        BELIEVING,
        _people,
        lambda idp, stage: idp.push_group(_team(stage)),
    ),
    (
        "group-create-put",
        "A group with two members is pushed where PATCH counts as unsupported",
        _GROUPS,
        _PUTTING,
        _people,
        lambda idp, stage: idp.push_group(_team(stage)),
    ),
    (
        "group-create-conflict",
        "A group is pushed that the app has already",
        _GROUPS,
        BELIEVING,
        _unlinked_group,
        lambda idp, stage: idp.push_group(_team(stage)),
    ),
    ("group-update", "A group is renamed", _GROUPS, BELIEVING, _group, _rename),
    (
        "group-update-put",
        "A group is renamed where PATCH counts as unsupported",
        _GROUPS,
        _PUTTING,
        _group,
        _rename,
    ),
    (
        "group-compare",
        "A group is written whose members differ in the app",
        _GROUPS,
        BELIEVING,
        _group,
        _swap_members,
    ),
    (
        "group-member-add",
        "A user is added to a group",
        _GROUPS,
        BELIEVING,
        _group,
        lambda idp, stage: idp.add_members(stage.group, stage.people[2]),
    ),
    (
        "group-member-remove",
        "A user is removed from a group",
        _GROUPS,
        BELIEVING,
        _group,
        lambda idp, stage: idp.remove_members(stage.group, stage.people[1]),
    ),
    (
        "group-delete",
        "A group is deleted",
        _GROUPS,
        ALL,
        _group,
        lambda idp, stage: idp.delete_group(stage.group),
    ),
    (
        "full-sync",
        "Everything is read, linked and written",
        "Full sync",
        BELIEVING,
        _everything,
        lambda idp, stage: idp.full_sync(),
    ),
)


SCENARIOS: Mapping[str, Scenario[Authentik]] = {
    key: Scenario(
        id=key,
        title=title,
        feature=feature,
        dialects=dialects,
        steps=TABLE.scenarios[key],
        variants=variants_of(key),
        arrange=arrange,
        act=act,
        people=3,
    )
    for key, title, feature, dialects, arrange, act in _ROWS
}
