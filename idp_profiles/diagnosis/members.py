"""Follows who is in each group, and notices where a group shows fewer or more than it must."""

from __future__ import annotations

import re

from idp_profiles.model import Json

from .model import Hit
from .shapes import operations_of
from .shapes import part

_SELECTED = re.compile(r'^members\[value eq "([^"]*)"\]$', re.IGNORECASE)


class Memberships:
    """The members of each group as requests and replies have shown them so far."""

    def __init__(self) -> None:
        self._members: dict[str, set[str]] = {}
        self._written: dict[str, int] = {}

    def see(self, hit: Hit) -> tuple[tuple[int, str], ...]:
        """Take note of one request; return which write a group shows to have gone wrong, and how.

        The write is named by its number: it is at fault, and not the read that brings it to light.
        """
        group = f"{hit.place.base}/{hit.place.identifier or _created(hit)}"
        done = 200 <= hit.status < 300 and hit.got_text is not None
        if hit.place.endpoint != "Groups" or not done or group.endswith("/"):
            return ()
        if hit.method != "GET":
            self._written[group] = hit.number
        expected, shown = self._expected(group, hit), _shown(hit)
        if hit.method == "DELETE":
            self._members.pop(group, None)
            return ()
        self._keep(group, shown if shown is not None else expected)
        if expected is None or shown is None:
            return ()
        written = self._written.get(group, hit.number)
        wrong = (("members-fewer", expected - shown), ("members-more", shown - expected))
        return tuple((written, word) for word, whom in wrong if whom)

    def _keep(self, group: str, members: set[str] | None) -> None:
        if members is None:
            self._members.pop(group, None)
        else:
            self._members[group] = members

    def _expected(self, group: str, hit: Hit) -> set[str] | None:
        """Return who must be in a group after a request, None where that is not known."""
        before = self._members.get(group)
        if hit.method in ("POST", "PUT"):
            return _ids(part(hit.sent, "members")) if isinstance(hit.sent, dict) else None
        for operation in operations_of(hit):
            before = _after(operation, before)
        return before


def _after(operation: dict[str, Json], before: set[str] | None) -> set[str] | None:
    verb, path = part(operation, "op"), part(operation, "path")
    value = part(operation, "value")
    if path is None and part(value, "members") is not None:
        path, value = "members", part(value, "members")
    if not isinstance(verb, str) or not isinstance(path, str):
        return before
    named = _SELECTED.match(path)
    if named is None and path.lower() != "members":
        return before if not path.lower().startswith("members") else None
    listed = {named.group(1)} if named else _ids(value)
    return _applied(verb.lower(), listed, before)


def _applied(verb: str, listed: set[str] | None, before: set[str] | None) -> set[str] | None:
    if verb == "replace":
        return listed
    if verb == "remove" and listed is None:
        return set()
    if before is None or listed is None:
        return None
    return before | listed if verb == "add" else before - listed


def _ids(members: Json) -> set[str] | None:
    if isinstance(members, dict):
        members = [members]
    if not isinstance(members, list):
        return None
    values = [part(each, "value") if isinstance(each, dict) else each for each in members]
    return {value for value in values if isinstance(value, str)}


def _created(hit: Hit) -> str:
    identifier = part(hit.got, "id") if hit.method == "POST" else None
    return identifier if isinstance(identifier, str) else ""


def _shown(hit: Hit) -> set[str] | None:
    """Return the members that a reply shows; a list that is left out of a whole group is empty."""
    if not isinstance(hit.got, dict):
        return None
    members = _ids(part(hit.got, "members"))
    return set() if members is None and _whole(hit) else members


def _whole(hit: Hit) -> bool:
    """Tell whether a reply is a group that hides nothing."""
    query = {name.lower() for name, _ in hit.place.query}
    return part(hit.got, "id") is not None and not query & {"attributes", "excludedattributes"}
