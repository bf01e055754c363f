"""What can be done by hand, one verb at a time; every verb finds by reading what is there."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from collections.abc import Iterator

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.model import Stopped
from idp_profiles.profile import Verb
from idp_profiles.profile import Wishes
from idp_profiles.wished_person import wished_person

from .behaviour import Authentik


def _person(wishes: Wishes) -> Person:
    # Derived from the login, so that it is equal between commands.
    return wished_person(wishes, hashlib.sha256(wishes.user_name.encode()).hexdigest()[:12])


def _member(user_name: str) -> Person:
    return _person(Wishes(user_name=user_name))


def _group(wishes: Wishes, *members: Person) -> Group:
    return Group(wishes.group, members, str(uuid.uuid5(uuid.NAMESPACE_URL, wishes.group)))


def _known(idp: Authentik, *people: Person) -> Iterator[Script]:
    """Read what the app has, and stop for people whom it does not have."""
    for person in people:
        # Only people of the directory are linked.
        idp.person(person)
    yield idp.discover()
    for person in people:
        if idp.user_id(person) is None:
            yield _stop(f"the app has no user {person.user_name!r}; assign the user first")


def _stop(because: str) -> Script:
    yield from ()
    raise Stopped(because=because, console="")


def _on_user(
    act: Callable[[Authentik, Person, Wishes], Script],
) -> Callable[[Authentik, Wishes], Iterator[Script]]:
    def run(idp: Authentik, wishes: Wishes) -> Iterator[Script]:
        person = _member(wishes.user_name)
        yield from _known(idp, person)
        yield act(idp, person, wishes)

    return run


def _on_group(
    act: Callable[[Authentik, Group, tuple[Person, ...], Wishes], Script],
) -> Callable[[Authentik, Wishes], Iterator[Script]]:
    def run(idp: Authentik, wishes: Wishes) -> Iterator[Script]:
        members = tuple(_member(name) for name in wishes.members)
        group = _group(wishes)
        idp.set_members(group)
        yield from _known(idp, *members)
        if idp.group_id(group) is None:
            yield _stop(f"the app has no group {group.name!r}; push it first")
        # Whoever is in the group stays: by hand, the app knows better than the empty directory.
        idp.adopt_members(group)
        yield act(idp, group, members, wishes)

    return run


def _push(idp: Authentik, wishes: Wishes) -> Iterator[Script]:
    members = tuple(_member(name) for name in wishes.members)
    yield from _known(idp, *members)
    yield idp.push_group(_group(wishes, *members))


def _update(idp: Authentik, person: Person, wishes: Wishes) -> Script:
    names = ("given_name", "family_name", "email", "display_name")
    changes: dict[str, Json] = {name: getattr(wishes, name) for name in names}
    return idp.update_with(person, {key: value for key, value in changes.items() if value})


def _rename(idp: Authentik, person: Person, wishes: Wishes) -> Script:
    return idp.update(person, user_name=wishes.new_user_name)


_USER, _GROUP, _MEMBERS = ("user_name",), ("group",), ("group", "members")
VERBS: dict[str, Verb[Authentik]] = {
    "assign": Verb(
        "bring a user into the provider's scope",
        _USER,
        lambda idp, wishes: iter([idp.assign(_person(wishes))]),
    ),
    "update": Verb("change a user's attributes", _USER, _on_user(_update)),
    "rename": Verb("change a user name", (*_USER, "new_user_name"), _on_user(_rename)),
    "deactivate": Verb(
        "deactivate a user", _USER, _on_user(lambda idp, person, _: idp.deactivate(person))
    ),
    "reactivate": Verb(
        "activate a user again", _USER, _on_user(lambda idp, person, _: idp.reactivate(person))
    ),
    "delete": Verb("delete a user", _USER, _on_user(lambda idp, person, _: idp.delete(person))),
    "push-group": Verb("push a group with its members", _GROUP, _push),
    "rename-group": Verb(
        "rename a group",
        (*_GROUP, "new_name"),
        _on_group(lambda idp, group, _, wishes: idp.rename_group(group, wishes.new_name)),
    ),
    "add-members": Verb(
        "add users to a group",
        _MEMBERS,
        _on_group(lambda idp, group, members, _: idp.add_members(group, *members)),
    ),
    "remove-members": Verb(
        "remove users from a group",
        _MEMBERS,
        _on_group(lambda idp, group, members, _: idp.remove_members(group, *members)),
    ),
    "delete-group": Verb(
        "delete a group", _GROUP, _on_group(lambda idp, group, *_: idp.delete_group(group))
    ),
}
