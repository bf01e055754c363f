"""The moves that scenarios are made of: preparations, and what JumpCloud does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from idp_profiles.model import Group
from idp_profiles.model import Script
from idp_profiles.profile import Stage

from .behaviour import JumpCloud

# -- what has to be there first


def no_preparation(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Prepare nothing."""
    del idp, stage
    yield from ()


def with_test_user(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Do the first part of a test run."""
    yield idp.make_test_user(stage.person.email)


def bound(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Give the first person an account."""
    yield idp.bind(stage.person)


def unknown(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Make an account that JumpCloud then knows nothing of."""
    yield idp.bind(stage.person)
    idp.forget(stage.person)


def deactivated(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Give the first person an account and take the app away again."""
    yield idp.bind(stage.person)
    yield idp.unbind(stage.person)


def everybody(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Give everybody an account."""
    for person in stage.people:
        yield idp.bind(person)


def group_bound(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Give everybody an account and bind a group that holds everybody but the last one."""
    yield from everybody(idp, stage)
    yield idp.bind_group(team(stage))


def only_group_bound(idp: JumpCloud, stage: Stage) -> Iterator[Script]:
    """Bind a group whose members have the app through nothing else."""
    yield idp.bind_group(team(stage))


# -- what JumpCloud does


def add_last(idp: JumpCloud, stage: Stage) -> Script:
    """Put the last person into the group."""
    return idp.add_members(team(stage), stage.people[-1:])


def remove_first(idp: JumpCloud, stage: Stage) -> Script:
    """Take the first person out of the group, in the form that the switch says."""
    return idp.remove_members(team(stage), stage.people[:1])


def remove_first_by_filter(idp: JumpCloud, stage: Stage) -> Script:
    """Take the first person out of the group by a filter in the path."""
    return idp.remove_members(team(stage), stage.people[:1], "path-filter")


def remove_first_by_put(idp: JumpCloud, stage: Stage) -> Script:
    """Take the first person out of the group by a PUT of those who stay."""
    return idp.remove_members(team(stage), stage.people[:1], "full-put")


def leave(idp: JumpCloud, stage: Stage) -> Script:
    """Deactivate the integration, and go on working in JumpCloud as if nothing were."""
    yield from idp.switch_off()
    yield from idp.update(stage.person, given_name=stage.new_given_name)
    yield from idp.suspend(stage.person)
    yield from idp.unbind_group(team(stage))


# -- who plays


def team(stage: Stage) -> Group:
    """Return the group with everybody but the last person."""
    return replace(stage.group, members=stage.people[:-1])
