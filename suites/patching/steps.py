"""The operations of the experiments about PATCH: each step on what the one before it left.

No step needs that an earlier one worked: each case looks at what it found before and after its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.making.people import Registry
from suites.patching.changes import Operation

Steps = Mapping[str, Sequence[Operation]]
NO_MATCH = 'emails[type eq "scimproof"]'
STRANGER = 'members[value eq "scimproof-nobody"]'


def add(path: str, value: Json) -> Operation:
    """Return an add with a path."""
    return {"op": "add", "path": path, "value": value}


def replace(path: str, value: Json) -> Operation:
    """Return a replace with a path."""
    return {"op": "replace", "path": path, "value": value}


class Mails:
    """Makes the e-mail addresses of one user: unlike any other, and in the target's domain."""

    def __init__(self, people: Registry) -> None:
        self._word = people.unique("mail")
        self._domain = people.domain

    def __call__(self, name: str, kind: str = "work", **more: Json) -> dict[str, Json]:
        """Return the address that has this name among those of the user."""
        return {"value": self.at(name), "type": kind, **more}

    def at(self, name: str) -> str:
        """Return the address alone."""
        return f"{self._word}-{name}@{self._domain}"


def house(kind: str, street: str, **more: Json) -> dict[str, Json]:
    """Return an address with all its parts but `formatted`, which a server may make itself."""
    place = {"locality": "Springfield", "region": "IL", "postalCode": "62701", "country": "US"}
    return {"type": kind, "streetAddress": street, **place, **more}


def of_add(mail: Mails, first: Json) -> Steps:
    """Return adds on a user with one e-mail, `first`, and without nickName, title and userType."""
    return {
        "unset": [add("nickName", "Ned")],
        "pathless": [{"op": "add", "value": {"title": "Guide", "userType": "Guest"}}],
        "complex": [add("name", {"middleName": "Joan", "honorificSuffix": "IV"})],
        "single": [add("displayName", "Another Name")],
        "part": [add("name.familyName", "Otherwise")],
        "list": [add("emails", [mail("b", "home")])],
        "object": [add("emails", mail("c", "other"))],
        "same mail": [add("emails", [first])],
        "same name": [add("displayName", "Another Name")],
        "selected": [add('addresses[type eq "work"].postalCode', "10001")],
        "nowhere": [add('phoneNumbers[type eq "fax"].value', "tel:+1-201-555-0142")],
        "example": [{"op": "add", "value": {"emails": [mail("d", "home")], "nickname": "Babs"}}],
    }


def of_replace(mail: Mails) -> Steps:
    """Return replaces on a user with two work addresses and one other, and without nickName."""
    new = [mail("h", "home"), mail("i", primary=True)]
    return {
        "single": [replace("displayName", "Another Name")],
        "unset": [replace("nickName", "Ned")],
        "complex": [replace("name", {"familyName": "Otherwise"})],
        "part of one": [replace('addresses[type eq "work"].streetAddress', "1010 Broadway Ave")],
        "part of all": [replace('addresses[postalCode eq "91608"].locality', "Burbank")],
        "one": [replace('addresses[type eq "home"]', house("home", "7 Elm"))],
        "all": [replace('emails[type eq "work"]', mail("e"))],
        "old primary": [replace('addresses[type eq "home"]', house("home", "7 Elm", primary=True))],
        "new primary": [replace('addresses[type eq "work"]', house("work", "9 Oak", primary=True))],
        "whole": [replace("emails", [mail("f"), mail("g", "home")])],
        "pathless": [
            {
                "op": "replace",
                "value": {"displayName": "Third Name", "emails": [mail("g", "home")]},
            }
        ],
        "example": [{"op": "replace", "value": {"emails": [*new], "nickname": "Babs"}}],
    }


def of_targets(mail: Mails) -> Steps:
    """Return operations on a user who has everything, and a work and a home address."""
    return {
        "order": [add("nickName", "First"), replace("nickName", "Second")],
        "three": [
            add("title", "Head"),
            replace("displayName", "Another Name"),
            {"op": "remove", "path": "userType"},
        ],
        "capital": [{"op": "Replace", "path": "locale", "value": "de-DE"}],
        "any case": [replace("NICKNAME", "Third")],
        "qualified": [replace(f"{USER_URN}:title", "Chief")],
        "qualified part": [replace(f"{USER_URN}:name.familyName", "Otherwise")],
        "qualified, any case": [replace(f"{USER_URN}:title".upper(), "Boss")],
        "department": [replace(f"{ENTERPRISE_URN}:department", "Rides")],
        "selected, any case": [replace('addresses[type eq "HOME"].locality', "Springfield")],
        "second primary": [replace('emails[type eq "home"].primary', True)],
        "new primary": [add("emails", [mail("c", "other", primary=True)])],
        "no match": [
            replace("title", "Lost"),
            replace(f"{NO_MATCH}.value", mail.at("x")),
        ],
        "required": [replace("title", "Lost too"), {"op": "remove", "path": "userName"}],
    }


def of_extension() -> Steps:
    """Return operations that give a user the enterprise extension, and more of it."""
    return {
        "implicit": [add(f"{ENTERPRISE_URN}:employeeNumber", "701984")],
        "pathless": [{"op": "add", "value": {ENTERPRISE_URN: {"costCenter": "4711"}}}],
        "another": [replace(f"{ENTERPRISE_URN}:employeeNumber", "701985")],
        "less": [{"op": "remove", "path": f"{ENTERPRISE_URN}:employeeNumber"}],
    }


def of_schemas() -> Steps:
    """Return operations that list the enterprise extension first, and then use it."""
    department = add(f"{ENTERPRISE_URN}:department", "Rides")
    return {"explicit": [add("schemas", [ENTERPRISE_URN]), department]}


def of_members(people: Sequence[dict[str, Json]]) -> Steps:
    """Return operations on a group whose one member is the first of these people."""
    ann, bob, cem, dee = people
    third = f'members[value eq "{cem["value"]}"]'
    return {
        "one": [add("members", [bob])],
        "again": [add("members", [bob])],
        "replaced": [replace("members", [cem, dee])],
        "undefined": [replace(f"{third}.displayName", "Scimproof")],
        "moved": [replace(f"{third}.value", ann["value"])],
        "half": [add("members", [ann]), replace(STRANGER, bob)],
    }
