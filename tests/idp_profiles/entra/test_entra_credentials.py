"""How Entra authenticates: Secret Token, tokens that the application issues, its own tokens."""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from idp_profiles.model import Credential
from idp_profiles.model import Json
from tests.idp_profiles.entra.people import ANN
from tests.idp_profiles.entra.people import EMPTY
from tests.idp_profiles.entra.people import stop
from tests.reference_server.rsa_keys import private_key

SHEET = json.loads(
    (Path(__file__).parent.parent / "facts" / "entra.json").read_text(encoding="utf-8")
)
ENDPOINT = "https://login.example.com/token"
CLIENT = Credential("oauth2-client-credentials", "client-secret", "client-1")
IDENTITY = Credential("oauth2-jwt-bearer", "shared-key", "client-1")
SETUP: dict[str, Any] = {"credential": CLIENT, "switches": {"token_endpoint": ENDPOINT}}


def issued(token: str = "t-1", **more: Json) -> tuple[int, Any]:  # noqa: S107 # nobody's token
    return (200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more})


def sent_with(desk: Any) -> list[str]:
    return [dict(request.headers).get("Authorization", "") for request in desk.sent]


def claims_of(token: str, key: str) -> dict[str, Any]:
    head, body, signature = token.split(".")
    digest = hmac.new(key.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == signature
    parsed: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return parsed


def same_form(template: str, value: str) -> bool:
    head, _, rest = template.partition("{{")
    return value.startswith(head) and value.endswith(rest.partition("}}")[2])


class TestSecretToken:
    @pytest.mark.parametrize(
        ("mode", "shown"),
        [
            ("plain", "Bearer abc123"),
            ("verbatim", "Bearer Bearer abc123"),
            ("strip-bearer", "Bearer abc123"),
        ],
    )
    def test_what_becomes_of_a_typed_bearer(self, entra_desk: Any, mode: str, shown: str) -> None:
        credential = Credential("bearer", "abc123")
        key = "secret-token" if mode == "plain" else f"secret-token-{mode}"
        for settings in ({"switches": {"secret_token": mode}}, {"auth_mode": key}):
            desk = entra_desk(EMPTY, credential=credential, **settings)
            assert desk.mock.test_connection().ok
            assert set(sent_with(desk)) == {shown}

    def test_a_verbatim_header_is_taken_when_it_is_a_bearer_token(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY, credential=Credential("header", "bearer abc123"))
        assert desk.mock.test_connection().ok
        assert set(sent_with(desk)) == {"Bearer abc123"}
        assert "abc123" in desk.idp.secrets

    @pytest.mark.parametrize(
        ("credential", "mode", "reason"),
        [
            (Credential("header", "Token abc"), None, "always puts 'Bearer '"),
            (Credential("basic", "pw", "me"), None, "does not support it"),
            (Credential("bearer", "t"), "authorization-code", "has retired it"),
            (Credential("bearer", "t"), "oauth2-header", "does not take a 'bearer' credential"),
            (CLIENT, "secret-token", "does not take a 'oauth2-client-credentials'"),
            (CLIENT, None, "need the switch 'token_endpoint'"),
            (Credential("bearer", "t"), "x", "there is no mode 'x'"),
            (Credential("bearer", "a\r\nb"), None, "line break"),
        ],
    )
    def test_what_cannot_be_set_up_is_named(
        self, entra_desk: Any, credential: Credential, mode: str | None, reason: str
    ) -> None:
        with pytest.raises(ValueError, match=reason):
            entra_desk(EMPTY, credential=credential, auth_mode=mode)


class TestIssuedTokens:
    @pytest.mark.parametrize(
        ("mode", "header", "keys"),
        [
            ("oauth2-header", True, {"grant_type"}),
            ("oauth2-body", False, {"grant_type", "client_id", "client_secret"}),
            ("oauth2-both", True, {"grant_type", "client_id", "client_secret"}),
        ],
    )
    def test_the_credentials_go_where_the_admin_says(
        self, entra_desk: Any, mode: str, header: bool, keys: set[str]
    ) -> None:
        desk = entra_desk(issued(), EMPTY, auth_mode=mode, **SETUP)
        assert desk.mock.test_connection().ok
        assert desk.lines[0] == f"POST {ENDPOINT}"
        assert set(parse_qs(desk.sent[0].body.decode())) == keys
        assert sent_with(desk)[0].startswith("Basic ") == header
        assert sent_with(desk)[1:] == ["Bearer t-1"] * 2

    def test_a_token_is_renewed_before_it_ends(self, entra_desk: Any) -> None:
        now = [0.0]
        desk = entra_desk(
            issued(), EMPTY, EMPTY, issued("t-2"), EMPTY, clock=lambda: now[0], **SETUP
        )
        assert desk.mock.test_connection().ok
        now[0] = 3541.0
        assert desk.mock.test_connection().ok
        assert sent_with(desk)[1:3] == ["Bearer t-1"] * 2
        assert sent_with(desk)[4:] == ["Bearer t-2"] * 2

    def test_a_token_without_an_end_is_kept(self, entra_desk: Any) -> None:
        now = [0.0]
        desk = entra_desk(issued(expires_in=None), EMPTY, clock=lambda: now[0], **SETUP)
        assert desk.mock.test_connection().ok
        now[0] = 1e9
        assert desk.mock.test_connection().ok
        assert len([line for line in desk.lines if line.startswith("POST")]) == 1

    def test_a_token_that_ends_in_mid_cycle_costs_one_more(self, entra_desk: Any) -> None:
        desk = entra_desk(issued(), (401, {}), issued("t-2"), EMPTY, **SETUP)
        assert desk.mock.test_connection().ok
        assert sent_with(desk)[-1] == "Bearer t-2"

    def test_a_token_that_is_over_at_the_application_is_sent_once_more(
        self, entra_desk: Any
    ) -> None:
        desk = entra_desk(issued(), EMPTY, EMPTY, (401, {}), issued("t-2"), EMPTY, **SETUP)
        assert desk.mock.test_connection().ok
        desk.idp.outlive_token()
        assert desk.mock.test_connection().ok
        over, _, renewed = sent_with(desk)[3:6]
        assert over == "Bearer a-token-that-is-over"
        assert renewed == "Bearer t-2"

    @pytest.mark.parametrize("location", ["header", "body", "both"])
    def test_the_credential_may_say_where_it_is_traded(
        self, entra_desk: Any, location: str
    ) -> None:
        whole = Credential(CLIENT.kind, CLIENT.secret, CLIENT.user, ENDPOINT, "scim", location)
        desk = entra_desk(issued(), EMPTY, credential=whole)
        assert desk.mock.test_connection().ok
        form = parse_qs(desk.sent[0].body.decode())
        assert (desk.sent[0].target, form["scope"]) == (ENDPOINT, ["scim"])
        assert ("client_secret" in form) == (location != "header")
        assert bool(sent_with(desk)[0]) == (location != "body")

    def test_a_token_that_is_never_taken_stops_the_job(self, entra_desk: Any) -> None:
        desk = entra_desk(issued(), (401, {}), issued("t-2"), (401, {}), **SETUP)
        assert stop(desk.mock.assign(ANN)) == ("InvalidCredentials", "job")
        assert len(desk.lines) == 4

    @pytest.mark.parametrize(
        "answer",
        [
            (401, {}),
            (415, {}),
            (500, "<html>"),
            (200, "<html>"),
            (200, {}),
            issued(""),
            issued(token_type="mac"),  # noqa: S106 # a type, no token
        ],
    )
    def test_an_endpoint_that_gives_no_token_stops_the_job(
        self, entra_desk: Any, answer: Any
    ) -> None:
        outcome = entra_desk(answer, **SETUP).mock.test_connection()
        assert stop(outcome) == ("CredentialValidationUnavailable", "job")

    def test_what_is_secret_is_known_as_secret(self, entra_desk: Any) -> None:
        desk = entra_desk(issued(), EMPTY, **SETUP)
        assert desk.mock.test_connection().ok
        assert {"client-secret", "t-1"} <= desk.idp.secrets

    def test_a_mock_without_an_endpoint_has_no_tokens(self, entra_desk: Any) -> None:
        desk = entra_desk(EMPTY)
        assert not desk.idp.has_token_endpoint
        with pytest.raises(ValueError, match="without a token endpoint"):
            desk.mock.get_token("header")


class TestTokensOfEntra:
    def test_an_assertion_has_the_claims_of_the_sheet(self, entra_desk: Any) -> None:
        settings = {**SETUP, "credential": IDENTITY}
        desk = entra_desk(issued(), EMPTY, clock=lambda: 50.0, **settings)
        assert desk.mock.exchange_identity(ANN).ok
        form = {key: value[0] for key, value in parse_qs(desk.sent[0].body.decode()).items()}
        claims = claims_of(form["client_assertion"], "shared-key")
        wanted = next(one for one in SHEET["sequences"] if one["id"] == "wif-token")["jwt_claims"]
        assert all(same_form(text, claims[name]) for name, text in wanted.items())
        assert (claims["nbf"], claims["exp"]) == (50, 3650)
        assert form["client_assertion"] in desk.idp.secrets
        assert sent_with(desk) == ["", "Bearer t-1"]

    def test_a_blank_secret_is_a_token_with_the_claims_of_the_sheet(self, entra_desk: Any) -> None:
        key = Credential("bearer", "shared-key")
        desk = entra_desk(EMPTY, credential=key, auth_mode="blank-secret")
        assert desk.mock.test_connection().ok
        token = sent_with(desk)[0].removeprefix("Bearer ")
        claims = claims_of(token, "shared-key")
        wanted = next(one for one in SHEET["auth"] if one["id"] == "blank-secret")["claims"]
        assert same_form(wanted["iss"], claims["iss"])
        assert claims["aud"] == wanted["aud"].split(" ")[0]
        assert token in desk.idp.secrets

    @pytest.mark.parametrize("kind", ["bearer", "jwt"])
    def test_a_private_key_signs_as_entra_does(self, entra_desk: Any, kind: str) -> None:
        key = private_key(5)
        secret = Credential(kind, key.private_jwk("k1"))
        desk = entra_desk(EMPTY, credential=secret, auth_mode="blank-secret")
        assert desk.mock.test_connection().ok
        token = sent_with(desk)[0].removeprefix("Bearer ")
        signed, _, signature = token.rpartition(".")
        head = base64.urlsafe_b64decode(signed.partition(".")[0] + "==")
        assert json.loads(head) == {"typ": "JWT", "alg": "RS256", "kid": "k1"}
        assert base64.urlsafe_b64decode(signature + "==") == key.sign(signed.encode())

    def test_a_finished_token_is_sent_as_it_is(self, entra_desk: Any) -> None:
        ready = Credential("bearer", "aaa.bbb.ccc")
        desk = entra_desk(EMPTY, credential=ready, auth_mode="blank-secret")
        assert desk.mock.test_connection().ok
        assert set(sent_with(desk)) == {"Bearer aaa.bbb.ccc"}
