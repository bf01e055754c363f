"""The rough form of a request: what makes it this step of a scenario and no other."""

from __future__ import annotations

import json
from dataclasses import dataclass

from idp_profiles.model import Json
from idp_profiles.model import Request
from idp_profiles.wire import member

from .body_differences import signature
from .harmless import COLLECTIONS
from .parts import general
from .recorded import Recorded
from .targets import leaf

_WRITES = frozenset({"POST", "PUT", "PATCH"})
NEVER = 9.0


@dataclass(frozen=True, slots=True)
class Form:
    """What requests are told apart by.

    Whether a filter looks for an e-mail address makes two requests in a row different ones, but is
    no distance: another customer's user names are no addresses.
    """

    method: str
    place: tuple[str, bool]
    parameters: frozenset[str]
    filtered: str
    operations: frozenset[str]
    members: frozenset[str]
    paged: bool
    addressed: bool

    def distance(self, other: Form) -> float:
        """Return how little alike two requests are: 0 for the same step, NEVER for no kinship."""
        if self.place != other.place:
            return NEVER
        if self.method != other.method:
            return 0.9 if {self.method, other.method} <= _WRITES else NEVER
        far = 0.15 * len(self.parameters ^ other.parameters)
        far += 0.4 * (self.filtered != other.filtered)
        far += 0.6 * _apart(self.operations, other.operations)
        return min(far + 0.3 * _apart(self.members, other.members), 0.95)


def form_of(recorded: Recorded) -> Form:
    """Return the rough form of a request."""
    path, _, query = recorded.target.partition("?")
    pairs = dict(one.partition("=")[::2] for one in query.split("&") if one)
    body = recorded.content.body
    return Form(
        method=recorded.method,
        place=_place(path),
        parameters=frozenset(name.lower() for name in pairs),
        filtered=_plain(pairs.get("filter", "")),
        operations=_operations(body),
        members=_members(body),
        paged="startIndex" in pairs and "filter" not in pairs,
        addressed="redacted.invalid" in pairs.get("filter", "").lower(),
    )


def alike(request: Request, recorded: Recorded) -> bool:
    """Tell whether a profile's request is the one that was recorded, by method and place."""
    path = request.target.partition("?")[0]
    there = recorded.target.partition("?")[0]
    return request.method == recorded.method and _place(path) == _place(there)


def key_of(recorded: Recorded) -> tuple[str, str, str]:
    """Return what is equal for requests of one form."""
    body = recorded.content
    return recorded.method, general(recorded.target), body.form + signature(body.body)


def _place(path: str) -> tuple[str, bool]:
    """Return the collection that a path leads to, and whether it leads to one resource."""
    segments = [one for one in path.split("/") if one]
    at = next((i for i, one in enumerate(segments) if one.lower() in COLLECTIONS), 0)
    below = segments[at:]
    return (below[0].lower() if below else "", len(below) > 1)


def _plain(raw: str) -> str:
    return general(raw).replace("+", "%20").casefold()


def _operations(body: Json) -> frozenset[str]:
    listed = member(body, "Operations") if isinstance(body, dict) else None
    found: set[str] = set()
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            found.update(_said(one))
    return frozenset(found)


def _said(operation: dict[str, Json]) -> set[str]:
    op = str(member(operation, "op")).lower()
    path, value = member(operation, "path"), member(operation, "value")
    if isinstance(path, str):
        return {f"{op} {general(path).lower()} {_truth(value)}"}
    below = value if isinstance(value, dict) else {}
    return {f"{op} {key.lower()} {_truth(item)}" for key, item in below.items()} or {op}


def _members(body: Json) -> frozenset[str]:
    if not isinstance(body, dict) or member(body, "Operations") is not None:
        return frozenset()
    return frozenset(f"{leaf(key)} {_truth(value)}" for key, value in body.items())


def _truth(value: Json) -> str:
    """Return what decides whether somebody is in or out."""
    if isinstance(value, bool) or (isinstance(value, str) and value.lower() in {"true", "false"}):
        return json.dumps(value).lower().strip('"')
    return {"[]": "[]", "None": "null"}.get(str(value), "")


def _apart(one: frozenset[str], other: frozenset[str]) -> float:
    together = one | other
    return len(one ^ other) / len(together) if together else 0.0
