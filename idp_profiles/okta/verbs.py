"""What can be done by hand, one verb at a time; every verb finds by a lookup what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.profile import Verb
from idp_profiles.profile import Wishes

from .behaviour import Okta


def _person(wishes: Wishes) -> Person:
    """Return the person who is asked for, with names made up from the login where none is given."""
    local = wishes.user_name.partition("@")[0]
    given, family = wishes.given_name or local.capitalize(), wishes.family_name or "Example"
    return Person(
        user_name=wishes.user_name,
        given_name=given,
        family_name=family,
        email=wishes.email or wishes.user_name,
        display_name=wishes.display_name or f"{given} {family}",
        idp_id=_okta_id(wishes.user_name),
    )


def _okta_id(user_name: str) -> str:
    # Okta's ids start with 00u; deriving ours from the login keeps them equal between commands.
    return f"00u{hashlib.sha256(user_name.encode()).hexdigest()[:17]}"


def _members(wishes: Wishes) -> tuple[Person, ...]:
    return tuple(_person(Wishes(user_name=name)) for name in wishes.members)


def _assign(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    yield idp.assign(_person(wishes))


def _update(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    names = ("given_name", "family_name", "email", "display_name")
    changes: dict[str, Json] = {name: getattr(wishes, name) for name in names}
    yield idp.update(person, **{name: value for name, value in changes.items() if value})


def _rename(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.rename(person, user_name=wishes.new_user_name, email=wishes.email or None)


def _deactivate(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.deactivate(person)


def _reactivate(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.reactivate(person)


def _sync_password(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.sync_password(person, wishes.password)


def _adopt_members(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    for person in _members(wishes):
        yield idp.adopt(person)


def _push_group(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    yield from _adopt_members(idp, wishes)
    yield idp.push_group(Group(wishes.group, _members(wishes)))


def _push_now(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    group = Group(wishes.group, _members(wishes))
    yield from _adopt_members(idp, wishes)
    yield idp.adopt_group(group)
    # What is asked for is the complete list: whoever else the app has in the group has to go.
    yield idp.push_now(group)


def _add_members(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    group = Group(wishes.group)
    yield from _adopt_members(idp, wishes)
    yield idp.adopt_group(group)
    yield idp.change_members(group, added=_members(wishes))


def _remove_members(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    group = Group(wishes.group, _members(wishes))
    yield from _adopt_members(idp, wishes)
    yield idp.adopt_group(group)
    yield idp.change_members(group, removed=_members(wishes))


def _rename_group(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    group = Group(wishes.group, _members(wishes))
    yield from _adopt_members(idp, wishes)
    yield idp.adopt_group(group)
    yield idp.rename_group(group, wishes.new_name)


def _delete_group(idp: Okta, wishes: Wishes) -> Iterator[Script]:
    group = Group(wishes.group)
    yield idp.adopt_group(group)
    yield idp.unlink_group(group, delete=True)


VERBS: dict[str, Verb[Okta]] = {
    "test-connection": Verb(
        "Test API Credentials", (), lambda idp, _: iter([idp.test_connection()])
    ),
    "save-settings": Verb("save the settings", (), lambda idp, _: iter([idp.save_settings()])),
    "assign": Verb("assign the app to a person", ("user_name",), _assign),
    "update": Verb("change a person's attributes", ("user_name",), _update),
    "rename": Verb("change a user name", ("user_name", "new_user_name"), _rename),
    "deactivate": Verb("take the app away from a person", ("user_name",), _deactivate),
    "reactivate": Verb("give the app back to a person", ("user_name",), _reactivate),
    "sync-password": Verb("change a password", ("user_name", "password"), _sync_password),
    "import-users": Verb("Import Now", (), lambda idp, _: iter([idp.import_users()])),
    "import-groups": Verb("Refresh App Groups", (), lambda idp, _: iter([idp.import_groups()])),
    "push-group": Verb("push a group with its members", ("group",), _push_group),
    "push-now": Verb("push the complete list of members", ("group",), _push_now),
    "add-members": Verb("add members to a group", ("group", "members"), _add_members),
    "remove-members": Verb("remove members from a group", ("group", "members"), _remove_members),
    "rename-group": Verb("rename a group", ("group", "new_name"), _rename_group),
    "delete-group": Verb("delete a pushed group in the app", ("group",), _delete_group),
    "discover-entitlements": Verb(
        "read roles and entitlements", (), lambda idp, _: iter([idp.discover_entitlements()])
    ),
    "import-user-schema": Verb(
        "Import User Schema", (), lambda idp, _: iter([idp.import_user_schema()])
    ),
}
