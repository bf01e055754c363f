"""Deviations of `meta`: who sets it, and whether it tells the truth."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import has
from .documents import objects
from .documents import parse
from .documents import value_of
from .filtering import rewriting
from .registry import deviation
from .shaping import SUCCESS
from .shaping import When
from .shaping import change_replies
from .shaping import edit_resources
from .shaping import edited
from .shaping import on
from .shaping import refuse
from .shaping import with_header

_ANY = on("GET POST PUT PATCH", "Users Groups")
_ONE = on("GET", "Users Groups", one=True)
_TYPE_SOUGHT = re.compile(r'(?i)(meta\.resourceType\s+\w+\s+")(\w+)')


@deviation("create-takes-meta", area="metadata")
def create_takes_meta(handle: Handler) -> Handler:
    """Answer a create with the `meta` that the client sends."""
    return _taking_meta(handle, on("POST", "Users", one=False))


@deviation("put-takes-meta", area="metadata")
def put_takes_meta(handle: Handler) -> Handler:
    """Answer a PUT with the `meta` that the client sends."""
    return _taking_meta(handle, on("PUT", "Users"))


@deviation("create-refuses-meta", area="metadata")
def create_refuses_meta(handle: Handler) -> Handler:
    """Refuse a new user with `meta` with 400."""
    when = on("POST", "Users", one=False, body=lambda body: has(body, "meta"))
    return refuse(handle, when, 400, "The attribute meta cannot be set.", "mutability")


@deviation("created-in-1970", area="metadata")
def created_in_1970(handle: Handler) -> Handler:
    """Give the beginning of 1970 as the time at which each resource was created."""

    def date_back(resource: Document) -> None:
        for meta in objects(resource.get("meta")):
            meta["created"] = "1970-01-01T00:00:00.000Z"

    return edit_resources(handle, _ANY, date_back)


@deviation("meta-location-broken", area="metadata")
def meta_location_broken(handle: Handler) -> Handler:
    """Give locations in `meta` that lead nowhere."""

    def break_it(resource: Document) -> None:
        for meta in objects(resource.get("meta")):
            meta["location"] = f"{meta.get('location')}/profile"

    return edit_resources(handle, _ANY, break_it)


@deviation("content-location-differs", area="metadata")
def content_location_differs(handle: Handler) -> Handler:
    """Send a Content-Location header that is not the location in `meta`."""

    def add(reply: Response) -> Response:
        return with_header(reply, "Content-Location", "/internal/accounts/7")

    return change_replies(handle, _ONE, add)


@deviation("resource-types-in-quotes", area="metadata")
def resource_types_in_quotes(handle: Handler) -> Handler:
    """Put the resourceType in `meta` between quotation marks."""

    def quote(resource: Document) -> None:
        for meta in objects(resource.get("meta")):
            meta["resourceType"] = f'"{meta.get("resourceType")}"'

    return edit_resources(handle, _ANY, quote)


@deviation("filter-resource-type-overlooks-case", area="metadata")
def filter_resource_type_overlooks_case(handle: Handler) -> Handler:
    """Overlook capitals when a filter compares the resourceType in `meta`."""

    def capitalised(text: str) -> str:
        return _TYPE_SOUGHT.sub(lambda found: f"{found[1]}{found[2].capitalize()}", text)

    return rewriting(handle, capitalised)


def _taking_meta(handle: Handler, when: When) -> Handler:
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        given = value_of(parse(request.body) or {}, "meta") if when(request) else None
        if reply.status not in SUCCESS or not isinstance(given, dict):
            return reply
        return edited(reply, lambda found: [each.update(given) for each in objects(found["meta"])])

    return wrapped
