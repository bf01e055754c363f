"""The embedded target: our own reference server, in this process or on a free loopback port."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import cache
from importlib.resources import files

import idp_profiles
import reference_server
from idp_profiles.model import Credential
from reference_server.http_adapter import Server
from reference_server.tenants import Tenants
from reference_server.wsgi import wsgi_app
from suites.client import USER_URN
from suites.target.model import OtherTenant
from suites.target.model import OwnAccount
from suites.target.model import Target
from suites.target.tokens import CLIENT_CREDENTIALS
from suites.target.tokens import JWT
from suites.target.tokens import JWT_BEARER

from .connection import Connection
from .connection import Patience
from .connection import authorization
from .rsa_keys import key_pair

BASE_PATH = "/scim/v2"
OTHER_PATH = "/other/scim/v2"
ACCOUNT = "scimproof.own.account@example.com"
TOKEN_PATH = "/oauth/token"  # noqa: S105 # below the base path
TOKEN_LIFE = 300  # seconds; short, so that a case can wait for the end of one
_FEDERATED = "federated-client"
LIMIT = reference_server.RateLimit(requests=4, seconds=5)


class Clock:
    """The server's clock; waiting moves it on instead of sleeping, so that no run is slow."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time the server sees."""
        return datetime.now(UTC) + self._ahead

    def sleep(self, seconds: float) -> None:
        """Let time pass on the server without waiting."""
        self._ahead += timedelta(seconds=seconds)


@dataclass(slots=True)
class Embedded:
    """A running embedded server with the connection to it."""

    connection: Connection
    server: Server | None

    def close(self) -> None:
        """Stop the server and close the sockets."""
        self.connection.close()
        if self.server is not None:
            self.server.stop()


def start(
    *,
    deviations: Sequence[str] = (),
    without: Sequence[str] = (),
    sockets: bool = True,
    tenants: bool = True,
) -> Embedded:
    """Start a reference server with fresh credentials and return it with its connection.

    It accepts a bearer token, a bare token, Basic, tokens of its token endpoint and tokens that an
    IdP signs, so that every authentication mode of an IdP can be tried; a bearer token with a low
    request limit, one that stands for a user, and one that has expired. With `tenants` a second
    tenant with a token and a user of its own is there too.
    `without` names tolerances that are switched off.
    """
    clock = Clock()
    keys = _credentials()
    kind = _Kind(deviations, without)
    app = _app(clock, keys, kind)
    if tenants:
        other = _create([_serverside(keys.other)], OTHER_PATH, kind, clock)
        _populate(other, keys.other)
        app = Tenants({"first": app, "other": other})
    server = Server(app).start() if sockets else None
    origin = server.url.removesuffix(app.base_path) if server else "http://127.0.0.1"
    target = _target(origin, keys, tenants=tenants)
    connection = Connection(
        target,
        app=None if server else wsgi_app(app),
        patience=Patience(target.wait_budget * 100, clock.sleep),
    )
    return Embedded(connection, server)


def _target(origin: str, keys: _Keys, *, tenants: bool) -> Target:
    other = OtherTenant(url=origin + OTHER_PATH, credential=keys.other)
    return Target(
        url=origin + BASE_PATH,
        credential=keys.bearer,
        also_accepts=(
            *(keys.bare, keys.basic),
            *_traded(keys, origin + BASE_PATH + TOKEN_PATH),
            keys.spare,
        ),
        rate_limited=keys.limited,
        expired=keys.expired,
        own_account=OwnAccount(user_name=ACCOUNT, credential=keys.own),
        other_tenant=other if tenants else None,
    )


def _app(clock: Clock, keys: _Keys, kind: _Kind) -> reference_server.Application:
    known = [_serverside(credential) for credential in _plain(keys)]
    limited = reference_server.Credential("bearer", keys.limited.secret, limit=LIMIT)
    own = reference_server.Credential("bearer", keys.own.secret, account=ACCOUNT)
    over = reference_server.Credential("bearer", keys.expired.secret, expires=clock.now())
    return _create([*known, limited, own, over], BASE_PATH, kind, clock, _oauth(keys))


def _plain(keys: _Keys) -> tuple[Credential, ...]:
    """Return the credentials that may do everything and are sent as they are."""
    return keys.bearer, keys.spare, keys.bare, keys.basic


def _traded(keys: _Keys, token_url: str) -> tuple[Credential, ...]:
    """Return the credentials that are traded for tokens, and the key of tokens that are not."""
    private = key_pair().private_jwk
    return (
        replace(keys.client, token_url=token_url),
        Credential(JWT_BEARER, private, user=_FEDERATED, token_url=token_url),
        Credential(JWT, private),
    )


def _oauth(keys: _Keys) -> reference_server.OAuth:
    client = reference_server.Client(id=keys.client.user, secret=keys.client.secret)
    federated = reference_server.Client(id=_FEDERATED, assertions=lambda: _signers("client"))
    return reference_server.OAuth(
        clients=[client, federated],
        issuers=lambda: _signers("jwt"),
        lifetime=TOKEN_LIFE,
        path=TOKEN_PATH,
    )


@cache
def _signers(kind: str) -> tuple[reference_server.Issuer, ...]:
    """Return the IdPs that sign tokens of a kind; asked when a token comes, not at each start."""
    pair = key_pair()
    key = reference_server.RsaKey(pair.modulus, pair.exponent)
    modes = (
        mode for name in idp_profiles.PROFILES for mode in idp_profiles.load(name).facts.auth_modes
    )
    return tuple(
        reference_server.Issuer(
            issuer=mode.claims["iss"],
            audience=mode.claims["aud"],
            subject=mode.claims.get("sub"),
            keys=(key,),
        )
        for mode in modes
        if mode.claims and mode.kind == kind
    )


def _populate(app: reference_server.Application, credential: Credential) -> None:
    """Let a tenant have a user, whom the other tenant must not see."""
    headers = (
        ("Authorization", authorization(credential)),
        ("Content-Type", "application/scim+json"),
    )
    body = json.dumps({"schemas": [USER_URN], "userName": "somebody.of.the.other.tenant"}).encode()
    app.handle(reference_server.Request("POST", f"{OTHER_PATH}/Users", "", headers, body))


def _create(
    known: Sequence[reference_server.Credential],
    base_path: str,
    kind: _Kind,
    clock: Clock,
    oauth: reference_server.OAuth | None = None,
) -> reference_server.Application:
    return reference_server.create_app(
        credentials=known,
        base_path=base_path,
        schema_files=[files("reference_server").joinpath("data", "entitlements.json")],
        deviations=kind.deviations,
        without_tolerances=kind.without,
        clock=clock.now,
        oauth=oauth,
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a server departs from the correct and tolerant one: it misbehaves, or it is strict."""

    deviations: Sequence[str]
    without: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Keys:
    """The credentials of one embedded server."""

    bearer: Credential
    spare: Credential  # another of the same kind, as tokens are rotated
    bare: Credential
    basic: Credential
    limited: Credential
    own: Credential
    other: Credential
    expired: Credential
    client: Credential


def _credentials() -> _Keys:
    def made(kind: str, user: str = "") -> Credential:
        return Credential(kind=kind, secret=secrets.token_urlsafe(24), user=user)

    return _Keys(
        bearer=made("bearer"),
        spare=made("bearer"),
        bare=made("header"),
        basic=made("basic", "provisioning"),
        limited=made("bearer"),
        own=made("bearer"),
        other=made("bearer"),
        expired=made("bearer"),
        client=made(CLIENT_CREDENTIALS, "provisioning-client"),
    )


def _serverside(credential: Credential) -> reference_server.Credential:
    return reference_server.Credential(credential.kind, credential.secret, credential.user)
