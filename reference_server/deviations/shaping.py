"""The vocabulary of the deviations: when a request is meant, and what is done to it or its reply.

A wrapped handler asks the handler behind it with the client's own credential, so that whoever is
turned away there (401, 429) is turned away here too, and a deviation changes nothing for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import quote
from urllib.parse import unquote

from reference_server.messages import Handler
from reference_server.messages import Headers
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ERROR
from .documents import Document
from .documents import Edit
from .documents import Test
from .documents import dump
from .documents import edit_each
from .documents import objects
from .documents import parse
from .documents import resources
from .queries import parameter

When: TypeAlias = Callable[[Request], bool]
Change: TypeAlias = Callable[[Response], Response]

SUCCESS = range(200, 300)
FAILURE = range(400, 600)
SCIM_JSON = ("Content-Type", "application/scim+json")

_ENDPOINTS = frozenset({"Users", "Groups", "ResourceTypes", "Schemas", "ServiceProviderConfig"})
# Who asks, and by which URL: the server builds the `location` of a resource from it.
_CARRIED = frozenset({"authorization", "host", "x-forwarded-proto"})
# Statuses with which the handler behind refuses the client itself, whatever it asked for.
_TURNED_AWAY = frozenset({401, 403, 429, 503})


@dataclass(frozen=True, slots=True)
class Place:
    """What a path names: the base path before it, the endpoint, and the resource's id if any."""

    base: str
    endpoint: str
    id: str


def place(request: Request) -> Place:
    """Return the parts of a request's path.

    An endpoint outside the RFC's own is read as a collection; `lists_custom` looks at the reply.
    """
    base, _, last = request.path.rstrip("/").rpartition("/")
    before, _, parent = base.rpartition("/")
    if parent in _ENDPOINTS:
        return Place(before, parent, unquote(last))
    return Place(base, unquote(last), "")


def on(
    methods: str,
    endpoints: str = "",
    *,
    one: bool | None = None,
    filtered: bool | None = None,
    body: Test | None = None,
) -> When:
    """Return a test for requests: methods and endpoints (blank-separated), by id, filter, body."""

    def meant(request: Request) -> bool:
        where = place(request)
        if request.method not in methods.split():
            return False
        if endpoints and where.endpoint not in endpoints.split():
            return False
        if one is not None and bool(where.id) is not one:
            return False
        if filtered is not None and (parameter(request, "filter") is not None) is not filtered:
            return False
        return body is None or bool(body(parse(request.body) or {}))

    return meant


def always(_request: Request) -> bool:
    """Be the test that every request passes."""
    return True


def instead(handle: Handler, when: When, answer: Handler) -> Handler:
    """Answer the requests that are meant without doing what they ask for.

    One harmless read takes the place of the request, so that the handler behind still judges the
    credential and counts the request once.
    """

    def wrapped(request: Request) -> Response:
        if not when(request):
            return handle(request)
        admitted = ask(handle, request, "GET", "/ServiceProviderConfig")
        return admitted if admitted.status in _TURNED_AWAY else answer(request)

    return wrapped


def refuse(handle: Handler, when: When, status: int, detail: str, kind: str = "") -> Handler:
    """Refuse the requests that are meant with a SCIM error."""
    return instead(handle, when, lambda _request: error(status, detail, kind))


def edit_requests(handle: Handler, when: When, edit: Edit) -> Handler:
    """Edit the JSON object that a request carries before it is handled."""

    def wrapped(request: Request) -> Response:
        document = parse(request.body) if when(request) else None
        if document is None:
            return handle(request)
        edit(document)
        return handle(with_document(request, document))

    return wrapped


def change_requests(handle: Handler, when: When, change: Callable[[Request], Request]) -> Handler:
    """Handle another request in place of the ones that are meant."""
    return lambda request: handle(change(request) if when(request) else request)


def change_replies(
    handle: Handler, when: When, change: Change, statuses: range = SUCCESS
) -> Handler:
    """Change the replies to the requests that are meant, if they have one of the statuses."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        return change(reply) if reply.status in statuses and when(request) else reply

    return wrapped


def edit_replies(handle: Handler, when: When, edit: Edit, statuses: range = SUCCESS) -> Handler:
    """Edit the JSON object in the replies to the requests that are meant."""
    return change_replies(handle, when, lambda reply: edited(reply, edit), statuses)


def edit_lists(handle: Handler, when: When, edit: Edit) -> Handler:
    """Edit the list replies to the requests that are meant."""
    return edit_replies(handle, when, lambda found: "Resources" in found and edit(found))


def edit_resources(handle: Handler, when: When, edit: Edit) -> Handler:
    """Edit every resource in the replies to the requests that are meant, listed or alone."""
    return edit_replies(handle, when, lambda found: edit_each(resources(found), edit))


def edit_listed(handle: Handler, when: When, edit: Edit) -> Handler:
    """Edit every listed resource in the replies to the requests that are meant."""
    return edit_lists(handle, when, lambda found: edit_each(resources(found), edit))


def edited(reply: Response, edit: Edit) -> Response:
    """Return a reply whose JSON object was edited; one without an object stays as it is."""
    document = parse(reply.body)
    if document is None:
        return reply
    edit(document)
    return replace(reply, body=dump(document))


def with_document(request: Request, document: Document) -> Request:
    """Return a request with another body; its length is for the handler to see from the body."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-length")
    return replace(request, headers=headers, body=dump(document))


def ask(
    handle: Handler,
    request: Request,
    method: str,
    path: str,
    *,
    body: Document | None = None,
    query: str = "",
) -> Response:
    """Send a request of our own to the handler behind, on behalf of the client's request."""
    carried = tuple(pair for pair in request.headers if pair[0].lower() in _CARRIED)
    if body is not None:
        carried += (SCIM_JSON,)
    sent = b"" if body is None else dump(body)
    return handle(Request(method, place(request).base + path, query, carried, sent))


def resource_path(endpoint: str, identifier: str) -> str:
    """Return the path of a resource below the base path."""
    return f"/{endpoint}/{quote(identifier, safe='')}"


def read(handle: Handler, request: Request, endpoint: str, identifier: str) -> Document:
    """Return a resource as the handler behind has it, empty if it does not answer with it."""
    reply = ask(handle, request, "GET", resource_path(endpoint, identifier))
    return (parse(reply.body) or {}) if reply.status == 200 else {}


def stored(handle: Handler, request: Request) -> Document:
    """Return the resource that the request addresses, as it is before the request."""
    where = place(request)
    return read(handle, request, where.endpoint, where.id) if where.id else {}


def values_of(value: Json) -> list[str]:
    """Return the `value` of every object in a multi-valued attribute."""
    return [found for each in objects(value) if isinstance(found := each.get("value"), str)]


def answer_json(status: int, body: Json, headers: Headers = ()) -> Response:
    """Return a SCIM reply."""
    return Response(status, (SCIM_JSON, *headers), dump(body))


def error(status: int, detail: str, kind: str = "") -> Response:
    """Return a SCIM error (RFC 7644 3.12)."""
    body: Document = {"schemas": [ERROR], "status": str(status), "detail": detail}
    if kind:
        body["scimType"] = kind
    return answer_json(status, body)


def as_html(reply: Response) -> Response:
    """Return a reply with a page of a web framework in place of its JSON."""
    page = f"<!DOCTYPE html><html><body><h1>{reply.status}</h1><hr>Web server</body></html>"
    return Response(
        reply.status,
        (("Content-Type", "text/html; charset=utf-8"), *_without(reply.headers, "Content-Type")),
        page.encode(),
    )


def with_status(reply: Response, status: int) -> Response:
    """Return a reply with another status, also in the body if the body tells it."""
    changed = replace(reply, status=status)
    if status in FAILURE:
        return edited(changed, lambda body: body.update(status=str(status)))
    return changed


def empty(reply: Response, status: int) -> Response:
    """Return a reply with another status and no body."""
    return Response(status, _without(reply.headers, "Content-Type"))


def with_header(reply: Response, name: str, value: str) -> Response:
    """Return a reply with a header set."""
    return replace(reply, headers=(*_without(reply.headers, name), (name, value)))


def without_header(reply: Response, name: str) -> Response:
    """Return a reply that lacks a header."""
    return replace(reply, headers=_without(reply.headers, name))


def without_sent(request: Request, *names: str) -> Request:
    """Return a request that lacks some headers."""
    headers = request.headers
    for name in names:
        headers = _without(headers, name)
    return replace(request, headers=headers)


def with_credential(request: Request, value: str | None) -> Request:
    """Return a request with another Authorization header, or with none."""
    headers = _without(request.headers, "Authorization")
    return replace(
        request, headers=headers if value is None else (*headers, ("Authorization", value))
    )


def _without(headers: Headers, name: str) -> Headers:
    return tuple(pair for pair in headers if pair[0].lower() != name.lower())
