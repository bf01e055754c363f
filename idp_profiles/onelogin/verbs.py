"""What can be done by hand, one verb at a time; every verb finds by a look-up what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Iterator

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.profile import Verb
from idp_profiles.profile import Wishes
from idp_profiles.wished_person import wished_person

from .behaviour import OneLogin


def _person(wishes: Wishes) -> Person:
    # OneLogin's ids are numbers; deriving ours from the login keeps them equal between commands.
    digest = int(hashlib.sha256(wishes.user_name.encode()).hexdigest(), 16)
    return wished_person(wishes, str(digest % 10**9))


def _adopted(
    act: Callable[[OneLogin, Person, Wishes], Script],
) -> Callable[[OneLogin, Wishes], Iterator[Script]]:
    """Return a verb that looks the user up before it acts."""

    def run(idp: OneLogin, wishes: Wishes) -> Iterator[Script]:
        person = _person(wishes)
        yield idp.adopt(person)
        yield act(idp, person, wishes)

    return run


def _update(idp: OneLogin, person: Person, wishes: Wishes) -> Script:
    names = ("given_name", "family_name", "email", "display_name")
    changes: dict[str, Json] = {name: getattr(wishes, name) for name in names}
    return idp.change(person, {name: value for name, value in changes.items() if value})


def _members(wishes: Wishes) -> list[Person]:
    return [_person(Wishes(user_name=name)) for name in wishes.members]


def _push_group(idp: OneLogin, wishes: Wishes) -> Iterator[Script]:
    group = Group(wishes.group)
    for person in _members(wishes):
        yield idp.adopt(person)
    yield idp.refresh_entitlements()
    yield idp.make_group(group)
    for person in _members(wishes):
        yield idp.add_to_groups(person, [group])


def _remove_members(idp: OneLogin, wishes: Wishes) -> Iterator[Script]:
    yield idp.refresh_entitlements()
    for person in _members(wishes):
        yield idp.adopt(person)
        yield idp.remove_from_groups(person, [Group(wishes.group)])


VERBS: dict[str, Verb[OneLogin]] = {
    "test-connection": Verb("enable the API connection", (), lambda idp, _: iter([idp.enable()])),
    "assign": Verb(
        "give a user access",
        ("user_name",),
        lambda idp, wishes: iter([idp.assign(_person(wishes))]),
    ),
    "update": Verb("change a user's attributes", ("user_name",), _adopted(_update)),
    "rename": Verb(
        "change a user name",
        ("user_name", "new_user_name"),
        _adopted(
            lambda idp, person, wishes: idp.change(person, {"user_name": wishes.new_user_name})
        ),
    ),
    "deactivate": Verb(
        "suspend a user",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.suspend(person)),
    ),
    "reactivate": Verb(
        "end a user's suspension",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.reactivate(person)),
    ),
    "delete": Verb(
        "take the app from a user where the choice is Delete",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.delete(person)),
    ),
    "import-users": Verb("Sync Logins", (), lambda idp, _: iter([idp.sync_logins()])),
    "import-groups": Verb(
        "read the groups of the app", (), lambda idp, _: iter([idp.refresh_entitlements()])
    ),
    "push-group": Verb("make a group where it is missing, with members", ("group",), _push_group),
    "remove-members": Verb("remove members from a group", ("group", "members"), _remove_members),
}
