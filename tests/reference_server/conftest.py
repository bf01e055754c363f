from __future__ import annotations

import json
import os
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from typing import TypeAlias
from urllib.parse import urlencode

import pytest

import reference_server
from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import Response
from reference_server.messages import joined
from reference_server.messages import whole

# What came out of a JSON reader, and is looked at as a test needs.
Json: TypeAlias = Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

# A schema file with attributes of every type and characteristic, for what the core schemas lack.
EVERY_KIND = Path(__file__).parent / "conformance" / "every_kind.json"


def pytest_configure(config: pytest.Config) -> None:
    # Not in a conftest.py of the conformance folder: two modules of one name confuse mypy.
    config.addinivalue_line(
        "markers", "honours(*ids): the test shows that the server keeps these requirements"
    )


# Where the servers of the tests keep things: in memory, and in these modules in a file as well.
# SCIMPROOF_TEST_STORAGE=sqlite runs all tests of this folder on files, =both on both.
STORAGES = {"memory": ("memory",), "sqlite": ("sqlite",), "both": ("memory", "sqlite")}
ON_BOTH = (
    *("test_create", "test_patch", "test_queries", "test_replace"),
    *("test_secret_values", "test_store"),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "storage" in metafunc.fixturenames:
        here = metafunc.module.__name__.rpartition(".")[2]
        default = "both" if here in ON_BOTH else "memory"
        chosen = os.environ.get("SCIMPROOF_TEST_STORAGE") or default
        metafunc.parametrize("storage", STORAGES[chosen])


class Clock:
    """A clock that moves a second at each look, and further when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass(frozen=True)
class Reply:
    status: int
    body: Json  # JSON
    response: Response

    @property
    def fault(self) -> tuple[int, str | None]:
        return self.status, self.body.get("scimType")

    @property
    def content(self) -> bytes:
        return joined(self.response.body)

    @property
    def ids(self) -> list[str]:
        return [each["id"] for each in self.body["Resources"]]


@dataclass
class Scim:
    app: Application
    authorization: str = "Bearer secret"
    host: str = "scim.example.com"

    def call(
        self,
        method: str,
        path: str,
        body: Json = None,
        headers: dict[str, str] | None = None,
        **query: Json,
    ) -> Reply:
        content = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            content = json.dumps(body).encode()
        sent = {"Host": self.host, "Authorization": self.authorization, **(headers or {})}
        request = Request(
            method=method,
            path=self.app.base_path + path,
            query=urlencode(query),
            headers=tuple(sent.items()),
            body=content,
        )
        response = whole(self.app.handle(request))
        parsed = json.loads(joined(response.body)) if response.body else None
        return Reply(response.status, parsed, response)

    def get(self, path: str, **query: Json) -> Reply:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Json, **query: Json) -> Reply:
        return self.call("POST", path, body, **query)

    def put(self, path: str, body: Json, **query: Json) -> Reply:
        return self.call("PUT", path, body, **query)

    def delete(self, path: str) -> Reply:
        return self.call("DELETE", path)

    def patch(self, path: str, *operations: Json, **query: Json) -> Reply:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.call("PATCH", path, body, **query)

    def attributes(self, urn: str | None = None) -> dict[str, Json]:
        """Return the published definitions of a schema, or of all, by `URN:name.sub`."""
        schemas = self.get("/Schemas").body["Resources"]
        found: dict[str, Json] = {}
        pending = [
            (f"{schema['id']}:{each['name']}", each)
            for schema in schemas
            for each in schema["attributes"]
            if urn in (None, schema["id"])
        ]
        while pending:
            where, definition = pending.pop(0)
            found[where] = definition
            inner = definition.get("subAttributes", [])
            pending += [(f"{where}.{each['name']}", each) for each in inner]
        return found

    def user(self, name: str = "bjensen", /, **attributes: Json) -> str:
        """Create a user and return its path."""
        reply = self.post("/Users", {"schemas": [USER], "userName": name, **attributes})
        assert reply.status == 201, reply.body
        return f"/Users/{reply.body['id']}"

    def group(self, name: str = "Tour Guides", members: Sequence[str] = ()) -> str:
        """Create a group of the resources at some paths and return its path."""
        values = [{"value": path.rpartition("/")[2]} for path in members]
        body = {"schemas": [GROUP], "displayName": name, "members": values}
        reply = self.post("/Groups", body)
        assert reply.status == 201, reply.body
        return f"/Groups/{reply.body['id']}"

    def members(self, path: str) -> list[str]:
        """Return the paths of the members of a group."""
        found = self.get(path).body.get("members", [])
        return [f"/{each['type']}s/{each['value']}" for each in found]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_scim(clock: Clock, storage: str, tmp_path: Path) -> Iterator[Callable[..., Scim]]:
    made: list[Application] = []

    def make(**options: Json) -> Scim:
        options.setdefault("credentials", [Credential("bearer", "secret")])
        if storage == "sqlite":
            options.setdefault("database", tmp_path / f"{len(made)}.db")
        made.append(reference_server.create_app(clock=clock, **options))
        return Scim(made[-1])

    yield make
    for app in made:
        app.close()


@pytest.fixture
def scim(make_scim: Callable[..., Scim]) -> Scim:
    return make_scim(schema_files=[files("reference_server") / "data" / "entitlements.json"])


@pytest.fixture
def full(make_scim: Callable[..., Scim]) -> Scim:
    """A server with `/Gadgets`, `/Contracts` and the Badge extension of users."""
    return make_scim(schema_files=[EVERY_KIND])
