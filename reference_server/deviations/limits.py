"""Deviations of limits and patience: rate limits that mislead, and answers that come late."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from email.utils import format_datetime
from threading import Lock

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .registry import deviation
from .shaping import always
from .shaping import as_html
from .shaping import change_replies
from .shaping import on
from .shaping import with_header
from .shaping import with_status
from .shaping import without_header

_LIMITED = range(429, 430)


@deviation("rate-limit-http-date", area="limits")
def rate_limit_http_date(handle: Handler) -> Handler:
    """Give Retry-After in a 429 as a date in place of seconds."""
    return change_replies(handle, always, _dated, _LIMITED)


@deviation("rate-limit-without-retry-after", area="limits")
def rate_limit_without_retry_after(handle: Handler) -> Handler:
    """Leave Retry-After out of each 429."""
    return change_replies(
        handle, always, lambda reply: without_header(reply, "Retry-After"), _LIMITED
    )


@deviation("rate-limit-as-503", area="limits")
def rate_limit_as_503(handle: Handler) -> Handler:
    """Answer a request too many with 503 in place of 429."""
    return change_replies(handle, always, lambda reply: with_status(reply, 503), _LIMITED)


@deviation("rate-limit-as-403", area="limits")
def rate_limit_as_403(handle: Handler) -> Handler:
    """Answer a request too many with 403 in place of 429."""
    return change_replies(
        handle,
        always,
        lambda reply: without_header(with_status(reply, 403), "Retry-After"),
        _LIMITED,
    )


@deviation("rate-limit-as-html", area="limits")
def rate_limit_as_html(handle: Handler) -> Handler:
    """Send a web page with each 429."""
    return change_replies(handle, always, as_html, _LIMITED)


@deviation("rate-limit-forever", area="limits")
def rate_limit_forever(handle: Handler) -> Handler:
    """Limit a client for ever once it was limited."""
    limited: dict[str, Response] = {}

    def wrapped(request: Request) -> Response:
        who = request.header("Authorization") or ""
        if who in limited:
            return limited[who]
        reply = handle(request)
        if reply.status == 429:
            limited[who] = reply
        return reply

    return wrapped


@deviation("rate-limit-loses-request", area="limits")
def rate_limit_loses_request(handle: Handler) -> Handler:
    """Carry out a POST that is answered with 429."""
    refused: dict[str, list[Request]] = defaultdict(list)
    lock = Lock()

    # The handler behind refused the request, so it is carried out when the client comes next:
    # nobody can tell that from having carried it out at once.
    def wrapped(request: Request) -> Response:
        who = request.header("Authorization") or ""
        with lock:
            refused[who] = [late for late in refused[who] if handle(late).status == 429]
            reply = handle(request)
            if reply.status == 429 and request.method == "POST":
                refused[who].append(request)
        return reply

    return wrapped


@deviation("groups-slow", area="limits")
def groups_slow(handle: Handler) -> Handler:
    """Take 0.65 seconds more than needed to list groups."""
    return _late(handle, on("GET", "Groups", one=False), 0.65)


@deviation("users-slow", area="limits")
def users_slow(handle: Handler) -> Handler:
    """Take 0.65 seconds more than needed to list users."""
    return _late(handle, on("GET", "Users", one=False), 0.65)


def _late(handle: Handler, when: Callable[[Request], bool], seconds: float) -> Handler:
    def wrapped(request: Request) -> Response:
        if when(request):
            time.sleep(seconds)
        return handle(request)

    return wrapped


def _dated(reply: Response) -> Response:
    seconds = int(reply.header("Retry-After") or 1)
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return with_header(reply, "Retry-After", format_datetime(moment, usegmt=True))
