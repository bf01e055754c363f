"""Deviations of a user's life: what a client may not set, where a user is, what is left of it."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import has
from .documents import objects
from .documents import parse
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_resources
from .shaping import on
from .shaping import refuse
from .shaping import resource_path
from .shaping import with_header
from .writes import refuse_against

_CREATE = on("POST", "Users", one=False)
_READ = on("GET", "Users", one=True)
_PUT = on("PUT", "Users", one=True)
_WRITE = on("POST PUT", "Users")
_SHOWN = on("GET POST PUT PATCH", "Users")


@deviation("create-keeps-nothing", area="users")
def create_keeps_nothing(handle: Handler) -> Handler:
    """Answer the creation of a user as if done, and keep nothing."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        made = text_of(parse(reply.body) or {}, "id") if reply.status in SUCCESS else ""
        if made and _CREATE(request):
            ask(handle, request, "DELETE", resource_path("Users", made))
        return reply

    return wrapped


@deviation("create-refuses-id", area="users")
def create_refuses_id(handle: Handler) -> Handler:
    """Refuse a new user with an id with 400."""
    when = on("POST", "Users", one=False, body=lambda user: has(user, "id"))
    return refuse(handle, when, 400, "The attribute id is read-only.", "mutability")


@deviation("create-location-is-endpoint", area="users")
def create_location_is_endpoint(handle: Handler) -> Handler:
    """Give the address of the endpoint as the Location of a new user."""
    return change_replies(handle, _CREATE, _one_up)


@deviation("get-location-is-endpoint", area="users")
def get_location_is_endpoint(handle: Handler) -> Handler:
    """Give the address of the endpoint as the Location of a user who is read."""
    return change_replies(handle, _READ, _one_up)


@deviation("meta-set-by-client", area="users")
def meta_set_by_client(handle: Handler) -> Handler:
    """Show in `meta` of a user what a POST or PUT of the user holds there."""
    given: dict[str, Document] = {}

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        sent = objects(value_of(parse(request.body) or {}, "meta")) if _WRITE(request) else []
        if sent and reply.status in SUCCESS:
            given[text_of(parse(reply.body) or {}, "id")] = sent[0]
        return reply

    def show(user: Document) -> None:
        for meta in objects(user.get("meta")):
            meta.update(given.get(text_of(user, "id"), {}))

    return edit_resources(wrapped, _SHOWN, show)


@deviation("put-requires-all-values", area="users")
def put_requires_all_values(handle: Handler) -> Handler:
    """Refuse a PUT on a user that leaves out an attribute which has a value, with 400."""

    def lacking(user: Document, before: Document) -> bool:
        own = ("id", "meta", "groups")
        return any(not has(user, name) for name in before if name not in own)

    return refuse_against(handle, _PUT, lacking, 400, "There are values left out.", "invalidValue")


@deviation("bulk-refused-501", area="requests")
def bulk_refused_501(handle: Handler) -> Handler:
    """Answer 501 to bulk requests, though they are announced."""
    return refuse(handle, on("POST", "Bulk"), 501, "Bulk requests are not implemented.")


@deviation("users-as-xml", area="content")
def users_as_xml(handle: Handler) -> Handler:
    """Send a user as XML."""

    def written(reply: Response) -> Response:
        user = parse(reply.body)
        if user is None:
            return reply
        body = f"<user><id>{text_of(user, 'id')}</id></user>".encode()
        return with_header(replace(reply, body=body), "Content-Type", "application/xml")

    return change_replies(handle, _SHOWN, written)


def _one_up(reply: Response) -> Response:
    """Return a reply whose Location lacks its last segment."""
    location = reply.header("Location") or ""
    return with_header(reply, "Location", location.rpartition("/")[0]) if location else reply
