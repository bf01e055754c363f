"""OAuth as an option: what makes no sense is refused, and a file describes all of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import reference_server
from reference_server import Client
from reference_server import Credential
from reference_server import Issuer
from reference_server import OAuth
from reference_server import RsaKey
from reference_server import SharedKey
from reference_server.access import Access
from reference_server.deployment import DeploymentError
from reference_server.deployment import deployed
from reference_server.oauth import known_issuers
from reference_server.oauth_file import OAuthFileError
from reference_server.oauth_file import read_oauth
from reference_server.tenants import create_tenants
from reference_server.tenants import read_tenants
from tests.reference_server.rsa_keys import private_key

KEY = "a-shared-key-of-at-least-32-bytes"
FORM = "application/x-www-form-urlencoded"
OTHER = "s"
CLIENTS = (Client(id="an-idp", secret=OTHER),)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: OAuth(), "a client, or an issuer"),
        (lambda: OAuth(clients=[CLIENTS[0], CLIENTS[0]]), "two clients are called 'an-idp'"),
        (lambda: OAuth(clients=CLIENTS, lifetime=0), "a second at least"),
        (lambda: OAuth(clients=CLIENTS, path="token"), "must look like"),
        (lambda: OAuth(clients=CLIENTS, signing_key=b"k"), "32 bytes"),
        (lambda: Client(id="a"), "'a' needs a secret"),
        (lambda: Client(id="", secret=OTHER), "needs an id"),
        (lambda: Client(id="a", secret=OTHER, scopes=("b c",)), "'b c'"),
        (lambda: Client(id="a", secret=OTHER, access=Access.OWN), "its own"),
        (lambda: Issuer(issuer="", audience="a", keys=[SharedKey(KEY)]), "its name"),
        (lambda: reference_server.create_app(credentials=[]), "at least one credential"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


FILE = """
lifetime = 120
path = "/token"
signing_key_env = "SIGNING"

[[clients]]
id = "an-idp"
secret_env = "CLIENT"
scopes = ["scim"]
account = "me"

[clients.assertions]
issuer = "https://login.example.com/t"
audience = "api://scim"
jwks_file = "keys.json"

[[issuers]]
issuer = "https://sts.example.com/"
audience = "app"
key_file = "key.txt"
"""
ENVIRONMENT = {"SIGNING": "s" * 32, "CLIENT": "its-secret", "SCIM_TOKEN": "static"}


@pytest.fixture
def oauth_file(tmp_path: Path) -> Path:
    tmp_path.joinpath("keys.json").write_text(json.dumps({"keys": [private_key(1).jwk("k")]}))
    tmp_path.joinpath("key.txt").write_text(f"{KEY}\n")
    file = tmp_path / "oauth.toml"
    file.write_text(FILE)
    return file


def test_a_file_describes_all_of_it(oauth_file: Path) -> None:
    oauth = read_oauth(oauth_file, ENVIRONMENT)
    (client,), (issuer,) = oauth.clients, known_issuers(oauth.issuers)
    assert (oauth.lifetime, oauth.path, oauth.signing_key) == (120, "/token", b"s" * 32)
    assert (client.id, client.secret, client.scopes) == ("an-idp", "its-secret", ("scim",))
    assert client.account == "me"
    (signer,) = known_issuers(client.assertions)
    assert isinstance(signer.keys[0], RsaKey)
    assert (issuer.issuer, issuer.keys) == ("https://sts.example.com/", (SharedKey(KEY),))
    assert "its-secret" not in repr(oauth)
    assert KEY not in repr(oauth)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lifetime = 120", "lifetime = true", "lifetime must be of the type int"),
        ("lifetime = 120", "life = 120", "no key 'life'"),
        ("lifetime = 120", "lifetime = 0", "a second at least"),
        ("lifetime = 120", "lifetime = ", "is not TOML"),
        ('secret_env = "CLIENT"', 'secret_env = "NONE"', "the variable NONE is not set"),
        ('secret_env = "CLIENT"', 'secret_env = "A"\nsecret_file = "b"', "give either secret_env"),
        ('id = "an-idp"', 'id = ""', "client 1: a client"),
        ('jwks_file = "keys.json"', 'jwks_file = "no.json"', "cannot be read: No such file"),
        ('jwks_file = "keys.json"', 'jwks_file = "key.txt"', "client 1: assertions"),
        ('jwks_file = "keys.json"', "", "needs its name, an audience and a key"),
        ("[[clients]]", "[clients]", "must be of the type list"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(
    oauth_file: Path, old: str, new: str, message: str
) -> None:
    oauth_file.write_text(FILE.replace(old, new))
    with pytest.raises(OAuthFileError, match=message) as caught:
        read_oauth(oauth_file, ENVIRONMENT)
    assert KEY not in str(caught.value)
    with pytest.raises(OAuthFileError, match="cannot be read"):
        read_oauth(oauth_file.with_name("none.toml"), {})


def test_the_environment_describes_a_server_with_a_token_endpoint(oauth_file: Path) -> None:
    env = {**ENVIRONMENT, "SCIMPROOF_OAUTH": str(oauth_file)}
    app = deployed(env, several_processes=False)
    body = b"grant_type=client_credentials&client_id=an-idp&client_secret=its-secret"
    headers = (("Content-Type", FORM),)
    reply = app.handle(reference_server.Request("POST", "/scim/v2/token", "", headers, body))
    assert reply.status == 200
    oauth_file.write_text(FILE.replace('signing_key_env = "SIGNING"', ""))
    database = {"SCIMPROOF_DB": str(oauth_file.with_name("x.db"))}
    with pytest.raises(DeploymentError, match="signing_key_env"):
        deployed({**env, **database}, several_processes=True)
    with pytest.raises(DeploymentError, match="SCIMPROOF_OAUTH is set beside"):
        deployed({**env, "SCIMPROOF_TENANTS": "t.toml"}, several_processes=False)


def test_each_tenant_may_have_clients_of_its_own(oauth_file: Path) -> None:
    names = [("one", 'oauth_file = "oauth.toml"'), ("two", "")]
    tables = [f'[[tenants]]\nname = "{name}"\ntoken_env = "SCIM_TOKEN"\n{x}' for name, x in names]
    file = oauth_file.with_name("tenants.toml")
    file.write_text("\n".join(tables))
    app = create_tenants(read_tenants(file, ENVIRONMENT))
    body = b"grant_type=client_credentials&client_id=an-idp&client_secret=its-secret"
    headers = (("Content-Type", FORM), ("Authorization", "Bearer static"))
    statuses = [
        app.handle(
            reference_server.Request("POST", f"/{name}/scim/v2/token", "", headers[:1], body)
        ).status
        for name, _ in names
    ]
    assert statuses == [200, 401]


def test_a_secret_beside_the_name_of_a_client_is_no_credential() -> None:
    with pytest.raises(ValueError, match="is not one of"):
        Credential("oauth2", "x")
