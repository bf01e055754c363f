"""A pytest plugin: servers that crash at something ordinary, as deviations of our own server."""

from __future__ import annotations

from functools import partial

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.messages import Handler
from reference_server.messages import Request
from suites.reach import embedded


@registry.deviation("counting-crashes", area="legal")
def counting_crashes(handle: Handler) -> Handler:
    """Answer 500 to whoever names a count."""

    def meant(request: Request) -> bool:
        known = request.header("Authorization") is not None
        return request.method == "GET" and "count=" in request.query and known

    return shaping.refuse(handle, meant, 500, "TypeError")


@registry.deviation("lists-crash", area="legal")
def lists_crash(handle: Handler) -> Handler:
    """Answer 500 to every list and filter of users."""
    return shaping.refuse(handle, shaping.on("GET", "Users", one=False), 500, "TypeError")


embedded.start = partial(embedded.start, sockets=False)
