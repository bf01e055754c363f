from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from suites.preflight.look import Look
from suites.preflight.look import look
from suites.reach.connection import Connection
from suites.target.model import Target

Json: TypeAlias = Any
Answer: TypeAlias = tuple[int, dict[str, str], bytes]
SECRET = "secret-of-test"  # noqa: S105 - made up
LIST = b'{"Resources": []}'


@pytest.fixture
def looked(answering: Callable[..., str]) -> Callable[..., tuple[Look, list[str]]]:
    """Look at a server; returns what was found and what was asked."""

    def run(users: Answer, **discovery: Json) -> tuple[Look, list[str]]:
        asked: list[str] = []

        def answer(method: str, path: str, body: bytes) -> Answer:
            asked.append(f"{method} {path}")
            name = path.strip("/").partition("?")[0]
            if name == "Users":
                return users
            known = {"Groups": {}, **discovery}.get(name)
            return (404, {}, b"") if known is None else (200, {}, json.dumps(known).encode())

        credential = Credential(kind="bearer", secret=SECRET)
        connection = Connection(Target(url=answering(answer), credential=credential))
        try:
            return look(connection), asked
        finally:
            connection.close()

    return run


Looked: TypeAlias = Callable[..., tuple[Look, list[str]]]


def test_a_scim_server_at_another_path_is_one_reason(looked: Looked) -> None:
    found, asked = looked((404, {}, b'{"status": "404"}'), Groups=None)
    assert "Check the path of the base URL" in str(found.trouble)
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("users", "part"),
    [
        ((401, {}, b"{}"), "the server refuses the credential. Check SCIM_TOKEN"),
        ((403, {}, b"<html>"), "answered 403: the server refuses the credential"),
        ((302, {"Location": "https://sso.example/login?next=x"}, b""), "redirects to https://sso"),
        ((301, {}, b""), "redirects to an address it does not name"),
        ((404, {}, b"<html>no</html>"), "check the path of the base URL"),
        ((200, {}, b" <!doctype html>"), "answered 200 with HTML"),
        ((200, {}, b"hello"), "with something that is not JSON"),
        ((200, {}, b""), "answered 200 with an empty body"),
        ((200, {}, b"[" * 100_000), "with JSON that is nested too deeply"),
        ((200, {}, b"7"), "with something that is not JSON"),
    ],
)
def test_what_cannot_be_judged_has_one_reason(looked: Looked, users: Answer, part: str) -> None:
    found, asked = looked(users)
    assert found.trouble is not None
    assert part in found.trouble
    assert SECRET not in found.trouble
    assert "next=x" not in found.trouble
    assert asked[0] == "GET /Users?startIndex=1&count=1"
    assert asked[1:] in ([], ["GET /ServiceProviderConfig"])


@pytest.mark.parametrize(
    ("status", "headers", "simulated"),
    [
        (200, {"X-Scimproof-Simulation": "clockify"}, True),
        (401, {"x-scimproof-simulation": "clockify"}, True),
        (200, {}, False),
        (401, {}, False),
    ],
)
def test_a_simulation_is_known_by_what_its_replies_say(
    looked: Looked, status: int, headers: dict[str, str], simulated: bool
) -> None:
    found, _ = looked((status, headers, LIST))
    assert found.simulated is simulated


def test_a_server_that_says_it_is_one_is_judged_though_its_list_is_none(looked: Looked) -> None:
    config = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]}
    found, _ = looked((200, {}, b"<users/>"), ServiceProviderConfig=config)
    assert found.trouble is None


@pytest.mark.parametrize(
    "users",
    [
        pytest.param((200, {}, LIST), id="a list"),
        pytest.param((200, {}, b"[]"), id="a bare array"),
        pytest.param((404, {}, b'{"status": "404"}'), id="a SCIM error"),
        pytest.param((400, {}, b"paging is not supported"), id="a refusal in text"),
        pytest.param((500, {}, b"<html>"), id="an error page"),
    ],
)
def test_what_a_case_can_judge_is_no_trouble(looked: Looked, users: Answer) -> None:
    found, asked = looked(users)
    assert found.trouble is None
    # Of a page in place of an answer it is asked whether the server has more than that, and of a
    # 404 whether anything of SCIM is there.
    more = 4 if users[0] == 404 else int(users[2].startswith(b"<"))
    assert len(asked) == 5 + more


def test_nothing_that_listens_is_one_reason() -> None:
    credential = Credential(kind="bearer", secret=SECRET)
    found = look(Connection(Target(url="http://127.0.0.1:1/v2", credential=credential)))
    assert found.trouble == (
        "Nothing listens at 127.0.0.1:1: the connection was refused. (target http://127.0.0.1:1/v2)"
    )


def test_discovery_tells_what_is_offered(looked: Looked) -> None:
    found, _ = looked(
        (200, {"Server": "Acme/1"}, LIST),
        ServiceProviderConfig={"patch": {"supported": True}, "bulk": {"supported": "yes"}},
        ResourceTypes={"Resources": [{"id": "a1", "name": "User"}, {"name": "Group"}]},
        Schemas={"Resources": [{"id": "urn:x", "name": "X"}, "nonsense"]},
    )
    assert found.capabilities["patch"] == {"value": True, "origin": "announced"}
    assert found.capabilities["bulk"] == {"value": None, "origin": "unknown"}
    assert found.capabilities["resourceTypes"] == {
        "value": ["User", "Group"],
        "origin": "announced",
    }
    assert found.offers("resourceTypes", "Group")
    assert not found.offers("resourceTypes", "Role")
    assert found.offers("schemas", "urn:x")
    assert found.software == "Acme/1"


def test_an_array_without_its_list_response_tells_the_same(looked: Looked) -> None:
    types = [{"name": "User", "schema": "urn:user"}, {"name": "Group"}]
    found, _ = looked((200, {}, LIST), ResourceTypes=types, Schemas=[{"id": "urn:x"}])
    assert found.discovers
    assert found.announces("resourceTypes", "Group")
    assert found.announces("schemas", "urn:x")
    assert not found.offers("resourceTypes", "Role")


@pytest.mark.parametrize("document", [None, [], {"Resources": []}, {"Resources": {}}, "text"])
def test_what_discovery_does_not_say_may_be_offered(looked: Looked, document: Json) -> None:
    found, _ = looked((200, {}, LIST), ResourceTypes=document)
    assert found.offers("resourceTypes", "Group")
    assert not found.announces("resourceTypes", "Group")


def test_groups_are_probed_where_discovery_is_silent(looked: Looked) -> None:
    found, asked = looked((200, {}, LIST), Groups=None)
    assert "GET /Groups?startIndex=1&count=1" in asked
    assert found.capabilities["resourceTypes"] == {"value": ["User"], "origin": "probed"}
    assert not found.offers("resourceTypes", "Group")


def test_groups_that_are_announced_are_not_probed(looked: Looked) -> None:
    types = {"Resources": [{"name": "User"}, {"name": "Group"}]}
    found, asked = looked((200, {}, LIST), Groups=None, ResourceTypes=types)
    assert not any("/Groups" in one for one in asked)
    assert found.offers("resourceTypes", "Group")


def test_the_schema_of_a_resource_type_announces_it(looked: Looked) -> None:
    types = {"Resources": [{"name": "Role", "schema": "urn:role"}]}
    found, _ = looked((200, {}, LIST), ResourceTypes=types)
    assert found.announces("schemas", "urn:role")
    assert not found.announces("schemas", "urn:other")


@pytest.mark.parametrize(
    ("discovery", "there"),
    [
        pytest.param({}, False, id="404 for all"),
        pytest.param({"ResourceTypes": {"Resources": []}}, True, id="one of two"),
        pytest.param({"ResourceTypes": "page", "Schemas": "page"}, False, id="no SCIM answers"),
    ],
)
def test_discovery_may_be_missing(looked: Looked, discovery: Json, there: bool) -> None:
    found, _ = looked((200, {}, LIST), **discovery)
    assert found.discovers is there
