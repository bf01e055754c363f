"""Access tokens: how a run gets and renews them, and that none of them reaches a file."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias
from urllib.parse import parse_qs

import pytest

import reference_server
from idp_profiles.entra.json_web_token import ASSERTION_CLAIMS
from idp_profiles.entra.json_web_token import BLANK_SECRET_CLAIMS
from idp_profiles.model import Credential
from idp_profiles.model import Person
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.rsa_signature import signing_key
from idp_profiles.transport import Send
from reference_server.http_adapter import Server
from reference_server.messages import joined
from reference_server.wsgi import wsgi_app
from suites.own_tests import IN_PROCESS
from suites.own_tests import make_mock_idp
from suites.preflight.look import look
from suites.reach import embedded
from suites.reach.connection import Connection
from suites.reach.connection import shown_authorization
from suites.reach.rsa_keys import key_pair
from suites.reach.rsa_keys import new_key_pair
from suites.target.model import Target
from suites.target.tokens import CLIENT_CREDENTIALS
from suites.target.tokens import JWT
from suites.target.tokens import JWT_BEARER
from suites.target.tokens import NO_TOKEN
from suites.target.tokens import Tokens

if TYPE_CHECKING:
    from conftest import Command

Json: TypeAlias = Any

SECRET = "s3cret-of-the-client-of-a-customer"  # noqa: S105 # made up
KEY = "a-made-up-key-of-at-least-32-bytes"
# Credentials that are wrong on purpose, which are nobody's.
MADE_UP = re.compile("scimproof|that-is-over")
ENDPOINT = "https://login.example.com/token"
CLIENT = Credential(CLIENT_CREDENTIALS, SECRET, "an-idp", ENDPOINT, "scim")


class Desk:
    """A token endpoint that answers what it is told to, and the clock of who asks."""

    def __init__(self, *answers: Reply | Trouble) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []
        self.now = 0.0

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Trouble):
            raise answer
        return answer

    def tokens(self, credential: Credential = CLIENT) -> Tokens:
        return Tokens(credential, self, lambda: self.now)


def answer(token: object, life: object = 600, status: int = 200) -> Reply:
    body = {"access_token": token, "token_type": "Bearer", "expires_in": life}
    return Reply(status, body=json.dumps(body).encode())


# -- asking


def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    desk = Desk(answer("one"), answer("two"))
    tokens = desk.tokens()
    assert [tokens.current(), tokens.current()] == ["one", "one"]
    desk.now = 539
    assert tokens.current() == "one"
    desk.now = 541
    assert tokens.current() == "two"
    assert tokens.issued == {"one", "two"}
    assert len(desk.asked) == 2


@pytest.mark.parametrize(("life", "good"), [(None, 500), ("600", 500), (True, 500), (20, 9)])
def test_a_token_of_unknown_or_short_life_is_used_for_a_while(life: object, good: float) -> None:
    desk = Desk(answer("one", life), answer("two"))
    tokens = desk.tokens()
    tokens.current()
    desk.now = good
    assert tokens.current() == "one"
    desk.now = 900
    assert tokens.current() == "two"


def test_the_credentials_go_where_the_target_says() -> None:
    desk = Desk(answer("one"))
    desk.tokens().current()
    desk.tokens(replace(CLIENT, location="body", scope="")).current()
    header, body = desk.asked
    assert (header.method, header.target) == ("POST", ENDPOINT)
    pair = base64.b64encode(f"an-idp:{SECRET}".encode()).decode()
    assert ("Authorization", f"Basic {pair}") in header.headers
    assert header.body == b"grant_type=client_credentials&scope=scim"
    assert "Authorization" not in dict(body.headers)
    form = parse_qs((body.body or b"").decode())
    assert form["client_id"] + form["client_secret"] == ["an-idp", SECRET]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (Reply(401, body=b'{"error": "invalid_client"}'), "answered 401 (invalid_client)"),
        (Reply(200, body=b"<html>"), "answered 200 and gives no token"),
        (answer("one", status=500), "answered 500 and"),
        (answer(7), "answered 200 and"),
        (answer("a\nb"), "answered 200 and"),
        (Trouble("Nothing listens there."), "Nothing listens there."),
    ],
)
def test_without_a_token_the_reason_is_told_and_nothing_secret_is_sent(
    bad: Reply | Trouble, words: str
) -> None:
    desk = Desk(bad, answer("one"))
    tokens = desk.tokens()
    assert tokens.current() == NO_TOKEN
    assert words in str(tokens.trouble)
    assert SECRET not in str(tokens.trouble)
    assert (tokens.current(), len(desk.asked)) == (NO_TOKEN, 1)
    desk.now = 61
    assert (tokens.current(), tokens.trouble) == ("one", None)


# -- a connection


def oauth(life: int = 600) -> reference_server.OAuth:
    key = reference_server.SharedKey(KEY)
    issuers = [
        reference_server.Issuer(
            issuer=claims["iss"], audience=claims["aud"], subject=claims.get("sub"), keys=[key]
        )
        for claims in (ASSERTION_CLAIMS, BLANK_SECRET_CLAIMS)
    ]
    clients = [
        reference_server.Client(id="an-idp", secret=SECRET),
        reference_server.Client(id="federated", assertions=issuers[:1]),
    ]
    return reference_server.OAuth(clients=clients, issuers=issuers[1:], lifetime=life)


def connected(secret: str = SECRET) -> Connection:
    app = reference_server.create_app(credentials=[], oauth=oauth())
    url = "http://127.0.0.1/scim/v2"
    credential = Credential(CLIENT_CREDENTIALS, secret, "an-idp", f"{url}/oauth/token")
    return Connection(Target(url=url, credential=credential), app=wsgi_app(app))


def test_a_target_has_the_present_token_for_its_credential() -> None:
    connection = connected()
    target = connection.target
    assert target.credential.kind == "bearer"
    assert target.credential.secret not in ("", SECRET, NO_TOKEN)
    assert [each.kind for each in target.also_accepts] == [CLIENT_CREDENTIALS]
    assert connection.target is target
    assert shown_authorization(target.credential) == "Bearer $SCIM_ACCESS_TOKEN"
    assert {SECRET, target.credential.secret} <= set(connection.secrets)
    assert look(connection).trouble is None


def test_a_target_that_gives_no_token_is_one_reason() -> None:
    connection = connected("wrong")
    found = look(connection).trouble
    assert "answered 401 (invalid_client) and gives no token" in str(found)


def test_a_token_endpoint_elsewhere_gets_no_header_of_the_target(
    answering: Callable[..., str],
) -> None:
    heard: list[str] = []

    def desk(method: str, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        heard.append(f"{method} {path}")
        return 200, {}, json.dumps({"access_token": "t", "token_type": "Bearer"}).encode()

    elsewhere = answering(desk)
    credential = Credential(CLIENT_CREDENTIALS, SECRET, "an-idp", f"{elsewhere}/token")
    connection = Connection(Target(url="http://127.0.0.1:1/v2", credential=credential))
    assert connection.target.credential.secret == "t"  # noqa: S105 # what the desk gave
    assert [each.rpartition("/")[2] for each in heard] == ["token"]
    connection.close()


# -- a mock IdP in somebody's own tests


def test_a_mock_idp_asks_the_application_for_its_token() -> None:
    app = wsgi_app(reference_server.create_app(credentials=[], oauth=oauth()))
    entra = make_mock_idp(
        "entra",
        app,
        SECRET,
        kind=CLIENT_CREDENTIALS,
        user="an-idp",
        switches={"token_endpoint": f"{IN_PROCESS}/scim/v2/oauth/token"},
    )
    assert entra.test_connection().ok
    targets = [each.request.target.partition("?")[0] for each in entra.exchanges]
    assert targets == [f"{IN_PROCESS}/scim/v2/oauth/token", "/Users", "/Groups"]


def test_a_mock_idp_asks_a_server_for_its_token(person: Person) -> None:
    with Server(reference_server.create_app(credentials=[], oauth=oauth())).start() as server:
        entra = make_mock_idp(
            "entra",
            server.url,
            KEY,
            kind=JWT_BEARER,
            user="federated",
            switches={"token_endpoint": f"{server.url}/oauth/token"},
        )
        assert entra.exchange_identity(person).ok


@pytest.fixture
def person() -> Person:
    return Person(
        user_name="barbara@example.com",
        given_name="Barbara",
        family_name="Jensen",
        email="barbara@example.com",
        display_name="Barbara Jensen",
        idp_id="b1",
    )


# -- the embedded server


@pytest.mark.parametrize("kind", [CLIENT_CREDENTIALS, JWT_BEARER, JWT])
def test_the_embedded_server_takes_every_kind_that_an_idp_trades(kind: str) -> None:
    server = embedded.start(sockets=False)
    accepted = server.connection.target.also_accepts
    credential = next(each for each in accepted if each.kind == kind)
    entra = make_mock_idp_on(server.connection.idp_send, credential)
    outcome = entra.test_connection()
    assert outcome.ok, outcome.stopped
    server.close()


def make_mock_idp_on(send: Send, credential: Credential) -> Any:  # noqa: ANN401 - a MockIdp
    import idp_profiles  # here only

    profile = idp_profiles.load("entra")
    idp = profile.start(dialect="default", credential=credential)
    return idp_profiles.MockIdp(idp, send)


def test_a_key_signs_what_its_public_half_verifies() -> None:
    pair = key_pair()
    signer = signing_key(pair.private_jwk)
    assert signer is not None
    public = reference_server.RsaKey(pair.modulus, pair.exponent)
    assert public.verifies(b"text", signer.sign(b"text"))
    assert not public.verifies(b"other", signer.sign(b"text"))
    assert pair.modulus.bit_length() == 2048
    assert new_key_pair().modulus != pair.modulus
    assert str(pair.private_jwk) not in repr(pair)


@pytest.mark.parametrize("text", ["{}", '{"n": "AQAB", "d": "AQAB"}', "{", '{"n": 1, "d": 2}'])
def test_what_is_no_private_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"private JWK|2048 bits") as caught:
        signing_key(text)
    assert "AQAB" not in str(caught.value)
    assert signing_key("plain text") is None


# -- a run, whose server repeats every credential


class Repeating:
    """A server that tells every client which credential it has sent, and keeps what it issued."""

    def __init__(self) -> None:
        self.app = reference_server.create_app(credentials=[], oauth=oauth())
        self.base_path = self.app.base_path
        self.secrets: set[str] = set()

    def handle(self, request: reference_server.Request) -> reference_server.Response:
        form = parse_qs(request.body.decode("utf-8", "replace"))
        self.secrets.update(form.get("client_assertion", ()))
        sent = request.header("Authorization") or ""
        self.secrets.add(sent.rpartition(" ")[2])
        reply = self.app.handle(request)
        if request.path.endswith("/oauth/token") and reply.status == 200:
            self.secrets.add(json.loads(joined(reply.body))["access_token"])
        return replace(reply, headers=(*reply.headers, ("X-You-Sent", sent)))


TARGET = """
url = "{url}"

[authentication]
kind = "oauth2-client-credentials"
token_url = "{url}/oauth/token"
client_id = "an-idp"

[[also_accepts]]
kind = "oauth2-jwt-bearer"
token_url = "{url}/oauth/token"
client_id = "federated"
token_env = "SIGNING_KEY"

[[also_accepts]]
kind = "jwt"
token_env = "SIGNING_KEY"
"""
ONLY = (
    *("ENTRA-AUTH-3", "ENTRA-AUTH-4", "ENTRA-AUTH-6", "ENTRA-AUTH-9", "ENTRA-AUTH-10"),
    *("ENTRA-AUTH-11", "ENTRA-AUTH-12", "ENTRA-AUTH-13", "ENTRA-MATCH-7", "SEC-AUTH-3"),
)


@pytest.fixture
def repeating() -> Iterator[tuple[str, Repeating]]:
    seen = Repeating()
    with Server(seen).start() as server:  # type: ignore[arg-type]  # handles requests all the same
        yield server.url, seen


def test_no_secret_and_no_token_of_a_run_is_in_an_artefact(
    command: Command, tmp_path: Path, repeating: tuple[str, Repeating]
) -> None:
    url, seen = repeating
    file = tmp_path / "target.toml"
    file.write_text(TARGET.format(url=url))
    only = [word for each in ONLY for word in ("--only", each)]
    done = command.run("--target", file, *only, SCIM_TOKEN=SECRET, SIGNING_KEY=KEY)
    verdicts = {each["requirement"]: each["verdict"] for each in done.report["results"]}
    assert set(verdicts.values()) == {"pass"}, done.said
    assert set(verdicts) == set(ONLY)
    secrets = {each for each in {SECRET, KEY, *seen.secrets} if not MADE_UP.search(each)} - {""}
    assert len(secrets) > 6
    places = [("output", done.said)]
    places += [(path.name, path.read_text("utf-8")) for path in done.directory.iterdir()]
    assert len(places) > 5
    found = {(place, each[:12]) for place, text in places for each in secrets if each in text}
    assert found == set()
