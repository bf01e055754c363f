"""Servers that do what the RFC allows: no case of the clients known from their code accuses them.

Loaded as a pytest plugin by `test_legal_code_servers.py`: the cases of authentik and of Keycloak's
extension run in this process against each variation, which is registered as a deviation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

import pytest

from reference_server import deviations
from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import has
from reference_server.deviations.documents import put
from reference_server.deviations.writes import edit_against
from reference_server.deviations.writes import path
from reference_server.deviations.writes import skip_operations
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from suites.requirements import MARK
from tests.sizes import sample
from tests.suites import legal_servers

WRITES = r"AUTHENTIK-(USER|UPD|STATE)-\d|AUTHENTIK-MATCH-2|KEYCLOAK-(USER|PUT|STATE)-\d"
PATCHES = r"AUTHENTIK-(GROUP-[1-4]|NAME-[1-3]|MEM-\d)|KEYCLOAK-G?PATCH-\d"
MEMBERS = r"AUTHENTIK-(GROUP-[1-4]|MEM-\d|PUT-\d)|KEYCLOAK-(GROUP|GPUT|GPATCH)-\d"
GROUPS = r"AUTHENTIK-(GROUP|NAME|END|MEM|PUT)-\d|KEYCLOAK-(GROUP|GPUT|GPATCH|END)-\d"
WHOLE = r"(AUTHENTIK|KEYCLOAK)-SYNC-\d"
# Some of those that look at everything: they take the longest.
OVER_TIME = r"(AUTHENTIK|KEYCLOAK)-HIST-(1|9|10|12)"
# Without a rule the server lets two groups have one name, and nothing has to be taken over.
FREE = "AUTHENTIK-GROUP-5"


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server: how it is made, which cases run on it, and which do not pass there."""

    wrap: registry.Wrap
    about: re.Pattern[str]
    ends: dict[str, str]


@dataclass(slots=True)
class Table:
    """The legal servers by name."""

    entries: dict[str, Legal] = field(default_factory=dict)

    def add(self, *about: str, **ends: str) -> Callable[[registry.Wrap], registry.Wrap]:
        """Register the decorated wrapper for cases by pattern; `ends` are ids by their verdict."""

        def register(wrap: registry.Wrap) -> registry.Wrap:
            name = f"code-{wrap.__name__.replace('_', '-')}"
            told = {each: end for end, ids in ends.items() for each in ids.split()}
            self.entries[name] = Legal(wrap, re.compile("|".join(about)), told)
            return wrap

        return register


LEGAL = Table()
legal = LEGAL.add

legal(PATCHES)(legal_servers.patch_answers_204)
legal(MEMBERS, OVER_TIME)(legal_servers.null_for_no_members)
legal(MEMBERS, r"AUTHENTIK-NAME-\d")(legal_servers.members_of_value_only)
# authentik compares with what it reads; the extension never reads members.
legal(MEMBERS, fail="AUTHENTIK-MEM-5")(legal_servers.members_on_request_only)
# What the extension sends in its POST is gone, which is a need of the extension's own.
legal(
    *(GROUPS, WHOLE, r"AUTHENTIK-(UPD|GONE)-\d|KEYCLOAK-PUT-\d"),
    skip=FREE,
    fail="KEYCLOAK-GROUP-2",
)(legal_servers.new_groups_take_no_members)
legal(WRITES, WHOLE)(legal_servers.more_than_okta_knows)
legal(WRITES)(legal_servers.another_address_comes_first)
legal(WRITES)(legal_servers.values_in_lower_case)
# The extension reads `active` from what a create is answered with, and so says one of its needs.
legal(
    WRITES,
    WHOLE,
    fail="KEYCLOAK-USER-2 KEYCLOAK-SYNC-1",
)(legal_servers.active_is_shown_when_false)


@legal(
    *(GROUPS, WHOLE, r"KEYCLOAK-PATCH-\d"),
    skip=f"{FREE} AUTHENTIK-GROUP-3 AUTHENTIK-GROUP-4 AUTHENTIK-NAME-1 AUTHENTIK-NAME-2 "
    "AUTHENTIK-NAME-3 AUTHENTIK-MEM-1 AUTHENTIK-MEM-2 AUTHENTIK-MEM-3 AUTHENTIK-MEM-4 "
    "AUTHENTIK-MEM-5 AUTHENTIK-MEM-6 KEYCLOAK-PATCH-1 KEYCLOAK-PATCH-2 KEYCLOAK-GPATCH-1 "
    "KEYCLOAK-GPATCH-2 KEYCLOAK-GPUT-2",
)
def patch_is_not_there(handle: Handler) -> Handler:
    """Announce that PATCH is not supported, and answer it with 501 (RFC 7644 section 3.5.2)."""
    refusing = shaping.refuse(handle, shaping.on("PATCH"), 501, "PATCH is not supported.")
    return deviations.get("config-denies-patch").wrap(refusing)


@legal(
    *(r"AUTHENTIK-(USER|MATCH|GONE)-\d", r"AUTHENTIK-SYNC-\d", FREE),
    skip=f"{FREE} AUTHENTIK-MATCH-1 AUTHENTIK-MATCH-2 AUTHENTIK-MATCH-3",
)
def filters_are_not_there(handle: Handler) -> Handler:
    """Announce that filters are not supported, and answer them with 501."""
    when = shaping.on("GET", filtered=True)
    refusing = shaping.refuse(handle, when, 501, "Filters are not supported.")
    return deviations.get("config-denies-filter").wrap(refusing)


@legal(WRITES, MEMBERS, OVER_TIME)
def ids_with_unusual_characters(handle: Handler) -> Handler:
    """Give ids that have to be escaped in a path, and read them however JSON escapes them."""
    odd = legal_servers.ids_with_unusual_characters(handle)

    def wrapped(request: Request) -> Response:
        if not request.body:
            return odd(request)
        body = json.dumps(json.loads(request.body), ensure_ascii=False).encode()
        return odd(replace(request, body=body))

    return wrapped


@legal(WHOLE, OVER_TIME)
def two_on_a_page(handle: Handler) -> Handler:
    """Return two resources at most, whatever is asked for (RFC 7644 section 3.4.2.4)."""
    return deviations.get("page-capped-at-two").wrap(handle)


@legal(FREE)
def group_names_are_taken_once(handle: Handler) -> Handler:
    """Refuse a second group of one displayName with 409."""
    return deviations.get("group-names-unique").wrap(handle)


@legal(WRITES, WHOLE, OVER_TIME)
def users_have_no_external_id(handle: Handler) -> Handler:
    """Keep no externalId of users (RFC 7643 section 3.1: it is optional)."""
    when = shaping.on("POST PUT", "Users")
    return shaping.edit_requests(handle, when, lambda user: drop(user, "externalId"))


@legal(r"AUTHENTIK-(GROUP-[1-4]|NAME-\d)|KEYCLOAK-(GROUP|GPUT|GPATCH)-1")
def groups_have_no_external_id(handle: Handler) -> Handler:
    """Keep no externalId of groups."""
    whole = shaping.edit_requests(
        handle, shaping.on("POST PUT", "Groups"), lambda group: drop(group, "externalId")
    )
    alone = shaping.on("PATCH", "Groups")
    return skip_operations(whole, alone, lambda each: path(each) == "externalid")


@legal(r"(AUTHENTIK|KEYCLOAK)-(GONE|END)-\d|AUTHENTIK-(UPD|NAME)-5")
def deleted_twice_is_done(handle: Handler) -> Handler:
    """Answer the deletion of a user who is gone with 204."""
    return deviations.get("delete-twice-204").wrap(handle)


@legal(MEMBERS, fail="KEYCLOAK-GPUT-5")
def put_keeps_what_it_does_not_name(handle: Handler) -> Handler:
    """Keep the members of a group whose PUT has none (RFC 7644 section 3.5.1: MAY clear).

    authentik mends them by PATCH; the extension does not, and so says one of its needs.
    """

    def keep(write: Document, before: Document) -> None:
        if not has(write, "members"):
            put(write, "members", before.get("members"))

    return edit_against(handle, shaping.on("PUT", "Groups", one=True), keep)


@legal(r"AUTHENTIK-(MEM|NAME)-\d", warn="AUTHENTIK-MEM-4")
def removing_a_stranger_is_refused(handle: Handler) -> Handler:
    """Refuse a value array of nobody in the group, of which the RFC says nothing."""
    return deviations.get("member-remove-missing-refused").wrap(handle)


# -- the plugin


SAMPLE = sample(LEGAL.entries, 3)


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.entries.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each case against the variations that could mislead it."""
    marker = metafunc.definition.get_closest_marker(MARK)
    if marker is not None:
        known = ((name, LEGAL.entries[name]) for name in SAMPLE)
        names = [name for name, entry in known if entry.about.fullmatch(marker.args[0])]
        metafunc.parametrize("deviation", names)
