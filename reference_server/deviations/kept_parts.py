"""Deviations of PATCH that lose a part: of the other values, of the request, or of its meaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator

from reference_server.messages import Handler
from reference_server.messages import Json

from .documents import Document
from .documents import drop
from .documents import objects
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import edit_requests
from .shaping import on
from .shaping import values_of
from .writes import edit_against
from .writes import edit_operations
from .writes import given
from .writes import kind
from .writes import operations
from .writes import path
from .writes import pathless
from .writes import removes_members
from .writes import skip_operations
from .writes import slots

_USERS = on("PATCH", "Users", one=True)
_GROUPS = on("PATCH", "Groups", one=True)
_BOTH = on("PATCH", "Users Groups", one=True)
_ARRAYS = ("emails", "phoneNumbers", "ims", "photos", "addresses")


@deviation("patch-add-strips-others", area="patching")
def patch_add_strips_others(handle: Handler) -> Handler:
    """Keep nothing but the `value` of what a user's array had, when another value is added."""

    def strip(write: Document, before: Document) -> None:
        stripped: list[Document] = []
        for name, new in _added(write):
            others = [e for e in objects(before.get(name)) if e.get("value") not in values_of(new)]
            bare = [_bare(each) if each in others else each for each in objects(before.get(name))]
            stripped += [_replace(name, [*bare])] if others else []
        put(write, "Operations", [*stripped, *operations(write)])

    return edit_against(handle, _USERS, strip)


@deviation("patch-remove-strips-others", area="patching")
def patch_remove_strips_others(handle: Handler) -> Handler:
    """Keep nothing but the `value` of what is left of a user's array, when some are removed."""

    def strip(write: Document, before: Document) -> None:
        after: list[Document] = []
        for each in operations(write):
            name, selected, rest = text_of(each, "path").partition("[")
            if kind(each) == "remove" and selected and rest.endswith("]"):
                entries = objects(before.get(name))
                after += [
                    {"op": "remove", "path": f'{name}[value eq "{one["value"]}"].{part}'}
                    for one in entries
                    for part in ("type", "primary")
                    if "value" in one and part in one
                ]
        put(write, "Operations", [*operations(write), *after])

    return edit_against(handle, _USERS, strip)


@deviation("patch-adds-of-one-array-lost", area="patching")
def patch_adds_of_one_array_lost(handle: Handler) -> Handler:
    """Carry out only the last of several adds to one array of a user."""

    def last_only(write: Document) -> None:
        seen: set[str] = set()
        kept: list[Json] = []
        for each in reversed(operations(write)):
            again = kind(each) == "add" and path(each) in seen
            seen |= {path(each)} if kind(each) == "add" and path(each) in _lowered() else set()
            kept = kept if again else [each, *kept]
        put(write, "Operations", kept)

    return edit_requests(handle, _USERS, last_only)


@deviation("patch-empty-array-ignored", area="patching")
def patch_empty_array_ignored(handle: Handler) -> Handler:
    """Answer a replace of a user's array by an empty one as if done, and keep the values."""
    return _overlooking(handle, lambda value: value == [])


@deviation("patch-null-ignored", area="patching")
def patch_null_ignored(handle: Handler) -> Handler:
    """Answer a replace of a user's attribute by null as if done, and keep the value."""
    return _overlooking(handle, lambda value: value is None)


@deviation("group-patch-name-lost-with-members", area="groups")
def group_patch_name_lost_with_members(handle: Handler) -> Handler:
    """Overlook the new name of a group in a PATCH that changes its members too."""

    def lose(write: Document) -> None:
        about_members = [e for e in operations(write) if slots(e, "members") or removes_members(e)]
        if not about_members:
            return
        for each in operations(write):
            for value in objects(value_of(each, "value")) if pathless(each) else ():
                drop(value, "displayName")
        kept = [each for each in operations(write) if path(each) != "displayname"]
        put(write, "Operations", [*kept])

    return edit_requests(handle, _GROUPS, lose)


@deviation("member-remove-first-alternative-only", area="members")
def member_remove_first_alternative_only(handle: Handler) -> Handler:
    """Remove only the members that the first of two alternatives in a filter finds."""

    def cut(operation: Document) -> None:
        if removes_members(operation):
            target = text_of(operation, "path")
            put(operation, "path", re.sub(r" or .*\]", "]", target, flags=re.IGNORECASE))

    return edit_requests(handle, _GROUPS, edit_operations(cut))


@deviation("patch-external-id-ignored", area="patching")
def patch_external_id_ignored(handle: Handler) -> Handler:
    """Answer a PATCH of externalId as if done, and keep the one that was there."""
    return skip_operations(handle, _BOTH, lambda each: path(each) == "externalid")


def _overlooking(handle: Handler, overlooked: Callable[[Json], bool]) -> Handler:
    """Overlook what a replace on a user says of attributes with some values."""

    def strip(operation: Document) -> None:
        for value in objects(value_of(operation, "value")) if _replaces_all(operation) else ():
            drop(value, *[name for name in [*value] if overlooked(value[name])])

    def void(operation: Document) -> bool:
        value = value_of(operation, "value")
        of_path = not pathless(operation) and overlooked(value)
        return kind(operation) == "replace" and (of_path or value == {})

    left = skip_operations(handle, _USERS, void)
    return edit_requests(left, _USERS, edit_operations(strip))


def _replaces_all(operation: Document) -> bool:
    return kind(operation) == "replace" and pathless(operation)


def _added(write: Document) -> Iterator[tuple[str, Json]]:
    """Yield the arrays to which a PATCH adds, with what is added."""
    for each in operations(write):
        if kind(each) == "add":
            for name in _ARRAYS[:-1]:
                for value in given(each, name):
                    yield name, value


def _bare(entry: Document) -> Document:
    return {"value": entry.get("value")}


def _replace(name: str, value: Json) -> Document:
    return {"op": "replace", "path": name, "value": value}


def _lowered() -> tuple[str, ...]:
    return tuple(name.lower() for name in _ARRAYS)
