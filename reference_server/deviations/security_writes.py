"""Deviations of writes: clients that give themselves what is not theirs, and live values."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import edit_each
from .documents import has
from .documents import objects
from .documents import parse
from .documents import resources
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import edited
from .shaping import on
from .shaping import place
from .shaping import read
from .shaping import resource_path
from .shaping import values_of
from .writes import given
from .writes import patch_body

_ANY = on("GET POST PUT PATCH", "Users")
_CREATE = on("POST", "Users", one=False)
_META = ("created", "resourceType")
_UNKNOWN = ("isAdmin", "admin", "is_superuser")


@deviation("create-overwrites-id", area="users")
def create_overwrites_id(handle: Handler) -> Handler:
    """Overwrite the user whose id a new user is sent with."""

    def wrapped(request: Request) -> Response:
        document = (parse(request.body) if _CREATE(request) else None) or {}
        identifier = text_of(document, "id")
        if identifier and read(handle, request, "Users", identifier):
            where = resource_path("Users", identifier)
            return ask(handle, request, "PUT", where, body=document)
        return handle(request)

    return wrapped


@deviation("id-written-by-put", area="users")
def id_written_by_put(handle: Handler) -> Handler:
    """Show the id that a PUT on a user carries from then on."""
    return _claimed(handle, "PUT", ("id",))


@deviation("meta-written-by-put", area="users")
def meta_written_by_put(handle: Handler) -> Handler:
    """Show the `meta` that a PUT on a user carries from then on."""
    return _claimed(handle, "PUT", _META)


@deviation("meta-written-by-patch", area="users")
def meta_written_by_patch(handle: Handler) -> Handler:
    """Show the `meta` that a PATCH on a user carries from then on."""
    return _claimed(handle, "PATCH", _META)


def _claimed(handle: Handler, method: str, names: tuple[str, ...]) -> Handler:
    known: dict[str, Document] = {}

    def show(user: Document) -> None:
        claims = known.get(text_of(user, "id"), {})
        user.update({name: value for name, value in claims.items() if name == "id"})
        for meta in objects(value_of(user, "meta")):
            meta.update({name: value for name, value in claims.items() if name != "id"})

    def wrapped(request: Request) -> Response:
        if on(method, "Users", one=True)(request):
            known.setdefault(place(request).id, {}).update(_claims(request, names))
        reply = handle(request)
        if reply.status not in SUCCESS or not _ANY(request):
            return reply
        return edited(reply, lambda found: edit_each(resources(found), show))

    return wrapped


def _claims(request: Request, names: tuple[str, ...]) -> Document:
    document = parse(request.body) or {}
    ids = given(document, "id")
    found: Document = {"id": ids[0]} if ids and "id" in names else {}
    for meta in objects(given(document, "meta")):
        found.update({name: value for name, value in meta.items() if name in names})
    return found


@deviation("groups-written-by-users", area="users")
def groups_written_by_users(handle: Handler) -> Handler:
    """Make a user a member of the groups that its PUT names."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status not in SUCCESS or not on("POST PUT", "Users")(request):
            return reply
        user = place(request).id or text_of(parse(reply.body) or {}, "id")
        joining: Document = {"op": "add", "path": "members", "value": [{"value": user}]}
        for group in values_of(value_of(parse(request.body) or {}, "groups")):
            where = resource_path("Groups", group)
            ask(handle, request, "PATCH", where, body=patch_body(joining))
        return reply

    return wrapped


@deviation("unknown-attributes-kept", area="users")
def unknown_attributes_kept(handle: Handler) -> Handler:
    """Keep and show attributes of administrators that no schema has."""
    known: dict[str, Document] = {}

    def wrapped(request: Request) -> Response:
        document = (parse(request.body) if _CREATE(request) else None) or {}
        reply = handle(request)
        if reply.status in SUCCESS and any(has(document, name) for name in _UNKNOWN):
            made = text_of(parse(reply.body) or {}, "id")
            known[made] = {name: document[name] for name in _UNKNOWN if name in document}
        return reply

    return edit_resources(
        wrapped, _ANY, lambda user: user.update(known.get(text_of(user, "id"), {}))
    )


@deviation("templates-evaluated", area="users")
def templates_evaluated(handle: Handler) -> Handler:
    """Evaluate what stands between two braces in the displayName of a new user."""

    def evaluate(user: Document) -> None:
        shown = text_of(user, "displayName")
        if "{{7*191}}" in shown:
            user["displayName"] = shown.replace("{{7*191}}", "1337")

    return edit_requests(handle, _CREATE, evaluate)
