"""The requests: written out beforehand, so that making them costs the measured time nothing."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import TypeAlias
from urllib.parse import quote

Json: TypeAlias = Any  # what a JSON writer takes

CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

OK = (b"200",)
CREATED = (b"201",)
# RFC 7644 section 3.5.2 lets a server choose between the resource and no content.
PATCHED = (b"200", b"204")

PAGE = 100
MEMBERS = 50
# Members are added to so many groups in turn, so that none of them grows by much.
JOINED = 200


@dataclass(frozen=True, slots=True)
class Wire:
    """How requests to one server begin."""

    base_path: str
    token: str

    def request(self, method: str, path: str, body: Json = None) -> bytes:
        """Write a request as a provisioning client sends it."""
        lines = [
            f"{method} {self.base_path}{path} HTTP/1.1",
            "Host: 127.0.0.1:8080",
            "User-Agent: scimproof-benchmark/1",
            "Accept: application/scim+json",
            f"Authorization: Bearer {self.token}",
        ]
        content = b"" if body is None else json.dumps(body).encode()
        if body is not None:
            lines.append("Content-Type: application/scim+json")
            lines.append(f"Content-Length: {len(content)}")
        return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the measured operations."""

    name: str
    expected: tuple[bytes, ...]
    requests: Callable[[Wire, Content], Iterator[bytes]]


@dataclass(slots=True)
class Content:
    """What a server holds when it is measured."""

    users: Sequence[str]
    groups: Sequence[str]
    random: random.Random
    created: Iterator[int]
    joining: Iterator[tuple[str, str]]

    @classmethod
    def of(cls, users: Sequence[str], groups: Sequence[str]) -> Content:
        """Describe a server with some users and groups."""
        choices = random.Random(7)  # noqa: S311 - the same choices in every run, not secret ones
        return cls(users, groups, choices, itertools.count(len(users)), _joining(users, groups))


def first_members(users: Sequence[str], number: int) -> list[str]:
    """Return the members that the group with a number has at the start."""
    return [users[(number * MEMBERS + each) % len(users)] for each in range(MEMBERS)]


def _joining(users: Sequence[str], groups: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a group and a user who is not in it; no group grows faster than others."""
    for later in range(MEMBERS, len(users)):
        for number, chosen in enumerate(groups):
            yield chosen, users[(number * MEMBERS + later) % len(users)]


def user_name(number: int) -> str:
    """Return the userName of a user by number."""
    return f"person{number}@example.com"


def user(number: int) -> Json:
    """Return a user as identity providers describe people: the usual dozen of attributes."""
    given, family = f"Given{number}", f"Family{number}"
    return {
        "schemas": [f"{CORE}:User", ENTERPRISE],
        "userName": user_name(number),
        "externalId": f"00u{number:012d}",
        "name": {"givenName": given, "familyName": family, "formatted": f"{given} {family}"},
        "displayName": f"{given} {family}",
        "emails": [{"value": user_name(number), "type": "work", "primary": True}],
        "phoneNumbers": [{"value": f"+1 555 {number:07d}", "type": "work"}],
        "title": "Engineer",
        "locale": "en-US",
        "active": True,
        ENTERPRISE: {"employeeNumber": str(number), "department": "Engineering"},
    }


def group(name: str, members: Sequence[str]) -> Json:
    """Return a group with some members."""
    values = [{"value": each} for each in members]
    return {"schemas": [f"{CORE}:Group"], "displayName": name, "members": values}


def joining(members: Sequence[str]) -> Json:
    """Return the message that adds members to a group."""
    values = [{"value": each} for each in members]
    operation = {"op": "add", "path": "members", "value": values}
    return {"schemas": [PATCH], "Operations": [operation]}


def _create(wire: Wire, content: Content) -> Iterator[bytes]:
    while True:
        yield wire.request("POST", "/Users", user(next(content.created)))


def _get(wire: Wire, content: Content) -> Iterator[bytes]:
    while True:
        yield wire.request("GET", f"/Users/{content.random.choice(content.users)}")


def _filter(wire: Wire, content: Content) -> Iterator[bytes]:
    while True:
        name = user_name(content.random.randrange(len(content.users)))
        text = quote(f'userName eq "{name}"')
        yield wire.request("GET", f"/Users?filter={text}")


def _list(wire: Wire, content: Content) -> Iterator[bytes]:
    last = max(1, len(content.users) - PAGE + 1)
    while True:
        start = content.random.randint(1, last)
        yield wire.request("GET", f"/Users?startIndex={start}&count={PAGE}")


def _patch(wire: Wire, content: Content) -> Iterator[bytes]:
    while True:
        value = content.random.random() < 0.5
        operation = {"op": "replace", "path": "active", "value": value}
        message = {"schemas": [PATCH], "Operations": [operation]}
        yield wire.request("PATCH", f"/Users/{content.random.choice(content.users)}", message)


def _join(wire: Wire, content: Content) -> Iterator[bytes]:
    for chosen, member in content.joining:
        yield wire.request("PATCH", f"/Groups/{chosen}", joining([member]))


CREATE = Operation("create", CREATED, _create)
GET = Operation("get", OK, _get)
FILTER = Operation("filter userName eq", OK, _filter)
LIST = Operation(f"list page of {PAGE}", OK, _list)
PATCH_ACTIVE = Operation("PATCH active", PATCHED, _patch)
JOIN = Operation("group member add", PATCHED, _join)

# What creates users comes last, so that all others meet the number of users that is announced.
OPERATIONS = (GET, FILTER, LIST, PATCH_ACTIVE, JOIN, CREATE)
