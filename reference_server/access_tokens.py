"""Access tokens: written by the token endpoint, and read again by the gate.

Nothing is kept of a token: whose it is and when it ends stands in it, authenticated, so that every
process of a server knows the tokens of the others. A change of a client's secret ends its tokens,
and no tenant's token is worth anything in another.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
from collections.abc import Callable
from datetime import UTC
from datetime import datetime

from .authentication import Credential
from .json_web_tokens import TokenRefused
from .json_web_tokens import read_token
from .oauth import Client
from .oauth import OAuth
from .oauth import known_issuers

_LONGEST = 8192  # characters of any token that could be right


class AccessTokens:
    """Writes and reads access tokens; `scope` is the server they are for."""

    def __init__(self, oauth: OAuth, scope: tuple[str, ...], clock: Callable[[], datetime]) -> None:
        self._oauth = oauth
        self._key = oauth.signing_key or os.urandom(32)
        self._scope = scope
        self._clock = clock

    def issue(self, client: Client) -> str:
        """Return a new token of a client."""
        ends = int(self._clock().timestamp()) + self._oauth.lifetime
        fields = [client.id, ends, secrets.token_urlsafe(9)]
        payload = json.dumps(fields, separators=(",", ":")).encode()
        return f"{_text(payload)}.{_text(self._mac(client, payload))}"

    def credential(self, token: str) -> Credential | None:
        """Return what a token lets in, with the moment of its end; None when it is no good."""
        if len(token) > _LONGEST:
            return None
        return self._own(token) if token.count(".") == 1 else self._foreign(token)

    def _own(self, token: str) -> Credential | None:
        first, _, second = token.partition(".")
        try:
            payload, mac = _bytes(first), _bytes(second)
            name, ends, _ = json.loads(payload)
        except (ValueError, TypeError, RecursionError):
            return None
        client = self._oauth.client(name) if isinstance(name, str) else None
        # Nothing that the text says counts before the whole of it is known to be ours.
        if client is None or not hmac.compare_digest(mac, self._mac(client, payload)):
            return None
        expires = datetime.fromtimestamp(ends, UTC)
        return Credential(
            "bearer", token, account=client.account, access=client.access, expires=expires
        )

    def _foreign(self, token: str) -> Credential | None:
        for issuer in known_issuers(self._oauth.issuers):
            try:
                claims = read_token(token, issuer, self._clock())
            except TokenRefused:
                continue
            return Credential("bearer", token, account=issuer.account, expires=claims.expires)
        return None

    def _mac(self, client: Client, payload: bytes) -> bytes:
        context = json.dumps([*self._scope, client.id, client.secret]).encode()
        key = hmac.digest(self._key, context, "sha256")
        return hmac.digest(key, payload, "sha256")


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except binascii.Error as fault:
        raise ValueError("no base64") from fault
