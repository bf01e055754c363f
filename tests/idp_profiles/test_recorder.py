"""Recorded exchanges: the form that the command promises, and no secret in it."""

from __future__ import annotations

import base64
import json

import pytest

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.recorder import MASK
from idp_profiles.recorder import exchange_json
from idp_profiles.recorder import secrets_of

SECRET = 'tök"en/+1'  # noqa: S105 # nobody's token, with all that can be escaped


def exchange(
    *,
    target: str = "/Users",
    headers: Headers = (),
    body: Json | bytes = None,
    reply: Reply | None = None,
    error: str | None = None,
) -> Exchange:
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    step = Step("create the user", Certainty.DOC, (), "create-user")
    return Exchange(Request("POST", target, headers, body, step), reply, 0.1, error)


def test_the_form_is_the_one_that_is_promised() -> None:
    done = exchange(
        headers=(("Accept", "a"),),
        body={"userName": "x"},
        reply=Reply(201, "Created", (("Location", "/Users/1"),), b'{"id":"1"}'),
    )
    assert exchange_json(done) == {
        "scenario": "create-user",
        "step": "create the user",
        "request": {
            "method": "POST",
            "target": "/Users",
            "headers": {"Accept": "a"},
            "body": {"userName": "x"},
        },
        "response": {"status": 201, "headers": {"Location": "/Users/1"}, "body": {"id": "1"}},
    }


def test_without_a_reply_the_response_is_null_and_the_error_says_why() -> None:
    record = exchange_json(exchange(error="Nothing listens."))
    assert record["response"] is None
    assert record["error"] == "Nothing listens."


def test_repeated_headers_are_joined() -> None:
    record = exchange_json(exchange(reply=Reply(200, "", (("A", "1"), ("A", "2")))))
    assert record["response"] == {"status": 200, "headers": {"A": "1, 2"}, "body": None}


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(exchange(headers=(("authorization", f"Bearer {SECRET}"),)), id="header"),
        pytest.param(exchange(headers=(("X-Copy", f"<{SECRET}>"),)), id="another-header"),
        pytest.param(exchange(headers=(("Cookie", "sid=tök"),)), id="cookie"),
        pytest.param(exchange(target="/Users?t=t%C3%B6k%22en%2F%2B1"), id="encoded-target"),
        pytest.param(exchange(body={"a": [{"b": f"x{SECRET}y"}]}), id="deep-in-the-body"),
        pytest.param(exchange(body={SECRET: 1}), id="as-a-key"),
        pytest.param(exchange(body=f"plain {SECRET} text".encode()), id="text-body"),
        pytest.param(exchange(body=b'{"broken": "t\\u00f6k\\"en/+1'), id="broken-json"),
        pytest.param(exchange(body=b'{"a": NaN, "b": "t\\u00f6k\\"en/+1"}'), id="not-a-number"),
        pytest.param(exchange(reply=Reply(200, "", (), SECRET.encode())), id="reply-body"),
        pytest.param(exchange(error=f"bad header {SECRET}"), id="error"),
        pytest.param(exchange(reply=Reply(200, "", (("Set-Cookie", "tök"),))), id="set-cookie"),
    ],
)
def test_a_known_secret_is_nowhere_in_the_record(place: Exchange) -> None:
    text = json.dumps(exchange_json(place, secrets=[SECRET]), ensure_ascii=False)
    assert "en/+1" not in text
    assert "en%2F%2B1" not in text
    assert "tök" not in text
    assert "t\\u00f6k" not in text


@pytest.mark.parametrize(
    "body",
    [
        {"password": "hidden"},
        {"PassWord": "hidden"},
        {"user": [{"password": {"value": "hidden"}}]},
        {"urn:ietf:params:scim:schemas:core:2.0:User:password": "hidden"},
        {"Operations": [{"op": "replace", "value": {"password": "hidden"}}]},
        {"Operations": [{"op": "replace", "path": "password", "value": "hidden"}]},
        {"Operations": [{"op": "Replace", "Path": "urn:x:User:Password", "Value": "hidden"}]},
    ],
)
def test_passwords_are_masked_by_their_place(body: Json) -> None:
    text = json.dumps(exchange_json(exchange(body=body)))
    assert "hidden" not in text
    assert MASK in text


def test_a_member_that_only_looks_like_a_password_is_kept() -> None:
    record = exchange_json(exchange(body={"passwordPolicy": "long", "path": "title", "value": 1}))
    assert MASK not in json.dumps(record)


@pytest.mark.parametrize(
    ("credential", "secrets"),
    [
        (Credential("bearer", "abc"), ("abc",)),
        (Credential("header", "Token abc"), ("Token abc", "abc")),
        (
            Credential("basic", "pw", "user"),
            ("pw", base64.b64encode(b"user:pw").decode()),
        ),
    ],
)
def test_a_credential_is_known_in_every_form_in_which_it_travels(
    credential: Credential, secrets: tuple[str, ...]
) -> None:
    assert secrets_of(credential) == secrets


def test_a_body_that_is_deeper_than_anyone_reads_is_kept_as_text() -> None:
    record = exchange_json(exchange(body=b"[" * 100_000))
    assert isinstance(record["request"], dict)
    assert isinstance(record["request"]["body"], str)


@pytest.mark.parametrize("written", ["a%20b%2Fc", "a+b%2Fc", "a b/c"])
def test_a_secret_with_a_blank_is_found_however_it_is_encoded(written: str) -> None:
    record = exchange_json(exchange(target=f"/Users?t={written}"), secrets=["a b/c"])
    assert isinstance(record["request"], dict)
    assert record["request"]["target"] == f"/Users?t={MASK}"


def test_a_token_that_an_endpoint_issues_is_hidden_before_anybody_knows_it() -> None:
    issued = b'{"access_token": "brand-new", "token_type": "Bearer", "expires_in": 3600}'
    record = exchange_json(exchange(reply=Reply(200, "OK", (), issued)))
    body = {"access_token": MASK, "token_type": "Bearer", "expires_in": 3600}
    assert record["response"] == {"status": 200, "headers": {}, "body": body}


@pytest.mark.parametrize(
    "written",
    [
        SECRET.upper(),
        SECRET.encode().hex(),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        base64.urlsafe_b64encode(f"me:{SECRET}".encode()).decode(),
        "".join(f"%{byte:02X}" for byte in SECRET.encode()),
        "".join(f"\\u{ord(character):04x}" for character in SECRET),
    ],
)
def test_a_secret_is_found_in_forms_in_which_nobody_sends_it(written: str) -> None:
    record = exchange_json(exchange(error=f"before {written} after"), secrets=[SECRET])
    assert record["error"] == f"before {MASK} after"


def test_what_an_exchange_itself_tells_is_masked_where_a_server_repeats_it() -> None:
    told = "sid 0f1e2d3c4b5a and Tour-4711"
    reply = Reply(400, "", (("Set-Cookie", "s=0f1e2d3c4b5a; Path=/"),), told.encode())
    body = {"Operations": [{"op": "replace", "path": "password", "value": "Tour-4711"}]}
    shown = exchange_json(exchange(body=body, reply=reply))["response"]
    assert isinstance(shown, dict)
    assert shown["body"] == f"sid {MASK} and {MASK}"
