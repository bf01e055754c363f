"""Deviations of values: their types, their number, and what is taken for them."""

from __future__ import annotations

import base64
from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_USER
from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import objects
from .documents import parse
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import SUCCESS
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import edited
from .shaping import on
from .shaping import refuse
from .shaping import with_document

_ANY = on("GET POST PUT PATCH", "Users Groups")
_USERS = on("GET POST PUT PATCH", "Users")
_NEW = on("POST", "Users", one=False)
_KNOWN = ("work", "home", "other")


@deviation("create-takes-arrays-for-text", area="metadata")
def create_takes_arrays_for_text(handle: Handler) -> Handler:
    """Take an array for the displayName of a new user, and show it as an array."""

    def wrapped(request: Request) -> Response:
        body = parse(request.body) if _NEW(request) else None
        given = value_of(body or {}, "displayName")
        if body is None or not isinstance(given, list):
            return handle(request)
        drop(body, "displayName")
        reply = handle(with_document(request, body))
        return edited(reply, lambda found: found.update(displayName=given))

    return wrapped


@deviation("create-takes-objects-for-text", area="metadata")
def create_takes_objects_for_text(handle: Handler) -> Handler:
    """Take an object for the familyName of a new user, and show it as an object."""

    def wrapped(request: Request) -> Response:
        body = parse(request.body) if _NEW(request) else None
        name = value_of(body or {}, "name")
        given = value_of(name, "familyName") if isinstance(name, dict) else None
        if body is None or not isinstance(given, dict):
            return handle(request)
        drop(body, "name")
        reply = handle(with_document(request, body))
        return edited(reply, lambda found: found.update(name={"familyName": given}))

    return wrapped


@deviation("create-names-have-case", area="metadata")
def create_names_have_case(handle: Handler) -> Handler:
    """Refuse a new user whose userName is not spelled as in the schema, with 400."""
    when = on("POST", "Users", one=False, body=lambda body: "userName" not in body)
    return refuse(handle, when, 400, "userName is required.", "invalidValue")


@deviation("create-needs-schemas-first", area="metadata")
def create_needs_schemas_first(handle: Handler) -> Handler:
    """Refuse a new user whose body does not begin with the schemas, with 400."""

    def late(body: Document) -> bool:
        return bool(body) and next(iter(body)) != "schemas"

    when = on("POST", "Users", one=False, body=late)
    return refuse(handle, when, 400, "The schemas have to come first.", "invalidSyntax")


@deviation("schemas-order-matters", area="metadata")
def schemas_order_matters(handle: Handler) -> Handler:
    """Refuse a new user whose first schema is not the one of users, with 400."""

    def other(body: Document) -> bool:
        given = value_of(body, "schemas")
        return isinstance(given, list) and given[:1] != [CORE_USER]

    when = on("POST", "Users", one=False, body=other)
    return refuse(handle, when, 400, "This is no user.", "invalidSyntax")


@deviation("email-type-off-list-500", area="metadata")
def email_type_off_list_500(handle: Handler) -> Handler:
    """Answer 500 to a new user with an e-mail of a type that Schemas does not list."""

    def strange(body: Document) -> bool:
        kinds = [text_of(each, "type") for each in objects(value_of(body, "emails"))]
        return any(kind and kind not in _KNOWN for kind in kinds)

    return refuse(handle, on("POST", "Users", one=False, body=strange), 500, "Unknown type.")


@deviation("emails-first-only", area="metadata")
def emails_first_only(handle: Handler) -> Handler:
    """Keep only the first e-mail of a user."""

    def cut(user: Document) -> None:
        if isinstance(user.get("emails"), list):
            user["emails"] = [*objects(user["emails"])[:1]]

    # What a PATCH adds is still hidden; nothing but a filter could find it.
    return edit_requests(edit_resources(handle, _USERS, cut), on("POST PUT", "Users"), cut)


@deviation("email-value-once", area="metadata")
def email_value_once(handle: Handler) -> Handler:
    """Show an e-mail that a user has with several types only once."""

    def merge(user: Document) -> None:
        if "emails" in user:
            kept = {text_of(each, "value"): each for each in objects(user["emails"])}
            user["emails"] = [*kept.values()]

    return edit_resources(handle, _USERS, merge)


@deviation("email-pairs-kept", area="metadata")
def email_pairs_kept(handle: Handler) -> Handler:
    """Show an e-mail that a new user is given twice as often as that."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        given = objects(value_of(parse(request.body) or {}, "emails")) if _NEW(request) else []
        if reply.status not in SUCCESS or not given:
            return reply
        return edited(reply, lambda found: found.update(emails=[*given]))

    return wrapped


@deviation("primary-assumed", area="metadata")
def primary_assumed(handle: Handler) -> Handler:
    """Show each e-mail as primary for which nobody said that it is not."""

    def assume(user: Document) -> None:
        for each in objects(user.get("emails")):
            if value_of(each, "primary") is None:
                each["primary"] = True

    return edit_resources(handle, _USERS, assume)


@deviation("certificates-in-hex", area="metadata")
def certificates_in_hex(handle: Handler) -> Handler:
    """Show certificates in hexadecimal digits."""
    return _certificates_as(handle, lambda raw: raw.hex(":"))


@deviation("certificates-as-bytes", area="metadata")
def certificates_as_bytes(handle: Handler) -> Handler:
    """Show certificates as an array of numbers."""
    return _certificates_as(handle, lambda raw: [*raw])


@deviation("references-with-blanks", area="metadata")
def references_with_blanks(handle: Handler) -> Handler:
    """Put a blank into the references that resources and members show."""

    def spoil(resource: Document) -> None:
        for each in objects(resource.get("meta")):
            if isinstance(each.get("location"), str):
                each["location"] = str(each["location"]).replace("/Users", "/All Users")

    return edit_resources(handle, _ANY, spoil)


@deviation("config-numbers-with-fraction", area="discovery")
def config_numbers_with_fraction(handle: Handler) -> Handler:
    """Write the limits in ServiceProviderConfig with a fraction, such as 200.0."""

    def divide(found: Document) -> None:
        for name in ("filter", "bulk"):
            for each in objects(found.get(name)):
                each.update({key: float(n) for key, n in each.items() if type(n) is int})

    return edit_replies(handle, on("GET", "ServiceProviderConfig"), divide)


@deviation("core-attributes-nested", area="metadata")
def core_attributes_nested(handle: Handler) -> Handler:
    """Show the core attributes of a user under the URN of their schema."""
    own = ("schemas", "id", "externalId", "meta", ENTERPRISE)

    def nest(user: Document) -> None:
        inner = {name: value for name, value in user.items() if name not in own}
        for name in inner:
            del user[name]
        user[CORE_USER] = inner

    return edit_resources(handle, _USERS, nest)


def _certificates_as(handle: Handler, form: Callable[[bytes], Json]) -> Handler:
    def change(user: Document) -> None:
        for each in objects(user.get("x509Certificates")):
            if isinstance(each.get("value"), str):
                each["value"] = form(base64.b64decode(str(each["value"])))

    return edit_resources(handle, _USERS, change)
