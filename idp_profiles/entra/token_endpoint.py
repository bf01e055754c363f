"""Tokens that the application issues: the request to its token endpoint and what it answers."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.wire import NotJson
from idp_profiles.wire import Part
from idp_profiles.wire import json_object
from idp_profiles.wire import query

from .console import CREDENTIALS
from .console import Complaint
from .json_web_token import assertion

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_HEADERS = (("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded"))
_COMPLAINT = Complaint("the token endpoint gave no token", token=True)
OVER = "a-token-that-is-over"  # of nobody: what a mock holds in place of one that has ended
_EARLY = 60.0  # seconds before its end in which a token is not used any more


@dataclass(slots=True, kw_only=True)
class TokenClient:
    """Asks a token endpoint; `location` is header, body, both or assertion."""

    endpoint: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    location: str
    clock: Callable[[], float]
    secrets: set[str] = field(repr=False)
    issued: str = field(default="", repr=False)
    ends: float | None = None

    @property
    def fresh(self) -> bool:
        """Tell whether there is a token that can still be used."""
        return bool(self.issued) and (self.ends is None or self.clock() < self.ends)

    def spoil(self) -> None:
        """Hold a token that the application does not know, as if its end had come there first."""
        self.issued = OVER

    def fetch(self, step: Step, location: str = "") -> Part[str]:
        """Return a new token; where the credentials go may differ from what is set up."""
        request = self._request(step, location or self.location)
        try:
            reply = yield request
        except Trouble as trouble:
            raise _COMPLAINT.trouble(trouble) from trouble
        self._keep(self._answer(reply))
        return self.issued

    def _request(self, step: Step, location: str) -> Request:
        form = {"grant_type": "client_credentials"}
        headers: Headers = _HEADERS
        if location in {"header", "both"}:
            pair = f"{self.client_id}:{self.client_secret}".encode()
            headers = (*headers, ("Authorization", f"Basic {base64.b64encode(pair).decode()}"))
        if location in {"body", "both"}:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        if location == "assertion":
            form["client_id"] = self.client_id
            form["client_assertion_type"] = _ASSERTION_TYPE
            form["client_assertion"] = assertion(self.client_secret, self.clock())
            self.secrets.add(form["client_assertion"])
        if self.scope:
            form["scope"] = self.scope
        body = query(form, plus_for_blanks=True).encode("ascii")
        return Request("POST", self.endpoint, headers, body, step)

    def _answer(self, reply: Reply) -> dict[str, Json]:
        if reply.status != 200:
            raise self._stopped(reply, f"the token endpoint answered {reply.status}, not 200")
        try:
            return json_object(reply)
        except NotJson as error:
            raise self._stopped(reply, f"the token endpoint: {error}") from None

    def _keep(self, answer: dict[str, Json]) -> None:
        token, kind, life = (
            answer.get(name) for name in ("access_token", "token_type", "expires_in")
        )
        if not isinstance(token, str) or not token:
            raise _COMPLAINT.stopped(CREDENTIALS, "the token endpoint's answer has no access_token")
        if not isinstance(kind, str) or kind.lower() != "bearer":
            raise _COMPLAINT.stopped(CREDENTIALS, f"the token_type is {kind!r}, not Bearer")
        self.issued = token
        self.secrets.add(token)
        seconds = life if isinstance(life, int | float) and not isinstance(life, bool) else None
        self.ends = None if seconds is None else self.clock() + max(seconds - _EARLY, 0.0)

    @staticmethod
    def _stopped(reply: Reply, because: str) -> Stopped:
        return _COMPLAINT.refused(reply, because)
