"""Servers that do what the RFC allows and Entra copes with: people who leave, managers and roles.

Loaded as a pytest plugin by `test_legal_entra_lifecycle_servers.py`: every case about these runs in
this process against each variation, which is registered as a deviation.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

import pytest

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import ENTERPRISE
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import Edit
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import dump
from reference_server.deviations.documents import edit_each
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import put
from reference_server.deviations.documents import value_of
from reference_server.deviations.writes import gives
from reference_server.deviations.writes import skip_operations
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from suites.requirements import MARK
from tests.suites import legal_entra_group_servers
from tests.suites import legal_servers

USERS = shaping.on("GET POST PUT PATCH", "Users")
GROUPS = shaping.on("GET POST PUT PATCH", "Groups")


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server: what it does otherwise, and how the ids begin that are skipped on it."""

    ways: tuple[registry.Wrap, ...]
    skips: str = ""

    def wrap(self, handle: Handler) -> Handler:
        """Do everything that the variations do, the last one outermost."""
        for way in self.ways:
            handle = way(handle)
        return handle


def deleted_twice_is_done(handle: Handler) -> Handler:
    """Answer the deletion of a user who is gone with 204."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        deletes = shaping.on("DELETE", "Users", one=True)(request)
        return shaping.empty(reply, 204) if deletes and reply.status == 404 else reply

    return wrapped


def user_names_in_lower_case(handle: Handler) -> Handler:
    """Keep userNames in lower case: they have no case (RFC 7643 section 4.1.1)."""

    def fold(user: Document) -> None:
        user["userName"] = str(user.get("userName")).lower()

    return shaping.edit_resources(handle, USERS, fold)


def users_have_no_external_id(handle: Handler) -> Handler:
    """Keep no externalId of users (RFC 7643 section 3.1: it is optional)."""
    whole = shaping.edit_requests(
        handle, shaping.on("POST PUT", "Users"), lambda user: drop(user, "externalId")
    )
    return skip_operations(whole, shaping.on("PATCH", "Users"), gives("externalId"))


def users_have_no_roles(handle: Handler) -> Handler:
    """Keep no roles, and leave them out of Schemas."""

    def forget(reply: Response) -> Response:
        document = parse(reply.body) or {}
        for schema in (document, *objects(document.get("Resources"))):
            listed = objects(schema.get("attributes", []))
            if listed:
                schema["attributes"] = [one for one in listed if one.get("name") != "roles"]
        return replace(reply, body=dump(document))

    shown = shaping.change_replies(handle, shaping.on("GET", "Schemas"), forget)
    whole = shaping.edit_requests(
        shown, shaping.on("POST PUT", "Users"), lambda user: drop(user, "roles")
    )
    return skip_operations(whole, shaping.on("PATCH", "Users"), gives("roles"))


def managers_by_reference(handle: Handler) -> Handler:
    """Show the manager by its $ref alone (RFC 7643 section 4.3: `value` is recommended)."""
    return _managers(handle, lambda each: drop(each, "value"))


def managers_by_value(handle: Handler) -> Handler:
    """Show the manager by its `value` alone."""
    return _managers(handle, lambda each: drop(each, "$ref", "displayName"))


def roles_told_at_length(handle: Handler) -> Handler:
    """Show each role with a display and a $ref, in the opposite order."""

    def tell(user: Document) -> None:
        roles = objects(user.get("roles", []))
        for role in roles:
            role.update({"display": str(role.get("value")), "$ref": "../Roles/7"})
        if roles:
            user["roles"] = [*reversed(roles)]

    return shaping.edit_resources(handle, USERS, tell)


def null_for_nothing(handle: Handler) -> Handler:
    """Show null for a manager and roles that are not there (RFC 7643 section 2.5)."""

    def tell(user: Document) -> None:
        if not user.get("roles"):
            user["roles"] = None
        for extension in objects(user.get(ENTERPRISE)):
            extension.setdefault("manager", None)

    return shaping.edit_resources(handle, USERS, tell)


def inactive_members_hidden(handle: Handler) -> Handler:
    """Show in a group only those of its members who are active."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if not GROUPS(request) or reply.status not in shaping.SUCCESS:
            return reply

        def active(member: Document) -> bool:
            user = shaping.read(handle, request, "Users", str(member.get("value")))
            return user.get("active") is not False

        def thin(group: Document) -> None:
            members = objects(value_of(group, "members") or [])
            put(group, "members", [each for each in members if active(each)])

        return shaping.edited(reply, thin)

    return wrapped


def titles_are_not_kept(handle: Handler) -> Handler:
    """Keep no title (RFC 7644 section 3.3 lets content be ignored)."""
    return shaping.edit_requests(
        handle, shaping.on("POST PUT", "Users"), lambda user: drop(user, "title")
    )


def _managers(handle: Handler, edit: Edit) -> Handler:
    def change(user: Document) -> None:
        for extension in objects(user.get(ENTERPRISE)):
            edit_each(objects(extension.get("manager")), edit)

    return shaping.edit_resources(handle, USERS, change)


# Each variation is in one mixture: a run against each would take a minute.
LEGAL = {
    "people-told-oddly": Legal(
        (
            managers_by_reference,
            roles_told_at_length,
            null_for_nothing,
            user_names_in_lower_case,
            legal_servers.more_than_okta_knows,
            legal_servers.keys_in_lower_case,
        )
    ),
    "people-in-few-words": Legal(
        (
            managers_by_value,
            legal_entra_group_servers.new_groups_take_no_members,
            inactive_members_hidden,
            deleted_twice_is_done,
            legal_servers.active_is_shown_when_false,
            legal_servers.patch_answers_204,
            legal_servers.no_resources_when_nothing_matches,
        )
    ),
    "people-kept-otherwise": Legal(
        (users_have_no_external_id, users_have_no_roles, titles_are_not_kept), skips="ENTRA-ROLE-"
    ),
}


# -- the plugin


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each case against every variation."""
    if metafunc.definition.get_closest_marker(MARK) is not None:
        metafunc.parametrize("deviation", [*LEGAL])
