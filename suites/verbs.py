"""The client of the protocol's cases: the verbs of RFC 7644 as one would say them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import TypeAlias
from urllib.parse import quote

from idp_profiles.model import Json

from .client import ScimClient
from .client import Seen
from .values import items
from .values import member
from .values import value_at
from .values import values_at
from .verdicts import NotOffered

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH_URN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK_URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
PAGES = 20  # that a search follows where the server holds more than one page shows

# A header to add or to change; None takes it away.
Changes: TypeAlias = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A resource that the run created: what was sent, and what the server shows of it."""

    kind: str  # the endpoint: Users or Groups
    id: str
    key: str  # what a report calls it
    sent: Mapping[str, Json] = field(repr=False)
    stored: Mapping[str, Json] = field(repr=False)
    reply: Seen = field(repr=False)  # to the create
    refused: str = field(default="", repr=False)  # how one with more in it was refused

    @property
    def path(self) -> str:
        """Where it is, relative to the base URL."""
        return f"/{self.kind}/{quote(self.id, safe='', errors='surrogatepass')}"

    def value(self, path: str) -> Json:
        """Return what the server shows at a path, or None."""
        return value_at(dict(self.stored), path)

    def values(self, path: str) -> list[Json]:
        """Return every value that the server shows at a path, of multi-valued attributes all."""
        return values_at(dict(self.stored), path)

    def has(self, path: str) -> bool:
        """Return whether the server shows a value at a path."""
        return bool(self.values(path))

    def kept(self, *paths: str) -> Made:
        """Return itself where the server shows values at these paths; else raises NotOffered."""
        lost = [path for path in paths if not self.has(path)]
        if lost:
            why = f"the server keeps no {' and no '.join(lost)} of {self.kind}"
            raise NotOffered(self.unless_refused(why, *lost))
        return self

    def unless_refused(self, reason: str, *paths: str) -> str:
        """Return why values are not there: a reason, or that the server refused to take them."""
        unsent = [path for path in paths if value_at(dict(self.sent), path) is None]
        if not self.refused or not unsent:
            return reason
        return f"{self.kind} were made without {' and '.join(unsent)}: {self.refused} to more"


Target: TypeAlias = str | Made


class Scim:
    """Sends what a case asks for; `target` is a path below the base URL, or a resource.

    Parameters beyond the named ones are the query: `scim.get("/Users", count=1, sortBy="title")`.
    A list becomes a text with commas. `headers` changes the standard ones, None takes one away.
    """

    def __init__(self, client: ScimClient) -> None:
        self.client = client

    def get(self, target: Target, *, headers: Changes | None = None, **query: Json) -> Seen:
        """Read a resource or a list."""
        return self._do("GET", target, None, headers, query)

    def head(self, target: Target, *, headers: Changes | None = None, **query: Json) -> Seen:
        """Ask for the headers alone."""
        return self._do("HEAD", target, None, headers, query)

    def options(self, target: Target, *, headers: Changes | None = None, **query: Json) -> Seen:
        """Ask what may be done, as a browser does before a request from another origin."""
        return self._do("OPTIONS", target, None, headers, query)

    def post(
        self,
        target: Target,
        body: Json | bytes,
        *,
        headers: Changes | None = None,
        **query: Json,
    ) -> Seen:
        """Create a resource, or post whatever else."""
        return self._do("POST", target, body, headers, query)

    def put(
        self,
        target: Target,
        body: Json | bytes,
        *,
        headers: Changes | None = None,
        **query: Json,
    ) -> Seen:
        """Replace a resource."""
        return self._do("PUT", target, body, headers, query)

    def patch(
        self,
        target: Target,
        *operations: Json,
        headers: Changes | None = None,
        **query: Json,
    ) -> Seen:
        """Change a resource by operations, in the message that RFC 7644 section 3.5.2 wants."""
        body: Json = {"schemas": [PATCH_URN], "Operations": list(operations)}
        return self._do("PATCH", target, body, headers, query)

    def delete(self, target: Target, *, headers: Changes | None = None, **query: Json) -> Seen:
        """Delete a resource."""
        return self._do("DELETE", target, None, headers, query)

    def ask(
        self,
        method: str,
        target: Target,
        body: Json | bytes = None,
        *,
        headers: Changes | None = None,
        **query: Json,
    ) -> Seen:
        """Send a request by any method, also by one that no text knows."""
        return self._do(method, target, body, headers, query)

    def search(self, target: Target = "/Users", **request: Json) -> Seen:
        """Query by POST to `/.search` (RFC 7644 section 3.4.3)."""
        place = f"{_path(target).rstrip('/')}/.search"
        return self._do("POST", place, {"schemas": [SEARCH_URN], **request}, None, {})

    def bulk(self, *operations: Json, headers: Changes | None = None, **more: Json) -> Seen:
        """Send a bulk request; what it creates is journalled like any other create."""
        body: Json = {"schemas": [BULK_URN], "Operations": list(operations), **more}
        return self._do("POST", "/Bulk", body, headers, {})

    def find(self, text: str, endpoint: str = "/Users", **query: Json) -> Seen:
        """Return what a filter finds; further pages are fetched and joined where there are more.

        Other people's resources may match as well, and fill the first page.
        """
        return _all_pages(
            lambda place: self._do("GET", endpoint, None, None, place), {"filter": text, **query}
        )

    def find_by_post(self, text: str, target: Target = "/", **request: Json) -> Seen:
        """Return what a search by POST finds, with the pages behind the first one."""
        return _all_pages(lambda place: self.search(target, **place), {"filter": text, **request})

    def _do(
        self,
        method: str,
        target: Target,
        body: Json | bytes,
        changes: Changes | None,
        query: Mapping[str, Json],
    ) -> Seen:
        payload = b"" if body is not None else None
        headers = None if changes is None else self._changed(payload, changes)
        return self.client.send(method, _path(target) + _query(query), body=body, headers=headers)

    def _changed(self, payload: bytes | None, changes: Changes) -> tuple[tuple[str, str], ...]:
        named = {name.lower() for name in changes}
        kept = [
            pair for pair in self.client.standard_headers(payload) if pair[0].lower() not in named
        ]
        added = [(name, value) for name, value in changes.items() if value is not None]
        return (*kept, *added)


def _all_pages(ask: Callable[[dict[str, Json]], Seen], query: dict[str, Json]) -> Seen:
    """Return the first page of a query, joined with those behind it where there are more."""
    first = ask(query)
    body = first.object()
    found, total = items(value_at(body, "Resources")), value_at(body, "totalResults")
    seen, page = first, 1
    while page < PAGES and (behind := _behind(seen, len(found), total)):
        seen = ask({**query, **behind})
        more = items(value_at(seen.object(), "Resources"))
        if not more or _repeats(found, more):
            break
        found, page = [*found, *more], page + 1
    return first if page == 1 else _Joined(first, seen, found)


def _repeats(found: list[Json], more: list[Json]) -> bool:
    """Return whether a page is an earlier one again: that paging fails is judged elsewhere."""
    known = {str(member(each, "id")) for each in found}
    return all(str(member(each, "id")) in known for each in more)


class _Joined(Seen):
    """The pages of a list as one; it is shown by its last page, and not fetched again."""

    def __init__(self, first: Seen, last: Seen, found: list[Json]) -> None:
        super().__init__(first._response, last.entry, lambda: None)
        self._found = found

    def json(self) -> Json:
        """Return the first page with the resources of all."""
        body = super().json()
        if not isinstance(body, dict):
            return body
        rest = {name: value for name, value in body.items() if name.lower() != "resources"}
        return {**rest, "Resources": self._found}


def _behind(page: Seen, read: int, total: Json) -> dict[str, Json]:
    """Return how the page behind is asked for: by the cursor that a page hands out, or by index."""
    cursor = value_at(page.object(), "nextCursor")
    if isinstance(cursor, str) and cursor:
        return {"cursor": cursor}
    return {"startIndex": read + 1} if isinstance(total, int) and 0 < read < total else {}


def _path(target: Target) -> str:
    return target if isinstance(target, str) else target.path


def _query(query: Mapping[str, Json]) -> str:
    pairs = [f"{name}={quote(_shown(value), safe='')}" for name, value in query.items()]
    return f"?{'&'.join(pairs)}" if pairs else ""


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def deletable(reply: Seen) -> Seen:
    """Return the reply to a DELETE; raises NotOffered where it says that there is no deleting.

    No keyword makes a provider offer the method (RFC 7644 section 3.2); RFC7644-3.2-9 and -10 warn.
    """
    if reply.status in (403, 405, 501):
        raise NotOffered(f"the server deletes no such resource (DELETE answered {reply.status})")
    return reply
