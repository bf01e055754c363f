"""Deviations of PATCH on a part of a user: which value it reaches, and what else it touches."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Request

from .documents import Document
from .documents import drop
from .documents import has
from .documents import objects
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import ask
from .shaping import edit_requests
from .shaping import on
from .shaping import refuse
from .shaping import resource_path
from .shaping import values_of
from .writes import after_change
from .writes import any_operation
from .writes import edit_against
from .writes import edit_operations
from .writes import kind
from .writes import operations
from .writes import patch_body
from .writes import refuse_against

_USERS = on("PATCH", "Users", one=True)
_SELECTED = re.compile(r'(\w+)\[type eq "([^"]*)"\]\.(\w+)', re.IGNORECASE)


@deviation("patch-add-no-match-refused", area="patching")
def patch_add_no_match_refused(handle: Handler) -> Handler:
    """Refuse an add whose filter matches none, with 400 noTarget, as the RFC leaves open."""

    def misses(write: Document, before: Document) -> bool:
        return any(_misses(each, before) for each in operations(write))

    return refuse_against(handle, _USERS, misses, 400, "No value matches.", "noTarget")


@deviation("patch-add-no-match-ignored", area="patching")
def patch_add_no_match_ignored(handle: Handler) -> Handler:
    """Answer an add whose filter matches none as if done."""

    def lose(write: Document, before: Document) -> None:
        kept = [each for each in operations(write) if not _misses(each, before)]
        # Setting `id` to itself changes nothing.
        put(write, "Operations", [*kept] or [{"op": "replace", "value": {"id": before["id"]}}])

    return edit_against(handle, _USERS, lose)


@deviation("patch-add-no-match-untyped", area="patching")
def patch_add_no_match_untyped(handle: Handler) -> Handler:
    """Make a value without the type that the filter of an add asks for, if it matches none."""

    def bare(write: Document, before: Document) -> None:
        for each in operations(write):
            found = _SELECTED.fullmatch(_path(each))
            if found is not None and _misses(each, before):
                each.update(path=found[1], value=[{found[3]: value_of(each, "value")}])

    return edit_against(handle, _USERS, bare)


@deviation("patch-value-paths-refused", area="patching")
def patch_value_paths_refused(handle: Handler) -> Handler:
    """Refuse a path with a filter on the values of a user, with 400."""
    when = on("PATCH", "Users", one=True, body=any_operation(lambda each: "[" in _path(each)))
    return refuse(handle, when, 400, "A path cannot have a filter.", "invalidPath")


@deviation("patch-part-replaces-selected", area="patching")
def patch_part_replaces_selected(handle: Handler) -> Handler:
    """Lose the other parts of the value that a filter selects when one of them is replaced."""

    def whole(write: Document, before: Document) -> None:
        for each in operations(write):
            found = _SELECTED.fullmatch(_path(each))
            if kind(each) != "replace" or found is None or not _has(before, found):
                continue
            only: Document = {"type": found[2], found[3]: value_of(each, "value")}
            others = [one for one in objects(value_of(before, found[1])) if not _is(one, found[2])]
            each.update(path=found[1], value=[*others, only])

    return edit_against(handle, _USERS, whole)


@deviation("patch-part-path-clears-others", area="patching")
def patch_part_path_clears_others(handle: Handler) -> Handler:
    """Lose the other parts of the name of a user when one is replaced by its path."""

    def clear(write: Document, _before: Document) -> None:
        done: list[Document] = []
        for each in operations(write):
            if kind(each) == "replace" and _path(each).lower().startswith("name."):
                done.append({"op": "remove", "path": "name"})
            done.append(each)
        put(write, "Operations", [*done])

    return edit_against(handle, _USERS, clear)


@deviation("patch-remove-value-refused", area="patching")
def patch_remove_value_refused(handle: Handler) -> Handler:
    """Refuse to remove from a user what is named by a path and by a value as well, with 400."""

    def twice(operation: Document) -> bool:
        return kind(operation) == "remove" and has(operation, "value")

    when = on("PATCH", "Users", one=True, body=any_operation(twice))
    return refuse(handle, when, 400, "A remove has no value.", "invalidSyntax")


@deviation("patch-selected-remove-takes-all", area="patching")
def patch_selected_remove_takes_all(handle: Handler) -> Handler:
    """Remove every value of a user's attribute when a part of a selected one is removed."""

    def widen(operation: Document) -> None:
        found = _SELECTED.fullmatch(_path(operation))
        if kind(operation) == "remove" and found is not None:
            drop(operation, "value")
            operation["path"] = found[1]

    return edit_requests(handle, _USERS, edit_operations(widen))


@deviation("patch-clears-memberships", area="patching")
def patch_clears_memberships(handle: Handler) -> Handler:
    """Take a user out of its groups by any PATCH of the user."""

    def leave(request: Request, before: Document, _after: Document) -> None:
        for group in values_of(before.get("groups")):
            leaving: Document = {"op": "remove", "path": f'members[value eq "{before["id"]}"]'}
            where = resource_path("Groups", group)
            ask(handle, request, "PATCH", where, body=patch_body(leaving))

    return after_change(handle, _USERS, leave)


def _path(operation: Document) -> str:
    return text_of(operation, "path")


def _misses(operation: Document, before: Document) -> bool:
    """Tell whether an operation is an add to a value of a type that a user has none of."""
    found = _SELECTED.fullmatch(_path(operation))
    return found is not None and kind(operation) == "add" and not _has(before, found)


def _has(before: Document, found: re.Match[str]) -> bool:
    return any(_is(one, found[2]) for one in objects(value_of(before, found[1])))


def _is(value: Document, wanted: str) -> bool:
    return text_of(value, "type").lower() == wanted.lower()
