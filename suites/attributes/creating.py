"""Users that are created in unusual ways: what was sent, the answer, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlsplit

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import Seen
from suites.making import bodies
from suites.making.lab import CREATES
from suites.making.lab import Lab
from suites.making.lab import refusal
from suites.values import value_at
from suites.verdicts import Blocked

OWN_ID = "scimproof-own-id"
OLD = "2001-01-01T00:00:00Z"
FALSE_META: Json = {
    "resourceType": "Scimproof",
    "created": OLD,
    "lastModified": OLD,
    "location": "https://scimproof.example.com/Users/1",
    "version": 'W/"scimproof"',
}
WORDS = "Zoë Łukasz 李小龙 Ольга 🦉"
CERTIFICATE = (
    "MIIBbTCCAROgAwIBAgIUQn05UnITKBSIEYug1xEvmCpCy3QwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAeFw0yNjEx"
    "MjIwNTE4MjRaFw00NjExMTcwNTE4MjRaMAwxCjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARUHoBA"
    "JEjmfnzRNgBEA9ih2l/kQRSzowv7cTUvmBtNYr5gGanuP+iVV2ET/20NLvbDutNWL3I8zQsTlUvD5Ieho1MwUTAdBgNV"
    "HQ4EFgQU1xVBl4aygoTYANXp8aA1+2InExIwHwYDVR0jBBgwFoAU1xVBl4aygoTYANXp8aA1+2InExIwDwYDVR0TAQH/"
    "BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA/vWWvqeyAkq/BNfe/HwRzUCYtzMlwf+wfKAsTFarDm4CIA5kZa6erKS2"
    "XkSYk/z8HAWTri0MSbOU1lM4SNi6AjJn"
)


@dataclass(frozen=True, slots=True)
class Tried:
    """One create: the body, the answer, and the user as read after it, if there is one."""

    sent: Mapping[str, Json]
    reply: Seen
    after: Seen
    control: Seen | None = None  # to a user with nothing unusual, where this one was refused

    @property
    def taken(self) -> bool:
        """Whether the server created the user."""
        return 200 <= self.reply.status < 300

    @property
    def sights(self) -> tuple[Seen, ...]:
        """The answer to the create and the user as it was read: none where it was refused."""
        return (self.reply, self.after) if self.taken else ()

    def made(self) -> Tried:
        """Return itself where the user was created; a refusal is judged by another case."""
        if not self.taken:
            reason = refusal("POST /Users", self.reply)
            raise Blocked(reason, by=CREATES, entry=self.reply.entry)
        return self

    def unusual(self) -> Tried:
        """Return itself; raises Blocked where a user with nothing unusual is refused as well."""
        if self.control is not None and not 200 <= self.control.status < 300:
            reason = f"{refusal('POST /Users', self.control)} to a user with nothing unusual"
            raise Blocked(reason, by=CREATES, entry=self.control.entry)
        return self


def tried(lab: Lab, body: Mapping[str, Json], *, controlled: bool = False) -> Tried:
    """Create a user, read it where that worked, and delete it.

    `controlled` sends a plain user as well where this one is refused.
    """
    spelled = {name.lower() for name in body}
    # An attribute that is there in other capitals is not given a second time.
    whole = {
        name: value
        for name, value in lab.whole({**body}).items()
        if name in body or name.lower() not in spelled
    }
    made = _tried(lab, whole)
    if made.taken or not controlled:
        return made
    return replace(made, control=_tried(lab, plain(lab)).reply)


def _tried(lab: Lab, whole: Mapping[str, Json]) -> Tried:
    reply = lab.scim.post("/Users", {**whole})
    place = urlsplit(reply.header("Location") or "").path.rpartition("/")[2]
    found = value_at(reply.object(), "id")
    identifier = found if isinstance(found, str) and found else unquote(place)
    if not 200 <= reply.status < 300 or not identifier:
        return Tried(whole, reply, reply)
    lab.scim.client.settle()
    path = f"/Users/{quote(identifier, safe='')}"
    after = lab.scim.get(path)
    # A user without name or e-mail is in the way of cases that look at the first one listed.
    lab.scim.delete(path)
    return Tried(whole, reply, after)


def plain(lab: Lab, **changes: Json) -> bodies.Body:
    """Return a plain new user with changes; a change to None leaves an attribute out."""
    return bodies.changed(lab.user_bodies(bodies.plain_user(lab.people.person()))[0], changes)


def least(lab: Lab) -> bodies.Body:
    """Return a new user with nothing but what the RFC and the server's schema require."""
    person = lab.people.person()
    full = lab.user_bodies(bodies.full_user(person))[0]
    asked = [each.path for each in lab.definitions.every() if each.required and each.writable]
    more = {path: full[path] for path in asked if path in full}
    return {**more, "schemas": [USER_URN], "userName": person.user_name}


def backwards(lab: Lab) -> bodies.Body:
    """Return a plain new user with its attributes in reverse order, `schemas` last."""
    return dict(reversed(plain(lab).items()))


def in_capitals(lab: Lab) -> bodies.Body:
    """Return a plain new user whose attribute names are spelled otherwise than in the schema."""
    body = plain(lab)
    names = {"userName": "USERNAME", "displayName": "displayname", "name": "Name"}
    return {names.get(name, name): value for name, value in body.items()}


def mails(lab: Lab, *given: tuple[str, str | None], **more: Json) -> list[Json]:
    """Return addresses by the word they begin with and their type, with other parts if wanted."""
    made: dict[str, str] = {}
    found: list[Json] = []
    for word, kind in given:
        value = made.setdefault(word, f"{lab.people.unique(word)}@{lab.people.domain}")
        part: dict[str, Json] = {} if kind is None else {"type": kind}
        found.append({"value": value, **part, **more})
    return found


def extended(lab: Lab) -> bodies.Body:
    """Return a plain new user with a department, the extension listed before the base schema."""
    body = plain(lab, schemas=[ENTERPRISE_URN, USER_URN])
    body[ENTERPRISE_URN] = {"department": "Tours"}
    return body
