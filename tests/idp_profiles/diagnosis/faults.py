"""What gets in the way between an IdP and a server: lost replies, gateways, another token."""

from __future__ import annotations

from idp_profiles.drive import drive
from idp_profiles.model import Certainty
from idp_profiles.model import Exchange
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Step
from idp_profiles.transport import Send
from idp_profiles.transport import Trouble
from tests.idp_profiles.diagnosis.logs import TOKEN


class Lossy:
    """A way to the server on which the reply to the first create is lost."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.lost = False

    def __call__(self, request: Request) -> Reply:
        """Send a request; raises Trouble once, when the server has done it already."""
        reply = self._send(request)
        if request.method == "POST" and not self.lost:
            self.lost = True
            raise Trouble("the connection broke before the reply came")
        return reply


class Swap:
    """A way to a server that is replaced by another after some requests."""

    def __init__(self, first: Send, then: Send, after: int) -> None:
        self._first, self._then, self._left = first, then, after

    def __call__(self, request: Request) -> Reply:
        """Send a request to whichever server is there now."""
        self._left -= 1
        return (self._first if self._left >= 0 else self._then)(request)


def always(reply: Reply) -> Send:
    """Return a server that gives one answer to everything."""
    return lambda request: reply


_PAGE = b"<!DOCTYPE html><html><head><title>502</title></head><body>nginx</body></html>"
GATEWAY = always(Reply(502, "Bad Gateway", (("Content-Type", "text/html"),), _PAGE))
BUSY = always(Reply(429, "Too Many Requests", (("Content-Type", "application/json"),), b"{}"))


def read_by_support(send: Send, target: str) -> Exchange:
    """Read something as an engineer does in between, with a tool of their own."""
    step = Step("look", Certainty.DOC, ())
    headers = (("Authorization", f"Bearer {TOKEN}"), ("User-Agent", "curl/8.5.0"))
    request = Request("GET", target, headers, None, step)

    def script() -> Script:
        yield request

    return drive(script(), send, sleep=lambda _: None).exchanges[0]
