"""How many users there are, asked of the server itself: by nobody's filter if that can be."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from idp_profiles.ledger import plain_headers
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Headers
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Trouble
from idp_profiles.transport import Send
from idp_profiles.wire import NotJson
from idp_profiles.wire import is_integer
from idp_profiles.wire import json_object
from idp_profiles.wire import member

_STEP = Step("look after it", Certainty.DOC, ())


class CountError(Exception):
    """The server did not say how many users there are; the message says what it said."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many users the server counts that are a tenant's, and how that is known."""

    found: int | None
    how: str


class Counter:
    """Asks one server how many users it has, besides the traffic that is measured."""

    def __init__(self, send: Send, credential: Credential, tag: str, *, alone: bool) -> None:
        self._send = send
        self._headers = own_headers(credential)
        self._tag = tag
        self._alone = alone
        self.before = 0

    def begin(self) -> None:
        """Count what is there before; raises CountError when the server cannot be loaded."""
        self.before = self.total()

    def ours(self) -> Count:
        """Return how many of the users there are the tenant's."""
        try:
            if self._alone:
                return Count(self.total() - self.before, "all users, less those before")
            found = self.total(self._named(self._tag))
            # A server that passes filters over answers with everybody.
            if self.total(self._named(f"{self._tag}-nobody")) == 0:
                return Count(found, "userName sw")
        except CountError as fault:
            return Count(None, str(fault))
        return Count(None, "the server passes over the filter `userName sw`")

    def total(self, query: str = "") -> int:
        """Return totalResults of the users; raises CountError."""
        target = f"/Users?{query}startIndex=1&count=1"
        try:
            reply = self.call("GET", target)
            found = member(json_object(reply), "totalResults")
        except (Trouble, NotJson) as fault:
            raise CountError(str(fault)) from None
        if reply.status != 200 or not is_integer(found):
            raise CountError(f"GET /Users was answered with {reply.status} {reply.phrase}")
        return int(str(found))

    def call(self, method: str, target: str) -> Reply:
        """Send a request of our own."""
        return self._send(Request(method, target, self._headers, None, _STEP))

    def _named(self, start: str) -> str:
        wanted = f'userName sw "{start}"'
        return f"filter={quote(wanted)}&"


def own_headers(credential: Credential) -> Headers:
    """Return the headers of requests that no IdP sends."""
    return (*plain_headers(credential), ("Accept", "application/scim+json"))
