"""Servers behind gateways, which refuse in their own way what looks like an attack."""

from __future__ import annotations

import threading
from dataclasses import replace

from legal_protocol import legal

from reference_server.deviations import shaping
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

_ODD = ("..", "%00", "%0d", "%3c", "%27%20or", "%24ne", "*)(", "%2a%29", "__proto__")
_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_LARGEST, _DEEPEST = 500_000, 1_000


@legal
def a_gateway_in_front(handle: Handler) -> Handler:
    """Have a gateway that answers pages to what looks like an attack, and sets its own headers."""

    def page(status: int) -> Response:
        text = f"<html><body>{status} (gateway)</body></html>".encode()
        return Response(status, (("Content-Type", "text/html"),), text)

    def judged(request: Request) -> Response | None:
        if any(each in f"{request.path}?{request.query}".lower() for each in _ODD):
            return page(400)
        # What /Bulk takes is announced, and for the server to refuse.
        large = len(request.body) > _LARGEST and not request.path.endswith("/Bulk")
        if large or request.body.count(b"[") > _DEEPEST:
            return page(413)
        return None if request.method in _METHODS else page(405)

    def wrapped(request: Request) -> Response:
        reply = judged(request) or handle(request)
        more = (
            ("Set-Cookie", "gateway=1; HttpOnly; Secure"),
            ("Access-Control-Allow-Origin", "*"),
            ("Cache-Control", "no-store"),
        )
        return replace(reply, headers=(*reply.headers, *more))

    return wrapped


@legal
def passwords_out_of_reach(handle: Handler) -> Handler:
    """Refuse queries that name the password with 403."""

    def wrapped(request: Request) -> Response:
        if "password" in request.query and request.header("Authorization"):
            return shaping.error(403, "Not by password.", "sensitive")
        return handle(request)

    return wrapped


@legal
def one_change_at_a_time(handle: Handler) -> Handler:
    """Answer 409 or 503 to a change that comes while another one is at work."""
    turn = threading.Lock()

    def wrapped(request: Request) -> Response:
        if not shaping.on("POST PUT PATCH DELETE", "Users Groups")(request):
            return handle(request)
        if not turn.acquire(blocking=False):
            return shaping.error(409 if request.method == "PATCH" else 503, "Come again.")
        try:
            threading.Event().wait(0.005)
            return handle(request)
        finally:
            turn.release()

    return wrapped
