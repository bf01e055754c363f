"""Resources with something that the texts leave to the server, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

from idp_profiles.model import Json
from suites.attributes import creating
from suites.attributes.creating import Tried
from suites.attributes.creating import tried
from suites.client import USER_URN
from suites.client import Seen
from suites.making import bodies
from suites.making.lab import Lab
from suites.values import items
from suites.verbs import Made

STRANGER = "scimproof-nobody"
# A certificate whose base64 ends in padding, which is left away.
UNPADDED = (
    "MIIBbDCCAROgAwIBAgIUey8RQF0WItYJI0OvZ6s8Pn4EPpEwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYjAeFw0yNjEx"
    "MjIwNzIyNThaFw00NjExMTcwNzIyNThaMAwxCjAIBgNVBAMMAWIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARBLDcW"
    "IgaVQucEoypU8hS5Piy5GLJfj/NFl8CXPNr97gg2ZpcLVv1qYlXyTF/46duofxnCPd2LLfX/0E3c1rWlo1MwUTAdBgNV"
    "HQ4EFgQUAHN6wIpB1ciHQ9nX3JhEBzpIM3kwHwYDVR0jBBgwFoAUAHN6wIpB1ciHQ9nX3JhEBzpIM3kwDwYDVR0TAQH/"
    "BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAxykXDAyTCSnCFLQ6UOMI0aZe3UIcK1ROHN7/3wlnoigIgH2nxsIeas4FI"
    "+GQzh0BNJKHcvINvNC9isZDpmJypUZ0"
)


@dataclass(frozen=True, slots=True)
class Patched:
    """A PATCH with a word for a boolean, the user after it, and a PATCH of a display."""

    word: Seen
    after: Seen
    display: Seen


@dataclass(frozen=True, slots=True)
class Kept:
    """A user before and after a PUT with another value of an immutable attribute."""

    before: Made
    name: str
    reply: Seen
    after: Seen


def patched(lab: Lab) -> Patched:
    """Change a plain user in ways that a server may take or refuse."""
    made = lab.plain_user(key="patched")
    word = lab.scim.patch(made, {"op": "replace", "path": "active", "value": "False"})
    after = lab.read(made)
    shown: Json = {"op": "replace", "path": 'emails[type eq "work"].display', "value": "Work"}
    return Patched(word, after, lab.scim.patch(made, shown))


def unpadded(lab: Lab) -> Tried:
    """Create a user with a certificate in base64 without padding."""
    return tried(lab, creating.plain(lab, x509Certificates=[{"value": UNPADDED}]))


def in_capitals(lab: Lab) -> Tried:
    """Create a user whose schemas begin with URN in capitals."""
    return tried(lab, creating.plain(lab, schemas=[USER_URN.replace("urn", "URN", 1)]))


def with_stranger(lab: Lab) -> Seen:
    """Create a group whose one member does not exist."""
    body = bodies.plain_group(lab.people.unique("odd"), [{"value": STRANGER}])
    return lab.scim.post("/Groups", body)


def immutable(lab: Lab) -> tuple[Kept, ...]:
    """Replace a user by itself with another value for each immutable text it has."""
    names = [
        each.name
        for each in lab.definitions.every()
        if each.mutability == "immutable" and each.type == "string" and each.path == each.name
    ]
    made = lab.user(key="immutable") if names else None
    return tuple(_replaced(lab, made, name) for name in names if made and made.has(name))


def _replaced(lab: Lab, made: Made, name: str) -> Kept:
    shown = {key: value for key, value in made.stored.items() if key not in ("meta", "groups")}
    reply = lab.scim.put(made, {**shown, name: f"{made.value(name)}x"})
    return Kept(made, name, reply, lab.read(made))


def of_extensions(lab: Lab) -> tuple[tuple[str, Tried], ...]:
    """Create a user for each array of an extension whose sub-attributes are not defined."""
    found = [
        each
        for each in lab.definitions.every()
        if each.type == "complex" and each.multi_valued and not each.parts and each.writable
        if each.path.lower().startswith("urn:")
    ]
    return tuple((each.path, tried(lab, _with_array(lab, each.urn, each.name))) for each in found)


def _with_array(lab: Lab, urn: str, name: str) -> bodies.Body:
    body = creating.plain(lab)
    value: Json = {"value": "scimproof", "type": "work", "display": "Work", "primary": True}
    return {**body, "schemas": [*items(body["schemas"]), urn], urn: {name: [value]}}
