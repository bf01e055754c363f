"""Servers that answer otherwise than the reference server, or refuse what they may refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from urllib.parse import parse_qsl
from urllib.parse import urlencode

from legal_protocol import CONFIG
from legal_protocol import TYPES
from legal_protocol import but_for
from legal_protocol import change_attribute
from legal_protocol import every_document
from legal_protocol import legal
from legal_protocol import unlisted
from legal_protocol import unsupported

from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_USER
from reference_server.deviations.documents import ENTERPRISE
from reference_server.deviations.documents import LIST
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import put
from reference_server.deviations.documents import value_of
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

DISCOVERY = "ServiceProviderConfig ResourceTypes Schemas"
CREATES = shaping.on("POST", "Users Groups", one=False)
EVERY_TENTH = 10


# -- lists and errors


@legal
def lists_without_what_is_optional(handle: Handler) -> Handler:
    """Leave out an empty Resources, and the counters of a list that is whole (section 3.4.2)."""

    def shorten(found: Document) -> Json:
        if LIST in str(found.get("schemas")):
            listed = objects(found.get("Resources", []))
            if found.get("totalResults") == len(listed):
                drop(found, "startIndex", "itemsPerPage")
            if not listed:
                drop(found, "Resources")
        return found

    return every_document(handle, shorten)


@legal
def errors_without_detail(handle: Handler) -> Handler:
    """Explain no error: `detail` is optional (RFC 7644 section 3.12).

    But for filters and the limits of bulk (sections 3.4.2.2 and 3.7.4).
    """

    def silence(body: Document) -> None:
        if body.get("scimType") != "invalidFilter" and body.get("status") != "413":
            drop(body, "detail")

    return shaping.change_replies(
        handle,
        shaping.always,
        lambda reply: shaping.edited(reply, silence),
        shaping.FAILURE,
    )


@legal
def charset_in_every_reply(handle: Handler) -> Handler:
    """Name the charset beside the media type."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        kind = dict(reply.headers).get("Content-Type")
        named = f"{kind}; charset=utf-8"
        return shaping.with_header(reply, "Content-Type", named) if kind else reply

    return wrapped


@legal
def waits_asked_for(handle: Handler) -> Handler:
    """Answer some requests with 429 and Retry-After (RFC 6585 section 4)."""
    numbers = count(1)

    def wrapped(request: Request) -> Response:
        if next(numbers) % EVERY_TENTH:
            return handle(request)
        return shaping.with_header(shaping.error(429, "Not so fast."), "Retry-After", "1")

    return wrapped


# -- creates and updates


@but_for("RFC7644-3.3", "RFC7644-3.9", worst="fail")
def creates_answered_in_short(handle: Handler) -> Handler:
    """Answer a create with what is always returned and `meta`: the rest SHOULD be there."""

    def shorten(body: Document) -> None:
        drop(body, *[name for name in body if name not in ("schemas", "id", "meta")])

    return shaping.edit_replies(handle, CREATES, shorten)


@but_for("RFC7644-3.3", "RFC7644-3.9", "RFC7644-3.1", "RFC7643-3.1-6")
def creates_answered_by_address(handle: Handler) -> Handler:
    """Answer a create with its Location alone."""
    return shaping.change_replies(handle, CREATES, lambda reply: shaping.empty(reply, 201))


@legal
def unknown_attributes_refused(handle: Handler) -> Handler:
    """Refuse a user with an attribute that no schema has (400 invalidSyntax, RFC 7644 table 9)."""
    known: set[str] = set()

    def strange(request: Request) -> bool:
        if not shaping.on("POST PUT", "Users")(request):
            return False
        if not known:
            known.update(_names(handle, request))
        return bool({name.lower() for name in parse(request.body) or {}} - known)

    return shaping.refuse(handle, strange, 400, "No such attribute.", "invalidSyntax")


def _names(handle: Handler, request: Request) -> Iterator[str]:
    found = parse(shaping.ask(handle, request, "GET", "/Schemas").body) or {}
    yield from ("schemas", "id", "externalid", "meta")
    for schema in objects(found.get("Resources", [])):
        yield str(schema.get("id")).lower()
        yield from (str(each["name"]).lower() for each in objects(schema.get("attributes", [])))


@legal
def user_names_for_ever(handle: Handler) -> Handler:
    """Refuse to change a userName, which /Schemas calls immutable."""

    def renames(request: Request) -> bool:
        body = parse(request.body) or {}
        if shaping.on("PUT", "Users")(request):
            old = str(shaping.stored(handle, request).get("userName", "")).lower()
            return bool(old) and str(value_of(body, "userName") or old).lower() != old
        operations = str(body.get("Operations")).lower()
        return shaping.on("PATCH", "Users")(request) and "username" in operations

    refused = shaping.refuse(handle, renames, 400, "userName is immutable.", "mutability")
    return change_attribute(
        refused, "userName", lambda each: each.update(mutability="immutable"), of=CORE_USER
    )


@legal
def groups_of_users_only(handle: Handler) -> Handler:
    """Refuse a group as the member of a group."""

    def nested(request: Request) -> bool:
        if not shaping.on("POST PUT PATCH", "Groups")(request):
            return False
        ids = [value for value in _values(parse(request.body)) if len(value) > len("short")]
        return any(shaping.read(handle, request, "Groups", each) for each in ids)

    return shaping.refuse(handle, nested, 400, "A member has to be a user.", "invalidValue")


def _values(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _values(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "value" and isinstance(item, str):
                yield item
            else:
                yield from _values(item)


# -- what is not there


@legal
def no_order(handle: Handler) -> Handler:
    """Announce no sorting, and pay no heed to sortBy."""

    def without(request: Request) -> Request:
        kept = [
            pair
            for pair in parse_qsl(request.query, keep_blank_values=True)
            if pair[0] not in ("sortBy", "sortOrder")
        ]
        return replace(request, query=urlencode(kept))

    handle = shaping.change_requests(handle, shaping.on("GET"), without)
    handle = shaping.edit_requests(
        handle, shaping.on("POST", ".search"), lambda body: drop(body, "sortBy", "sortOrder")
    )
    return unsupported(handle, "sort")


@legal
def no_enterprise_extension(handle: Handler) -> Handler:
    """Have users without the enterprise extension."""

    def lose(user: Document) -> None:
        drop(user, ENTERPRISE)
        put(user, "schemas", [CORE_USER])

    handle = shaping.edit_requests(handle, shaping.on("POST PUT", "Users"), lose)
    handle = shaping.edit_resources(handle, TYPES, lambda entry: drop(entry, "schemaExtensions"))
    return unlisted(handle, "Schemas", "id", ENTERPRISE)


@legal
def no_search_by_post(handle: Handler) -> Handler:
    """Have no /.search, no /Me and no bulk."""

    def gone(request: Request) -> bool:
        return request.path.rpartition("/")[2] in (".search", "Me", "Bulk")

    refused = shaping.refuse(handle, gone, 501, "There is nothing of this kind.")
    return unsupported(refused, "bulk")


@but_for("RFC7643-5-22")
def discovery_for_the_known_alone(handle: Handler) -> Handler:
    """Require a credential for discovery too."""

    def anonymous(request: Request) -> bool:
        named = {name.lower() for name, _ in request.headers}
        return shaping.on("GET", DISCOVERY)(request) and "authorization" not in named

    def turned_away(request: Request) -> Response:
        return shaping.with_header(
            shaping.error(401, "Who are you?"), "WWW-Authenticate", 'Bearer realm="scim"'
        )

    return lambda request: turned_away(request) if anonymous(request) else handle(request)


@but_for("RFC7644-4", "RFC7643-5", "RFC7643-6", "RFC7643-7", "RFC9865-4", worst="fail")
def no_discovery(handle: Handler) -> Handler:
    """Have none of the three endpoints of discovery."""
    return shaping.refuse(handle, shaping.on("GET POST", DISCOVERY), 404, "There is nothing here.")


@but_for("RFC9865-4-1")
def announced_in_few_words(handle: Handler) -> Handler:
    """Announce nothing beyond what ServiceProviderConfig has to hold (RFC 7643 section 5)."""
    return shaping.edit_replies(
        handle, CONFIG, lambda found: drop(found, "documentationUri", "pagination", "meta")
    )
