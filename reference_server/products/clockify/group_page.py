"""The group page: what people do with groups in the product itself."""

from __future__ import annotations

from reference_server.products.routes import Refused

from .rules import Lock
from .service import DENIED
from .service import Clockify
from .service import stranger
from .team import LONGEST_NAME
from .team import expect_manager
from .team import found
from .workspace import Group
from .workspace import Member


def group_of(clockify: Clockify, identifier: str) -> Group:
    """Return a group of the workspace, or refuse."""
    group = clockify.workspace.groups.get(identifier)
    if group is None:
        raise stranger("User group")
    return group


def create(clockify: Clockify, actor: Member, name: str) -> Group:
    """Make a group."""
    clockify.check(Lock.CREATING_GROUPS, actor)
    expect_manager(actor)
    return clockify.workspace.add_group(Group(id=clockify.new_id(), name=_free(clockify, name)))


def rename(clockify: Clockify, actor: Member, group: Group, name: str) -> None:
    """Give a group another name."""
    clockify.check(Lock.UPDATING_GROUPS, actor)
    expect_manager(actor)
    group.name = _free(clockify, name, group)


def delete(clockify: Clockify, actor: Member, group: Group) -> None:
    """Delete a group; its members stay."""
    clockify.check(Lock.DELETING_GROUPS, actor)
    expect_manager(actor)
    del clockify.workspace.groups[group.id]


def put_in(clockify: Clockify, actor: Member, group: Group, identifier: str) -> None:
    """Put somebody into a group."""
    clockify.check(Lock.UPDATING_GROUPS, actor)
    expect_manager(actor)
    group.members[found(clockify, identifier).id] = None


def take_out(clockify: Clockify, actor: Member, group: Group, identifier: str) -> None:
    """Take somebody out of a group."""
    clockify.check(Lock.UPDATING_GROUPS, actor)
    expect_manager(actor)
    if identifier not in group.members:
        raise stranger("User")
    del group.members[identifier]


def _free(clockify: Clockify, name: str, group: Group | None = None) -> str:
    """Return a name that no other group has."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused(400, f"name: expected a text of 1 to {LONGEST_NAME} characters.", DENIED)
    for other in clockify.workspace.groups.values():
        if other is not group and other.name.lower() == name.lower():
            raise Refused(400, f"User group with name '{name}' already exists", DENIED)
    return name
