"""Deviations of tenants: look-ups that forget to whom a resource belongs.

Each tenant is an application of its own; those of one server find each other here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import objects
from .documents import parse
from .documents import put
from .documents import resources
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import values_of
from .shaping import with_credential
from .shaping import with_document

_ONE = on("GET PUT PATCH DELETE", "Users", one=True)
_SEARCH = on("GET", "Users", one=False, filtered=True)
_CREATE = on("POST", "Groups", one=False)
_GROUPS = on("GET POST", "Groups")


class _Tenant:
    """One application: how it is asked, and what it let in."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle
        self.base = ""
        self.credential = ""

    def learn(self, request: Request) -> None:
        """Remember where the tenant is and by which credential one enters."""
        self.base = self.base or place(request).base
        self.credential = self.credential or request.header("Authorization") or ""

    def mine(self, request: Request) -> Request:
        """Return somebody else's request as this tenant would be asked it."""
        tail = request.path.removeprefix(place(request).base)
        return with_credential(replace(request, path=self.base + tail), self.credential)


# No more than one server's worth: whatever was there before is gone.
_TENANTS: deque[_Tenant] = deque(maxlen=2)


def _joined(handle: Handler) -> _Tenant:
    tenant = _Tenant(handle)
    _TENANTS.append(tenant)
    return tenant


def _others(tenant: _Tenant) -> Iterator[_Tenant]:
    for each in tuple(_TENANTS):
        if each is not tenant and each.credential:
            yield each


def _answered(tenant: _Tenant, request: Request) -> Response:
    reply = tenant.handle(request)
    if reply.status in SUCCESS:
        tenant.learn(request)
    return reply


@deviation("ids-of-every-tenant", area="users")
def ids_of_every_tenant(handle: Handler) -> Handler:
    """Find a user by id whichever tenant it belongs to."""
    tenant = _joined(handle)

    def wrapped(request: Request) -> Response:
        reply = _answered(tenant, request)
        if reply.status == 404 and _ONE(request):
            for other in _others(tenant):
                found = other.handle(other.mine(request))
                if found.status in SUCCESS:
                    return found
        return reply

    return wrapped


@deviation("searches-over-all-tenants", area="users")
def searches_over_all_tenants(handle: Handler) -> Handler:
    """Find the users of every tenant by a filter."""
    tenant = _joined(handle)

    def wrapped(request: Request) -> Response:
        reply = _answered(tenant, request)
        if reply.status in SUCCESS and _SEARCH(request) and not _listed(reply):
            for other in _others(tenant):
                return other.handle(other.mine(request))
        return reply

    return wrapped


@deviation("members-of-every-tenant", area="groups")
def members_of_every_tenant(handle: Handler) -> Handler:
    """Take users of other tenants as members of a group, and show their names."""
    tenant = _joined(handle)

    def shown(identifier: str) -> Document:
        found = _stranger(tenant, identifier)
        return {"value": identifier, "display": text_of(found, "userName")}

    return _adopting(tenant, {}, shown)


@deviation("groups-of-every-tenant", area="groups")
def groups_of_every_tenant(handle: Handler) -> Handler:
    """Take users of other tenants as members of a group, and show it among their groups."""
    tenant = _joined(handle)
    taking = _adopting(tenant, _NAMED, lambda identifier: {"value": identifier})

    def show(user: Document) -> None:
        naming = [group for group, members in _NAMED.items() if user.get("id") in members]
        if naming:
            user["groups"] = [{"value": group} for group in naming]

    return edit_resources(taking, on("GET", "Users", one=True), show)


# Which groups of any tenant have which members of another.
_NAMED: dict[str, list[str]] = {}


def _adopting(
    tenant: _Tenant, kept: dict[str, list[str]], shown: Callable[[str], Document]
) -> Handler:
    """Take members of other tenants, whom the server behind refuses, and list them."""

    def show(group: Document) -> None:
        strangers = [shown(each) for each in kept.get(text_of(group, "id"), ())]
        if strangers:
            group["members"] = [*objects(value_of(group, "members")), *strangers]

    def wrapped(request: Request) -> Response:
        document = (parse(request.body) if _CREATE(request) else None) or {}
        named = objects(value_of(document, "members"))
        strangers = [each for each in values_of([*named]) if _stranger(tenant, each)]
        if not strangers:
            return _answered(tenant, request)
        put(document, "members", [each for each in named if each.get("value") not in strangers])
        reply = _answered(tenant, with_document(request, document))
        kept[text_of(parse(reply.body) or {}, "id")] = strangers
        return reply

    return edit_resources(wrapped, _GROUPS, show)


def _listed(reply: Response) -> bool:
    body = parse(reply.body)
    return body is not None and "Resources" in body and bool(resources(body))


def _stranger(tenant: _Tenant, identifier: str) -> Document:
    """Return the user of another tenant with an id, empty if there is none."""
    for other in _others(tenant):
        asked = Request("GET", f"{other.base}/Users/{identifier}", "")
        reply = other.handle(with_credential(asked, other.credential))
        if reply.status in SUCCESS:
            return parse(reply.body) or {}
    return {}
