"""A conversation with one simulated workspace: by people's keys, and as an identity provider."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any

from reference_server import Request
from reference_server import Response
from reference_server.messages import joined
from reference_server.products import Product
from reference_server.products import create_product

Json = Any  # what came out of a JSON reader, and is looked at as a test needs

HOST = "clockify.test"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
EVERYBODY = "account-statuses=ACTIVE,LIMITED,NOT_REGISTERED&memberships=WORKSPACE&page-size=5000"


@dataclass(frozen=True, slots=True)
class Reply:
    response: Response

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def json(self) -> Json:
        return json.loads(joined(self.response.body))

    @property
    def message(self) -> str:
        return str(self.json["message"])


@dataclass
class Talk:
    deviations: Sequence[str] = ()
    settings: dict[str, Json] = field(default_factory=dict)
    now: datetime = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    token: str = ""

    @cached_property
    def product(self) -> Product:
        numbers = count(1)
        return create_product(
            "clockify",
            deviations=self.deviations,
            clock=lambda: self.now,
            new_id=lambda: f"{next(numbers):024x}",
            settings=self.settings,
        )

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: object = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> Reply:
        sent = b"" if body is None else json.dumps(body).encode()
        if body is not None:
            headers = (*headers, ("Content-Type", "application/json"))
        found = self.product.handle(Request(method, path, query, (("Host", HOST), *headers), sent))
        return Reply(found)

    def key(self, who: str) -> str:
        """The key of somebody by label, or of whoever has an e-mail address or id."""
        if who in self.product.keys:
            return self.product.keys[who]
        found = self.person(who)["id"] if "@" in who else who
        shown = self.simulated("GET", f"users/{found}/key")
        return str(shown.json["key"])

    def api(
        self, method: str, path: str, *, by: str = "owner", query: str = "", body: object = None
    ) -> Reply:
        """Ask the public interface; `path` is below the workspace unless it begins with `/`."""
        below = f"/api/v1{path if path.startswith('/') else f'/workspaces/{self.workspace}/{path}'}"
        headers = (("X-Api-Key", self.key(by)),) if by else ()
        return self.send(method, below.rstrip("/"), query=query, body=body, headers=headers)

    def simulated(self, method: str, path: str, *, by: str = "owner", body: object = None) -> Reply:
        """Ask the simulated web application; `path` as above."""
        below = path if path.startswith("/") else f"/workspaces/{self.workspace}/{path}"
        headers = (("X-Api-Key", self.product.keys.get(by) or self.key(by)),) if by else ()
        return self.send(method, f"/simulation/v1{below}", body=body, headers=headers)

    @property
    def workspace(self) -> str:
        return self.product.workspace

    # What the workspace shows.

    def people(self) -> dict[str, Json]:
        """Everybody by e-mail address."""
        found = self.api("GET", "users", query=EVERYBODY)
        assert found.status == 200, found.message
        return {each["email"]: each for each in found.json}

    def person(self, email: str) -> Json:
        return self.people()[email]

    def status(self, email: str) -> str:
        return str(self.person(email)["memberships"][0]["membershipStatus"])

    def groups(self) -> dict[str, Json]:
        """All groups by name."""
        return {each["name"]: each for each in self.api("GET", "user-groups").json}

    def opens(self, key: str) -> bool:
        """Whether a key opens the product."""
        found = self.send("GET", "/api/v1/user", headers=(("X-Api-Key", key),))
        assert found.status in (200, 401)
        return found.status == 200

    # The identity provider.

    def switch_on(self) -> Talk:
        found = self.simulated("POST", "scim")
        assert found.status == 201, found.message
        self.token = found.json["token"]
        return self

    def scim(self, method: str, path: str, body: object = None, query: str = "") -> Reply:
        headers = (("Authorization", f"Bearer {self.token}"),)
        return self.send(method, f"/scim/v2{path}", query=query, body=body, headers=headers)

    def provision(self, name: str, /, **more: object) -> str:
        """Create a user and return the id."""
        body = {"schemas": [USER], "userName": f"{name}@example.com", **said_of(name), **more}
        found = self.scim("POST", "/Users", body)
        assert found.status == 201, found.json
        return str(found.json["id"])

    def patch(self, identifier: str, *operations: Json, endpoint: str = "Users") -> Reply:
        body = {"schemas": [PATCH], "Operations": operations}
        found = self.scim("PATCH", f"/{endpoint}/{identifier}", body)
        assert found.status in (200, 204), found.json
        return found

    def set(self, identifier: str, **values: object) -> Reply:
        return self.patch(identifier, {"op": "replace", "value": values})

    def push(self, name: str, *members: str) -> str:
        """Create a group with members and return its id."""
        inside = [{"value": each} for each in members]
        body = {"schemas": [GROUP], "displayName": name, "members": inside}
        found = self.scim("POST", "/Groups", body)
        assert found.status == 201, found.json
        return str(found.json["id"])

    def join(self, group: str, member: str) -> None:
        value = [{"value": member}]
        self.patch(group, {"op": "add", "path": "members", "value": value}, endpoint="Groups")

    def part(self, group: str, member: str) -> None:
        path = f'members[value eq "{member}"]'
        self.patch(group, {"op": "remove", "path": path}, endpoint="Groups")


def said_of(name: str) -> dict[str, Json]:
    """What an identity provider says of somebody."""
    given, family = name.capitalize(), "Example"
    return {
        "name": {"givenName": given, "familyName": family},
        "emails": [{"value": f"{name}@example.com", "type": "work", "primary": True}],
        "active": True,
    }
