from __future__ import annotations

import base64
import html
import json
import time
from urllib.parse import quote
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reports import Json
from reports import Redactor
from reports.redact import PLACEHOLDER
from reports.redact import carries_secret

ODD = 'tök"en/with +odd&chars\\x'
PLAIN = "s3cr3t-value-1"


def basic(user: str, secret: str) -> str:
    return base64.b64encode(f"{user}:{secret}".encode()).decode()


@pytest.mark.parametrize(
    "shown",
    [
        ODD,
        quote(ODD),
        quote(ODD, safe=""),
        quote(ODD, safe="").lower(),
        quote_plus(ODD),
        json.dumps(ODD),
        json.dumps(ODD, ensure_ascii=False),
        json.dumps(json.dumps(ODD)),
        html.escape(ODD),
        base64.b64encode(ODD.encode()).decode(),
        base64.urlsafe_b64encode(ODD.encode()).decode().rstrip("="),
        "".join(f"%{byte:02X}" for byte in ODD.encode()),
        ODD.encode().hex(),
        ODD.encode().hex().upper(),
        ODD.upper(),
        ODD.swapcase(),
    ],
)
def test_a_known_secret_is_found_in_every_spelling(shown: str) -> None:
    assert "[redacted]" in Redactor([ODD]).text(f"before {shown} after")
    assert shown.strip('"') not in Redactor([ODD]).text(f"before {shown} after")


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "someone@example.com"])
def test_a_basic_credential_is_found_whoever_the_user_is(user: str) -> None:
    masked = Redactor([PLAIN]).text(f"the credential was {basic(user, PLAIN)}, sorry")
    assert masked == "the credential was [redacted], sorry"


def test_what_follows_the_scheme_of_a_verbatim_header_is_a_secret_too() -> None:
    assert Redactor([f"Bearer {PLAIN}"]).text(f"token {PLAIN}") == "token [redacted]"


def test_a_short_secret_is_left_alone_in_prose_and_masked_in_credential_places() -> None:
    redactor = Redactor(["abc"])
    assert redactor.text("abc is the alphabet") == "abc is the alphabet"
    assert redactor.json({"password": "abc"}) == {"password": "[redacted]"}
    assert redactor.headers([("Authorization", "abc")]) == (("Authorization", "[redacted]"),)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer abc.def", "Bearer [redacted]"),
        ("authorization", "bearer abc", "bearer [redacted]"),
        ("AUTHORIZATION", "Basic dXNlcjpw", "Basic [redacted]"),
        ("Authorization", "SSWS 00abc", "SSWS [redacted]"),
        ("Authorization", "verbatim words", "[redacted]"),
        ("Authorization", "Bearer", "Bearer"),
        ("Authorization", "", ""),
        ("Authorization", "Bearer $SCIM_TOKEN", "Bearer $SCIM_TOKEN"),
        ("Authorization", "Bearer $ecret", "Bearer [redacted]"),
        ("Proxy-Authorization", "Basic dXNlcjpw", "Basic [redacted]"),
        ("Cookie", "session=1; theme=dark", "[redacted]"),
        ("Set-Cookie", "session=1; HttpOnly", "[redacted]"),
        ("X-Api-Key", "k", "[redacted]"),
        ("Content-Type", "application/scim+json", "application/scim+json"),
        ("X-Other", f"has {PLAIN} in it", "has [redacted] in it"),
    ],
)
def test_credential_headers_keep_only_their_scheme(name: str, value: str, shown: str) -> None:
    redactor = Redactor([PLAIN])
    assert redactor.headers([(name, value)]) == ((name, shown),)
    assert redactor.json({"headers": [[name, value]]}) == {"headers": [[name, shown]]}
    assert redactor.json({name: value}) == {name: shown}


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password",
        "newPassword",
        "client_secret",
        "access_token",
        "refresh_token",
        "id_token",
        "assertion",
        "client_assertion",
    ],
)
def test_credential_members_are_masked_at_any_depth(name: str) -> None:
    redactor = Redactor()
    assert redactor.json({"a": [{name: "x"}]}) == {"a": [{name: "[redacted]"}]}
    text = json.dumps({"a": [{name: "x"}]})
    assert json.loads(redactor.text(text)) == {"a": [{name: "[redacted]"}]}
    assert redactor.text(f"{name}=x&scope=all") == f"{name}=[redacted]&scope=all"


@pytest.mark.parametrize("value", [None, True, False, ""])
def test_what_cannot_be_a_secret_stays_since_it_explains_a_failure(value: Json) -> None:
    assert Redactor().json({"password": value}) == {"password": value}


@pytest.mark.parametrize("value", [{"value": "x"}, ["x"], 12345, 1.5])
def test_a_password_of_an_odd_type_is_masked_whole(value: Json) -> None:
    assert Redactor().json({"password": value}) == {"password": "[redacted]"}


@pytest.mark.parametrize(
    "path", ["password", "Password", "urn:ietf:params:scim:schemas:core:2.0:User:password"]
)
def test_the_value_of_a_patched_password_is_masked(path: str) -> None:
    operation: Json = {"op": "replace", "path": path, "value": "x"}
    masked: Json = {"op": "replace", "path": path, "value": "[redacted]"}
    assert Redactor().json({"Operations": [operation]}) == {"Operations": [masked]}
    text = Redactor().text(json.dumps({"Operations": [operation]}))
    assert json.loads(text) == {"Operations": [masked]}


def test_another_patched_value_stays() -> None:
    operation = {"op": "replace", "path": "passwordHint", "value": "x"}
    assert Redactor().json(operation) == operation


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"password":"abc', '{"password":"[redacted]"'),
        ('{"password": "a\\"bc", "x": ', '{"password": "[redacted]", "x": '),
        ('{"password":12345,', '{"password":"[redacted]",'),
        (
            '[{"path":"password","value":"abc"',
            '[{"path":"password","value":"[redacted]"',
        ),
        (
            '[{"value":"abc","path":"password"',
            '[{"value":"[redacted]","path":"password"',
        ),
    ],
)
def test_a_body_that_was_cut_or_is_no_json_is_masked_too(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown


def test_a_doubled_member_does_not_hide_the_first_one() -> None:
    assert "abc" not in Redactor().text('{"password":"abc","password":null}')


def test_json_that_hides_nothing_keeps_its_exact_spelling() -> None:
    text = '{ "userName" :"jane", "n": 1.0, "odd": NaN, "active":true }\n'
    assert Redactor([PLAIN]).text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://jane:pw@host/scim", "https://jane:[redacted]@host/scim"),
        ("curl -H 'Authorization: Bearer abc'", "curl -H 'Authorization: Bearer [redacted]'"),
        (
            "curl -H 'Authorization: Bearer $SCIM_TOKEN'",
            "curl -H 'Authorization: Bearer $SCIM_TOKEN'",
        ),
        ("GET / HTTP/1.1\r\nCookie: a=b\r\n", "GET / HTTP/1.1\r\nCookie: [redacted]\r\n"),
        ("/Users?access_token=abc&count=2", "/Users?access_token=[redacted]&count=2"),
        ("client_secret=$SCIM_CLIENT_SECRET", "client_secret=$SCIM_CLIENT_SECRET"),
        ("a server may send no Authorization: so be it", None),
    ],
)
def test_credentials_in_running_text_are_masked(text: str, shown: str) -> None:
    assert Redactor().text(text) == (text if shown is None else shown)


def test_a_secret_that_is_a_member_name_or_a_number_is_masked() -> None:
    assert Redactor([PLAIN]).json({PLAIN: 1}) == {"[redacted]": 1}
    assert Redactor(["24682468"]).json([24682468, 1]) == ["[redacted]", 1]


def test_of_two_secrets_the_longer_one_is_masked_whole() -> None:
    assert Redactor(["abcd", "abcdefgh"]).text("abcdefgh") == "[redacted]"


@pytest.mark.parametrize("secret", ["redacted", "[redacted]", "acte", "d]ab", "[[[["])
def test_a_secret_that_looks_like_the_placeholder_does_no_harm(secret: str) -> None:
    redactor = Redactor([secret])
    once = redactor.text(f"before {secret}ab after")
    assert secret not in once or secret in PLACEHOLDER
    assert redactor.text(once) == once


def test_deep_nesting_ends_in_a_placeholder_instead_of_an_error() -> None:
    nested: Json = PLAIN
    for _ in range(5_000):
        nested = [nested]
    masked = json.dumps(Redactor([PLAIN]).json(nested))
    assert "[nested too deeply]" in masked
    assert PLAIN not in masked


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 300 + "]" * 300])
def test_deeply_nested_text_does_no_harm(text: str) -> None:
    assert isinstance(Redactor([PLAIN]).text(text), str)


def test_odd_values_become_json() -> None:
    odd = {"b": b"\xff\x00", "inf": float("inf"), 3: (1, 2), "set": {1}, "big": 10**5000}
    masked = Redactor([PLAIN]).json(odd)
    assert json.loads(json.dumps(masked, allow_nan=False)) == {
        "b": "\\xff\x00",
        "inf": "inf",
        "3": [1, 2],
        "set": "{1}",
        "big": "[number too long]",
    }


def test_bytes_are_read_as_far_as_they_are_text() -> None:
    assert Redactor([PLAIN]).text(b"\xff" + PLAIN.encode()) == "\\xff[redacted]"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "\\" * 300_000,
        "\n" * 300_000,
        "'  " * 200_000,
        '"password":"' * 50_000,
        "://a:" * 150_000,
        '"path":"' + ":" * 300_000,
        '"value":"' * 50_000,
        "password=" * 50_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_megabyte_made_to_be_slow_is_masked_in_seconds(text: str) -> None:
    started = time.process_time()
    Redactor([ODD, PLAIN, "\\\\\\\\secret"]).text(text)
    assert time.process_time() - started < 10


LETTERS = st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters='[]"\\')
SECRETS = st.text(LETTERS, min_size=4, max_size=24)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=30)


@st.composite
def hidden(draw: st.DrawFn) -> tuple[str, Json]:
    """Draws a secret and JSON in which it stands anywhere, in any of its spellings."""
    secret = draw(SECRETS)
    spelling = st.sampled_from(
        [
            secret,
            quote(secret, safe=""),
            basic("jane", secret),
            json.dumps({"x": secret}),
            json.dumps(secret),
        ]
    )
    carrier = st.builds(
        lambda before, it, after: f"{before} {it} {after}", LEAF_TEXT, spelling, LEAF_TEXT
    )
    leaves = LEAVES | carrier | spelling
    nested = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(carrier | LEAF_TEXT, inner, max_size=4)
        ),
        max_leaves=12,
    )
    return secret, draw(nested)


LEAF_TEXT = st.text(st.characters(max_codepoint=0x2FF), max_size=10)


def strings(data: Json) -> list[str]:
    if isinstance(data, dict):
        return [*data, *(text for value in data.values() for text in strings(value))]
    if isinstance(data, list):
        return [text for value in data for text in strings(value)]
    return [data] if isinstance(data, str) else []


def test_a_secret_is_masked_that_is_too_short_without_the_space_around_it() -> None:
    assert Redactor(["ab1\x85"]).text("say ab1\x85 here, and ab1 there") == (
        "say [redacted] here, and ab1 there"
    )


def test_space_alone_is_no_secret() -> None:
    assert Redactor(["     "]).text("said      so") == "said      so"


@settings(database=None, deadline=None, max_examples=150)
@given(hidden())
def test_a_secret_survives_nowhere_and_masking_twice_changes_nothing(
    case: tuple[str, Json],
) -> None:
    secret, data = case
    redactor = Redactor([secret])
    masked = redactor.json(data)
    for text in strings(masked):
        assert secret not in text
        assert quote(secret, safe="") not in text or quote(secret, safe="") == "[redacted]"
        assert basic("jane", secret) not in text
    assert redactor.json(masked) == masked


@settings(database=None, deadline=None, max_examples=150)
@given(st.text(), st.lists(st.text(min_size=4, max_size=12), max_size=3))
def test_any_text_with_any_secrets_is_masked_once_and_for_all(
    text: str, secrets: list[str]
) -> None:
    redactor = Redactor(secrets)
    masked = redactor.text(text)
    assert redactor.text(masked) == masked
    assert all(
        secret.strip() not in masked or secret.strip() in PLACEHOLDER
        for secret in secrets
        if len(secret.strip()) >= 4
    )


def test_a_word_is_a_secret_only_as_it_is_written() -> None:
    assert Redactor(["test"]).text("Test it, test it") == "Test it, [redacted] it"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("X-Api-Key", True),
        ("apikey", True),
        ("X-Auth-Token", True),
        ("X-Amz-Security-Token", True),
        ("Ocp-Apim-Subscription-Key", True),
        ("X-Gateway-Key", True),
        ("X-Session-Id", True),
        ("Set-Cookie", True),
        ("Proxy-Authorization", True),
        ("WWW-Authenticate", False),
        ("Idempotency-Key", False),
        ("X-Tenant", False),
        ("ETag", False),
        ("token", False),
    ],
)
def test_a_header_that_carries_a_secret_is_known_by_its_name(name: str, secret: bool) -> None:
    assert carries_secret(name) is secret
    shown = Redactor().headers([(name, "whatever it is")])
    assert shown == ((name, "[redacted]" if secret else "whatever it is"),)


def test_a_known_secret_is_not_learned_twice() -> None:
    redactor = Redactor([f"SSWS {PLAIN}"])
    assert redactor.also([PLAIN]) is redactor
    assert redactor.also(["another-secret"]) is not redactor


def test_a_redactor_that_knows_more_is_made_once_for_the_same_secrets() -> None:
    redactor = Redactor(["first-secret"])
    more = redactor.also(["second-secret"])
    assert redactor.also(["second-secret"]) is more
    other = redactor.also(["third-secret"])
    assert other is not more
    assert other.text("first-secret second-secret third-secret") == (
        f"{PLACEHOLDER} second-secret {PLACEHOLDER}"
    )
    assert redactor.text("second-secret") == "second-secret"


def test_a_name_that_was_clean_once_is_masked_by_whoever_knows_more() -> None:
    redactor = Redactor()
    body = {"made-up-secret": 1, "Password": "x", "X-Api-Key": "y"}
    shown = {"made-up-secret": 1, "Password": PLACEHOLDER, "X-Api-Key": PLACEHOLDER}
    assert redactor.json(body) == redactor.json(body) == shown
    assert PLACEHOLDER in redactor.also(["made-up-secret"]).json(body)  # type: ignore[operator]  # an object


class Shared(Redactor):
    """One that another thread has just asked for something else, whenever it is asked."""

    def __setattr__(self, name: str, value: object) -> None:
        other = Redactor(["what-the-other-thread-sent"])
        super().__setattr__(name, other if name == "_latest" and value is not None else value)


def test_who_knows_more_is_not_taken_for_somebody_elses() -> None:
    shown = Shared().also({"what-this-thread-sent"}).text("what-this-thread-sent")
    assert shown == "[redacted]"
