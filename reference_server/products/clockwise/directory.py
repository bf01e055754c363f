"""The directory in front of the product: what it makes of the resources that SCIM writes.

It is modelled on WorkOS Directory Sync, whose documents say what comes out (users with a state,
groups, events) and not how each SCIM request is answered; the SCIM side is the reference server's.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from reference_server.errors import not_unique
from reference_server.messages import Json
from reference_server.products.watched_store import Written
from reference_server.store import Record

from .rules import Rules
from .settings import Settings
from .state import Event
from .state import Listed
from .state import PushedGroup
from .state import State
from .state import folded

_SHOWN_RAW = ("userName", "name", "displayName", "emails", "title", "externalId", "active")


@dataclass(frozen=True, slots=True)
class Directory:
    """What happens to the directory's users and groups; each method returns the new state."""

    rules: Rules
    settings: Settings
    new_id: Callable[[], str]

    def user_written(self, state: State, record: Record, *, created: bool) -> State:
        """Take in a user that SCIM created or changed."""
        known = state.listed.get(record.id)
        active = _is_active(record, known.active if known else created)
        if known is None and (not self.rules.users_are_taken_in or self._is_gone(active)):
            return state
        if self._is_gone(active):
            return self._without_user(state, record.id)
        entry = _listed(record, known.id if known else f"directory_user_{self.new_id()}", active)
        if known is not None and not self.rules.updates_are_applied:
            entry = replace(known, active=active)
        _check_address(state, entry)
        told = "dsync.user.created" if known is None else "dsync.user.updated"
        listed = MappingProxyType({**state.listed, record.id: entry})
        return _told(replace(state, listed=listed), told, entry.id)

    def user_deleted(self, state: State, record: Record | None) -> State:
        """Forget a user that SCIM deleted, who also leaves the groups."""
        if record is None:
            return state
        groups = {
            key: replace(group, people=group.people - {record.id})
            for key, group in state.groups.items()
        }
        return self._without_user(replace(state, groups=MappingProxyType(groups)), record.id)

    def group(self, state: State, written: Written) -> State:
        """Take in what became of a group: a new one, another name, other people, or its end."""
        if written.new is None:
            return self._without_group(state, written.old)
        if not self.rules.groups_are_taken_in:
            return state
        record = written.new
        known = state.groups.get(record.id)
        before = known.people if known else frozenset()
        people = (before - written.members.keys()) | {
            each for each, inside in written.members.items() if inside
        }
        name = str(record.attributes.get("displayName") or "")
        new = PushedGroup(record.id, name, frozenset(people))
        state = replace(state, groups=MappingProxyType({**state.groups, record.id: new}))
        if known is None or known.name != name:
            told = "dsync.group.created" if known is None else "dsync.group.updated"
            state = _told(state, told, record.id)
        gone, come = len(before - people), len(people - before)
        told_of = ["dsync.group.user_removed"] * gone + ["dsync.group.user_added"] * come
        for told in told_of:
            state = _told(state, told, record.id)
        return state

    def _without_group(self, state: State, record: Record | None) -> State:
        if record is None or record.id not in state.groups or not self.rules.groups_can_leave:
            return state
        groups = {key: group for key, group in state.groups.items() if key != record.id}
        left = replace(state, groups=MappingProxyType(groups))
        return _told(left, "dsync.group.deleted", record.id)

    def _is_gone(self, active: bool) -> bool:
        """Tell whether a user in this state is deleted rather than kept."""
        deleted = self.rules.inactive_is_deleted
        return not active and (self.settings.inactive == "delete" if deleted is None else deleted)

    def _without_user(self, state: State, identifier: str) -> State:
        known = state.listed.get(identifier)
        if known is None:
            return state
        listed = {key: each for key, each in state.listed.items() if key != identifier}
        left = replace(state, listed=MappingProxyType(listed))
        return _told(left, "dsync.user.deleted", known.id)


def _is_active(record: Record, before: bool) -> bool:
    """Tell whether a user is active; only who says so comes back from having been inactive."""
    given = record.attributes.get("active")
    return given if isinstance(given, bool) else before


def _listed(record: Record, identifier: str, active: bool) -> Listed:
    attributes = record.attributes
    name = attributes.get("name")
    parts: Mapping[str, Json] = name if isinstance(name, Mapping) else {}
    return Listed(
        id=identifier,
        idp_id=record.id,
        email=address(attributes),
        username=_text(attributes, "userName"),
        first_name=_text(parts, "givenName"),
        last_name=_text(parts, "familyName"),
        title=_text(attributes, "title"),
        active=active,
        raw={key: attributes[key] for key in _SHOWN_RAW if key in attributes},
    )


def address(attributes: Mapping[str, Json]) -> str:
    """Return a user's address: the primary one, else the first, else a userName that is one.

    It may be missing: providers need not send any.
    """
    given: Any = attributes.get("emails")
    entries = [each for each in given if isinstance(each, Mapping)] if given else []
    entries.sort(key=lambda each: each.get("primary") is not True)
    for each in entries:
        if isinstance(each.get("value"), str) and each["value"].strip():
            return str(each["value"])
    name = _text(attributes, "userName")
    return name if "@" in name else ""


def _text(values: Mapping[str, Json], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _check_address(state: State, entry: Listed) -> None:
    """Refuse an address that another user of the directory has."""
    wanted = folded(entry.email)
    for other in state.listed.values() if wanted else ():
        if other.idp_id != entry.idp_id and folded(other.email) == wanted:
            raise not_unique(f"emails: the address {entry.email!r:.200} is already in use.")


def _told(state: State, name: str, subject: str) -> State:
    event = Event(len(state.events) + 1, name, subject)
    return replace(state, events=(*state.events, event))
