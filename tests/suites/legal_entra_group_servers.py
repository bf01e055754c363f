"""Servers that do what the RFC allows and Entra copes with: no case about groups may accuse them.

Loaded as a pytest plugin by `test_legal_entra_group_servers.py`: every case about groups runs in
this process against each variation, which is registered as a deviation.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reference_server import deviations
from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import parse
from reference_server.deviations.queries import parameter
from reference_server.deviations.writes import gives
from reference_server.deviations.writes import skip_operations
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from suites.requirements import MARK
from tests.suites import legal_servers

GROUPS = shaping.on("GET POST PUT PATCH", "Groups")
WRITES = shaping.on("POST PUT PATCH", "Groups")


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server: what it does otherwise, and the requirements that warn on it."""

    ways: tuple[registry.Wrap, ...]
    warns: frozenset[str] = frozenset()

    def wrap(self, handle: Handler) -> Handler:
        """Do everything that the variations do, the last one outermost."""
        for way in self.ways:
            handle = way(handle)
        return handle


def writes_show_no_members(handle: Handler) -> Handler:
    """Leave the members out of what a write is answered with (attributes of RFC 7644 3.9)."""
    return shaping.edit_resources(handle, WRITES, lambda group: drop(group, "members"))


def patch_answers_200(handle: Handler) -> Handler:
    """Answer every PATCH of a group with 200 and the group (RFC 7644 section 3.5.2)."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status != 204 or not shaping.on("PATCH", "Groups", one=True)(request):
            return reply
        return shaping.answer_json(200, shaping.stored(handle, request))

    return wrapped


def members_on_request(handle: Handler) -> Handler:
    """Show members only where `attributes` names them (returned request, RFC 7643 section 7)."""

    def plain(request: Request) -> bool:
        return GROUPS(request) and "members" not in (parameter(request, "attributes") or "")

    return shaping.edit_resources(handle, plain, lambda group: drop(group, "members"))


def new_groups_take_no_members(handle: Handler) -> Handler:
    """Pass over the members of a new group (RFC 7644 section 3.3 lets content be ignored)."""
    new = shaping.on("POST", "Groups", one=False)
    return shaping.edit_requests(handle, new, lambda group: drop(group, "members"))


def new_groups_refuse_members(handle: Handler) -> Handler:
    """Refuse members in a new group, which Entra never sends there."""
    new = shaping.on("POST", "Groups", one=False, body=lambda group: group.get("members"))
    return shaping.refuse(handle, new, 400, "Add members with PATCH.", "invalidValue")


def groups_have_no_external_id(handle: Handler) -> Handler:
    """Keep no externalId of groups (RFC 7643 section 3.1: it is optional)."""
    whole = shaping.edit_requests(
        handle, shaping.on("POST PUT", "Groups"), lambda group: drop(group, "externalId")
    )
    return skip_operations(whole, shaping.on("PATCH", "Groups"), gives("externalId"))


def removing_a_stranger_has_no_target(handle: Handler) -> Handler:
    """Answer 400 noTarget where a removal finds nobody (RFC 7644 section 3.12)."""
    missing = deviations.get("member-remove-missing-refused").wrap(handle)

    def wrapped(request: Request) -> Response:
        reply = missing(request)
        refused = request.method == "PATCH" and reply.status == 404
        if refused and shaping.stored(handle, request):
            return shaping.error(400, "There is no such member.", "noTarget")
        return reply

    return wrapped


def group_names_are_taken_once(handle: Handler) -> Handler:
    """Refuse a second group of the same displayName with 409, as Microsoft asks for."""

    def wrapped(request: Request) -> Response:
        if shaping.on("POST", "Groups", one=False)(request):
            name = str((parse(request.body) or {}).get("displayName")).lower()
            found = parse(shaping.ask(handle, request, "GET", "/Groups").body) or {}
            if any(str(each.get("displayName")).lower() == name for each in _listed(found)):
                return shaping.error(409, "The displayName is taken.", "uniqueness")
        return handle(request)

    return wrapped


def more_than_entra_knows(handle: Handler) -> Handler:
    """Show attributes of its own, and null for what has no value."""

    def edit(group: Document) -> None:
        group.update({"x_owner": {"id": 7}, "urn:acme:1.0:Group": {"cost": 1.5}, "note": None})

    return shaping.edit_resources(handle, GROUPS, edit)


def deleted_twice_is_done(handle: Handler) -> Handler:
    """Answer the deletion of a group that is gone with 204."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        deletes = shaping.on("DELETE", "Groups", one=True)(request)
        return shaping.empty(reply, 204) if deletes and reply.status == 404 else reply

    return wrapped


def _listed(found: Document) -> list[Document]:
    listed = found.get("Resources")
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


# Each variation is in one mixture: a run against each would take a minute.
LEGAL = {
    "groups-told-oddly": Legal(
        (
            patch_answers_200,
            more_than_entra_knows,
            legal_servers.members_of_value_only,
            legal_servers.null_for_no_members,
            legal_servers.keys_in_lower_case,
        )
    ),
    "groups-in-few-words": Legal(
        (
            new_groups_take_no_members,
            writes_show_no_members,
            legal_servers.patch_answers_204,
            legal_servers.no_resources_when_nothing_matches,
            legal_servers.deleted_is_gone,
        )
    ),
    "groups-with-odd-ids": Legal(
        (
            group_names_are_taken_once,
            new_groups_refuse_members,
            deleted_twice_is_done,
            legal_servers.ids_with_unusual_characters,
        ),
        # The last variation changes every UUID, externalIds too: Entra sends them again.
        frozenset({"ENTRA-GROUP-2"}),
    ),
    "groups-kept-otherwise": Legal(
        (groups_have_no_external_id, removing_a_stranger_has_no_target, members_on_request),
        frozenset({"ENTRA-GROUP-2", "ENTRA-GROUP-8", "ENTRA-MEMBER-10"}),
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
