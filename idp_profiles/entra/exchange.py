"""One request and what Entra makes of the reply: go on, get a new token, wait, or stop."""

from __future__ import annotations

from dataclasses import replace

from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Trouble
from idp_profiles.model import Wait
from idp_profiles.wire import NotJson
from idp_profiles.wire import Part
from idp_profiles.wire import json_object
from idp_profiles.wire import member

from .console import DUPLICATES
from .console import UNREADABLE
from .console import Complaint
from .names import ENTERPRISE
from .steps import step
from .tenant import Tenant

_ATTEMPTS = 3  # when Retry-After is honoured at all, which is not established


def ask(tenant: Tenant, request: Request, complaint: Complaint) -> Part[Reply]:
    """Send a request; the reply has a status that its step accepts, or Entra stops."""
    reply = yield from _authorised(tenant, request, complaint)
    for _ in range(_ATTEMPTS - 1):
        wait = _pause(tenant, reply)
        if wait is None:
            break
        yield Wait(wait, f"429 to {request.method} {request.target}, with Retry-After")
        reply = yield from _authorised(tenant, request, complaint)
    if reply.status in request.step.accepts:
        return reply
    wanted = " or ".join(str(status) for status in request.step.accepts)
    asked = f"{request.method} {request.target}"
    because = f"{asked} was answered with {reply.status}; Entra goes on after {wanted} only"
    raise complaint.refused(reply, because)


def body_of(request: Request, reply: Reply, complaint: Complaint) -> dict[str, Json]:
    """Return the JSON object of a reply that needs one, or stop."""
    try:
        return json_object(reply)
    except NotJson as error:
        because = f"the reply to {request.method} {request.target}: {error}"
        raise complaint.refused(reply, because) from None


def matches_of(request: Request, reply: Reply, complaint: Complaint) -> list[dict[str, Json]]:
    """Return the resources of a ListResponse, or stop when it is none."""
    body = body_of(request, reply, complaint)
    found, total = member(body, "Resources"), member(body, "totalResults")
    if found is None and not total:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        because = f"the reply to {request.method} {request.target} has no list of Resources"
        raise complaint.refused(reply, because)
    return [one for one in found if isinstance(one, dict)]


def only_match(request: Request, reply: Reply, complaint: Complaint) -> dict[str, Json] | None:
    """Return the one match of a filter, None when there is none; two are two too many."""
    found = matches_of(request, reply, complaint)
    if len(found) > 1:
        because = f"{request.method} {request.target} has {len(found)} matches; Entra takes one"
        raise complaint.stopped(DUPLICATES, because)
    if found:
        id_in(request, found[0], complaint)
        readable(found[0], complaint)
    return found[0] if found else None


def id_in(request: Request, resource: dict[str, Json], complaint: Complaint) -> str:
    """Return a resource's id, or stop."""
    given = member(resource, "id")
    if isinstance(given, str) and given:
        return given
    because = f"{request.method} {request.target}: the resource's id is {given!r}"
    raise complaint.stopped(UNREADABLE, because)


def readable(resource: dict[str, Json], complaint: Complaint) -> None:
    """Stop at a manager that has not the RFC's form: Entra then cannot read the user at all."""
    extension = member(resource, ENTERPRISE)
    manager = member(extension, "manager") if isinstance(extension, dict) else None
    if manager is not None and not isinstance(manager, dict):
        because = f"the manager came back as {manager!r}, not as an object with a value"
        raise complaint.stopped(UNREADABLE, because)


def _authorised(tenant: Tenant, request: Request, complaint: Complaint) -> Part[Reply]:
    """Send a request with a token that is still good; a 401 costs one more token."""
    client = tenant.signing.client
    if client is None:
        return (yield from _sent(request, complaint))
    if not client.fresh:
        yield from new_token(tenant)
    reply = yield from _sent(_signed(tenant, request), complaint)
    if reply.status == 401:
        yield from new_token(tenant)
        reply = yield from _sent(_signed(tenant, request), complaint)
    return reply


def new_token(tenant: Tenant, scenario: str = "", location: str = "") -> Part[str]:
    """Return a new token of the application, and use it from now on."""
    client = tenant.signing.client
    if client is None:
        raise ValueError("this mock Entra was set up without a token endpoint")
    usual = {"assertion": "wif-token", "body": "oauth-token-body"}
    name = scenario or usual.get(client.location, "oauth-token-header")
    return (yield from client.fetch(step(name, "get a token"), location))


def _signed(tenant: Tenant, request: Request) -> Request:
    headers = tuple(
        (name, tenant.signing.header if name == "Authorization" else value)
        for name, value in request.headers
    )
    return replace(request, headers=headers)


def _sent(request: Request, complaint: Complaint) -> Part[Reply]:
    try:
        reply = yield request
    except Trouble as trouble:
        raise complaint.trouble(trouble) from trouble
    return reply


def _pause(tenant: Tenant, reply: Reply) -> float | None:
    if reply.status != 429 or tenant.switches["retry_after"] == "ignored":
        return None
    stated = (reply.header("Retry-After") or "").strip()
    return float(stated) if stated.isascii() and stated.isdigit() else None
