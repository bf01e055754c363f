"""What of a request may be shown: everything an engineer needs, and no secret."""

from __future__ import annotations

import json
from typing import Any
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reference_server.page.masking import HIDDEN
from reference_server.page.masking import SHOWN
from reference_server.page.masking import is_secret
from reference_server.page.masking import masked_body
from reference_server.page.masking import masked_headers
from reference_server.page.masking import masked_target
from reference_server.page.masking import spellings
from reference_server.page.masking import without

# What came out of a JSON reader.
Json: TypeAlias = Any

WORD = "hunter2-and-more"
JSON = "application/scim+json"
FORM = "application/x-www-form-urlencoded"


def shown(body: Json) -> Json:
    return json.loads(masked_body(json.dumps(body).encode(), JSON, set()))


SECRETS = (
    *("password", "Password", "PASSWORD", "userPassword", "pass-word", "pwd", "key", "apiKey"),
    *("token", "access_token", "refreshToken", "client_secret", "client_assertion", "X-Api-Key"),
    *("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Auth-Token"),
)
NO_SECRETS = (
    *("userName", "keyboard", "token_type", "emails", "monkey", "", "X-Request-Id"),
    *("passwordPolicy", "tokenizer", "active"),
)


SECRETS = (
    *("password", "Password", "PASSWORD", "userPassword", "pass-word", "pwd", "key", "apiKey"),
    *("token", "access_token", "refreshToken", "client_secret", "client_assertion", "X-Api-Key"),
    *("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Auth-Token"),
)
NO_SECRETS = (
    *("userName", "keyboard", "token_type", "emails", "monkey", "", "X-Request-Id"),
    *("passwordPolicy", "tokenizer", "active"),
)


@pytest.mark.parametrize(
    ("name", "secret"),
    [*((name, True) for name in SECRETS), *((name, False) for name in NO_SECRETS)],
)
def test_names_tell_what_is_a_secret(name: str, secret: bool) -> None:
    assert is_secret(name) is secret


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Bearer abc", f"Bearer {HIDDEN}"),
        ("bearer  abc", f"bearer  {HIDDEN}"),
        ("Bearer Bearer abc", f"Bearer Bearer {HIDDEN}"),
        ("Basic YTpi", f"Basic {HIDDEN}"),
        ("abc", HIDDEN),
        ("Bearerabc", HIDDEN),
        ("Custom abc", HIDDEN),
        ("Bearer", "Bearer"),
        ("", HIDDEN),
    ],
)
def test_of_credentials_the_form_is_shown(value: str, left: str) -> None:
    assert masked_headers((("Authorization", value),)) == (("Authorization", left),)


def test_headers_are_shown_as_far_as_they_fit() -> None:
    headers = tuple((f"X-{number}", "v" * 5_000) for number in range(100))
    found = masked_headers(headers)
    assert found[60] == ("…", "40 more")
    assert max(len(value) for _, value in found) < 1_100


@pytest.mark.parametrize(
    ("path", "query", "left"),
    [
        ("/Users", "", "/Users"),
        ("/Users", "filter=userName%20eq%20%22a%22", "/Users?filter=userName%20eq%20%22a%22"),
        ("/Users", f"token={WORD}&count=1", f"/Users?token={HIDDEN}&count=1"),
        ("/Users", f"access%5Ftoken={WORD}", f"/Users?access%5Ftoken={HIDDEN}"),
        ("/Users", f"filter=password%20eq%20%22{WORD}%22", f"/Users?filter={HIDDEN}"),
        ("/Users", f"filter=PassWord+sw+%22{WORD}%22", f"/Users?filter={HIDDEN}"),
        ("/Users", "attributes=password", "/Users?attributes=password"),
    ],
)
def test_a_target_is_shown_as_it_was_sent(path: str, query: str, left: str) -> None:
    assert masked_target(path, query) == left


def test_a_long_target_is_cut() -> None:
    assert len(masked_target("/" + "x" * 1_000_000, "a=b")) < 2_100


URN = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.mark.parametrize(
    "body",
    [
        {"password": WORD},
        {"PassWord": WORD},
        {"a": [{"b": {"password": WORD}}]},
        {f"{URN}:password": WORD},
        {"password": [WORD, {"value": WORD}]},
        {"Operations": [{"op": "replace", "path": "password", "value": WORD}]},
        {"Operations": [{"op": "replace", "value": WORD, "path": f"{URN}:passWord"}]},
        {"Operations": [{"OP": "replace", "PATH": "password", "VALUE": {"x": WORD}}]},
        {"Operations": [{"op": "add", "value": {"password": WORD}}]},
        {"Operations": [{"method": "POST", "data": {"password": WORD}}]},
        {"filter": f'password eq "{WORD}"'},
        {"token": WORD, "baseUrl": "https://x"},
        {"key": WORD},
        {"assertion": WORD},
        {"credential": [WORD]},
        {"pwd": WORD},
        {"passphrase": WORD},
    ],
    ids=str,
)
def test_no_secret_of_a_body_is_shown(body: Json) -> None:
    found: set[str] = set()
    text = masked_body(json.dumps(body).encode(), JSON, found)
    assert WORD not in text
    assert HIDDEN in text
    json.loads(text)
    # Written with escapes it is the same.
    escaped = "".join(f"\\u{ord(each):04x}" if each in "pP" else each for each in json.dumps(body))
    assert WORD not in masked_body(escaped.encode(), JSON, set())


def test_the_rest_of_a_body_is_shown() -> None:
    body = {"userName": "bjensen", "password": WORD, "active": False, "n": None}
    assert shown(body) == {"userName": "bjensen", "password": HIDDEN, "active": False, "n": None}
    config = {"changePassword": {"supported": True}, "token": None}
    assert shown(config) == config
    operation = {"Operations": [{"op": "remove", "path": "password"}]}
    assert shown(operation) == operation


def test_a_key_that_comes_twice_is_shown_twice() -> None:
    pairs = ("password", "password", "value")
    secrets = ",".join(f'"{name}":"{WORD}"' for name in pairs)
    text = f'{{{secrets},"path":"title","path":"password"}}'
    assert WORD not in masked_body(text.encode(), JSON, set())


@pytest.mark.parametrize(
    "body",
    [
        f'{{"password":"{WORD}"'.encode(),
        f'{{"value":"{WORD}","path":"password"'.encode(),
        f"<user><password>{WORD}</password></user>".encode(),
        f'{{"pass\\u0077ord":"{WORD}"'.encode(),
        f'{{"password":"{WORD}"}}'.encode("utf-16"),
        f'{{"password":"{WORD}"}}'.encode("utf-32-le"),
        f'{{"password":"{WORD}"}}'.encode() + b"\xff",
        f'{{"password":"{WORD}"}}'.encode() * 20_000,
        b"[" * 100_000 + f'"password","{WORD}"'.encode(),
    ],
    ids=range(9),
)
def test_what_cannot_be_read_for_certain_is_not_shown(body: bytes) -> None:
    text = masked_body(body, JSON, set())
    assert WORD not in text
    assert text.startswith("(")
    assert len(text) < 200


def test_a_broken_body_without_secrets_is_shown_as_it_came() -> None:
    assert masked_body(b'{"userName": "bj', JSON, set()) == '{"userName": "bj'


@pytest.mark.parametrize("paths", [("password", "title"), ("title", "password")])
def test_of_two_paths_either_makes_the_value_a_secret(paths: tuple[str, str]) -> None:
    one, two = paths
    text = f'{{"op":"add","path":"{one}","value":"{WORD}","path":"{two}","value":"{WORD}"}}'
    assert WORD not in masked_body(text.encode(), JSON, set())


def test_a_long_body_with_a_secret_is_not_shown() -> None:
    body = json.dumps([{"password": WORD, "x": "y" * 300_000}]).encode()
    assert masked_body(body, JSON, set()).startswith("(300")


def test_a_very_long_body_is_not_even_looked_at() -> None:
    text = masked_body(b'"' + b"x" * 2_000_000 + b'"', JSON, set())
    assert text == "(2000002 bytes, too long to be shown)"


def test_what_stands_under_a_long_key_is_hidden_whatever_it_is_called() -> None:
    assert shown({"k" * 300: WORD, "token": ""}) == {"k" * 300: HIDDEN, "token": HIDDEN}


def test_a_form_loses_its_secrets() -> None:
    found: set[str] = set()
    body = f"grant_type=client_credentials&client_secret={WORD}&assertion=a.b.c".encode()
    text = masked_body(body, FORM, found)
    assert text == f"grant_type=client_credentials&client_secret={HIDDEN}&assertion={HIDDEN}"
    assert found == {WORD, "a.b.c"}


def test_a_long_body_is_cut() -> None:
    text = masked_body(b'"' + b"x" * 1_000_000 + b'"', JSON, set())
    assert len(text) < SHOWN + 100
    assert text.endswith("(1000002 characters)")


def test_a_secret_of_the_request_is_not_quoted_by_the_reply() -> None:
    assert (
        without(f"the value '{WORD}' is bad", spellings({WORD})) == f"the value '{HIDDEN}' is bad"
    )


@given(st.text(min_size=4).filter(lambda text: text not in HIDDEN))
@settings(max_examples=150, deadline=None)
def test_no_known_secret_is_quoted_in_any_spelling(secret: str) -> None:
    for text in (secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False)):
        left = without(f"before {text} after", spellings({secret}))
        assert HIDDEN in left


_LEAVES = st.none() | st.booleans() | st.integers() | st.text()
_BODIES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["userName", "value", "a", "path", "Operations"]), inner)
    ),
    max_leaves=12,
)


@given(_BODIES, st.sampled_from(["password", "PASSWORD", "token", f"{URN}:password"]))
@settings(max_examples=200, deadline=None)
def test_wherever_a_password_stands_it_is_hidden_and_the_rest_stays(body: Json, name: str) -> None:
    whole = {"body": body, "more": [{name: WORD, "beside": 1}]}
    found = shown(whole)
    assert WORD not in json.dumps(found)
    assert found["more"] == [{name: HIDDEN, "beside": 1}]
