"""Deviations of the PATCH operation `remove`: too much goes, too little, or nothing."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import has
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import edit_requests
from .shaping import on
from .shaping import stored
from .shaping import with_document
from .writes import edit_operations
from .writes import kind
from .writes import operations
from .writes import path
from .writes import skip_operations

_USERS = on("PATCH", "Users", one=True)
_GROUPS = on("PATCH", "Groups", one=True)
_ARRAYS = ("emails", "phonenumbers", "addresses", "ims", "photos")


@deviation("patch-remove-ignored", area="patching")
def patch_remove_ignored(handle: Handler) -> Handler:
    """Answer every remove on a user as if done, and keep the value."""
    return skip_operations(handle, _USERS, lambda each: kind(each) == "remove")


@deviation("patch-remove-keeps-arrays", area="patching")
def patch_remove_keeps_arrays(handle: Handler) -> Handler:
    """Answer the removal of a whole array of a user as if done, and keep it."""
    return skip_operations(
        handle, _USERS, lambda each: kind(each) == "remove" and path(each) in _ARRAYS
    )


@deviation("patch-remove-first-condition", area="patching")
def patch_remove_first_condition(handle: Handler) -> Handler:
    """Look only at the first condition of the filter when a user's values are removed."""
    return _retargeting(handle, r"(\[[^\]]*?) and [^\]]*\]", r"\1]")


@deviation("patch-remove-takes-whole-entry", area="patching")
def patch_remove_takes_whole_entry(handle: Handler) -> Handler:
    """Remove the whole of a user's value when a part of it is removed."""
    return _retargeting(handle, r"\]\..*", "]")


@deviation("patch-remove-keeps-last", area="patching")
def patch_remove_keeps_last(handle: Handler) -> Handler:
    """Keep the last value of a user's array when it is removed by a filter."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _USERS(request) else {}

        def last(operation: Document) -> bool:
            name, bracket, _ = path(operation).partition("[")
            alone = len(objects(value_of(before, name))) == 1
            return kind(operation) == "remove" and bool(bracket) and alone

        return skip_operations(handle, _USERS, last)(request)

    return wrapped


@deviation("patch-pathless-remove-clears", area="patching")
def patch_pathless_remove_clears(handle: Handler) -> Handler:
    """Refuse a remove without a path, and lose the title of the user all the same."""

    def wrapped(request: Request) -> Response:
        write = parse(request.body) if _USERS(request) else None
        if write is not None and any(
            kind(each) == "remove" and not has(each, "path") for each in operations(write)
        ):
            loss: Document = {**write, "Operations": [{"op": "remove", "path": "title"}]}
            handle(with_document(request, loss))
        return handle(request)

    return wrapped


@deviation("member-remove-all-ignored", area="members")
def member_remove_all_ignored(handle: Handler) -> Handler:
    """Answer the removal of all members at once as if done, and keep them."""
    return skip_operations(
        handle,
        _GROUPS,
        lambda each: (kind(each), path(each)) == ("remove", "members") and not has(each, "value"),
    )


def _retargeting(handle: Handler, pattern: str, by: str) -> Handler:
    """Remove another target of a user than the one that is named."""

    def widen(operation: Document) -> None:
        target = text_of(operation, "path")
        if kind(operation) == "remove" and "[" in target:
            put(operation, "path", re.sub(pattern, by, target))

    return edit_requests(handle, _USERS, edit_operations(widen))
