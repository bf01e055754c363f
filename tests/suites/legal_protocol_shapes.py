"""Servers whose resources look otherwise than those of the reference server, and may."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from urllib.parse import quote
from urllib.parse import unquote

from legal_protocol import TYPES
from legal_protocol import change_attribute
from legal_protocol import every_document
from legal_protocol import legal
from legal_protocol import unsupported
from legal_protocol import without_part

from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_GROUP
from reference_server.deviations.documents import CORE_USER
from reference_server.deviations.documents import LIST
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import dump
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import resources
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VENDOR = "urn:example:params:scim:schemas:extension:vendor:1.0:Person"
ODD = "urn:example:id/a b'*ü:@+,;=~%25?#"
DATES = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z")
MANY = {"phoneNumbers", "ims", "photos", "addresses", "entitlements", "roles", "x509Certificates"}


def is_of(document: Document, urn: str) -> bool:
    """Tell whether a document is a resource of a schema."""
    return urn in str(document.get("schemas"))


# -- ids


class Ids:
    """Other names for the ids of the server behind."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make
        self._ours: dict[str, str] = {}
        self._theirs: dict[str, str] = {}

    def shown(self, text: str) -> str:
        """Return a text with the ids as clients know them."""
        in_path = "/" in text
        return UUID.sub(lambda found: self._name(found[0], in_path=in_path), text)

    def _name(self, known: str, *, in_path: bool) -> str:
        if known not in self._ours:
            self._ours[known] = self._make(known)
            self._theirs[self._ours[known]] = known
        return quote(self._ours[known], safe="") if in_path else self._ours[known]

    def meant(self, value: Json) -> Json:
        """Return what a client sent with the ids of the server behind."""
        if isinstance(value, dict):
            return {key: self.meant(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.meant(item) for item in value]
        return self.known(value) if isinstance(value, str) else value

    def known(self, text: str) -> str:
        """Return a text with our ids in it replaced, where it is one or quotes one."""
        if text in self._theirs:
            return self._theirs[text]
        if text.startswith("/"):  # of an operation of a bulk request
            parts = (self._theirs.get(unquote(part), part) for part in text.split("/"))
            return "/".join(parts)
        quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
        for each in quoted:
            if each in self._theirs:
                text = text.replace(f'"{each}"', f'"{self._theirs[each]}"')
        # Who asks by an id of the server behind has made it up: we never show one.
        return UUID.sub("nobody", text) if UUID.fullmatch(text) else text


def renamed(handle: Handler, make: Callable[[str], str]) -> Handler:
    """Give every resource another id than the server behind does."""
    ids = Ids(make)

    def strings(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: strings(item) for key, item in value.items()}
        if isinstance(value, list):
            return [strings(item) for item in value]
        return ids.shown(value) if isinstance(value, str) else value

    def inward(request: Request) -> Request:
        parts = [quote(ids.known(unquote(part)), safe="") for part in request.path.split("/")]
        query = "&".join(
            "=".join(quote(ids.known(unquote(half.replace("+", " "))), safe="") for half in halves)
            for pair in request.query.split("&")
            if (halves := pair.split("=", 1))
        )
        made = replace(request, path="/".join(parts), query=query)
        document = parse(request.body)
        meant = ids.meant(document)
        # What names no id goes on as it came, also if it was much longer than it had to be.
        return made if meant == document else shaping.with_document(made, meant)  # type: ignore[arg-type]  # a document stays one

    def wrapped(request: Request) -> Response:
        reply = handle(inward(request))
        headers = tuple((name, ids.shown(value)) for name, value in reply.headers)
        document = parse(reply.body)
        if document is None:
            return replace(reply, headers=headers)
        return replace(reply, headers=headers, body=dump(strings(document)))

    return wrapped


@legal
def ids_that_need_encoding(handle: Handler) -> Handler:
    """Have ids that are URNs with blanks and signs in them (RFC 7643 section 3.1: a string)."""
    return renamed(handle, lambda known: f"{ODD}{known[:8]}Xy")


@legal
def ids_that_are_numbers(handle: Handler) -> Handler:
    """Have ids that are numbers, written as texts."""
    numbers = count(1000001)
    return renamed(handle, lambda _known: str(next(numbers)))


# -- what is shown beside what was sent


@legal
def unassigned_as_null_and_empty(handle: Handler) -> Handler:
    """Show attributes without a value as null or as an empty array (RFC 7643 section 2.5)."""

    def fill(resource: Document) -> None:
        if is_of(resource, CORE_USER) and not is_of(resource, LIST) and "userName" in resource:
            for name in ("nickName", "title", "profileUrl"):
                resource.setdefault(name, None)
            for name in MANY:
                resource.setdefault(name, [])
        elif is_of(resource, CORE_GROUP) and "displayName" in resource:
            resource.setdefault("members", [])

    def unless_projected(request: Request) -> bool:
        return shaping.on("GET POST PUT PATCH", "Users Groups")(request) and (
            "ttributes=" not in request.query
        )

    return shaping.edit_resources(handle, unless_projected, fill)


@legal
def a_vendors_extension(handle: Handler) -> Handler:
    """Show an extension of its own in every user, which /Schemas and /ResourceTypes know."""
    schema: Document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": VENDOR,
        "name": "Vendor",
        "attributes": [_simple("shard", "string"), _simple("score", "decimal")],
    }

    def mark(user: Document) -> None:
        if is_of(user, CORE_USER) and "userName" in user:
            user["schemas"] = [*user.get("schemas", []), VENDOR]  # type: ignore[misc]  # it is a list
            user[VENDOR] = {"shard": "eu-1", "score": 0.5}

    def name(entry: Document) -> None:
        if entry.get("name") == "User":
            known = objects(entry.get("schemaExtensions", []))
            entry["schemaExtensions"] = [*known, {"schema": VENDOR, "required": False}]

    def publish(found: Document) -> None:
        listed = [*resources(found), schema]
        found.update(Resources=[*listed], totalResults=len(listed), itemsPerPage=len(listed))

    def whole(request: Request) -> bool:
        return shaping.on("GET POST PUT PATCH", "Users")(request) and not _names_what(request)

    handle = shaping.edit_resources(handle, whole, mark)
    handle = shaping.edit_requests(
        handle, shaping.on("POST PUT", "Users"), lambda user: (drop(user, VENDOR), _unmark(user))
    )
    handle = shaping.edit_resources(handle, TYPES, name)
    handle = shaping.instead(
        handle,
        lambda request: shaping.on("GET", "Schemas")(request) and VENDOR in unquote(request.path),
        lambda _request: shaping.answer_json(200, schema),
    )
    return shaping.edit_lists(handle, shaping.on("GET", "Schemas", one=False), publish)


def _names_what(request: Request) -> bool:
    """Tell whether a request names the attributes that it wants to see."""
    asked = parse(request.body) or {}
    by_post = request.path.endswith("/.search") and "attributes" in asked
    return by_post or re.search(r"(^|&)attributes=", request.query) is not None


def _unmark(user: Document) -> None:
    if isinstance(user.get("schemas"), list):
        user["schemas"] = [urn for urn in user["schemas"] if urn != VENDOR]  # type: ignore[union-attr]  # asked just now


def _simple(name: str, kind: str) -> Document:
    usual: Mapping[str, Json] = {
        "multiValued": False,
        "required": False,
        "caseExact": False,
        "mutability": "readOnly",
        "returned": "default",
        "uniqueness": "none",
    }
    return {"name": name, "type": kind, "description": name.title(), **usual}


@legal
def members_by_value_alone(handle: Handler) -> Handler:
    """Show of members and groups nothing but `value`, and publish no more."""

    def shorten(resource: Document) -> None:
        for name in ("members", "groups"):
            if isinstance(resource.get(name), list):
                resource[name] = [{"value": one.get("value")} for one in objects(resource[name])]

    handle = shaping.edit_resources(
        handle, shaping.on("GET POST PUT PATCH", "Users Groups"), shorten
    )
    for path in ("members.$ref", "members.type", "members.display"):
        handle = without_part(handle, path)
    for path in ("groups.$ref", "groups.type", "groups.display"):
        handle = without_part(handle, path)
    return handle


@legal
def users_without_their_groups(handle: Handler) -> Handler:
    """Do not show in which groups a user is, and publish no such attribute."""
    when = shaping.on("GET POST PUT PATCH", "Users")
    handle = shaping.edit_resources(handle, when, lambda user: drop(user, "groups"))
    return without_part(handle, "groups")


@legal
def members_on_request(handle: Handler) -> Handler:
    """Return the members of groups on request only, and say so (RFC 7643 section 7)."""

    def unasked(request: Request) -> bool:
        query = unquote(request.query).lower()
        return shaping.on("GET POST PUT PATCH", "Groups")(request) and not re.search(
            r"(^|&)attributes=[^&]*members", query
        )

    handle = shaping.edit_resources(handle, unasked, lambda group: drop(group, "members"))
    return change_attribute(handle, "members", lambda each: each.update(returned="request"))


@legal
def addresses_without_type(handle: Handler) -> Handler:
    """Keep no type of an e-mail address, and publish none."""

    def lose(user: Document) -> None:
        for each in objects(user.get("emails", [])):
            drop(each, "type")

    handle = shaping.edit_requests(handle, shaping.on("POST PUT", "Users"), lose)
    handle = shaping.edit_resources(handle, shaping.on("GET POST PUT PATCH", "Users"), lose)
    return without_part(handle, "emails.type")


# -- what becomes of values


@legal
def names_folded(handle: Handler) -> Handler:
    """Store userName and addresses in small letters: they are not case exact (section 7)."""

    def fold(body: Document) -> None:
        if isinstance(body.get("userName"), str):
            body["userName"] = str(body["userName"]).lower()
        for each in objects(body.get("emails", [])):
            if isinstance(each.get("value"), str):
                each["value"] = str(each["value"]).lower()

    return shaping.edit_requests(handle, shaping.on("POST PUT", "Users"), fold)


@legal
def times_in_whole_seconds(handle: Handler) -> Handler:
    """Tell times in whole seconds, with an offset (RFC 7643 section 2.3.5: xsd:dateTime).

    Who asks for the moment that is shown does not find what has more digits of a second.
    """

    def change(document: Document) -> Json:
        return json.loads(DATES.sub(r"\1+00:00", json.dumps(document)))  # type: ignore[no-any-return]

    return every_document(handle, change)


# -- versions


@legal
def no_versions(handle: Handler) -> Handler:
    """Have no ETags and no versions, and say so."""

    def lose(resource: Document) -> None:
        if isinstance(resource.get("meta"), dict):
            drop(resource["meta"], "version")  # type: ignore[arg-type]  # asked just now

    def wrapped(request: Request) -> Response:
        plain = shaping.without_sent(request, "If-Match", "If-None-Match")
        return shaping.without_header(handle(plain), "ETag")

    edited = shaping.edit_resources(wrapped, shaping.always, lose)
    return unsupported(edited, "etag")


@legal
def strong_versions(handle: Handler) -> Handler:
    """Have strong ETags."""

    def strong(document: Document) -> Json:
        return json.loads(json.dumps(document).replace(r"W/\"", r"\""))  # type: ignore[no-any-return]

    handle = every_document(handle, strong)

    def wrapped(request: Request) -> Response:
        sent = tuple(
            (
                name,
                re.sub(r'(?<!W/)"', 'W/"', value, count=1) if name.lower() in CONDITIONS else value,
            )
            for name, value in request.headers
        )
        reply = handle(replace(request, headers=sent))
        tag = dict(reply.headers).get("ETag", "")
        return shaping.with_header(reply, "ETag", tag.removeprefix("W/")) if tag else reply

    return wrapped


CONDITIONS = ("if-match", "if-none-match")


@legal
def relative_addresses(handle: Handler) -> Handler:
    """Tell addresses relative to the base URL (RFC 7643 section 2.3.7)."""

    def short(document: Document) -> Json:
        return json.loads(re.sub(r'"https?://[^"/]*/[^"]*?/v2/', '"', json.dumps(document)))  # type: ignore[no-any-return]

    return every_document(handle, short)
