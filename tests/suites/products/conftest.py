from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reference_server import Request
from reference_server import Response
from reference_server import products
from reference_server.http_adapter import Server

OWNER_KEY = "0wner-key-that-nobody/may+see"
SIMULATION = "/simulation/"


class Served:
    """A simulated product on loopback; sealed it looks like the product itself."""

    base_path = ""

    def __init__(self, name: str, deviations: tuple[str, ...]) -> None:
        settings = {"owner_key": OWNER_KEY}
        self.product = products.create_product(name, deviations=deviations, settings=settings)
        self.workspace = self.product.workspace
        self.sealed = False
        self.asked: list[Request] = []
        self.token = ""
        self.url = ""

    def handle(self, request: Request) -> Response:
        self.asked.append(request)
        if not self.sealed:
            return self.product.handle(request)
        if request.path.startswith(SIMULATION):
            return Response(404, (("Content-Type", "text/html"),), b"<html></html>")
        reply = self.product.handle(request)
        kept = tuple(each for each in reply.headers if not each[0].startswith("X-Scimproof"))
        return replace(reply, headers=kept)

    def close(self) -> None:
        self.product.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        headers = [("X-Api-Key", OWNER_KEY), ("Host", "localhost")]
        headers += [("Content-Type", "application/json")] if body is not None else []
        content = b"" if body is None else json.dumps(body).encode()
        place, _, query = path.partition("?")
        reply = self.product.handle(Request(method, place, query, tuple(headers), content))
        assert isinstance(reply.body, bytes)
        return json.loads(reply.body or b"null")

    def switch_on(self) -> None:
        path = f"/simulation/v1/workspaces/{self.workspace}/scim"
        self.token = self.call("POST", path)["token"]

    def emails(self) -> set[str]:
        path = f"/api/v1/workspaces/{self.workspace}/users?include-roles=false&status=ALL"
        return {each["email"] for each in self.call("GET", f"{path}&page-size=500")}

    def groups(self) -> set[str]:
        path = f"/api/v1/workspaces/{self.workspace}/user-groups"
        return {each["name"] for each in self.call("GET", path)}

    def target_file(self, folder: Path, **product: str) -> Path:
        file = folder / "target.toml"
        own = {
            "name": f'"{self.product.name}"',
            "url": f'"{self.url}/api"',
            "workspace": f'"{self.workspace}"',
            "key_env": '"PRODUCT_KEY"',
            **product,
        }
        lines = [f'url = "{self.url}/scim/v2"', "[product]"]
        lines += [f"{name} = {value}" for name, value in own.items()]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file


@dataclass
class Serving:
    servers: list[Server]

    def __call__(self, *deviations: str, on: bool = True, sealed: bool = False) -> Served:
        served = Served("clockify", deviations)
        if on:
            served.switch_on()
        served.sealed = sealed
        server = Server(served).start()  # type: ignore[arg-type]  # handles requests all the same
        served.url = server.url
        self.servers.append(server)
        return served


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., Served]]:
    serving = Serving([])
    yield serving
    for server in serving.servers:
        server.stop()


@pytest.fixture(scope="session")
def owner_key() -> str:
    return OWNER_KEY
