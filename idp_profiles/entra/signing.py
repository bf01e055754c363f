"""How a mock Entra signs its requests: one value for all, or tokens that the application issues."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.model import Credential
from idp_profiles.recorder import secrets_of

from .authentication import bearer
from .authentication import chosen_mode
from .authentication import typed_secret
from .json_web_token import blank_secret_token
from .token_endpoint import TokenClient

_LOCATIONS = {
    "oauth2-header": "header",
    "oauth2-body": "body",
    "oauth2-both": "both",
    "workload-identity": "assertion",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What authenticates, the clock by which tokens end, and all that is secret."""

    authorization: str = field(repr=False)
    client: TokenClient | None
    clock: Callable[[], float]
    secrets: set[str] = field(repr=False)

    @property
    def header(self) -> str:
        """The value of the Authorization header as it is now."""
        issued = self.client.issued if self.client is not None else ""
        return f"Bearer {issued}" if issued else self.authorization


def signing(
    credential: Credential,
    auth_mode: str | None,
    chosen: Mapping[str, str],
    clock: Callable[[], float],
) -> Signing:
    """Return how requests are signed; raises ValueError naming what does not fit."""
    mode = chosen_mode(credential, auth_mode, chosen["secret_token"])
    secrets = set(secrets_of(credential))
    if mode.kind == "client":
        client = _client(_LOCATIONS[mode.key], credential, chosen, clock, secrets)
        return Signing(authorization="", client=client, clock=clock, secrets=secrets)
    token = typed_secret(credential)
    if mode.kind == "jwt":
        token = blank_secret_token(token, clock())
        secrets.add(token)
    return Signing(authorization=bearer(mode, token), client=None, clock=clock, secrets=secrets)


def _client(
    location: str,
    credential: Credential,
    chosen: Mapping[str, str],
    clock: Callable[[], float],
    secrets: set[str],
) -> TokenClient:
    endpoint = chosen["token_endpoint"] or credential.token_url
    if not endpoint:
        raise ValueError("client credentials and assertions need the switch 'token_endpoint'")
    return TokenClient(
        endpoint=endpoint,
        client_id=credential.user,
        client_secret=credential.secret,
        scope=chosen["scope"] or credential.scope,
        location=location,
        clock=clock,
        secrets=secrets,
    )
