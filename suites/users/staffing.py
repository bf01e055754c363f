"""A user with every enterprise attribute, and a manager whose name the client gets wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import Seen
from suites.crud.lives import create
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.users.wishes import Changes
from suites.users.wishes import Wish
from suites.users.wishes import wished
from suites.values import member
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered

FIVE: Mapping[str, Json] = {
    "employeeNumber": "0701984",
    "costCenter": "4130",
    "organization": "Universal Studios",
    "division": "Theme Park",
    "department": "Tour Operations",
}
FALSE_NAME = "Scimproof False Name"
MANAGER = f"{ENTERPRISE_URN}:manager"


@dataclass(frozen=True, slots=True)
class Employee:
    """The manager, and what became of the enterprise attributes, the manager and a false name."""

    boss: Made
    wishes: Mapping[str, Wish]

    def manager(self, wish: str) -> Seen:
        """Return the user where the server shows a manager, else skip the case."""
        return self.wishes[wish].kept(MANAGER)

    def whole(self, wish: str) -> Json:
        """Return the manager as the server shows it, or None."""
        return self.wishes[wish].value(MANAGER)

    def part(self, wish: str, name: str) -> Json:
        """Return a part of the manager as the server shows it, or None."""
        return member(self.wishes[wish].value(MANAGER), name)


def run(lab: Lab, boss: Made) -> Employee:
    """Create an employee, and another one with a false name of the manager; some 7 requests."""
    manager: Json = {"value": boss.id}
    whole = wished(
        {
            "five": {ENTERPRISE_URN: dict(FIVE)},
            "manager": {ENTERPRISE_URN: {"manager": manager}},
        },
        lambda changes: _sent(lab, changes),
    )
    false: Json = {"value": boss.id, "displayName": FALSE_NAME}
    other = _sent(lab, {ENTERPRISE_URN: {"manager": false}})
    return Employee(boss, {**whole, "false name": other})


def _sent(lab: Lab, changes: Changes) -> Wish:
    """Send what the schema of the extension has room for, and the manager as it is given."""
    plain = lab.user_bodies(plain_user(lab.people.person()))[0]
    given = value_at({**changes}, ENTERPRISE_URN)
    schema = lab.definitions.schema(ENTERPRISE_URN)
    known = {each.name.lower() for each in schema.attributes} if schema else None
    parts: dict[str, Json] = {
        name: value
        for name, value in (given.items() if isinstance(given, dict) else ())
        if known is None or name.lower() in known
    }
    schemas: list[Json] = [USER_URN, ENTERPRISE_URN]
    body: dict[str, Json] = {**plain, "schemas": schemas, ENTERPRISE_URN: parts}
    posted = create(lab, "employee", lab.whole(body) if parts else plain)
    return Wish(changes, posted.reply, posted.read, posted.made)


def lost(wish: Wish) -> list[str]:
    """Return which of the five attributes came back as something else than was sent."""
    shown = {name: wish.value(f"{ENTERPRISE_URN}:{name}") for name in FIVE}
    if all(value is None for value in shown.values()):
        raise NotOffered("the server keeps no enterprise attributes of a user")
    return [f"{name} {value!r}" for name, value in shown.items() if value not in (None, FIVE[name])]
