"""Deviations of ids: who makes them, whose they are, and how they compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import TypeAlias

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import edit_each
from .documents import objects
from .documents import parse
from .documents import put
from .documents import resources
from .documents import text_of
from .documents import value_of
from .queries import parameter
from .queries import quoted
from .queries import with_parameter
from .registry import deviation
from .shaping import SUCCESS
from .shaping import ask
from .shaping import edit_resources
from .shaping import edited
from .shaping import error
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .shaping import values_of

# Given what was sent and what was made of it, the id by which the client is to know it.
Choice: TypeAlias = Callable[[Document, Document], str]

_ANY = on("GET POST PUT PATCH", "Users Groups")
_NEW = on("POST", "Users", one=False)


@deviation("create-takes-id", area="metadata")
def create_takes_id(handle: Handler) -> Handler:
    """Give a new user the id that the client sends."""
    return _known_as(handle, "Users", lambda sent, _made: text_of(sent, "id"))


@deviation("group-ids-repeat-user-ids", area="metadata")
def group_ids_repeat_user_ids(handle: Handler) -> Handler:
    """Give a new group the id of its first member."""

    def first(_sent: Document, made: Document) -> str:
        return next(iter(values_of(made.get("members"))), "")

    return _known_as(handle, "Groups", first)


@deviation("ids-reused", area="metadata")
def ids_reused(handle: Handler) -> Handler:
    """Give a new user the id of the one who was deleted last."""
    gone: list[str] = []
    known = _known_as(handle, "Users", lambda _sent, _made: gone.pop() if gone else "")

    def wrapped(request: Request) -> Response:
        reply = known(request)
        if on("DELETE", "Users", one=True)(request) and reply.status == 204:
            gone[:] = [place(request).id]
        return reply

    return wrapped


@deviation("ids-are-user-names", area="metadata")
def ids_are_user_names(handle: Handler) -> Handler:
    """Give a new user the userName as the id, which is free again once the user is deleted."""
    return _known_as(handle, "Users", lambda sent, _made: text_of(sent, "userName"))


@deviation("ids-overlook-case", area="metadata")
def ids_overlook_case(handle: Handler) -> Handler:
    """Show a user also to who asks for its id in other capitals."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        where = place(request)
        if reply.status != 404 or not on("GET", "Users", one=True)(request):
            return reply
        return ask(handle, request, "GET", resource_path("Users", where.id.lower()))

    return wrapped


@deviation("external-ids-in-lower-case", area="metadata")
def external_ids_in_lower_case(handle: Handler) -> Handler:
    """Show the externalId of users in lower case."""

    def lower(resource: Document) -> None:
        if text_of(resource, "externalId"):
            put(resource, "externalId", text_of(resource, "externalId").lower())

    return edit_resources(handle, _ANY, lower)


@deviation("external-id-unique", area="metadata")
def external_id_unique(handle: Handler) -> Handler:
    """Refuse a new user with the externalId of another, with 409."""
    return _unique(handle, "externalId")


@deviation("display-names-unique", area="metadata")
def display_names_unique(handle: Handler) -> Handler:
    """Refuse a new user with the displayName of another, with 409."""
    return _unique(handle, "displayName")


@deviation("user-ids-as-numbers", area="metadata")
def user_ids_as_numbers(handle: Handler) -> Handler:
    """Count users, and show their ids as numbers."""
    numbers = count(1001)
    counted = _known_as(handle, "Users", lambda _sent, _made: str(next(numbers)))

    def as_number(user: Document) -> None:
        if text_of(user, "id").isdecimal():
            put(user, "id", int(text_of(user, "id")))

    return edit_resources(counted, on("GET POST PUT PATCH", "Users"), as_number)


@deviation("member-refs-broken", area="metadata")
def member_refs_broken(handle: Handler) -> Handler:
    """Give references of members that lead nowhere."""
    return _referring(handle, lambda given: f"{given}/profile")


@deviation("member-refs-as-urns", area="metadata")
def member_refs_as_urns(handle: Handler) -> Handler:
    """Give URNs as the references of members."""
    return _referring(handle, lambda given: f"urn:uuid:{given.rpartition('/')[2]}")


@deviation("filter-by-password-500", area="metadata")
def filter_by_password_500(handle: Handler) -> Handler:
    """Answer 500 to a filter on a password."""

    def when(request: Request) -> bool:
        return on("GET", "Users")(request) and "password" in (parameter(request, "filter") or "")

    return refuse(handle, when, 500, "The query failed.")


def _referring(handle: Handler, change: Callable[[str], str]) -> Handler:
    def edit(resource: Document) -> None:
        for each in objects(resource.get("members")):
            if isinstance(each.get("$ref"), str):
                each["$ref"] = change(str(each["$ref"]))

    return edit_resources(handle, _ANY, edit)


def _unique(handle: Handler, name: str) -> Handler:
    def wrapped(request: Request) -> Response:
        given = text_of(parse(request.body) or {}, name) if _NEW(request) else ""
        if given:
            query = with_parameter(request, "filter", f"{name} eq {quoted(given)}").query
            found = parse(ask(handle, request, "GET", "/Users", query=query).body) or {}
            if objects(value_of(found, "Resources")):
                return error(409, f"The {name} is taken.", "uniqueness")
        return handle(request)

    return wrapped


def _known_as(handle: Handler, endpoint: str, choose: Choice) -> Handler:
    """Let the client know new resources by other ids than those that they have."""
    real: dict[str, str] = {}
    when = on("GET POST PUT PATCH", endpoint)

    def rename(resource: Document) -> None:
        own = text_of(resource, "id")
        shown = next((name for name, of in real.items() if of == own), None)
        if shown is not None:
            put(resource, "id", shown)

    def wrapped(request: Request) -> Response:
        where = place(request)
        if where.endpoint == endpoint and where.id in real:
            path = where.base + resource_path(endpoint, real[where.id])
            request = replace(request, path=path)
        reply = handle(request)
        if on("DELETE", endpoint, one=True)(request) and reply.status == 204:
            real.pop(where.id, None)
        if request.method == "POST" and when(request) and reply.status == 201:
            made = parse(reply.body) or {}
            chosen = choose(parse(request.body) or {}, made)
            if chosen and chosen not in real:
                real[chosen] = text_of(made, "id")
        if not real or reply.status not in SUCCESS or not when(request):
            return reply
        return edited(reply, lambda found: edit_each(resources(found), rename))

    return wrapped
