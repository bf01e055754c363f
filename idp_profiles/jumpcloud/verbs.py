"""What can be done by hand, one verb at a time; every verb finds by a lookup what is there."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.profile import Verb
from idp_profiles.profile import Wishes
from idp_profiles.wished_person import wished_person

from .behaviour import JumpCloud
from .org import object_id


def _person(wishes: Wishes) -> Person:
    # An id derived from the login stays equal between commands.
    return wished_person(wishes, object_id(wishes.user_name))


def _members(wishes: Wishes) -> tuple[Person, ...]:
    return tuple(_person(Wishes(user_name=name)) for name in wishes.members)


def _adopted(
    act: Callable[[JumpCloud, Person, Wishes], Script],
) -> Callable[[JumpCloud, Wishes], Iterator[Script]]:
    """Return a verb that looks the person up before it acts."""

    def run(idp: JumpCloud, wishes: Wishes) -> Iterator[Script]:
        person = _person(wishes)
        yield idp.adopt(person)
        yield act(idp, person, wishes)

    return run


def _in_group(
    act: Callable[[JumpCloud, Group, Wishes], Script], *, found: bool = True
) -> Callable[[JumpCloud, Wishes], Iterator[Script]]:
    """Return a verb that looks the members, and the group when it has to exist, up first."""

    def run(idp: JumpCloud, wishes: Wishes) -> Iterator[Script]:
        for person in _members(wishes):
            yield idp.adopt(person)
        group = Group(wishes.group, _members(wishes))
        if found:
            yield idp.adopt_group(group)
        yield act(idp, group, wishes)

    return run


def _update(idp: JumpCloud, person: Person, wishes: Wishes) -> Script:
    names = ("given_name", "family_name", "email", "display_name")
    changes: dict[str, Json] = {name: getattr(wishes, name) for name in names}
    return idp.update(person, **{name: value for name, value in changes.items() if value})


def _activate(idp: JumpCloud, wishes: Wishes) -> Iterator[Script]:
    yield idp.activate(wishes.user_name, wishes.group or "JumpCloud test group")


VERBS: dict[str, Verb[JumpCloud]] = {
    "test-connection": Verb(
        "Test Connection with a new address as test user",
        ("user_name",),
        lambda idp, wishes: iter([idp.test_connection(wishes.user_name)]),
    ),
    "activate": Verb("Activate, with a test group as well", ("user_name",), _activate),
    "assign": Verb(
        "bind a person to the app",
        ("user_name",),
        lambda idp, wishes: iter([idp.bind(_person(wishes))]),
    ),
    "update": Verb("change a person's attributes", ("user_name",), _adopted(_update)),
    "rename": Verb(
        "change a user name",
        ("user_name", "new_user_name"),
        _adopted(lambda idp, person, wishes: idp.update(person, user_name=wishes.new_user_name)),
    ),
    "deactivate": Verb(
        "take the app away from a person",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.unbind(person)),
    ),
    "expire-password": Verb(
        "let a person's password expire",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.expire_password(person)),
    ),
    "reactivate": Verb(
        "give the app back to a person",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.bind(person)),
    ),
    "delete": Verb(
        "delete a person's account in the app",
        ("user_name",),
        _adopted(lambda idp, person, wishes: idp.delete(person)),
    ),
    "import-users": Verb(
        "Import users from this app", (), lambda idp, _: iter([idp.import_users()])
    ),
    "push-group": Verb(
        "bind a group with its members",
        ("group", "members"),
        _in_group(lambda idp, group, wishes: idp.bind_group(group), found=False),
    ),
    "add-members": Verb(
        "add members to a group",
        ("group", "members"),
        _in_group(lambda idp, group, wishes: idp.add_members(group, group.members)),
    ),
    "remove-members": Verb(
        "remove members from a group",
        ("group", "members"),
        _in_group(lambda idp, group, wishes: idp.remove_members(group, group.members)),
    ),
    "rename-group": Verb(
        "rename a group",
        ("group", "new_name"),
        _in_group(lambda idp, group, wishes: idp.rename_group(group, wishes.new_name)),
    ),
    "delete-group": Verb(
        "delete a bound group in the app",
        ("group",),
        _in_group(lambda idp, group, wishes: idp.delete_group(group)),
    ),
}
