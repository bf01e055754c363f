"""Access tokens for the suites' own client, where the target trades credentials for them.

RFC 6749 section 4.4: the client's id and secret for a token, which is renewed before it ends.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from urllib.parse import quote_plus
from urllib.parse import urlencode

from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import Send
from idp_profiles.transport import Trouble
from suites.values import value_at

CLIENT_CREDENTIALS = "oauth2-client-credentials"
JWT_BEARER = "oauth2-jwt-bearer"
JWT = "jwt"
# What an IdP authenticates with and the suites' own client cannot: the claims are the IdP's.
SIGNED = frozenset({JWT_BEARER, JWT})
NO_TOKEN = "no-token"  # noqa: S105 # what is sent where none could be had

_STEP = Step("get a token", Certainty.TEST, ())
_USUAL_LIFE = 600.0  # seconds, of a token that does not tell
_EARLY = 60.0  # seconds before its end in which a token is not used any more


class Tokens:
    """The access tokens of one client: `issued` holds all so far, `trouble` why there is none."""

    def __init__(
        self, credential: Credential, send: Send, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._credential = credential
        self._send = send
        self._clock = clock
        self._token = NO_TOKEN
        self._until = float("-inf")
        self._turn = threading.Lock()
        self.issued: set[str] = set()
        self.trouble: str | None = None

    def current(self) -> str:
        """Return a token that can still be used; a placeholder that opens nothing without one."""
        with self._turn:
            if self._clock() >= self._until:
                self._renew()
            return self._token

    def _renew(self) -> None:
        self._token, self._until = NO_TOKEN, self._clock() + _EARLY
        where = f"the token endpoint {self._credential.token_url}"
        try:
            reply = self._send(self._request())
        except Trouble as trouble:
            self.trouble = f"{where} gives no token: {trouble}"
            return
        body = _object(reply)
        token, life = value_at(body, "access_token"), value_at(body, "expires_in")
        if reply.status != 200 or not isinstance(token, str) or not token.isprintable():
            # RFC 6749 section 5.2: a code such as invalid_client, which names no secret.
            code = value_at(body, "error")
            said = f" ({code})" if isinstance(code, str) and len(code) < 40 else ""
            self.trouble = f"{where} answered {reply.status}{said} and gives no token"
            return
        number = isinstance(life, int | float) and not isinstance(life, bool)
        seconds = float(str(life)) if number else _USUAL_LIFE
        self.trouble, self._token = None, token
        self.issued.add(token)
        self._until = self._clock() + max(seconds - _EARLY, seconds / 2)

    def _request(self) -> Request:
        known = self._credential
        form = {"grant_type": "client_credentials"} | (
            {"scope": known.scope} if known.scope else {}
        )
        headers: Headers = (
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        )
        if known.location == "body":
            form |= {"client_id": known.user, "client_secret": known.secret}
        else:
            # Each part is encoded as in a form (RFC 6749 section 2.3.1).
            pair = f"{quote_plus(known.user)}:{quote_plus(known.secret)}".encode()
            headers = (*headers, ("Authorization", f"Basic {base64.b64encode(pair).decode()}"))
        return Request("POST", known.token_url, headers, urlencode(form).encode(), _STEP)


def _object(reply: Reply) -> Json:
    try:
        body: Json = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return body
