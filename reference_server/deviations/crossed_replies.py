"""Deviations of replies that belong to another request."""

from __future__ import annotations

import threading

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .registry import deviation
from .shaping import SUCCESS
from .shaping import on

_CREATE = on("POST", "Users", one=False)
_MOMENT = 0.02  # seconds between writing the variable that all threads share and reading it


@deviation("create-replies-crossed", area="users")
def create_replies_crossed(handle: Handler) -> Handler:
    """Answer creates that come together with the reply to the last one of them."""
    latest: list[Response] = []

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if not _CREATE(request) or reply.status not in SUCCESS:
            return reply
        latest[:] = [reply]
        threading.Event().wait(_MOMENT)
        return latest[0]

    return wrapped
