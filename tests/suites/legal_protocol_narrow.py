"""Servers whose schemas ask for more, or leave less to clients, than those of RFC 7643 section 8.

Section 8.7.1 lets schemas change where that is permitted; each of these acts as it publishes.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

from legal_protocol import but_for
from legal_protocol import change_attribute
from legal_protocol import legal

from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_USER
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import has
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import put
from reference_server.deviations.documents import text_of
from reference_server.deviations.documents import value_of
from reference_server.deviations.queries import parameter
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

TYPES_OF_ADDRESSES = ("work", "home")
LONG_ENOUGH = 12
_CREATES = shaping.on("POST", "Users Groups", one=False)


def _writes(request: Request) -> Document | None:
    """Return what a create or a replacement carries, or a change."""
    written = _CREATES(request) or shaping.on("PUT PATCH", "Users Groups")(request)
    known = request.header("Authorization") is not None
    return parse(request.body) if written and known else None


def _given(body: Document, name: str) -> Iterator[Json]:
    """Yield the values that a body gives an attribute, in whole or by operations."""
    if has(body, name):
        yield value_of(body, name)
    for each in objects(value_of(body, "Operations")):
        path, value = text_of(each, "path").lower(), value_of(each, "value")
        if not path and isinstance(value, dict) and has(value, name):
            yield value_of(value, name)
        elif path == name.lower() and text_of(each, "op").lower() != "remove":
            yield value


def _refused(
    handle: Handler, endpoint: str, wrong: Callable[[Request, Document], bool], kind: str
) -> Handler:
    """Refuse what is wrong with what a write carries."""

    def when(request: Request) -> bool:
        body = _writes(request) if shaping.place(request).endpoint == endpoint else None
        return body is not None and wrong(request, body)

    return shaping.refuse(handle, when, 400, "That is against the rules here.", kind)


def _required(handle: Handler, name: str) -> Handler:
    """Publish an attribute of users as required, and refuse users without it."""

    def lacking(request: Request, body: Document) -> bool:
        return request.method in ("POST", "PUT") and not value_of(body, name)

    handle = _refused(handle, "Users", lacking, "invalidValue")
    return change_attribute(handle, name, lambda each: each.update(required=True), of=CORE_USER)


@legal
def types_of_addresses_restricted(handle: Handler) -> Handler:
    """Take e-mails of the published canonical types only (RFC 7643 section 2.3.1).

    "when 'canonicalValues' is specified, service providers MAY restrict accepted values".
    """

    def strange(_request: Request, body: Document) -> bool:
        found = [each for value in _given(body, "emails") for each in objects(value)]
        return any(str(each.get("type", "work")) not in TYPES_OF_ADDRESSES for each in found)

    handle = _refused(handle, "Users", strange, "invalidValue")
    values: list[Json] = [*TYPES_OF_ADDRESSES]
    return change_attribute(
        handle, "emails.type", lambda each: each.update(canonicalValues=values), of=CORE_USER
    )


# A case sends an empty array of them.
@but_for("RFC7644-3.4.2.2-17", worst="inconclusive")
def addresses_required(handle: Handler) -> Handler:
    """Require an e-mail of every user (RFC 7643 section 2.2: "required")."""
    return _required(handle, "emails")


@legal
def display_names_required(handle: Handler) -> Handler:
    """Require a displayName of every user (RFC 7643 section 2.2: "required")."""
    return _required(handle, "displayName")


@legal
def addresses_on_request(handle: Handler) -> Handler:
    """Return the e-mails of users on request only, and say so (RFC 7643 section 7)."""

    def unasked(request: Request) -> bool:
        by_post = (parse(request.body) or {}) if request.path.endswith("/.search") else {}
        asked = f"{parameter(request, 'attributes')} {by_post.get('attributes')}"
        return "emails" not in asked.lower()

    def hide(resource: Document) -> None:
        if CORE_USER in str(resource.get("schemas")):
            drop(resource, "emails")

    handle = shaping.edit_resources(handle, unasked, hide)
    return change_attribute(
        handle, "emails", lambda each: each.update(returned="request"), of=CORE_USER
    )


def _read_only(handle: Handler, *names: str) -> Handler:
    """Keep clients from writing attributes of users: ignored, in a PATCH refused (section 7)."""

    def wrapped(request: Request) -> Response:
        body = _writes(request) if shaping.place(request).endpoint == "Users" else None
        if body is None:
            return handle(request)
        if request.method == "PATCH":
            if any(True for name in names for _ in _given(body, name)):
                return shaping.error(400, "That cannot be changed.", "mutability")
            return handle(request)
        drop(body, *names)
        return handle(shaping.with_document(request, body))

    made: Handler = wrapped
    for name in names:
        made = change_attribute(
            made, name, lambda each: each.update(mutability="readOnly"), of=CORE_USER
        )
    return made


@legal
def titles_of_the_server(handle: Handler) -> Handler:
    """Let no client write title and nickName, and publish them as readOnly."""
    return _read_only(handle, "title", "nickName")


# Bulk requests, and adds of a value that is there, are tried with the displayName.
@but_for("RFC7644-3.5.2.1-1", "RFC7644-3.7-11", worst="inconclusive")
def display_names_of_the_server(handle: Handler) -> Handler:
    """Let no client write the displayName of users, and publish it as readOnly."""
    return _read_only(handle, "displayName")


@but_for("RFC7643-4.1.1-25")
def new_users_are_asleep(handle: Handler) -> Handler:
    """Create every user inactive: a server may alter what is posted (RFC 7644 section 3.3)."""
    return shaping.edit_requests(
        handle, shaping.on("POST", "Users", one=False), lambda user: put(user, "active", False)
    )


@legal
def passwords_by_policy(handle: Handler) -> Handler:
    """Refuse short passwords (RFC 7643 section 2.3.1: a string may have a required format)."""

    def weak(_request: Request, body: Document) -> bool:
        return any(len(str(value)) < LONG_ENOUGH for value in _given(body, "password"))

    return _refused(handle, "Users", weak, "invalidValue")


@legal
def members_have_to_be_known(handle: Handler) -> Handler:
    """Refuse a member whom nobody knows (RFC 7643 section 2.3.7: referential integrity)."""

    def stranger(request: Request, body: Document) -> bool:
        ids = [one for value in _given(body, "members") for one in shaping.values_of(value)]
        return not all(
            any(shaping.read(handle, request, kind, one) for kind in ("Users", "Groups"))
            for one in ids
        )

    return _refused(handle, "Groups", stranger, "invalidValue")
