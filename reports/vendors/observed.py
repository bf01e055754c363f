"""What the exchanges of a run show by themselves: operations, attributes, and what leavers keep.

A case judges one requirement; a card wants to know what was seen on the way. So the evidence is
walked once more, case by case, and each thing seen remembers the requirements whose cases saw it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import parse_qsl
from urllib.parse import unquote

from reports import view
from reports.model import Report
from reports.model import Result
from reports.model import Verdict
from reports.reading import Json

USERS, GROUPS = "Users", "Groups"
_PLACE = re.compile(
    r"^(?:https?://[^/?]+)?(?:/[^?]*?)??/(Users|Groups|Bulk)(?:/([^/?]+))?/?(?:\?|$)"
)
_SIMPLE_PATH = re.compile(r"[A-Za-z][\w:.$-]{0,200}")
_EXTENSION = re.compile(r"urn:[\w.:-]{1,180}:\d+\.\d+:\w+", re.IGNORECASE)
_MEMBER = re.compile(r'^members\[\s*value\s+eq\s+"([^"]+)"\s*\]$', re.IGNORECASE)
# What a client sends without wanting to see it stored, or must not see again.
_NO_ATTRIBUTES = ("schemas", "id", "meta", "password", "groups")
_CORE_2 = "urn:ietf:params:scim:"
_DEEPEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange, reduced to what matters here; `of` is the id in its path."""

    method: str
    endpoint: str
    of: str
    query: Mapping[str, str]
    status: int
    sent: Json
    came: Json

    @property
    def done(self) -> bool:
        """Tell whether the server says that it did it."""
        return 200 <= self.status < 300


@dataclass(slots=True)
class Sightings:
    """How often something was seen, how often the opposite, and which cases saw it."""

    holds: int = 0
    fails: int = 0
    by: dict[str, None] = field(default_factory=dict)
    against: dict[str, None] = field(default_factory=dict)

    def add(self, requirement: str, *, holds: bool) -> None:
        """Remember one more sighting."""
        self.holds += holds
        self.fails += not holds
        (self.by if holds else self.against)[requirement] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a run has seen. `operations` are pairs of endpoint and operation."""

    operations: dict[tuple[str, str], Sightings]
    attributes: dict[tuple[str, str], Sightings]
    inactive: Sightings
    deleted: Sightings
    membership: Sightings
    version_2: Sightings


def observed(report: Report) -> Observed:
    """Return what the evidence of a report shows, that of IdPs where there is any."""
    replayed = [each for each in report.results if each.idp and each.verdict is not Verdict.SKIP]
    seen = Observed(
        operations={},
        attributes={},
        inactive=Sightings(),
        deleted=Sightings(),
        membership=Sightings(),
        version_2=Sightings(),
    )
    for result in report.results:
        _see_operations(result, seen)
    for result in replayed or report.results:
        story = list(story_of(result))
        _see_attributes(result.requirement, story, seen)
        _see_leavers(result.requirement, story, seen)
        _see_memberships(result.requirement, story, seen.membership)
    return seen


def story_of(result: Result) -> Iterator[Exchange]:
    """Return the exchanges of a case that are about users, groups or bulk, with their replies."""
    for each in view.exchanges(result):
        request, response = view.part(each, "request"), view.part(each, "response")
        place = _PLACE.match(str(request.get("target") or ""))
        status = response.get("status")
        if place and isinstance(status, int):
            _, _, query = str(request.get("target")).partition("?")
            yield Exchange(
                method=str(request.get("method") or "").upper(),
                endpoint=place[1],
                of=unquote(place[2] or ""),
                query=dict(parse_qsl(query)),
                status=status,
                sent=request.get("body"),
                came=response.get("body"),
            )


def operation(exchange: Exchange) -> str:
    """Return what an exchange does, in the words of `wording/card.toml`; empty for no such."""
    if exchange.endpoint == "Bulk":
        return "bulk" if exchange.method == "POST" else ""
    if exchange.method == "GET" and not exchange.of:
        return "filter" if "filter" in exchange.query else "list"
    if exchange.method == "POST":
        return "search" if exchange.of == ".search" else "create"
    known = {"GET": "read", "PUT": "replace", "PATCH": "change", "DELETE": "delete"}
    return known.get(exchange.method, "") if exchange.of else ""


def _see_operations(result: Result, seen: Observed) -> None:
    """Only what a passed case was content with is seen to work."""
    for each in story_of(result) if result.verdict is Verdict.PASS else ():
        name = operation(each)
        if name and each.done:
            sightings = seen.operations.setdefault((each.endpoint, name), Sightings())
            sightings.add(result.requirement, holds=True)
            if _CORE_2 in view.compact(_member(each.came, "schemas")):
                seen.version_2.add(result.requirement, holds=True)


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


# -- attributes --------------------------------------------------------------------------------


def _see_attributes(requirement: str, story: Sequence[Exchange], seen: Observed) -> None:
    for position, write in enumerate(story):
        if not write.done or operation(write) not in ("create", "replace", "change"):
            continue
        after = _afterwards(write, story[position + 1 :])
        if after is None:
            continue
        stored = dict(_leaves(after))
        for path, value in _asked(write):
            sightings = seen.attributes.setdefault((write.endpoint, path), Sightings())
            # A manager may be sent as a bare id, which is then its `value`.
            there = (*stored.get(path, ()), *stored.get(f"{path}.value", ()))
            sightings.add(requirement, holds=value in there)


def _afterwards(write: Exchange, later: Sequence[Exchange]) -> dict[str, Json] | None:
    """Return the resource after a write: the reply, or the next read of it."""
    if isinstance(write.came, dict) and "id" in write.came:
        return write.came
    for each in later:
        if each.of == write.of and each.endpoint == write.endpoint:
            reads = each.method == "GET" and each.done and not _narrowed(each)
            return each.came if reads and isinstance(each.came, dict) else None
    return None


def _narrowed(exchange: Exchange) -> bool:
    return bool({"attributes", "excludedAttributes"} & set(exchange.query))


def _asked(write: Exchange) -> Iterator[tuple[str, str]]:
    """Return each attribute that a write sets to something, with its value as text."""
    body: Json = write.sent
    if write.method == "PATCH":
        body = _patched(write.sent)
    leaves = _leaves(body) if isinstance(body, dict) else ()
    for path, values in leaves:
        for value in values:
            yield path, value


def _patched(body: Json) -> dict[str, Json]:
    """Return what the operations of a PATCH set, as far as their paths are simple."""
    given: dict[str, Json] = {}
    for each in _operations(body):
        path, value = each.get("path"), each.get("value")
        if str(each.get("op", "")).lower() == "remove":
            continue
        if path in (None, "") and isinstance(value, dict):
            given |= value
        elif isinstance(path, str) and _SIMPLE_PATH.fullmatch(path):
            given[path] = value
    return given


def _operations(body: Json) -> list[dict[str, Json]]:
    listed = _member(body, "Operations")
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _leaves(resource: dict[str, Json]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the values of a resource by path; an entry of a list has the path of its list."""
    found: dict[str, dict[str, None]] = {}
    _collect(resource, "", found, _DEEPEST)
    return [(path, tuple(values)) for path, values in found.items()]


def _collect(value: Json, path: str, found: dict[str, dict[str, None]], deep: int) -> None:
    if isinstance(value, dict):
        for name, member in value.items() if deep else ():
            if path or name not in _NO_ATTRIBUTES:
                # Behind a URN stands a colon, behind an attribute a dot (RFC 7644 section 3.10).
                joint = ":" if _EXTENSION.fullmatch(path) else "."
                _collect(member, f"{path}{joint}{name}" if path else name, found, deep - 1)
    elif isinstance(value, list):
        for member in value[:50]:
            _collect(member, path, found, deep)
    elif value not in (None, ""):
        found.setdefault(path, {})[str(value).casefold()] = None


# -- leavers -----------------------------------------------------------------------------------


def _see_leavers(requirement: str, story: Sequence[Exchange], seen: Observed) -> None:
    for position, write in enumerate(story):
        if write.endpoint != USERS or not write.of or not write.done:
            continue
        later = story[position + 1 :]
        if sets_inactive(write):
            state = _active_next(write.of, later)
            if state is not None:
                seen.inactive.add(requirement, holds=not state)
        elif write.method == "DELETE":
            read = next((each for each in later if each.of == write.of), None)
            if read and read.method == "GET":
                seen.deleted.add(requirement, holds=read.status in (404, 410))


def sets_inactive(write: Exchange) -> bool:
    """Tell whether a write asks for an inactive user, in any of the forms that IdPs send."""
    if write.method == "PUT":
        return _is_false(_member(write.sent, "active"))
    return write.method == "PATCH" and _is_false(_patched(write.sent).get("active"))


def _is_false(value: Json) -> bool:
    return value is False or (isinstance(value, str) and value.lower() == "false")


def _active_next(user: str, later: Iterable[Exchange]) -> bool | None:
    """Return the state that the next look at a user shows; None when nobody looks in time."""
    for each in later:
        if each.endpoint != USERS:
            continue
        if each.of == user and each.method != "GET":
            return None
        listed = _member(each.came, "Resources")
        shown = listed if isinstance(listed, list) else [each.came]
        for one in shown if each.done and each.method == "GET" else ():
            active = _member(one, "active")
            if _member(one, "id") == user and isinstance(active, bool):
                return active
    return None


# -- memberships -------------------------------------------------------------------------------


def _see_memberships(requirement: str, story: Sequence[Exchange], seen: Sightings) -> None:
    """Look for members who were taken out of a group, and whether the next read shows them."""
    for position, write in enumerate(story):
        if write.endpoint != GROUPS or write.method != "PATCH" or not write.done:
            continue
        gone = set(_removed(write.sent))
        later = (each for each in story[position + 1 :] if each.of == write.of)
        read = next(later, None)
        if gone and read and read.method == "GET" and read.done and not _narrowed(read):
            listed = _member(read.came, "members")
            there = {_member(each, "value") for each in listed} if isinstance(listed, list) else ()
            seen.add(requirement, holds=gone.isdisjoint(there))


def _removed(body: Json) -> Iterator[str]:
    """Return who is removed and not added again by the same PATCH."""
    added = view.compact(
        [each.get("value") for each in _operations(body) if _op(each) in ("add", "replace")]
    )
    for each in _operations(body):
        path, value = each.get("path"), each.get("value")
        if _op(each) != "remove" or not isinstance(path, str):
            continue
        one = _MEMBER.match(path)
        listed = value if isinstance(value, list) and path.lower() == "members" else []
        for user in [one[1]] if one else [_member(entry, "value") for entry in listed]:
            if isinstance(user, str) and user not in added:
                yield user


def _op(operation: Mapping[str, Json]) -> str:
    return str(operation.get("op", "")).lower()
