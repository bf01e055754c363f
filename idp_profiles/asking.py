"""One request and its reply: an accepted status, or the end that the IdP's console shows."""

from __future__ import annotations

from typing import Protocol

from .model import Json
from .model import Reply
from .model import Request
from .model import Stopped
from .model import Trouble
from .wire import NotJson
from .wire import Part
from .wire import json_object


class Complaining(Protocol):
    """Turns an unusable reply or a broken connection into the end of a script."""

    def refused(self, reply: Reply, because: str) -> Stopped:
        """Return the end that an unusable reply brings."""

    def trouble(self, trouble: Trouble) -> Stopped:
        """Return the end that a broken connection brings."""


def ask(request: Request, complaint: Complaining, also: tuple[int, ...] = ()) -> Part[Reply]:
    """Send a request once; the reply has a status that its step accepts, or one of `also`."""
    try:
        reply = yield request
    except Trouble as trouble:
        raise complaint.trouble(trouble) from trouble
    accepts = (*request.step.accepts, *also)
    if reply.status in accepts:
        return reply
    wanted = " or ".join(str(status) for status in dict.fromkeys(accepts))
    asked = f"{request.method} {request.target}"
    because = f"{asked} was answered with {reply.status}; the IdP goes on after {wanted} only"
    if 300 <= reply.status < 400:
        because += " and follows no redirect"
    raise complaint.refused(reply, because)


def object_of(request: Request, reply: Reply, complaint: Complaining) -> dict[str, Json]:
    """Return the JSON object of a reply that needs one, or stop."""
    try:
        return json_object(reply)
    except NotJson as error:
        because = f"the reply to {request.method} {request.target}: {error}"
        raise complaint.refused(reply, because) from None
