"""What Okta reads: the connection test, imports of users and groups, entitlements, schemas."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

from idp_profiles.model import Json
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Step
from idp_profiles.wire import Part
from idp_profiles.wire import is_integer
from idp_profiles.wire import member
from idp_profiles.wire import path

from .console import CONNECTION
from .console import DISCOVERY
from .console import IMPORT
from .console import SCHEMA
from .console import Complaint
from .console import reason_of
from .exchange import body_of
from .exchange import once
from .exchange import patiently
from .facts import LIMITS
from .names import ENTITLEMENT
from .names import ROLE
from .org import Org
from .steps import STEPS
from .steps import step


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import brought: active users, how many were skipped, what was wrong, groups.

    `nameless` are users without a last name, each of them an error.
    """

    users: tuple[dict[str, Json], ...] = ()
    skipped_inactive: int = 0
    errors: tuple[str, ...] = ()
    groups: tuple[dict[str, Json], ...] = ()
    nameless: tuple[dict[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a governance app offers: resources by resource type, and what was wrong with some."""

    roles: tuple[dict[str, Json], ...] = ()
    entitlements: tuple[dict[str, Json], ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(slots=True)
class Imports:
    """The verbs that read; what they found is kept in `result`, `discovery` and `schemas`."""

    org: Org
    result: ImportResult = field(default_factory=ImportResult)
    discovery: Discovery = field(default_factory=Discovery)
    schemas: tuple[dict[str, Json], ...] = ()

    def probe(self, scenario: str, *, groups: bool) -> Script:
        """Ask for two users, and with group import for a page of groups."""
        count = LIMITS["probe_count"].value
        yield from self._probe("/Users", count, scenario, "probe users")
        if groups:
            size = LIMITS["page_size"].value
            yield from self._probe("/Groups", size, scenario, "probe groups")

    def users(self, *, groups: bool) -> Script:
        """Read all users, and with group import all groups; always in full."""
        complaint = self.org.complaint(IMPORT)
        errors: list[str] = []
        found = yield from self._all("/Users", "import-users", "users", complaint, errors)
        active = [user for user in found if member(user, "active") is not False]
        nameless = [user for user in active if not _has_family_name(user)]
        usable = [user for user in active if _has_family_name(user)]
        errors += [f"user {member(each, 'userName')!r} has no last name" for each in nameless]
        teams: tuple[dict[str, Json], ...] = ()
        if groups:
            teams = yield from self._all("/Groups", "import-users", "groups", complaint, errors)
        skipped = len(found) - len(active)
        self.result = ImportResult(
            tuple(usable), skipped, tuple(errors), teams, nameless=tuple(nameless)
        )

    def groups(self, scenario: str = "import-groups") -> Script:
        """Read all groups (Refresh App Groups)."""
        errors: list[str] = []
        complaint = self.org.complaint(IMPORT)
        teams = yield from self._all("/Groups", scenario, "groups", complaint, errors)
        self.result = ImportResult(groups=teams, errors=tuple(errors))

    def entitlements(self) -> Script:
        """Read resource types, schemas, and every endpoint of roles and entitlements."""
        scenario, complaint = "entitlement-discovery", self.org.complaint(DISCOVERY)
        types = yield from self._resources(
            "/ResourceTypes", scenario, "read the resource types", complaint
        )
        self.schemas = yield from self._resources(
            "/Schemas", scenario, "read the schemas", complaint
        )
        found: dict[str, list[dict[str, Json]]] = {ROLE: [], ENTITLEMENT: []}
        errors: list[str] = []
        for kind in types:
            urn, endpoint = str(member(kind, "schema")), member(kind, "endpoint")
            if urn in found and isinstance(endpoint, str) and endpoint.startswith("/"):
                listed = yield from self._resources(
                    path(endpoint), scenario, "read the entitlements", complaint
                )
                found[urn] += [item for item in listed if _is_grantable(item, urn, errors)]
        self.discovery = Discovery(tuple(found[ROLE]), tuple(found[ENTITLEMENT]), tuple(errors))

    def user_schema(self) -> Script:
        """Read resource types and schemas, for the list of attributes to choose from."""
        scenario, complaint = "import-user-schema", self.org.complaint(SCHEMA)
        yield from self._resources("/ResourceTypes", scenario, "read the resource types", complaint)
        self.schemas = yield from self._resources(
            "/Schemas", scenario, "read the schemas", complaint
        )

    # -- the requests

    def _probe(self, endpoint: str, count: int, scenario: str, name: str) -> Script:
        org = self.org
        target = org.listing(endpoint, {"startIndex": 1, "count": count})
        request = org.request("GET", target, step(scenario, name))
        complaint = org.complaint(CONNECTION)
        reply = yield from once(request, complaint)
        _list_of(request, reply, complaint)

    def _all(
        self, endpoint: str, scenario: str, what: str, complaint: Complaint, errors: list[str]
    ) -> Part[tuple[dict[str, Json], ...]]:
        """Read page after page while totalResults asks for more; rate limits are waited out."""
        org = self.org
        size, start = LIMITS["page_size"].value, 1
        found: list[dict[str, Json]] = []
        while True:
            name = f"list {what}" if start == 1 else f"list more {what}"
            target = org.listing(endpoint, {"startIndex": start, "count": size})
            request = org.request("GET", target, _listing_step(scenario, name, what))
            reply = yield from patiently(request, complaint)
            page = _list_of(request, reply, complaint)
            found += page.resources
            start += page.advance(size, self.org.switches["page_advance"])
            if start > page.total:
                return tuple(found)
            if not page.resources:
                # Going on could last for ever: the total is wrong or a page was lost.
                errors.append(f"{endpoint}: totalResults is {page.total}, but a page is empty")
                return tuple(found)

    def _resources(
        self, endpoint: str, scenario: str, name: str, complaint: Complaint
    ) -> Part[tuple[dict[str, Json], ...]]:
        """Read one endpoint without a query; how these calls are paged is not documented."""
        request = self.org.request("GET", endpoint, step(scenario, name))
        reply = yield from once(request, complaint)
        return _list_of(request, reply, complaint).resources


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a list."""

    total: int
    per_page: int | None
    resources: tuple[dict[str, Json], ...]

    def advance(self, size: int, how: str) -> int:
        """Return by how much the next startIndex grows: the text says by the count asked for."""
        if how == "itemsPerPage" and self.per_page is not None and self.per_page > 0:
            return self.per_page
        return size


def _list_of(request: Request, reply: Reply, complaint: Complaint) -> _Page:
    """Return the page that a reply holds, or stop: the numbers must be numbers, not texts."""
    body = body_of(request, reply, complaint)
    for name in ("totalResults", "startIndex", "itemsPerPage"):
        value = member(body, name)
        if not is_integer(value) and (value is not None or name == "totalResults"):
            because = f"{name} of {request.target} is {value!r}; Okta needs an integer"
            raise complaint.stopped(reason_of(reply), because)
    total, per_page = member(body, "totalResults"), member(body, "itemsPerPage")
    resources = member(body, "Resources")
    if not isinstance(resources, list | None) or (resources is None and total):
        because = f"Resources of {request.target} is {resources!r}; Okta needs an array"
        raise complaint.stopped(reason_of(reply), because)
    return _Page(
        total=total if isinstance(total, int) else 0,
        per_page=per_page if isinstance(per_page, int) else None,
        resources=tuple(item for item in resources or () if isinstance(item, dict)),
    )


def _listing_step(scenario: str, name: str, what: str) -> Step:
    # Later pages of groups within a user import have no step of their own in the table.
    known = {candidate.name for candidate in STEPS[scenario]}
    return step(scenario, name if name in known else f"list {what}")


def _has_family_name(user: dict[str, Json]) -> bool:
    name = member(user, "name")
    return isinstance(name, dict) and bool(member(name, "familyName"))


def _is_grantable(item: dict[str, Json], urn: str, errors: list[str]) -> bool:
    needed = ("id", "displayName") if urn == ROLE else ("id", "displayName", "type")
    missing = [name for name in needed if not member(item, name)]
    if missing:
        errors.append(f"{urn} {member(item, 'id')!r} has no {missing[0]}")
    return not missing
