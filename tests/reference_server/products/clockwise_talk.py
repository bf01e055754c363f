"""Talking to a simulated Clockwise: over SCIM as an identity provider, and as its people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import joined
from reference_server.products import Product
from reference_server.products import create_product

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
Body = Mapping[str, Any] | None
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Answer(NamedTuple):
    """A status and the JSON that came with it."""

    status: int
    body: Any


class Talk:
    """One product, with the means to speak to it; `token` is there once a directory is."""

    def __init__(self, *deviations: str, connected: bool = True, **settings: Json) -> None:
        self.product: Product = create_product(
            "clockwise", deviations=deviations, settings=settings
        )
        self.token = ""
        self._count = 0
        if connected:
            self.token = self.connect().body["token"]

    # -- as the people of the product

    def call(self, method: str, path: str, body: Body = None, *, who: str = "owner") -> Answer:
        """Ask the product as one of the people at the start, or with no key."""
        key = self.product.keys.get(who, who)
        return self.send(method, path, body, ("X-Api-Key", key))

    def connect(self, kind: str = "okta", who: str = "owner") -> Answer:
        """Connect a directory."""
        return self.call("POST", "/simulation/v1/directory", {"type": kind}, who=who)

    def email(self, who: str) -> str:
        """Return the address of one of the people at the start."""
        found: str = self.call("GET", "/admin/v1/me", who=who).body["email"]
        return found

    def people(self) -> list[dict[str, Any]]:
        """Return accounts and waiting addresses."""
        found: list[dict[str, Any]] = self.call("GET", "/admin/v1/members").body["data"]
        return found

    def plan(self, email: str) -> str | None:
        """Return the plan of an account or address."""
        return next((each["plan"] for each in self.people() if each["email"] == email), None)

    def name(self, email: str) -> str | None:
        """Return the name of an account."""
        return next((each["name"] for each in self.people() if each["email"] == email), None)

    def listed(self, email: str) -> dict[str, Any] | None:
        """Return a user of the directory."""
        found = self.call("GET", "/admin/v1/directory/users").body["data"]
        return next((each for each in found if email in _addresses(each)), None)

    def groups(self) -> dict[str, list[str]]:
        """Return the groups of the directory with the addresses in them."""
        found = self.call("GET", "/admin/v1/directory/groups").body["data"]
        return {each["name"]: each["emails"] for each in found}

    def events(self) -> list[str]:
        """Return what the directory service told the product."""
        found = self.call("GET", "/admin/v1/directory/events").body["data"]
        return [each["event"] for each in found]

    # -- as an identity provider

    def scim(self, method: str, path: str, body: Body = None, token: str = "") -> Answer:
        """Send a SCIM request with the token."""
        given = ("Authorization", f"Bearer {token or self.token}")
        return self.send(method, f"/scim/v2{path}", body, given)

    def push(self, email: str = "", *, user_name: str = "", name: str = "Pat Pushed") -> str:
        """Create a user and return the id."""
        self._count += 1
        email = email or f"pushed{self._count}@example.com"
        given, _, family = name.partition(" ")
        body = {
            "schemas": [USER],
            "userName": user_name or email,
            "name": {"givenName": given, "familyName": family},
            "emails": [{"value": email, "primary": True}],
            "active": True,
        }
        answer = self.scim("POST", "/Users", body)
        assert answer.status == 201, answer
        found: str = answer.body["id"]
        return found

    def push_many(self, count: int) -> list[str]:
        """Create users whom nobody knows."""
        return [self.push() for _ in range(count)]

    def form(self, name: str, *members: str) -> str:
        """Create a group and return its id."""
        people = [{"value": each} for each in members]
        body = {"schemas": [GROUP], "displayName": name, "members": people}
        found: str = self.scim("POST", "/Groups", body).body["id"]
        return found

    def patch(self, path: str, *operations: dict[str, Json]) -> Answer:
        """Send a PATCH."""
        return self.scim("PATCH", path, {"schemas": [PATCH], "Operations": [*operations]})

    def set(self, user: str, **values: Json) -> Answer:
        """Replace attributes of a user."""
        return self.patch(f"/Users/{user}", {"op": "replace", "value": values})

    def send(self, method: str, path: str, body: Body, credential: tuple[str, str]) -> Answer:
        """Send one request with a header that says who sends it."""
        content = json.dumps(body).encode() if body is not None else b""
        kind = "application/scim+json" if path.startswith("/scim") else "application/json"
        headers = [("Host", "clockwise.test"), credential]
        headers += [("Content-Type", kind)] if body is not None else []
        reply = self.product.handle(Request(method, path, "", tuple(headers), content))
        assert reply.header("X-Scimproof-Simulation") == "clockwise"
        text = joined(reply.body)
        return Answer(reply.status, json.loads(text) if text else None)


def _addresses(entry: dict[str, Any]) -> list[str]:
    return [each["value"] for each in entry["emails"]]
