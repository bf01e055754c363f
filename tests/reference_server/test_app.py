"""Routes, authentication, limits and errors: RFC 7644 sections 2, 3.2, 3.8, 3.11 and 3.12."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

import reference_server
from reference_server import Credential
from reference_server import RateLimit
from reference_server import Request
from reference_server.memory_store import MemoryStore
from reference_server.sqlite_store import SqliteStore

if TYPE_CHECKING:
    from conftest import Clock
    from conftest import Scim

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"

ROUTES = [
    ("GET", "/Nothing", 404, None),
    ("GET", "/users", 404, None),
    ("GET", "/Users/nobody", 404, None),
    ("GET", "/Users/a/b", 404, None),
    ("GET", "/Users/%ff", 404, None),
    ("GET", "//Users", 404, None),
    ("GET", "/Schemas/urn:x", 404, None),
    ("GET", "/ResourceTypes/Nothing", 404, None),
    ("GET", "/ServiceProviderConfig/x", 404, None),
    ("DELETE", "/Users", 405, "GET, HEAD, OPTIONS, POST"),
    ("PUT", "/Users", 405, "GET, HEAD, OPTIONS, POST"),
    ("POST", "/Users/x", 405, "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"),
    ("BREW", "/Users", 501, None),
    ("POST", "/Schemas", 405, "GET, HEAD, OPTIONS"),
    ("PUT", "/ServiceProviderConfig", 405, "GET, HEAD, OPTIONS"),
    ("DELETE", "/ResourceTypes/User", 405, "GET, HEAD, OPTIONS"),
    ("GET", "/Bulk", 405, "OPTIONS, POST"),
    ("GET", "/Me", 404, None),
    ("GET", "/.search", 405, "OPTIONS, POST"),
    ("PUT", "/Users/.search", 405, "OPTIONS, POST"),
    ("GET", "/Users/Me", 404, None),
    ("GET", "", 200, None),
    ("GET", "/", 200, None),
    ("GET", "/Users/", 200, None),
    ("HEAD", "/Users", 200, None),
]


@pytest.mark.parametrize(("method", "path", "status", "allow"), ROUTES)
def test_every_path_and_method_has_a_json_answer(
    scim: Scim, method: str, path: str, status: int, allow: str | None
) -> None:
    reply = scim.call(method, path)
    assert reply.status == status
    assert reply.response.header("Content-Type") == "application/scim+json"
    assert reply.response.header("Allow") == allow
    if status >= 400:
        assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], str(status))
        assert reply.body["detail"]


@pytest.mark.parametrize("path", ["/", "/scim/v2x/Users", "/Users", "/scim", "*", "/SCIM/V2/Users"])
def test_outside_the_base_path_is_nothing(scim: Scim, path: str) -> None:
    response = scim.app.handle(Request("GET", path, headers=(("Authorization", "Bearer secret"),)))
    assert response.status == 404
    assert json.loads(response.body)["schemas"] == [ERROR]


@pytest.mark.parametrize("base_path", ["", "/", "/a", "/a/b.c/v2/"])
def test_the_base_path_can_be_chosen(make_scim: Callable[..., Scim], base_path: str) -> None:
    scim = make_scim(base_path=base_path)
    location = scim.get(scim.user()).body["meta"]["location"]
    assert location.startswith(f"http://scim.example.com{base_path.rstrip('/')}/Users/")


@pytest.mark.parametrize("base_path", ["scim", "/a b", "/a//b", "/%41"])
def test_a_base_path_that_is_no_path_is_refused(
    make_scim: Callable[..., Scim], base_path: str
) -> None:
    with pytest.raises(ValueError, match="base path"):
        make_scim(base_path=base_path)


@pytest.mark.parametrize(
    ("host", "start"),
    [
        ("example.com:8080", "http://example.com:8080/scim/v2/"),
        ("[::1]:8080", "http://[::1]:8080/scim/v2/"),
        ("scim_server:8080", "http://scim_server:8080/scim/v2/"),
        ("example.com:", "http://example.com/scim/v2/"),
        ("evil.com/x?", "/scim/v2/"),
        (":8080", "/scim/v2/"),
        ("", "/scim/v2/"),
    ],
)
def test_locations_use_the_host_if_it_is_one(scim: Scim, host: str, start: str) -> None:
    scim.host = host
    assert scim.get(scim.user()).body["meta"]["location"].startswith(f"{start}Users/")


@pytest.mark.parametrize(
    ("told", "scheme"),
    [("https", "https"), ("HTTPS", "https"), ("https, http", "https"), ("http, https", "http")],
)
def test_locations_use_the_scheme_that_a_proxy_tells(scim: Scim, told: str, scheme: str) -> None:
    reply = scim.call("GET", scim.user(), headers={"X-Forwarded-Proto": told})
    assert reply.body["meta"]["location"].startswith(f"{scheme}://")


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/scim+json", "application/scim+json"),
        ("application/json", "application/json"),
        ("application/json, text/plain", "application/json"),
        ("application/json, application/scim+json", "application/scim+json"),
        ("*/*", "application/scim+json"),
    ],
)
@pytest.mark.parametrize("path", ["/Users", "/Nothing"])
def test_the_answer_has_the_accepted_type(
    scim: Scim, accept: str, content_type: str, path: str
) -> None:
    reply = scim.call("GET", path, headers={"Accept": accept})
    assert reply.response.header("Content-Type") == content_type


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


BEARER = Credential("bearer", "s3cret\u00e9")
HEADER = Credential("header", "s3cret value")
BASIC = Credential("basic", "p:w\u00e9", user="client")


@pytest.mark.parametrize(
    ("credential", "authorization", "enters"),
    [
        (BEARER, "Bearer s3cret\u00e9", True),
        (BEARER, "bEARER s3cret\u00e9", True),
        (BEARER, "Bearer  s3cret\u00e9", True),
        (BEARER, "Bearer s3cret", False),
        (BEARER, "Bearer s3cret\u00e9x", False),
        (BEARER, "Bearer S3CRET\u00e9", False),
        (BEARER, "s3cret\u00e9", False),
        (BEARER, "Token s3cret\u00e9", False),
        (BEARER, "Bearer", False),
        (BEARER, "", False),
        (HEADER, "s3cret value", True),
        (HEADER, "Bearer s3cret value", False),
        (HEADER, "s3cret", False),
        (BASIC, basic("client:p:w\u00e9"), True),
        (BASIC, basic("client:p:w\u00e9").replace("Basic", "basic"), True),
        (BASIC, basic("client:p"), False),
        (BASIC, basic("other:p:w\u00e9"), False),
        (BASIC, "Basic %%%", False),
        (BASIC, "Basic /w==", False),
        (BASIC, "Basic", False),
    ],
)
def test_authentication(
    make_scim: Callable[..., Scim], credential: Credential, authorization: str, enters: bool
) -> None:
    scim = make_scim(credentials=[credential])
    scim.authorization = authorization
    reply = scim.get("/Users")
    assert reply.status == (200 if enters else 401)
    if not enters:
        assert (reply.body["schemas"], reply.body["status"]) == ([ERROR], "401")
        scheme = "Basic" if credential.kind == "basic" else "Bearer"
        assert (reply.response.header("WWW-Authenticate") or "").startswith(scheme)


@pytest.mark.parametrize(
    "path", ["/Users", "/ServiceProviderConfig", "/Schemas", "/Nothing", "/Bulk", "/Me", ""]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_a_stranger_learns_nothing(scim: Scim, method: str, path: str) -> None:
    response = scim.app.handle(Request(method, f"/scim/v2{path}"))
    # RFC 7643 section 5: how to authenticate may be read before.
    open_to_all = (method, path) == ("GET", "/ServiceProviderConfig")
    assert response.status == (200 if open_to_all else 401)


def test_several_credentials_are_several_doors(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(credentials=[BEARER, BASIC])
    scim.authorization = basic("client:p:w\u00e9")
    assert scim.get("/Users").status == 200
    response = scim.app.handle(Request("GET", "/scim/v2/Users"))
    challenges = [value for name, value in response.headers if name == "WWW-Authenticate"]
    assert [each.split()[0] for each in challenges] == ["Bearer", "Basic"]


def test_a_credential_does_not_show_its_secret() -> None:
    assert "s3cret" not in repr(BEARER)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("digest", "x"), "digest"),
        (("bearer", ""), "secret"),
        (("basic", "x", "a:b"), "colon"),
    ],
)
def test_a_useless_credential_is_refused(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Credential(*arguments)  # type: ignore[arg-type]  # the limit is not among them


def test_a_server_without_a_door_is_refused() -> None:
    with pytest.raises(ValueError, match="credential"):
        reference_server.create_app(credentials=[])


def test_who_asks_too_often_is_told_when_to_return(
    make_scim: Callable[..., Scim], clock: Clock
) -> None:
    limited = Credential("bearer", "secret", limit=RateLimit(3, 60))
    scim = make_scim(credentials=[limited, Credential("bearer", "other")])
    first = [scim.get("/Users").status for _ in range(4)]
    refused = scim.get("/Users")
    wait = refused.response.header("Retry-After")
    assert first == [200, 200, 200, 429]
    assert (refused.status, refused.body["schemas"]) == (429, [ERROR])
    assert wait is not None
    assert wait.isdigit()
    scim.authorization = "Bearer other"
    assert scim.get("/Users").status == 200
    scim.authorization = "Bearer secret"
    clock.now = clock.now.replace(minute=clock.now.minute + 1)
    assert scim.get("/Users").status == 200


def test_a_limited_create_creates_nothing(make_scim: Callable[..., Scim]) -> None:
    limited = Credential("bearer", "secret", limit=RateLimit(1, 60))
    scim = make_scim(credentials=[limited, Credential("bearer", "other")])
    scim.get("/Users")
    assert scim.post("/Users", {"schemas": [USER], "userName": "x"}).status == 429
    scim.authorization = "Bearer other"
    assert scim.get("/Users").body["totalResults"] == 0


def test_a_wrong_secret_does_not_use_up_the_limit(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(credentials=[Credential("bearer", "secret", limit=RateLimit(1, 60))])
    scim.authorization = "Bearer wrong"
    assert [scim.get("/Users").status for _ in range(3)] == [401] * 3
    scim.authorization = "Bearer secret"
    assert scim.get("/Users").status == 200


def test_a_body_beyond_the_limit_is_refused(scim: Scim) -> None:
    body = b'{"a":"' + b"x" * (8 * 1024 * 1024) + b'"}'
    reply = scim.call("POST", "/Users", body)
    assert (reply.status, reply.body["status"]) == (413, "413")


def test_a_fault_of_our_own_is_logged_without_secrets_and_told_without_internals(
    scim: Scim, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    word = "t1meMa$heen"

    def broken(*_: object) -> None:
        raise RuntimeError(f"the password is {word}")

    for store in (MemoryStore, SqliteStore):
        monkeypatch.setattr(store, "insert", broken)
    with caplog.at_level(logging.ERROR):
        body = {"schemas": [USER], "userName": "x", "password": word}
        reply = scim.post("/Users", body)
    assert (reply.status, reply.body["schemas"]) == (500, [ERROR])
    assert "RuntimeError" not in reply.body["detail"]
    assert "RuntimeError" in caplog.text
    assert "commands.py" in caplog.text
    assert word not in caplog.text


def test_times_are_in_utc_and_ids_from_the_source_given() -> None:
    app = reference_server.create_app(
        credentials=[Credential("bearer", "s")], new_id=iter(["one", "two"]).__next__
    )
    headers = (("Authorization", "Bearer s"),)
    body = json.dumps({"schemas": [USER], "userName": "x"}).encode()
    shown = json.loads(app.handle(Request("POST", "/scim/v2/Users", "", headers, body)).body)
    assert shown["id"] == "one"
    assert shown["meta"]["created"].endswith("Z")


def test_a_clock_without_zone_is_a_fault_of_our_own() -> None:
    app = reference_server.create_app(
        credentials=[Credential("bearer", "s")], clock=lambda: datetime(2026, 1, 1)
    )
    headers = (("Authorization", "Bearer s"),)
    body = json.dumps({"schemas": [USER], "userName": "x"}).encode()
    assert app.handle(Request("POST", "/scim/v2/Users", "", headers, body)).status == 500
