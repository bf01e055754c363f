"""The moves that scenarios are made of: preparations, and what Okta does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.profile import Stage

from .behaviour import Okta
from .steps import STEPS

# -- what has to be there first


def no_preparation(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Prepare nothing."""
    del idp, stage
    yield from ()


def assigned(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Give the first person an account."""
    yield idp.assign(stage.person)


def with_nickname(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Give the first person an account with an attribute that can be cleared."""
    yield idp.assign(_nicknamed(stage.person))


def deactivated(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Give the first person an account and take the app away again."""
    yield idp.assign(stage.person)
    yield idp.deactivate(stage.person)


def unlinked(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Make an account that Okta then knows nothing of."""
    yield idp.assign(stage.person)
    idp.forget(stage.person)


def unlinked_and_inactive(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Make an inactive account that Okta then knows nothing of."""
    yield idp.assign(stage.person)
    yield idp.deactivate(stage.person)
    idp.forget(stage.person)


def backlog(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Make an account for the second of two people: one is found, one is not."""
    yield idp.assign(stage.people[1])
    idp.forget(stage.people[1])


def everybody(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Give everybody an account."""
    for person in stage.people:
        yield idp.assign(person)


def one_inactive(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Give everybody an account, and take it from the last one."""
    yield from everybody(idp, stage)
    yield idp.deactivate(stage.people[-1])


def group_pushed(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Push a group that holds everybody but the last one."""
    yield from everybody(idp, stage)
    yield idp.push_group(team(stage))


def empty_group_pushed(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Give everybody an account and push a group that holds nobody."""
    yield from everybody(idp, stage)
    yield idp.push_group(empty_team(stage))


def linkable(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Make a group in the app with the first person, and forget that Okta pushed it."""
    yield from everybody(idp, stage)
    app_group = Group(stage.new_group_name, stage.people[:1])
    yield idp.push_group(app_group)
    idp.forget_group(app_group.name)


def discovered(idp: Okta, stage: Stage) -> Iterator[Script]:
    """Give the first person an account and read what the app can grant."""
    yield idp.assign(stage.person)
    yield idp.discover_entitlements()


# -- what Okta does


def assign_renamed(idp: Okta, stage: Stage) -> Script:
    """Assign the app to the first person, whose given name changed meanwhile."""
    return idp.assign(replace(stage.person, given_name=stage.new_given_name))


def change_members(idp: Okta, stage: Stage) -> Script:
    """Put the last person into the group and take the first one out."""
    return idp.change_members(team(stage), added=stage.people[-1:], removed=stage.people[:1])


def add_many(idp: Okta, stage: Stage) -> Script:
    """Put everybody into the group at once."""
    return idp.change_members(empty_team(stage), added=stage.people)


def grant(idp: Okta, stage: Stage) -> Script | None:
    """Grant the first role and the first entitlement that the app offers, if it offers any."""
    found = idp.discovered
    roles = [{"value": one["id"], "display": one["displayName"]} for one in found.roles[:1]]
    entitlements = [
        {"value": one["id"], "display": one["displayName"], "type": one["type"]}
        for one in found.entitlements[:1]
    ]
    return idp.grant(stage.person, roles, entitlements) if roles or entitlements else None


def somebody_else(idp: Okta, stage: Stage, request: Request) -> Iterator[Script]:
    """Create the same account from elsewhere, between Okta's lookup and its POST."""
    del stage
    if request.method == "POST":
        yield _resend(replace(request, step=STEPS["create-user"][1]))
    del idp


def _resend(request: Request) -> Script:
    yield request


def suspend_and_delete(idp: Okta, stage: Stage) -> Script:
    """Suspend the first person, then delete them in Okta."""
    yield from idp.suspend(stage.person)
    yield from idp.delete_in_idp(stage.person)


# -- who plays


def _nicknamed(person: Person) -> Person:
    return replace(person, attributes={**person.attributes, "nickName": person.given_name})


def team(stage: Stage) -> Group:
    """Return the group with everybody but the last person."""
    return replace(stage.group, members=stage.people[:-1])


def empty_team(stage: Stage) -> Group:
    """Return the group with nobody in it."""
    return replace(stage.group, members=())
