"""A conversation with one server that may deviate: what the probes of deviations speak through."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import quote

from reference_server import Credential
from reference_server import OAuth
from reference_server import RateLimit
from reference_server import Request
from reference_server import Response
from reference_server import create_app
from reference_server.messages import joined
from reference_server.messages import whole

BASE = "/scim/v2"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
NAMES = ("anna", "ben", "carl", "dora", "emil")
RIGHT = "Bearer right"
WRONG = "Bearer wrong"
BARE = "right"
WORD = "pw-1234567"
CUSTOM = {
    "schemas": [
        {
            "id": "urn:example:Badge",
            "name": "Badge",
            "attributes": [{"name": "displayName", "type": "string", "required": True}],
        }
    ],
    "resourceTypes": [
        {"id": "Badge", "name": "Badge", "endpoint": "/Badges", "schema": "urn:example:Badge"}
    ],
    "resources": {"Badge": [{"displayName": "Gold"}, {"displayName": "Silver"}]},
}

Json = dict[str, Any]


def replacing(**values: object) -> Json:
    """Return a path-less replace."""
    return {"op": "replace", "value": values}


def members(*ids: str, **more: object) -> list[Json]:
    """Return member objects."""
    return [{"value": each, **more} for each in ids]


def adding(*ids: str) -> Json:
    """Return the operation that adds members."""
    return {"op": "add", "path": "members", "value": members(*ids)}


def removing(one: str) -> Json:
    """Return the operation that removes one member by a value path."""
    return {"op": "remove", "path": f'members[value eq "{one}"]'}


def setting(*ids: str) -> Json:
    """Return the operation that replaces the members."""
    return {"op": "replace", "path": "members", "value": members(*ids)}


def giving(path: str, value: object) -> Json:
    """Return a replace with a path."""
    return {"op": "replace", "path": path, "value": value}


def taking(path: str) -> Json:
    """Return a remove."""
    return {"op": "remove", "path": path}


OFF = replacing(active=False)
ON = replacing(active=True)
WORK = {"value": "work@example.com", "type": "work", "primary": True}
HOME = {"value": "home@example.com", "type": "home"}
AT_HOME = giving('emails[type eq "home"].value', "home@example.com")
STALE = 'W/"stale"'


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as a probe looks at it."""

    response: Response

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def json(self) -> Json:
        found = json.loads(joined(self.response.body))
        assert isinstance(found, dict)
        return found

    @property
    def kind(self) -> str:
        """The JSON type of the body's top, or the media type if it is no JSON."""
        media = (self.response.header("Content-Type") or "nothing").partition(";")[0]
        return type(json.loads(joined(self.response.body))).__name__ if "json" in media else media

    @property
    def refusal(self) -> tuple[int, str | None]:
        return self.status, self.json.get("scimType")


@dataclass
class Talk:
    """A conversation with one fresh application, and the people and groups in it."""

    deviations: tuple[str, ...] = ()
    schema_files: tuple[Any, ...] = ()
    credential: Credential = field(default_factory=lambda: Credential(kind="bearer", secret=BARE))
    authorization: str | None = RIGHT
    oauth: OAuth | None = None
    now: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    @cached_property
    def handle(self) -> Callable[[Request], Response]:
        numbers = count(1)
        app = create_app(
            credentials=[self.credential],
            deviations=self.deviations,
            schema_files=self.schema_files,
            oauth=self.oauth,
            clock=lambda: self.now,
            new_id=lambda: f"id-{next(numbers):04}",
        )
        return app.handle

    def send(
        self, method: str, path: str, body: object = None, query: str = "", **headers: str | None
    ) -> Reply:
        sent = {"Authorization": self.authorization}
        if body is not None:
            sent["Content-Type"] = "application/scim+json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        pairs = tuple((name, value) for name, value in sent.items() if value is not None)
        raw = b"" if body is None else json.dumps(body).encode()
        reply = Reply(whole(self.handle(Request(method, f"{BASE}{path}", query, pairs, raw))))
        # Whatever deviates, what is called JSON is JSON and a 204 has no body.
        assert reply.kind
        assert reply.status != 204 or not reply.response.body
        return reply

    def status(self, method: str, path: str, **headers: str | None) -> int:
        return self.send(method, path, None, "", **headers).status

    # Credentials and time

    def verbatim(self) -> Talk:
        self.credential = Credential(kind="header", secret=BARE)
        self.authorization = BARE
        return self

    def basic(self) -> Talk:
        self.credential = Credential(kind="basic", user="me", secret=WORD)
        self.authorization = "Basic " + base64.b64encode(f"me:{WORD}".encode()).decode()
        return self

    def overrun(self) -> Reply:
        """Make three requests where two are allowed within ten seconds; return the last reply."""
        self.credential = Credential(kind="bearer", secret=BARE, limit=RateLimit(2, 10))
        self.send("GET", "/Users")
        self.send("GET", "/Users")
        return self.create("anna")

    def later(self) -> Talk:
        self.now += timedelta(seconds=60)
        return self

    def stranger(self) -> Reply:
        return self.send("GET", "/Users", Authorization=WRONG)

    # Users

    def create(self, name: str, /, **over: object) -> Reply:
        return self.send("POST", "/Users", person(name, **over))

    def make(self, name: str, /, **over: object) -> str:
        created: str = self.create(name, **over).json["id"]
        self.ids[name] = created
        return created

    def people(self, number: int) -> Talk:
        for name in NAMES[:number]:
            self.make(name)
        return self

    def also(self, name: str, /, **over: object) -> Talk:
        self.make(name, **over)
        return self

    @property
    def anna(self) -> str:
        return self.ids.get("anna") or self.make("anna")

    def get(self, name: str = "anna") -> Json:
        """Return a user as it is now, or the error."""
        return self.send("GET", f"/Users/{self.ids.get(name, name)}").json

    def put(self, name: str = "anna", /, **changes: object) -> Reply:
        """Read a user, overlay changes and write it back; `...` leaves an attribute out."""
        body = overlay(self.get(name), changes)
        return self.send("PUT", f"/Users/{self.ids[name]}", body)

    def patch(self, *operations: Json, name: str = "anna", asking: str = "") -> Reply:
        return self.send("PATCH", f"/Users/{self.ids[name]}", operating(*operations), asking)

    def after_put(self, **changes: object) -> Json:
        """Return Anna after a change by PUT."""
        self.put("anna" if self.anna else "", **changes)
        return self.get()

    def after_patch(self, *operations: Json) -> Json:
        """Return Anna after a change by PATCH."""
        self.patch(*operations, name="anna" if self.anna else "")
        return self.get()

    def addresses(self) -> list[str]:
        """Return Anna's e-mail addresses."""
        return [each["value"] for each in self.get().get("emails", [])]

    def viewed(self, query: str) -> Json:
        """Return Anna as a query shows her."""
        return self.send("GET", f"/Users/{self.anna}", query=query).json

    def deleted(self, name: str = "anna") -> tuple[int, int, object]:
        """Delete a user; return both statuses, and `active` as it is after that."""
        where = f"/Users/{self.ids.get(name) or self.make(name)}"
        status = self.status("DELETE", where)
        return status, self.status("GET", where), self.get(name).get("active")

    def raw_create(self, body: bytes) -> int:
        """Return the status of a create from bytes."""
        headers = (("Authorization", RIGHT), ("Content-Type", SCIM))
        return self.handle(Request("POST", f"{BASE}/Users", "", headers, body)).status

    # Versions and times

    def versions(self) -> tuple[str | None, str | None]:
        """Return Anna's version as the header and as `meta` give it."""
        reply = self.send("GET", f"/Users/{self.anna}")
        return reply.response.header("ETag"), reply.json["meta"].get("version")

    def conditional(self, method: str, tag: str = STALE) -> Reply:
        """Change or delete Anna if her version is the one given."""
        where, user = f"/Users/{self.anna}", {**self.get(self.anna), "title": "Boss"}
        bodies = {"PUT": user, "PATCH": operating(replacing(title="Boss")), "DELETE": None}
        return self.send(method, where, bodies[method], If_Match=tag)

    def times(self) -> tuple[bool, bool, bool]:
        """Tell of Anna: never modified at first; created kept and lastModified moved by a PUT."""
        new = self.get(self.anna)["meta"]
        self.later().put(title="Boss")
        old = self.get()["meta"]
        return (
            new["created"] == new["lastModified"],
            new["created"] == old["created"],
            new["lastModified"] != old["lastModified"],
        )

    # Discovery and content

    def config(self) -> Json:
        return self.send("GET", "/ServiceProviderConfig").json

    def schemas(self) -> list[Json]:
        return listed(self.page(endpoint="Schemas"))

    def attribute(self, name: str) -> Json:
        """Return an attribute of the schema of users."""
        given = self.send("GET", f"/Schemas/{USER}").json["attributes"]
        return next(each for each in given if each["name"] == name)

    def described(self, query: str, endpoint: str) -> tuple[int, list[str]]:
        """Return the status of a query on discovery, and the names that come back."""
        reply = self.send("GET", f"/{endpoint}", query=quote(query, safe="="))
        return reply.status, [each["name"] for each in listed(reply.json)]

    def media(self, path: str) -> str:
        reply = self.send("GET", path).response
        return (reply.header("Content-Type") or "").partition(";")[0]

    # Lists and searches

    def queried(self, query: str) -> int:
        """Return the status of a list of users."""
        return self.send("GET", "/Users", query=query).status

    def filtered(self, text: str) -> Reply:
        return self.send("GET", "/Users", query=f"filter={quote(text, safe='')}")

    def sought(self, text: str) -> list[str]:
        """Return the names that a filter finds."""
        found = listed(self.filtered(text).json)
        return [each["userName"].partition("@")[0] for each in found]

    def page(self, query: str = "", endpoint: str = "Users") -> Json:
        return self.send("GET", f"/{endpoint}", query=query).json

    def users(self, query: str = "") -> list[Json]:
        return listed(self.page(query))

    def names(self, query: str = "") -> list[str]:
        return [each["userName"].partition("@")[0] for each in self.users(query)]

    def search(self, name: str, more: str = "") -> Reply:
        text = quote(f'userName eq "{name}@example.com"', safe="")
        return self.send("GET", "/Users", query=f"filter={text}{more}")

    def found(self, name: str) -> list[str]:
        return [each["userName"].partition("@")[0] for each in listed(self.search(name).json)]

    def search_group(self, name: str, more: str = "") -> Reply:
        text = quote(f'displayName eq "{name}"', safe="")
        return self.send("GET", "/Groups", query=f"filter={text}{more}")

    def found_groups(self, name: str) -> list[str]:
        return [each["displayName"] for each in listed(self.search_group(name).json)]

    # Groups

    def create_group(self, name: str = "Staff", *ids: str, **over: object) -> Reply:
        body = {"schemas": [GROUP], "displayName": name, "members": members(*ids)}
        return self.send("POST", "/Groups", overlay(body, over))

    def crew(self, *names: str, name: str = "Staff") -> Talk:
        """Make a group with these people in it."""
        ids = [self.ids.get(each) or self.make(each) for each in names]
        self.ids[name] = self.create_group(name, *ids).json["id"]
        return self

    def group(self, name: str = "Staff") -> Json:
        return self.send("GET", f"/Groups/{self.ids[name]}").json

    def inside(self, name: str = "Staff") -> list[str]:
        """Return the names of a group's members."""
        names = {identifier: name for name, identifier in self.ids.items()}
        shown = self.group(name).get("members") or []
        return [names.get(each["value"], each["value"]) for each in shown]

    def patch_group(self, *operations: Json) -> Reply:
        return self.send("PATCH", f"/Groups/{self.ids['Staff']}", operating(*operations))

    def put_group(self, **changes: object) -> Reply:
        body = overlay(self.group(), changes)
        return self.send("PUT", f"/Groups/{self.ids['Staff']}", body)

    def delete_group(self) -> Reply:
        return self.send("DELETE", f"/Groups/{self.ids['Staff']}")

    def inside_after(self, *operations: Json) -> list[str]:
        """Return the names of the group's members after a PATCH."""
        self.patch_group(*operations)
        return self.inside()

    def inside_after_put(self, **changes: object) -> list[str]:
        """Return the names of the group's members after a PUT."""
        self.put_group(**changes)
        return self.inside()

    def group_after_put(self, **changes: object) -> Json:
        self.put_group(**changes)
        return self.group()

    def sixty(self) -> list[str]:
        """Create sixty users and return their ids."""
        body = {"schemas": [USER]}
        return [
            self.send("POST", "/Users", {**body, "userName": f"user{number}"}).json["id"]
            for number in range(60)
        ]


def person(name: str, /, **over: object) -> Json:
    """Return a complete user; `...` leaves an attribute out."""
    login = f"{name}@example.com"
    body = {
        "schemas": [USER, ENTERPRISE],
        "userName": login,
        "externalId": f"hr-{name}",
        "name": {"givenName": name.title(), "familyName": "Example"},
        "displayName": f"{name.title()} Example",
        "nickName": name[:2],
        "title": "Engineer",
        "locale": "en-US",
        "emails": [{"value": login, "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "+1 555 0100", "type": "work"}],
        "active": True,
        ENTERPRISE: {"department": "Research"},
    }
    return overlay(body, over)


def overlay(body: Json, changes: dict[str, Any]) -> Json:
    """Return a body with changes; `...` leaves an attribute out."""
    return {key: value for key, value in {**body, **changes}.items() if value is not ...}


def operating(*operations: Json) -> Json:
    """Return the body of a PATCH."""
    return {"schemas": [PATCH], "Operations": list(operations)}


def listed(found: Json) -> list[Json]:
    """Return the resources of a list reply."""
    resources: list[Json] = found.get("Resources") or []
    return resources


def last(*steps: object) -> object:
    """Return the last of some steps, which Python takes in order."""
    return steps[-1]


Look = Callable[[Talk], object]
HTML = "text/html"
SCIM = "application/scim+json"
EMPTY: tuple[int, bytes] = (200, b"")


def raw(reply: Reply) -> tuple[int, bytes]:
    """Return what is left of a reply without headers."""
    return reply.status, joined(reply.response.body)


# Name: what to look at, what the correct server shows, what the deviating one shows.
