"""Servers that do what the RFC allows and Okta copes with: no case may accuse them.

Loaded as a pytest plugin (`-p legal_servers`) by `test_legal_servers.py`: every case of the suites
runs in this process against each variation that names its requirement. A variation is registered
as a deviation, which is how a proof gets its server.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from urllib.parse import parse_qsl
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlencode

import pytest

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import CORE_GROUP
from reference_server.deviations.documents import CORE_USER
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import dump
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.queries import parameter
from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response
from suites.requirements import MARK

PASSES = frozenset({"pass"})
NOT_ACCUSED = frozenset({"pass", "skip", "inconclusive"})
SHORT = 3  # resources on a page of the server with short pages
ODD_ID = "a b'*ü:@+,;=~"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WRITES = shaping.on("GET POST PUT PATCH", "Users")
GROUP_REPLIES = shaping.on("GET POST PUT PATCH", "Groups")


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server: the requirements whose cases it could mislead, and how those may end."""

    wrap: registry.Wrap
    requirements: tuple[str, ...]
    verdicts: frozenset[str] = PASSES


@dataclass(slots=True)
class Table:
    """The legal servers by name."""

    entries: dict[str, Legal] = field(default_factory=dict)

    def add(
        self, numbers: str, verdicts: frozenset[str] = PASSES
    ) -> Callable[[registry.Wrap], registry.Wrap]:
        """Register the decorated wrapper for the requirements with these ids, without `OKTA-`."""

        def register(wrap: registry.Wrap) -> registry.Wrap:
            name = wrap.__name__.replace("_", "-")
            ids = tuple(f"OKTA-{number}" for number in numbers.split())
            self.entries[name] = Legal(wrap, ids, verdicts)
            return wrap

        return register


LEGAL = Table()
legal = LEGAL.add


def _every_document(handle: Handler, change: Callable[[Document], Json]) -> Handler:
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        document = parse(reply.body)
        return reply if document is None else replace(reply, body=dump(change(document)))

    return wrapped


# -- replies


@legal("DEACT-1 DEACT-2 REACT-1 PWD-1 PUSH-1 PUSH-2 MEM-1 MEM-2 MEM-3 MEM-4 REN-1 LINK-3 DEL-2")
def patch_answers_204(handle: Handler) -> Handler:
    """Answer every PATCH with 204 (RFC 7644 section 3.5.2)."""
    return shaping.change_replies(
        handle, shaping.on("PATCH"), lambda reply: shaping.empty(reply, 204)
    )


@legal("CREATE-1 CREATE-12 UPD-4 SPEC-3 SPEC-5 PUSH-1 PUSH-6")
def no_resources_when_nothing_matches(handle: Handler) -> Handler:
    """Leave an empty `Resources` out (RFC 7644 section 3.4.2)."""

    def change(document: Document) -> Json:
        if document.get("Resources") == []:
            drop(document, "Resources")
        return document

    return _every_document(handle, change)


@legal("PUSH-5 MEM-5 MEM-1 PUSH-3")
def null_for_no_members(handle: Handler) -> Handler:
    """Show an empty group with `members` null (RFC 7643 section 2.5)."""

    def edit(group: Document) -> None:
        if CORE_GROUP in str(group.get("schemas")) and not group.get("members"):
            group["members"] = None

    return shaping.edit_resources(handle, GROUP_REPLIES, edit)


@legal("PUSH-1 PUSH-2 MEM-1 MEM-2 MEM-6 MEM-7 IMP-7 LINK-3 REN-1")
def members_of_value_only(handle: Handler) -> Handler:
    """Show members without display, type and $ref."""

    def edit(group: Document) -> None:
        for member in objects(group.get("members", [])):
            drop(member, "display", "type", "$ref")

    return shaping.edit_resources(handle, GROUP_REPLIES, edit)


def members_on_request_only(handle: Handler) -> Handler:
    """Show the members of a group only where they are asked for (RFC 7643 section 7, `returned`).

    Nothing that Okta reads; for the suites of the identity providers that never read members.
    """

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        asked = "members" in (parameter(request, "attributes") or "")
        if asked or shaping.place(request).endpoint != "Groups":
            return reply
        return shaping.edited(reply, _without_members)

    return wrapped


def _without_members(found: Document) -> None:
    for each in [found, *objects(found.get("Resources", []))]:
        drop(each, "members")


def user_names_in_ascii(handle: Handler) -> Handler:
    """Refuse a userName with letters beyond ASCII, as logins of many applications do."""

    def beyond(user: Document) -> bool:
        return not str(user.get("userName", "")).isascii()

    new = shaping.on("POST", "Users", one=False, body=beyond)
    return shaping.refuse(handle, new, 400, "Letters of ASCII only.", "invalidValue")


@legal("MEM-1 MEM-2 MEM-3 MEM-4 MEM-5 MEM-6 MEM-8 IMP-7 UPD-2 REN-1 LINK-3 DEL-2")
def new_groups_take_no_members(handle: Handler) -> Handler:
    """Pass over the members of a new group (RFC 7644 section 3.3 lets content be ignored)."""
    new = shaping.on("POST", "Groups", one=False)
    return shaping.edit_requests(handle, new, lambda group: drop(group, "members"))


@legal("CREATE-1 UPD-1 UPD-2 UPD-5 DEACT-1 LINK-1 CRUD-4")
def more_than_okta_knows(handle: Handler) -> Handler:
    """Add attributes of its own, and null for what has no value."""

    def edit(user: Document) -> None:
        user.update({"x_tenant": {"id": 7}, "urn:acme:1.0:User": {"score": 1.5}, "title": None})

    return shaping.edit_resources(handle, shaping.on("POST PUT PATCH", "Users"), edit)


@legal("IMP-4 IMP-6 CREATE-1 UPD-5")
def another_address_comes_first(handle: Handler) -> Handler:
    """Show an alias in front of the primary e-mail."""

    def edit(user: Document) -> None:
        if user.get("emails"):
            user["emails"] = [{"value": "alias@x.example"}, *objects(user["emails"])]

    return shaping.edit_resources(handle, WRITES, edit)


@legal("IMP-4 IMP-6 CREATE-1 UPD-5")
def the_address_comes_twice(handle: Handler) -> Handler:
    """Show the primary e-mail a second time, with another type."""

    def edit(user: Document) -> None:
        first = objects(user.get("emails", []))[:1]
        again: list[Json] = [{"value": each["value"], "type": "other"} for each in first]
        user["emails"] = [*first, *again]

    return shaping.edit_resources(handle, shaping.on("GET", "Users"), edit)


@legal("UPD-3 MEM-8 PWD-1 PWD-2 REACT-1 LINK-2")
def active_is_shown_when_false(handle: Handler) -> Handler:
    """Leave `active` out when it is true: judged where it is asked for, not everywhere."""

    def edit(user: Document) -> None:
        if user.get("active") is True:
            drop(user, "active")

    return shaping.edit_resources(handle, WRITES, edit)


@legal("IMP-5 PUSH-6 CREATE-2 SPEC-1 SPEC-10 CONN-1 CRUD-4")
def keys_in_lower_case(handle: Handler) -> Handler:
    """Spell attribute names in lower case (RFC 7643 section 2.1)."""

    def lowered(value: Json) -> Json:
        if isinstance(value, dict):
            return {key.lower(): lowered(item) for key, item in value.items()}
        return [lowered(item) for item in value] if isinstance(value, list) else value

    return _every_document(handle, lowered)


# -- what is stored


@legal("CREATE-1 CREATE-11 CREATE-17 UPD-1 UPD-4 DEACT-5 LINK-1 PUSH-1 PUSH-7 IMP-5")
def values_in_lower_case(handle: Handler) -> Handler:
    """Store in lower case what has no case (RFC 7643 section 7)."""

    def edit(body: Document) -> None:
        for name in ("userName", "displayName"):
            if isinstance(text := body.get(name), str):
                body[name] = text.lower()
        if isinstance(names := body.get("name"), dict):
            body["name"] = {k: v.lower() if isinstance(v, str) else v for k, v in names.items()}

    return shaping.edit_requests(handle, shaping.on("POST PUT", "Users Groups"), edit)


@legal("CREATE-1 CREATE-3 UPD-1 UPD-7 DEACT-4 MEM-1 MEM-2 MEM-6 DEL-1 SPEC-2 SPEC-7 CRUD-8")
def ids_with_unusual_characters(handle: Handler) -> Handler:
    """Give ids that have to be escaped in a path: an id is any string (RFC 7643 section 3.1)."""

    def plain(text: str) -> str:
        return text.replace(ODD_ID, "")

    def wrapped(request: Request) -> Response:
        path = "/".join(quote(plain(unquote(part)), safe="") for part in request.path.split("/"))
        body = plain(request.body.decode()).encode()
        headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-length")
        reply = handle(replace(request, path=path, body=body, headers=headers))
        shown = UUID.sub(lambda found: ODD_ID + found[0], reply.body.decode())
        return replace(reply, body=shown.encode())

    return wrapped


# -- lists


@legal("IMP-3 IMP-4 IMP-5 IMP-6 IMP-7 LINK-3")
def short_pages(handle: Handler) -> Handler:
    """Return fewer resources than asked for (RFC 7644 section 3.4.2.4), and have many."""
    filled: list[str] = []

    def fill(request: Request) -> None:
        filled.append("once")
        for n in range(SHORT + 1):
            user: Document = {"schemas": [CORE_USER], "userName": f"old{n}"}
            shaping.ask(handle, request, "POST", "/Users", body=user)
            group: Document = {"schemas": [CORE_GROUP], "displayName": f"old{n}"}
            shaping.ask(handle, request, "POST", "/Groups", body=group)

    def wrapped(request: Request) -> Response:
        if not filled:
            fill(request)
        if not shaping.on("GET", "Users Groups", one=False)(request):
            return handle(request)
        asked = dict(parse_qsl(request.query))
        count = str(min(int(asked.get("count", SHORT)), SHORT))
        return handle(replace(request, query=urlencode({**asked, "count": count})))

    return wrapped


# -- refusals


@legal("CREATE-1 UPD-1 DEACT-1 PUSH-1 MEM-1 CONN-1 ENT-1 SCHEMA-1 SPEC-7 IMP-1 CRUD-11 LINK-1")
def busy_now_and_then(handle: Handler) -> Handler:
    """Answer every fifth request 503 or 429 with Retry-After."""
    turns = itertools.cycle((*[0] * 4, 503, *[0] * 4, 429))

    def wrapped(request: Request) -> Response:
        status = next(turns)
        if not status:
            return handle(request)
        return shaping.with_header(shaping.error(status, "Later."), "Retry-After", "1")

    return wrapped


@legal("PWD-1 PWD-2", frozenset({"skip"}))
def no_passwords(handle: Handler) -> Handler:
    """Say that there is no password and none to change, and refuse one (RFC 7643 section 4.1.1)."""

    def change(document: Document) -> Json:
        if isinstance(supported := document.get("changePassword"), dict):
            supported["supported"] = False
        for each in (document, *objects(document.get("Resources"))):
            if each.get("id") == CORE_USER:
                kept = objects(each.get("attributes"))
                each["attributes"] = [one for one in kept if one.get("name") != "password"]
        return document

    when = shaping.on("PATCH PUT", "Users", body=lambda body: "password" in dump(body).decode())
    refused = shaping.refuse(handle, when, 400, "Unknown attribute `password`.", "invalidPath")
    return _every_document(refused, change)


@legal("DEL-1")
def deleted_is_gone(handle: Handler) -> Handler:
    """Answer 410 for a group that was there once: it is deleted all the same."""
    deleted: set[str] = set()

    def wrapped(request: Request) -> Response:
        identifier = shaping.place(request).id
        reply = handle(request)
        if request.method == "DELETE" and reply.status == 204:
            deleted.add(identifier)
        return shaping.with_status(reply, 410) if identifier in deleted and reply.body else reply

    return wrapped


@legal("UPD-7", frozenset({"skip"}))
def users_cannot_be_deleted(handle: Handler) -> Handler:
    """Answer DELETE on a user with 405: Okta never sends it."""
    return shaping.refuse(handle, shaping.on("DELETE", "Users"), 405, "Deactivate it.")


@legal("CREATE-10 CREATE-16", NOT_ACCUSED)
def put_is_not_there(handle: Handler) -> Handler:
    """Answer PUT with 501, which the cases about lookups do not judge."""
    return shaping.refuse(handle, shaping.on("PUT"), 501, "PUT is not supported.")


@legal("CREATE-12 CREATE-13 LINK-1 LINK-2 UPD-1 UPD-7 MEM-1 SPEC-7 SPEC-8", NOT_ACCUSED)
def users_need_a_title(handle: Handler) -> Handler:
    """Refuse a user without title: only the case about creating says so."""
    return shaping.refuse(
        handle,
        shaping.on("POST", "Users", body=lambda body: not body.get("title")),
        400,
        "title is required.",
        "invalidValue",
    )


# -- the plugin


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.entries.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a case against each variation that names its requirement."""
    marker = metafunc.definition.get_closest_marker(MARK)
    if marker is not None:
        known = LEGAL.entries.items()
        names = [name for name, entry in known if marker.args[0] in entry.requirements]
        metafunc.parametrize("deviation", names)
