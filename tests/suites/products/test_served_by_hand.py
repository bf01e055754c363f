"""What docs/clockify.md and docs/clockwise.md say about a simulation that is served."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reference_server.messages import Request
from reference_server.products import create_product

DOCS = Path(__file__).resolve().parents[3] / "docs"
KEY = "owner-key-for-docs"


@pytest.fixture
def send() -> Callable[..., Any]:
    """Send one request with the owner's key to a simulated product, and return status and body."""
    started: dict[str, Any] = {}

    def call(name: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:  # noqa: ANN401 - JSON
        if name not in started:
            started[name] = create_product(name, settings={"owner_key": KEY})
        product = started[name]
        headers = (("Host", "127.0.0.1:8080"), ("X-Api-Key", KEY))
        headers += (("Content-Type", "application/json"),)
        content = b"" if body is None else json.dumps(body).encode()
        address = path.replace("/ID/", f"/{product.workspace}/")
        request = Request(method=method, path=address, query="", headers=headers, body=content)
        reply = product.handle(request)
        return reply.status, json.loads(reply.body or b"null")

    return call


def named(page: str) -> set[tuple[str, str]]:
    text = (DOCS / page).read_text("utf-8")
    return set(re.findall(r"`(GET|POST|PUT|DELETE) (/simulation/[\w/]+)`", text))


def test_scim_of_clockify_is_switched_on_as_its_page_says(send: Callable[..., Any]) -> None:
    on = ("POST", "/simulation/v1/workspaces/ID/scim")
    again = ("POST", "/simulation/v1/workspaces/ID/scim/token")
    assert named("clockify.md") == {on, again}
    status, shown = send("clockify", *on)
    assert status in (200, 201)
    assert shown["baseUrl"].endswith("/scim/v2")
    assert send("clockify", *again)[1]["token"] != shown["token"]
    assert send("clockify", "DELETE", on[1])[0] in (200, 204)


def test_a_setting_of_clockwise_is_changed_as_its_page_says(send: Callable[..., Any]) -> None:
    known = named("clockwise.md")
    assert known == {
        ("GET", "/simulation/v1/settings"),
        ("PUT", "/simulation/v1/settings"),
        ("POST", "/simulation/v1/directory"),
    }
    assert send("clockwise", "PUT", "/simulation/v1/settings", {"inactive": "keep"})[0] == 200
    assert send("clockwise", "GET", "/simulation/v1/settings")[1]["inactive"] == "keep"
    status, shown = send("clockwise", "POST", "/simulation/v1/directory", {"type": "okta"})
    assert status == 201
    assert shown["baseUrl"].endswith("/scim/v2")
    assert send("clockwise", "DELETE", "/simulation/v1/directory")[0] == 204
