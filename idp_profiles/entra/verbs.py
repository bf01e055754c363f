"""What can be done by hand, one verb at a time; every verb finds by a filter what is there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from idp_profiles.model import Group
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.profile import Verb
from idp_profiles.profile import Wishes
from idp_profiles.wished_person import wished_person

from .behaviour import Entra

# Object ids derived from names: so they are equal between two commands.
_DIRECTORY = uuid.UUID("b8f0a1c2-3d4e-4f5a-9b6c-7d8e9f0a1b2c")


def _object_id(name: str) -> str:
    return str(uuid.uuid5(_DIRECTORY, name))


def _person(wishes: Wishes) -> Person:
    return wished_person(wishes, _object_id(wishes.user_name))


def _group(wishes: Wishes) -> Group:
    return Group(wishes.group, _members(wishes), _object_id(wishes.group))


def _members(wishes: Wishes) -> tuple[Person, ...]:
    return tuple(_person(Wishes(user_name=name)) for name in wishes.members)


def _assign(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield idp.assign(_person(wishes))


def _update(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    names = ("given_name", "family_name", "email", "display_name")
    changes: dict[str, Json] = {name: getattr(wishes, name) for name in names}
    given = {name: value for name, value in changes.items() if value}
    yield idp.update(person, "incremental-update-known-user", **given)


def _rename(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.rename(person, wishes.new_user_name)


def _unassign(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.unassign(person)


def _reassign(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.reassign(person)


def _purge(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    person = _person(wishes)
    yield idp.adopt(person)
    yield idp.purge(person)


def _adopt_members(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    for person in _members(wishes):
        yield idp.adopt(person)


def _push_group(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield from _adopt_members(idp, wishes)
    yield idp.push_group(_group(wishes))
    if wishes.members:
        yield idp.add_members(_group(wishes), _members(wishes))


def _add_members(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield from _adopt_members(idp, wishes)
    yield idp.adopt_group(_group(wishes))
    yield idp.add_members(_group(wishes), _members(wishes))


def _remove_members(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield from _adopt_members(idp, wishes)
    yield idp.adopt_group(_group(wishes))
    yield idp.remove_members(_group(wishes), _members(wishes))


def _rename_group(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield idp.adopt_group(_group(wishes))
    yield idp.rename_group(_group(wishes), wishes.new_name)


def _delete_group(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield idp.adopt_group(_group(wishes))
    yield idp.delete_group(_group(wishes))


def _on_demand(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield idp.provision_on_demand(_person(wishes))


def _group_on_demand(idp: Entra, wishes: Wishes) -> Iterator[Script]:
    yield from _adopt_members(idp, wishes)
    yield idp.provision_group_on_demand(_group(wishes), _members(wishes))


_PERSON, _GROUP, _MEMBERS = ("user_name",), ("group",), ("group", "members")

VERBS: dict[str, Verb[Entra]] = {
    "test-connection": Verb("Test Connection", (), lambda idp, _: iter([idp.test_connection()])),
    "discover-schemas": Verb(
        "open the provisioning settings", (), lambda idp, _: iter([idp.discover_schemas()])
    ),
    "assign": Verb("bring a person into scope", _PERSON, _assign),
    "update": Verb("change a person's attributes", _PERSON, _update),
    "rename": Verb("change a user principal name", ("user_name", "new_user_name"), _rename),
    "unassign": Verb("take a person out of scope", _PERSON, _unassign),
    "reassign": Verb("bring a person back into scope", _PERSON, _reassign),
    "purge": Verb("purge a person from the recycle bin", _PERSON, _purge),
    "push-group": Verb("bring a group into scope, then its members", _GROUP, _push_group),
    "add-members": Verb("add members to a group", _MEMBERS, _add_members),
    "remove-members": Verb("remove members from a group", _MEMBERS, _remove_members),
    "rename-group": Verb("rename a group", ("group", "new_name"), _rename_group),
    "delete-group": Verb("delete a group, or take it out of scope", _GROUP, _delete_group),
    "provision-on-demand": Verb("provision one person now", _PERSON, _on_demand),
    "provision-group-on-demand": Verb(
        "provision one group now, with at most five members", _GROUP, _group_on_demand
    ),
}
