"""The 11 named sequences: what has to be there first, and what Keycloak then does."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from idp_profiles.model import Script
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage

from .behaviour import Keycloak
from .names import MITODL
from .steps import TABLE
from .variants import variants_of

Arrange: TypeAlias = Callable[[Keycloak, Stage], Iterator[Script]]
Act: TypeAlias = Callable[[Keycloak, Stage], Script]

_USERS, _GROUPS = "User propagation", "Group propagation"


def _nothing(idp: Keycloak, stage: Stage) -> Iterator[Script]:
    del idp, stage
    yield from ()


def _user(idp: Keycloak, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)


def _disabled(idp: Keycloak, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)
    yield idp.deactivate(stage.person)


def _two(idp: Keycloak, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.people[0])
    yield idp.assign(stage.people[1])


def _group(idp: Keycloak, stage: Stage) -> Iterator[Script]:
    yield from _two(idp, stage)
    yield idp.push_group(replace(stage.group, members=(stage.person,)))


def _whole(idp: Keycloak, stage: Stage) -> Iterator[Script]:
    yield idp.assign(stage.person)
    yield idp.push_group(replace(stage.group, members=(stage.person,)))


def _update(idp: Keycloak, stage: Stage) -> Script:
    return idp.update(stage.person, given_name=stage.new_given_name)


_Row: TypeAlias = tuple[str, str, str, Arrange, Act]
_ROWS: tuple[_Row, ...] = (
    ("user-create", "A user is created", _USERS, _nothing, lambda kc, s: kc.assign(s.person)),
    ("user-update", "A user's name changes", _USERS, _user, _update),
    ("user-deactivate", "A user is disabled", _USERS, _user, lambda kc, s: kc.deactivate(s.person)),
    (
        "user-reactivate",
        "A user is enabled again",
        _USERS,
        _disabled,
        lambda kc, s: kc.reactivate(s.person),
    ),
    ("user-delete", "A user is deleted", _USERS, _user, lambda kc, s: kc.delete(s.person)),
    (
        "group-create",
        "A group with two members is created",
        _GROUPS,
        _two,
        lambda kc, s: kc.push_group(replace(s.group, members=s.people[:2])),
    ),
    (
        "group-update",
        "A group is renamed",
        _GROUPS,
        _group,
        lambda kc, s: kc.rename_group(s.group, s.new_group_name),
    ),
    (
        "group-member-add",
        "A user is added to a group",
        _GROUPS,
        _group,
        lambda kc, s: kc.add_member(s.group, s.people[1]),
    ),
    (
        "group-empty",
        "The last user is removed from a group",
        _GROUPS,
        _group,
        lambda kc, s: kc.remove_member(s.group, s.person),
    ),
    (
        "group-delete",
        "A group is deleted",
        _GROUPS,
        _group,
        lambda kc, s: kc.delete_group(s.group),
    ),
    (
        "full-sync",
        "Everything is sent once more",
        "Full sync",
        _whole,
        lambda kc, s: kc.full_sync(),
    ),
)

SCENARIOS: Mapping[str, Scenario[Keycloak]] = {
    key: Scenario(
        id=key,
        title=title,
        feature=feature,
        dialects=(MITODL,),
        steps=TABLE.scenarios[key],
        variants=variants_of(key),
        arrange=arrange,
        act=act,
        people=2,
    )
    for key, title, feature, arrange, act in _ROWS
}
