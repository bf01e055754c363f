"""Servers that do what the RFC allows: no case of Google Workspace or OneLogin may accuse them.

Loaded as a pytest plugin by `test_legal_google_onelogin_servers.py`: every case of the two runs in
this process against each variation, which is registered as a deviation.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

import pytest

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import has
from reference_server.deviations.documents import put
from reference_server.deviations.writes import edit_against
from reference_server.messages import Handler
from suites.requirements import MARK
from tests.sizes import sample
from tests.suites import legal_servers

PUT = shaping.on("PUT", "Users", one=True)
# What a user keeps where a PUT that leaves it out means nothing by that.
LASTING = ("emails", "displayName", "active", "title")


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server, and how cases may end on it other than well, by requirement."""

    wrap: registry.Wrap
    otherwise: dict[str, str] = field(default_factory=dict)


def omitted_attributes_stay(handle: Handler) -> Handler:
    """Keep what a PUT leaves out (RFC 7644 section 3.5.1 lets servers)."""

    def keep(user: Document, before: Document) -> None:
        for name in LASTING:
            if not has(user, name) and has(before, name):
                user[name] = before[name]

    return edit_against(handle, PUT, keep)


def omitted_active_is_unassigned(handle: Handler) -> Handler:
    """Show no `active` after a PUT that leaves it out (RFC 7644 section 3.5.1 lets servers)."""
    silent: set[str] = set()

    def note(user: Document, before: Document) -> None:
        known = str(before.get("id"))
        (silent.discard if has(user, "active") else silent.add)(known)

    def edit(user: Document) -> None:
        if str(user.get("id")) in silent:
            drop(user, "active")

    inner = edit_against(handle, PUT, note)
    return shaping.edit_resources(inner, shaping.on("GET PUT", "Users"), edit)


def patch_is_not_there(handle: Handler) -> Handler:
    """Answer PATCH with 501: it is optional (RFC 7644 section 3.5.2)."""
    return shaping.refuse(handle, shaping.on("PATCH"), 501, "PATCH is not supported.")


def users_are_invited(handle: Handler) -> Handler:
    """Create users inactive until somebody activates them (RFC 7644 section 3.3)."""
    made = shaping.on("POST", "Users", one=False)
    return shaping.edit_requests(handle, made, lambda user: put(user, "active", False))


WITHOUT_PATCH = {
    **dict.fromkeys(("GOOGLE-CREATE-6", "GOOGLE-CREATE-7"), "warn"),
    **dict.fromkeys(("GOOGLE-UPDATE-1", "GOOGLE-SUSPEND-1", "GOOGLE-SUSPEND-5"), "warn"),
    **dict.fromkeys(("ONELOGIN-SUSPEND-1", "ONELOGIN-GROUP-3"), "warn"),
    **{f"ONELOGIN-GROUP-{number}": "skip" for number in (4, 5, 6, 7)},
    **{f"ONELOGIN-HIST-{number}": "skip" for number in (4, 7, *range(9, 15), 16, 17)},
}

LEGAL = {
    "omitted-attributes-stay": Legal(omitted_attributes_stay),
    "omitted-active-is-unassigned": Legal(omitted_active_is_unassigned),
    "patch-is-not-there": Legal(patch_is_not_there, WITHOUT_PATCH),
    "users-are-invited": Legal(
        users_are_invited,
        {
            **dict.fromkeys(("GOOGLE-CREATE-10", "ONELOGIN-CREATE-8"), "warn"),
            **dict.fromkeys(("GOOGLE-UPDATE-2", "ONELOGIN-UPDATE-5"), "skip"),
            **{f"GOOGLE-HIST-{number}": "skip" for number in (*range(1, 9), 10, 11, 13, 14)},
            **{f"ONELOGIN-HIST-{number}": "skip" for number in (*range(1, 12), 13, 14, 16, 17, 19)},
        },
    ),
    "patch-answers-204": Legal(legal_servers.patch_answers_204),
    "no-resources-when-nothing-matches": Legal(legal_servers.no_resources_when_nothing_matches),
    "ids-with-unusual-characters": Legal(legal_servers.ids_with_unusual_characters),
    "values-in-lower-case": Legal(legal_servers.values_in_lower_case),
    "keys-in-lower-case": Legal(legal_servers.keys_in_lower_case),
    "active-is-shown-when-false": Legal(legal_servers.active_is_shown_when_false),
    "more-than-the-schema": Legal(legal_servers.more_than_okta_knows),
    "short-pages": Legal(legal_servers.short_pages),
    "new-groups-take-no-members": Legal(legal_servers.new_groups_take_no_members),
    "members-on-request-only": Legal(legal_servers.members_on_request_only),
    "user-names-in-ascii": Legal(legal_servers.user_names_in_ascii),
}
SAMPLE = sample(LEGAL, 3)


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a case against each variation."""
    if metafunc.definition.get_closest_marker(MARK) is not None:
        metafunc.parametrize("deviation", SAMPLE)
