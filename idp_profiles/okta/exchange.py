"""One request and what Okta makes of the reply: go on, wait for the rate limit, or stop."""

from __future__ import annotations

from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.model import Wait
from idp_profiles.wire import NotJson
from idp_profiles.wire import Part
from idp_profiles.wire import json_object

from .console import RATE_LIMITED
from .console import Complaint
from .facts import LIMITS


def once(request: Request, complaint: Complaint) -> Part[Reply]:
    """Send a request once; the reply has an accepted status, or Okta stops."""
    reply = yield from _sent(request, complaint)
    return _accepted(request, reply, complaint)


def patiently(request: Request, complaint: Complaint) -> Part[Reply]:
    """Send a request and wait out 429s; the reply has an accepted status, or Okta stops.

    The wait is Retry-After when it is whole seconds, else five minutes. Each further 429 doubles
    it, and after ten attempts the task fails for good. (Understanding SCIM, HTTP 429 handling.)
    """
    wait = 0.0
    for attempt in range(1, LIMITS["rate_limit_attempts"].value + 1):
        reply = yield from _sent(request, complaint)
        if reply.status != 429:
            return _accepted(request, reply, complaint)
        if attempt < LIMITS["rate_limit_attempts"].value:
            wait = _next_wait(wait, reply)
            yield Wait(wait, f"429 to {request.method} {request.target}, attempt {attempt}")
    because = f"{request.method} {request.target} was answered with 429 ten times in a row"
    raise complaint.stopped(RATE_LIMITED, because)


def body_of(request: Request, reply: Reply, complaint: Complaint) -> dict[str, Json]:
    """Return the JSON object of a reply that needs one, or stop."""
    try:
        return json_object(reply)
    except NotJson as error:
        raise complaint.refused(
            reply, f"the reply to {request.method} {request.target}: {error}"
        ) from None


def _sent(request: Request, complaint: Complaint) -> Part[Reply]:
    try:
        reply = yield request
    except Trouble as trouble:
        raise complaint.trouble(trouble) from trouble
    return reply


def _accepted(request: Request, reply: Reply, complaint: Complaint) -> Reply:
    if reply.status in request.step.accepts:
        return reply
    wanted = " or ".join(str(status) for status in request.step.accepts)
    asked = f"{request.method} {request.target}"
    because = f"{asked} was answered with {reply.status}; Okta goes on after {wanted} only"
    if 300 <= reply.status < 400:
        because += " and follows no redirect"
    raise complaint.refused(reply, because)


def _next_wait(before: float, reply: Reply) -> float:
    stated = (reply.header("Retry-After") or "").strip()
    # A date, a fraction or a sign is no whole number of seconds and counts as absent.
    whole = stated.isascii() and stated.isdigit()
    asked = float(stated) if whole else float(LIMITS["rate_limit_wait"].value)
    return (
        asked
        if before == 0.0
        else max(before * LIMITS["rate_limit_factor"].value, asked if whole else 0.0)
    )
