"""Servers that do what the RFC allows and JumpCloud copes with: no case may accuse them.

Loaded as a pytest plugin by `test_legal_jumpcloud_servers.py`: every case of JumpCloud runs in this
process against each variation, which is registered as a deviation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field

import pytest

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import has
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import text_of
from reference_server.deviations.writes import edit_against
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from suites.requirements import MARK
from tests.suites import legal_servers

USERS = shaping.on("GET POST PUT PATCH", "Users")
PUT = shaping.on("PUT", "Users", one=True)
# What a user keeps where a PUT that leaves it out means nothing by that.
LASTING = ("emails", "displayName", "externalId", "title", "nickName", "locale", "addresses")


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server, and how cases end on it other than well, by requirement."""

    ways: tuple[registry.Wrap, ...]
    otherwise: dict[str, str] = field(default_factory=dict)

    def wrap(self, handle: Handler) -> Handler:
        """Do everything that the variations do, the last one outermost."""
        for way in self.ways:
            handle = way(handle)
        return handle


def omitted_attributes_stay(handle: Handler) -> Handler:
    """Keep what a PUT leaves out or gives as null (RFC 7644 section 3.5.1 lets servers)."""

    def keep(user: Document, before: Document) -> None:
        for name in LASTING:
            if user.get(name) is None and has(before, name):
                user[name] = before[name]

    return edit_against(handle, PUT, keep)


def numbers_in_one_form(handle: Handler) -> Handler:
    """Show telephone numbers as tel: URIs without separators (RFC 7643 section 4.1.2)."""

    def edit(user: Document) -> None:
        for each in objects(user.get("phoneNumbers", [])):
            each["value"] = "tel:+" + re.sub(r"\D", "", text_of(each, "value"))

    return shaping.edit_resources(handle, USERS, edit)


def no_external_id(handle: Handler) -> Handler:
    """Take an externalId and keep none, which is optional (RFC 7643 section 3.1)."""
    write = shaping.on("POST PUT", "Users")
    return shaping.edit_requests(handle, write, lambda user: drop(user, "externalId"))


def few_attributes(handle: Handler) -> Handler:
    """Keep names, e-mail and state alone (RFC 7644 section 3.1 allows a subset)."""

    def edit(user: Document) -> None:
        drop(user, "addresses", "phoneNumbers", "photos", "title", "locale", "preferredLanguage")

    return shaping.edit_requests(handle, shaping.on("POST PUT", "Users"), edit)


def no_discovery(handle: Handler) -> Handler:
    """Have none of the discovery endpoints."""
    missing = shaping.on("GET", "ResourceTypes Schemas ServiceProviderConfig")
    return shaping.refuse(handle, missing, 404, "There is nothing here.")


def users_stay(handle: Handler) -> Handler:
    """Refuse to delete users: JumpCloud deactivates its test user."""
    return shaping.refuse(handle, shaping.on("DELETE", "Users"), 405, "Deactivate it.")


def patch_shows_the_group(handle: Handler) -> Handler:
    """Answer PATCH with 200 and the group (RFC 7644 section 3.5.2)."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status != 204 or not shaping.on("PATCH", "Groups", one=True)(request):
            return reply
        return shaping.answer_json(200, shaping.stored(handle, request))

    return wrapped


# Several variations in each mixture: a run against every single one would take a minute.
LEGAL = {
    "told-oddly": Legal(
        (
            numbers_in_one_form,
            patch_shows_the_group,
            legal_servers.members_of_value_only,
            legal_servers.null_for_no_members,
            legal_servers.another_address_comes_first,
            legal_servers.active_is_shown_when_false,
            legal_servers.more_than_okta_knows,
            legal_servers.keys_in_lower_case,
        )
    ),
    "in-few-words": Legal(
        (
            no_discovery,
            no_external_id,
            few_attributes,
            legal_servers.new_groups_take_no_members,
            legal_servers.no_resources_when_nothing_matches,
            legal_servers.deleted_is_gone,
        ),
        {
            "JUMPCLOUD-CREATE-6": "warn",
            "JUMPCLOUD-CREATE-7": "warn",
            "JUMPCLOUD-CREATE-13": "warn",
            "JUMPCLOUD-UPDATE-9": "skip",
            "JUMPCLOUD-UPDATE-11": "skip",
        },
    ),
    "kept-otherwise": Legal(
        (
            omitted_attributes_stay,
            legal_servers.values_in_lower_case,
            legal_servers.short_pages,
            legal_servers.ids_with_unusual_characters,
            legal_servers.members_on_request_only,
            legal_servers.user_names_in_ascii,
        )
    ),
    "users-stay": Legal(
        (users_stay,),
        {
            "JUMPCLOUD-CONN-12": "skip",
            "JUMPCLOUD-DELETE-1": "warn",
            "JUMPCLOUD-DELETE-2": "skip",
            "JUMPCLOUD-HIST-7": "skip",
            "JUMPCLOUD-HIST-19": "skip",
        },
    ),
}


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a case against each variation."""
    if metafunc.definition.get_closest_marker(MARK) is not None:
        metafunc.parametrize("deviation", [*LEGAL])
