"""Servers that have less than others, or do in another way what the RFCs leave to them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from legal_protocol import SCHEMAS
from legal_protocol import TYPES
from legal_protocol import but_for
from legal_protocol import every_document
from legal_protocol import legal
from legal_protocol import parts_of
from legal_protocol import unlisted
from legal_protocol import unsupported

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_USER
from reference_server.deviations.documents import ENTERPRISE
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import put
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response


@legal
def nothing_unusual(handle: Handler) -> Handler:
    """Be the correct server."""
    return handle


@legal
def every_patch_answers_204(handle: Handler) -> Handler:
    """Answer a PATCH with 204 unless attributes are asked for (RFC 7644 section 3.5.2)."""

    def when(request: Request) -> bool:
        return shaping.on("PATCH")(request) and "ttributes=" not in request.query

    return shaping.change_replies(handle, when, lambda reply: shaping.empty(reply, 204))


@legal
def names_in_lower_case(handle: Handler) -> Handler:
    """Spell attribute names in lower case (RFC 7643 section 2.1)."""

    def lowered(value: Json) -> Json:
        if isinstance(value, dict):
            return {key.lower(): lowered(item) for key, item in value.items()}
        return [lowered(item) for item in value] if isinstance(value, list) else value

    return every_document(handle, lowered)


@legal
def a_small_schema(handle: Handler) -> Handler:
    """Have no more than userName, displayName, active and emails, and say so in /Schemas."""
    kept = {"schemas", "id", "meta", "username", "displayname", "active", "emails", "externalid"}

    def shorten(schema: Document) -> None:
        if schema.get("id") == CORE_USER:
            schema["attributes"] = [e for e in parts_of(schema) if str(e["name"]).lower() in kept]

    def lose(user: Document) -> None:
        drop(user, *[name for name in user if name.lower() not in kept])
        put(user, "schemas", [CORE_USER])

    users = shaping.on("GET POST PUT PATCH", "Users")
    handle = shaping.edit_requests(handle, shaping.on("POST PUT", "Users"), lose)
    handle = shaping.edit_resources(handle, users, lambda user: drop(user, "groups"))
    handle = shaping.edit_resources(handle, SCHEMAS, shorten)
    handle = shaping.edit_resources(handle, TYPES, lambda entry: drop(entry, "schemaExtensions"))
    return unlisted(handle, "Schemas", "id", ENTERPRISE)


@legal
def short_pages_among_many(handle: Handler) -> Handler:
    """Have other people's users, and show no more than three on a page."""
    filled: list[str] = []

    def fill(request: Request) -> None:
        filled.append("once")
        for n in range(9):
            user: Document = {"schemas": [CORE_USER], "userName": f"bob{n}", "title": "Boss"}
            user["userType"] = "Employee" if n % 2 else "Intern"
            shaping.ask(handle, request, "POST", "/Users", body=user)

    def wrapped(request: Request) -> Response:
        if not filled and request.method == "GET" and shaping.on("GET", "Users")(request):
            fill(request)
        if not shaping.on("GET", "Users", one=False)(request):
            return handle(request)
        asked = dict(parse_qsl(request.query, keep_blank_values=True))
        count = asked.get("count", "3")
        asked["count"] = str(min(int(count), 3)) if count.isdecimal() else count
        return handle(replace(request, query=urlencode(asked)))

    return wrapped


@but_for("RFC7644-3.5-")  # PATCH SHOULD be there
def no_patch_and_no_groups(handle: Handler) -> Handler:
    """Announce no PATCH, have no groups, and refuse both."""

    handle = unlisted(unsupported(handle, "patch"), "ResourceTypes", "name", "Group")
    handle = shaping.refuse(handle, shaping.on("PATCH"), 501, "There is no PATCH.")
    return shaping.refuse(
        handle, shaping.on("GET POST PUT PATCH DELETE", "Groups"), 404, "No groups."
    )


@legal
def filters_that_are_not_announced(handle: Handler) -> Handler:
    """Announce no filters, and have them all the same, in a way of its own."""

    handle = registry.find("filter-from-left-to-right").wrap(handle)
    return unsupported(handle, "filter")


@but_for("")
def only_simple_filters(handle: Handler) -> Handler:
    """Refuse every filter but `userName eq` with 400 invalidFilter, and announce filters."""
    handle = registry.find("filter-by-user-name-only").wrap(handle)
    return registry.find("filter-by-eq-only").wrap(handle)


@legal
def removing_a_stranger_is_refused(handle: Handler) -> Handler:
    """Answer 400 noTarget to the removal of somebody who is no member (RFC 7644 table 9)."""

    def wrapped(request: Request) -> Response:
        before = shaping.stored(handle, request) if shaping.on("PATCH", "Groups")(request) else {}
        named = [
            str(each.get("path")).partition('"')[2].partition('"')[0]
            for each in objects((parse(request.body) or {}).get("Operations"))
            if each.get("op") == "remove" and "[" in str(each.get("path"))
        ]
        members = shaping.values_of(before.get("members"))
        if before and any(one not in members for one in named):
            return shaping.error(400, "There is no such member.", "noTarget")
        return handle(request)

    return wrapped


@legal
def plain_users_only(handle: Handler) -> Handler:
    """Refuse a user with an attribute that needs a licence, though the schema lists it."""

    def rich(body: Document) -> bool:
        return "ims" in body or "addresses" in body

    when = shaping.on("POST", "Users", body=rich)
    return shaping.refuse(handle, when, 400, "Not in your plan.", "invalidValue")
