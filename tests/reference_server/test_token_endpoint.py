"""The token endpoint: who gets a token, what a token opens, and when it is over."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import TypeAlias
from urllib.parse import quote_plus
from urllib.parse import urlencode

import pytest

import reference_server
from reference_server import Client
from reference_server import Issuer
from reference_server import OAuth
from reference_server import RsaKey
from reference_server import SharedKey
from reference_server.access import Access
from reference_server.json_web_tokens import TokenRefused
from reference_server.json_web_tokens import read_keys
from reference_server.json_web_tokens import read_token
from tests.reference_server.rsa_keys import private_key

if TYPE_CHECKING:
    from conftest import Clock
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

MakeScim: TypeAlias = "Callable[..., Scim]"

SECRET = "its secret: 100 % + more"  # noqa: S105 # of a made-up client
OTHER = "s"
HEAD = b'{"alg":"RS256","kid":"k1"}'
KEY = "a-shared-key-of-at-least-32-bytes"
FORM = "application/x-www-form-urlencoded"
ISSUER = "https://login.example.com/t"
ASSERTED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"

TRUST = Issuer(issuer=ISSUER, audience="api://scim", keys=[SharedKey(KEY)], subject="fabric")
CLIENTS = (
    Client(id="an-idp", secret=SECRET),
    Client(id="scoped", secret=OTHER, scopes=("scim", "more")),
    Client(id="federated", assertions=[TRUST]),
    Client(id="own", assertions=lambda: [replace(TRUST, subject=None)]),
)


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def ask(scim: Scim, headers: Mapping[str, str | None] | None = None, /, **form: str) -> Reply:
    """Send a token request; only these headers go out."""
    body = urlencode({"grant_type": "client_credentials", **form}).encode()
    return raw(scim, body, **{"Content-Type": FORM, **(headers or {})})


def raw(scim: Scim, body: bytes, method: str = "POST", /, **headers: str | None) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
    bare = replace(scim, authorization="")
    if "Authorization" not in named:
        return call_without(bare, method, body, named)
    return bare.call(method, "/oauth/token", body, named)


def call_without(scim: Scim, method: str, body: bytes, headers: dict[str, str]) -> Reply:
    path = f"{scim.app.base_path}/oauth/token"
    pairs = (("Host", "scim.example.com"), *headers.items())
    response = scim.app.handle(reference_server.Request(method, path, "", pairs, body))
    content = response.body
    assert isinstance(content, bytes)
    return type_of_reply(scim)(response.status, json.loads(content or b"null"), response)


def type_of_reply(scim: Scim) -> type[Reply]:
    return type(scim.get("/ServiceProviderConfig"))


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(claims: Json, key: str = KEY, **head: Json) -> str:
    header = {"typ": "JWT", "alg": "HS256", **head}
    text = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    return f"{text}.{part(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest())}"


@pytest.fixture
def claims(clock: Clock) -> dict[str, Json]:
    now = int(clock.now.timestamp())
    times = {"iat": now, "nbf": now, "exp": now + 600}
    return {"iss": ISSUER, "aud": "api://scim", "sub": "fabric", **times}


@pytest.fixture
def scim(make_scim: MakeScim) -> Scim:
    return make_scim(oauth=OAuth(clients=CLIENTS, lifetime=600))


@pytest.fixture
def trusting(make_scim: MakeScim) -> Scim:
    """A server that takes tokens of an issuer as they are."""
    return make_scim(oauth=OAuth(issuers=[replace(TRUST, subject=None)]))


def opens(scim: Scim, token: str) -> int:
    return replace(scim, authorization=f"Bearer {token}").get("/Users").status


# -- a token


@pytest.mark.parametrize(
    "where",
    [
        {"headers": basic("an-idp", SECRET)},
        {"headers": basic("an-idp", quote_plus(SECRET))},
        {"client_id": "an-idp", "client_secret": SECRET},
        {"headers": basic("an-idp", SECRET), "client_id": "an-idp", "client_secret": SECRET},
        {"headers": {**basic("an-idp", SECRET), "Content-Type": f"{FORM}; charset=UTF-8"}},
    ],
)
def test_a_client_gets_a_token_that_opens_the_server(scim: Scim, where: Json) -> None:
    headers = where.pop("headers", {})
    reply = ask(scim, headers, scope="anything", **where)
    assert reply.status == 200
    assert (reply.body["token_type"], reply.body["expires_in"]) == ("Bearer", 600)
    assert reply.body["scope"] == "anything"
    assert reply.response.header("Cache-Control") == "no-store"
    assert reply.response.header("Content-Type") == "application/json"
    assert opens(scim, reply.body["access_token"]) == 200


def test_an_access_token_is_over_when_its_life_is(scim: Scim, clock: Clock) -> None:
    token = ask(scim, basic("an-idp", SECRET)).body["access_token"]
    clock.now += timedelta(seconds=550)
    assert opens(scim, token) == 200
    clock.now += timedelta(seconds=60)
    over = replace(scim, authorization=f"Bearer {token}").get("/Users")
    assert over.status == 401
    assert 'error="invalid_token"' in str(over.response.header("WWW-Authenticate"))
    assert opens(scim, ask(scim, basic("an-idp", SECRET)).body["access_token"]) == 200


def test_each_token_is_another_and_all_of_them_are_good(scim: Scim) -> None:
    tokens = {ask(scim, basic("an-idp", SECRET)).body["access_token"] for _ in range(3)}
    assert len(tokens) == 3
    assert {opens(scim, token) for token in tokens} == {200}


def test_no_changed_token_opens_anything(scim: Scim) -> None:
    token = ask(scim, basic("an-idp", SECRET)).body["access_token"]
    payload, _, mac = token.partition(".")
    longer = part(json.dumps(["an-idp", 9_999_999_999, "x"]).encode())
    wrong = (f"{longer}.{mac}", f"{payload}.", f"{payload}.{mac[:-2]}", ".", f"{token}.x", "a.b")
    assert {opens(scim, each) for each in (*wrong, "é.é", f"{payload}.{mac[::-1]}")} == {401}


def test_the_word_bearer_may_be_repeated_before_an_access_token(make_scim: MakeScim) -> None:
    scim = make_scim(oauth=OAuth(clients=CLIENTS))
    token = ask(scim, basic("an-idp", SECRET)).body["access_token"]
    assert opens(scim, f"Bearer {token}") == 200
    strict = make_scim(oauth=OAuth(clients=CLIENTS), without_tolerances=["repeated-bearer"])
    token = ask(strict, basic("an-idp", SECRET)).body["access_token"]
    assert (opens(strict, token), opens(strict, f"Bearer {token}")) == (200, 401)


def test_the_other_credentials_work_as_before(scim: Scim) -> None:
    assert scim.get("/Users").status == 200
    assert replace(scim, authorization="Bearer wrong").get("/Users").status == 401
    kinds = [each["type"] for each in scim.get("/ServiceProviderConfig").body[SCHEMES]]
    assert kinds == ["oauthbearertoken", "oauth2"]


SCHEMES = "authenticationSchemes"


def test_a_server_may_have_no_credential_but_its_clients(make_scim: MakeScim) -> None:
    scim = make_scim(credentials=[], oauth=OAuth(clients=CLIENTS))
    assert scim.get("/Users").status == 401
    token = ask(scim, basic("an-idp", SECRET)).body["access_token"]
    assert opens(scim, token) == 200


def test_a_client_has_the_rights_and_the_account_that_it_was_given(make_scim: MakeScim) -> None:
    reader = Client(id="r", secret=OTHER, account="bjensen", access=Access.READ)
    scim = make_scim(oauth=OAuth(clients=[reader]))
    scim.user("bjensen")
    token = ask(scim, basic("r", "s")).body["access_token"]
    allowed = replace(scim, authorization=f"Bearer {token}")
    assert allowed.get("/Me").body["userName"] == "bjensen"
    assert allowed.post("/Users", {"schemas": [], "userName": "x"}).status == 403


def test_a_token_of_another_tenant_key_or_secret_opens_nothing(make_scim: MakeScim) -> None:
    key = b"k" * 32
    first = OAuth(clients=CLIENTS, signing_key=key)
    scim, same = make_scim(oauth=first), make_scim(oauth=first)
    token = ask(scim, basic("an-idp", SECRET)).body["access_token"]
    assert opens(same, token) == 200  # another process of the same server
    changed = replace(CLIENTS[0], secret=OTHER)
    others = (
        make_scim(oauth=first, tenant="other"),
        make_scim(oauth=first, base_path="/other"),
        make_scim(oauth=replace(first, signing_key=b"l" * 32)),
        make_scim(oauth=OAuth(clients=[changed], signing_key=key)),
    )
    assert {opens(other, token) for other in others} == {401}


# -- refusals (RFC 6749 section 5.2)


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        (basic("an-idp", "wrong"), {}),
        (basic("nobody", SECRET), {}),
        (basic("federated", ""), {}),
        ({"Authorization": "Basic !"}, {}),
        ({"Authorization": "Bearer secret"}, {}),
        (basic("an-idp", SECRET), {"client_id": "scoped"}),
        (basic("an-idp", SECRET), {"client_id": "scoped", "client_secret": "s"}),
        (basic("an-idp", SECRET), {"client_id": "an-idp", "client_secret": "wrong"}),
        ({}, {"client_id": "an-idp", "client_secret": "wrong"}),
        ({}, {"client_secret": SECRET}),
        ({}, {"client_id": "an-idp"}),
        ({}, {}),
    ],
)
def test_a_client_that_does_not_authenticate_gets_no_token(
    scim: Scim, headers: Json, form: Json
) -> None:
    reply = ask(scim, headers, **form)
    assert (reply.status, reply.body["error"]) == (401, "invalid_client")
    assert str(reply.response.header("WWW-Authenticate")).startswith("Basic ")
    assert reply.response.header("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (b"", {}, "invalid_request"),
        (b"grant_type=", {}, "invalid_request"),
        (b"grant_type=password", {}, "unsupported_grant_type"),
        (b"grant_type=client_credentials&grant_type=client_credentials", {}, "invalid_request"),
        (b"grant_type=%ff", {}, "invalid_request"),
        ("grant_type=é".encode(), {}, "invalid_request"),
        (b"&".join(b"a%d=1" % n for n in range(60)), {}, "invalid_request"),
        (b'{"grant_type":"client_credentials"}', {"Content_Type": "application/json"}, None),
        (b"grant_type=client_credentials", {"Content_Type": None}, None),
    ],
)
def test_a_request_that_is_none_is_refused(
    scim: Scim, body: bytes, headers: Json, error: str | None
) -> None:
    sent = {"Content_Type": FORM, **basic("an-idp", SECRET), **headers}
    reply = raw(scim, body, **sent)
    assert (reply.status, reply.body["error"]) == (400, error or "invalid_request")
    assert reply.body["error_description"].endswith(".")


def test_only_post_is_possible_and_only_so_much(scim: Scim) -> None:
    reply = raw(scim, b"", "GET")
    assert (reply.status, reply.response.header("Allow")) == (405, "OPTIONS, POST")
    assert raw(scim, b"", "OPTIONS").status == 204
    assert raw(scim, b"a" * 70_000, Content_Type=FORM).status == 413


def test_a_scope_is_granted_within_what_the_client_may_have(scim: Scim) -> None:
    who = basic("scoped", "s")
    assert ask(scim, who).body["scope"] == "scim more"
    assert ask(scim, who, scope="more").body["scope"] == "more"
    reply = ask(scim, who, scope="scim all")
    assert (reply.status, reply.body["error"]) == (400, "invalid_scope")
    assert "scope" not in ask(scim, basic("an-idp", SECRET)).body


# -- assertions (RFC 7523)


def test_an_assertion_authenticates_a_client(scim: Scim, claims: Json) -> None:
    form = {"client_assertion_type": ASSERTED, "client_assertion": signed(claims)}
    assert opens(scim, ask(scim, client_id="federated", **form).body["access_token"]) == 200
    assert ask(scim, **form).status == 200
    own = {**form, "client_assertion": signed({**claims, "sub": "own"})}
    assert ask(scim, client_id="own", **own).status == 200
    assert ask(scim, client_id="own", **form).status == 401  # about somebody else


def test_an_assertion_is_a_grant_of_its_own(scim: Scim, claims: Json) -> None:
    reply = ask(scim, grant_type=JWT_GRANT, assertion=signed(claims))
    assert opens(scim, reply.body["access_token"]) == 200
    wrong = ask(scim, grant_type=JWT_GRANT, assertion=signed({**claims, "iss": "x"}))
    assert (wrong.status, wrong.body["error"]) == (400, "invalid_grant")
    missing = ask(scim, grant_type=JWT_GRANT)
    assert (missing.status, missing.body["error"]) == (400, "invalid_request")
    other = ask(scim, basic("an-idp", SECRET), grant_type=JWT_GRANT, assertion=signed(claims))
    assert other.body["error"] == "invalid_grant"  # the client that asks has no such issuer


def wrong_assertions(claims: dict[str, Json]) -> list[str]:
    changes: list[dict[str, Json]] = [
        *({"iss": "x"}, {"aud": "x"}, {"aud": ["x"]}, {"sub": "x"}, {"sub": 7}),
        *({"exp": claims["iat"] - 60}, {"exp": "never"}, {"exp": True}, {"exp": 1e300}),
        *({"nbf": claims["exp"]}, {"iat": claims["exp"]}),
    ]
    whole = signed(claims)
    without = {name: value for name, value in claims.items() if name != "exp"}
    none = f"{part(json.dumps({'alg': 'none'}).encode())}.{whole.split('.')[1]}."
    return [
        *(signed({**claims, **change}) for change in changes),
        *(signed(without), signed(claims, KEY[::-1]), signed(claims, alg="RS256"), none),
        *(signed(claims, crit=["b64"]), signed([claims]), whole[:-4], "a.b.c", "é.b.c", "x"),
        whole.replace(".", "..", 1),
        f"{part(b'[' * 100_000)}.{part(b'{}')}.{part(b'')}"[:60_000],
    ]


def test_an_assertion_that_does_not_fit_is_refused(scim: Scim, claims: Json) -> None:
    for wrong in wrong_assertions(claims):
        form = {"client_assertion_type": ASSERTED, "client_assertion": wrong}
        reply = ask(scim, client_id="federated", **form)
        assert (reply.status, reply.body["error"]) == (401, "invalid_client"), wrong
    form = {"client_assertion_type": "x", "client_assertion": signed(claims)}
    assert ask(scim, **form).body["error"] == "invalid_request"
    twice = {**form, "client_assertion_type": ASSERTED, "client_secret": SECRET}
    assert ask(scim, **twice).body["error"] == "invalid_request"


def test_clocks_may_differ_by_half_a_minute(scim: Scim, claims: Json, clock: Clock) -> None:
    form = {"client_assertion_type": ASSERTED, "client_assertion": signed(claims)}
    for seconds, status in ((-25, 200), (-40, 401), (620, 200), (640, 401)):
        clock.now = clock.now.fromtimestamp(claims["iat"] + seconds, clock.now.tzinfo)
        assert ask(scim, client_id="federated", **form).status == status, seconds


def test_rs256_is_checked_with_the_public_key(clock: Clock, claims: Json) -> None:
    key, stranger = private_key(1), private_key(2)
    text = f"{part(HEAD)}.{part(json.dumps(claims).encode())}"
    good = f"{text}.{part(key.sign(text.encode()))}"
    (public,) = read_keys({"keys": [key.jwk("k1")]})
    issuer = replace(TRUST, keys=[*read_keys(stranger.jwk("k2")), public])
    assert read_token(good, issuer, clock.now).subject == "fabric"
    forged = (
        *(f"{text}.{part(stranger.sign(text.encode()))}", f"{text}.{part(b'')}"),
        f"{text}.{part(key.sign(text.encode() + b'x'))}",
        f"{text}.{part(bytes(1) + key.sign(text.encode()))}",
        # The public key as a shared secret: what it says of itself decides nothing.
        signed(claims, key=key.jwk()["n"], kid="k1"),
    )
    for token in forged:
        with pytest.raises(TokenRefused, match="signature"):
            read_token(token, issuer, clock.now)
    with pytest.raises(TokenRefused, match="signature"):
        read_token(good, replace(issuer, keys=read_keys(stranger.jwk())), clock.now)


def test_weak_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SharedKey("short")
    with pytest.raises(ValueError, match="2048 bits"):
        read_keys(private_key(3, 1024).jwk())
    with pytest.raises(ValueError, match="exponent"):
        RsaKey(1 << 2047, 1)
    wrong: Json
    for wrong in ([], {"kty": "EC"}, {"keys": [{"kty": "RSA", "n": "AQ"}]}, {"kty": "oct"}):
        with pytest.raises(ValueError, match=r"key|JWK"):
            read_keys(wrong)


# -- tokens of an issuer


def test_a_token_of_an_issuer_enters_until_it_is_over(
    trusting: Scim, claims: Json, clock: Clock
) -> None:
    token = signed({**claims, "aud": ["other", "api://scim"], "sub": "anybody"})
    assert opens(trusting, token) == 200
    assert opens(trusting, signed({**claims, "aud": "x"})) == 401
    assert opens(trusting, signed(claims, KEY[::-1])) == 401
    clock.now += timedelta(hours=1)
    assert opens(trusting, token) == 401
