"""Servers whose schemas want more of a value, or have less room, than those of RFC 7643."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from legal_protocol import but_for
from legal_protocol import change_attribute
from legal_protocol import legal
from legal_protocol import without_part

from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_USER
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import text_of
from reference_server.deviations.documents import value_of
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response


def _known(request: Request) -> bool:
    return request.header("Authorization") is not None


def _refused_bodies(
    handle: Handler,
    endpoint: str,
    wrong: Callable[[Document], bool],
    detail: str,
    kind: str = "invalidValue",
) -> Handler:
    """Refuse to create or replace what is wrong in its body."""
    creates = shaping.on("POST", endpoint, one=False, body=wrong)
    replaces = shaping.on("PUT", endpoint, body=wrong)

    def meant(request: Request) -> bool:
        return _known(request) and (creates(request) or replaces(request))

    return shaping.refuse(handle, meant, 400, detail, kind)


@legal
def parts_of_names_required(handle: Handler) -> Handler:
    """Require `formatted` of every name (RFC 7643 section 2.2: "required")."""

    def wrong(body: Document) -> bool:
        name = value_of(body, "name")
        return isinstance(name, dict) and not text_of(name, "formatted")

    handle = _refused_bodies(handle, "Users", wrong, "Field 'formatted' is required: name")
    return change_attribute(
        handle, "name.formatted", lambda each: each.update(required=True), of=CORE_USER
    )


@legal
def references_of_members_required(handle: Handler) -> Handler:
    """Require the `$ref` of every member that a group is created or replaced with."""

    def wrong(body: Document) -> bool:
        return any("$ref" not in each for each in objects(value_of(body, "members")))

    handle = _refused_bodies(handle, "Groups", wrong, "Field '$ref' is required: members")
    return change_attribute(handle, "members.$ref", lambda each: each.update(required=True))


@legal
def one_address_of_each_type(handle: Handler) -> Handler:
    """Take one e-mail and one telephone of each type; those without a type are for work."""

    def kinds(values: list[Document]) -> list[str]:
        return [text_of(each, "type") or "work" for each in values]

    def wrong(body: Document) -> bool:
        found = [objects(value_of(body, name)) for name in ("emails", "phoneNumbers")]
        return any(max(Counter(kinds(each)).values(), default=0) > 1 for each in found)

    handle = _refused_bodies(handle, "Users", wrong, "There may be one of each type.")

    def wrapped(request: Request) -> Response:
        meant = shaping.on("PATCH", "Users")(request) and _known(request)
        there = objects(shaping.stored(handle, request).get("emails")) if meant else []
        for each in objects((parse(request.body) or {}).get("Operations")) if there else []:
            if text_of(each, "op").lower() == "add" and text_of(each, "path") == "emails":
                value = each.get("value")
                new = objects(value) if isinstance(value, list) else objects([value])
                new = [one for one in new if one not in there]
                if set(kinds(new)) & set(kinds(there)):
                    return shaping.error(400, "There may be one of each type.", "invalidValue")
        return handle(request)

    return wrapped


@legal
def names_without_display(handle: Handler) -> Handler:
    """Have no displayName of users, and publish none."""
    writes = shaping.on("POST PUT", "Users")
    handle = shaping.edit_requests(handle, writes, lambda body: drop(body, "displayName"))

    def lose(schema: Document) -> None:
        if schema.get("id") == CORE_USER:
            parts = objects(schema.get("attributes"))
            schema["attributes"] = [each for each in parts if each.get("name") != "displayName"]

    return shaping.edit_resources(handle, shaping.on("GET", "Schemas"), lose)


@legal
def groups_out_of_reach(handle: Handler) -> Handler:
    """Publish no `groups` of users, and take no path that names them."""

    def wrong(body: Document) -> bool:
        found = objects(body.get("Operations"))
        return any(text_of(each, "path").lower() == "groups" for each in found)

    named = shaping.on("PATCH", "Users", body=wrong)
    handle = shaping.refuse(
        handle, lambda request: _known(request) and named(request), 400, "?", "invalidPath"
    )
    when = shaping.on("GET POST PUT PATCH", "Users")
    handle = shaping.edit_resources(handle, when, lambda user: drop(user, "groups"))
    return without_part(handle, "groups")


# These need an empty group, or one that a group is put into later.
@but_for("RFC7644-3.7", "RFC7644-3.14", "SEC-", worst="inconclusive")
def members_required(handle: Handler) -> Handler:
    """Require a member of every group, and refuse to take the last one away."""

    def empty(body: Document) -> bool:
        return not value_of(body, "members")

    handle = _refused_bodies(handle, "Groups", empty, "Field 'members' is required")

    def unassigned(body: Document) -> bool:
        found = objects(body.get("Operations"))
        members = [each for each in found if text_of(each, "path").lower() == "members"]
        return any(text_of(each, "op").lower() == "remove" for each in members) or any(
            each.get("value") == [] for each in members
        )

    named = shaping.on("PATCH", "Groups", body=unassigned)
    handle = shaping.refuse(
        handle,
        lambda request: _known(request) and named(request),
        400,
        "A required attribute cannot be removed.",
        "mutability",
    )
    return change_attribute(handle, "members", lambda each: each.update(required=True), of="Group")
