"""Requests that go elsewhere than the SCIM server: a target that is an absolute URL names its host.

A token endpoint is such a place: it belongs to the application, and not to its SCIM base URL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from .model import Reply
from .model import Request
from .transport import Send
from .transport import WireSend


def is_elsewhere(request: Request) -> bool:
    """Tell whether a request has an absolute URL as its target."""
    return request.target.startswith(("http://", "https://"))


class Elsewhere:
    """Sends to the SCIM server, and what has an absolute target to the host that it names.

    `reach` makes the `send` for another host from its origin (`https://login.example.com`).
    """

    def __init__(self, send: Send, reach: Callable[[str], Send] = WireSend) -> None:
        self._send = send
        self._reach = reach
        self._others: dict[str, Send] = {}

    def __call__(self, request: Request) -> Reply:
        """Return the reply of the host that a request is for."""
        if not is_elsewhere(request):
            return self._send(request)
        parts = urlsplit(request.target)
        origin = f"{parts.scheme}://{parts.netloc}"
        send = self._others.get(origin)
        if send is None:
            send = self._others[origin] = self._reach(origin)
        target = request.target.removeprefix(origin)
        return send(replace(request, target=target if target.startswith("/") else f"/{target}"))

    def close(self) -> None:
        """Close the connections, wherever they go."""
        for send in (self._send, *self._others.values()):
            close = getattr(send, "close", None)
            if close is not None:
                close()
