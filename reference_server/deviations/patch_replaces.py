"""Deviations of the PATCH operation `replace`: too much is replaced, too little, or nothing."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import quote

from reference_server.messages import Handler
from reference_server.messages import Json
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
from .shaping import ask
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import stored
from .shaping import with_document
from .writes import after_change
from .writes import edit_operations
from .writes import kind
from .writes import operations
from .writes import path
from .writes import pathless
from .writes import skip_operations

_USERS = on("PATCH", "Users", one=True)
_SHOWN = on("GET POST PUT PATCH", "Users")
_ARRAYS = ("emails", "phonenumbers", "addresses")
_LOST = ("title", "nickName", "phoneNumbers", "addresses")


@deviation("patch-replace-ignored", area="patching")
def patch_replace_ignored(handle: Handler) -> Handler:
    """Answer every replace on a user as if done, and change nothing."""
    return skip_operations(handle, _USERS, lambda each: kind(each) == "replace")


@deviation("patch-replace-appends-values", area="patching")
def patch_replace_appends_values(handle: Handler) -> Handler:
    """Keep the old e-mails, numbers or addresses beside those that replace them."""

    def add_instead(operation: Document) -> None:
        if kind(operation) == "replace" and path(operation) in _ARRAYS:
            put(operation, "op", "add")

    return edit_requests(handle, _USERS, edit_operations(add_instead))


@deviation("patch-selected-replace-appends", area="patching")
def patch_selected_replace_appends(handle: Handler) -> Handler:
    """Keep the values that a filter selects beside the one that replaces them."""

    def add_instead(operation: Document) -> None:
        target = text_of(operation, "path")
        if kind(operation) == "replace" and target.endswith("]"):
            operation.update(op="add", path=target.partition("[")[0])

    return edit_requests(handle, _USERS, edit_operations(add_instead))


@deviation("patch-filter-first-only", area="patching")
def patch_filter_first_only(handle: Handler) -> Handler:
    """Replace only the first of the values that the filter of a replace selects."""

    def wrapped(request: Request) -> Response:
        write = parse(request.body) if _USERS(request) else None
        if write is None:
            return handle(request)
        for each in operations(write):
            if kind(each) == "replace" and "[" in path(each):
                _narrow(handle, request, each)
        return handle(with_document(request, write))

    return wrapped


@deviation("patch-pathless-replace-drops-others", area="patching")
def patch_pathless_replace_drops_others(handle: Handler) -> Handler:
    """Lose the attributes of a user that a replace without a path does not name."""

    def lose(write: Document) -> None:
        changed: list[Json] = []
        for each in operations(write):
            value = value_of(each, "value")
            if kind(each) == "replace" and pathless(each) and isinstance(value, dict):
                gone = [name for name in _LOST if not has(value, name)]
                changed += [{"op": "remove", "path": name} for name in gone]
            changed.append(each)
        put(write, "Operations", changed)

    return edit_requests(handle, _USERS, lose)


@deviation("patch-pathless-text-ignored", area="patching")
def patch_pathless_text_ignored(handle: Handler) -> Handler:
    """Answer a replace of the whole user by a text as if done."""
    return skip_operations(
        handle, _USERS, lambda each: pathless(each) and isinstance(value_of(each, "value"), str)
    )


@deviation("patch-two-primary-addresses", area="patching")
def patch_two_primary_addresses(handle: Handler) -> Handler:
    """Keep the old primary address beside the one that a PATCH makes primary."""
    kept: defaultdict[str, set[str]] = defaultdict(set)

    def remember(request: Request, before: Document, after: Document) -> None:
        if _primaries(after) - _primaries(before):
            kept[place(request).id] |= _primaries(before)

    def show(user: Document) -> None:
        for each in objects(user.get("addresses")):
            if text_of(each, "streetAddress") in kept[str(user.get("id"))]:
                each["primary"] = True

    return edit_resources(after_change(handle, _USERS, remember), _SHOWN, show)


def _narrow(handle: Handler, request: Request, operation: Document) -> None:
    """Make a path select only the first of the values that it selects."""
    name, _, rest = text_of(operation, "path").partition("[")
    selection, _, part = rest.rpartition("]")
    for each in objects(value_of(stored(handle, request), name)):
        key = "value" if "value" in each else "streetAddress"
        narrow = f'{name}[({selection}) and {key} eq "{text_of(each, key)}"]'
        query = quote(f'id eq "{place(request).id}" and {narrow}', safe="")
        found = parse(ask(handle, request, "GET", "/Users", query=f"filter={query}").body) or {}
        if found.get("totalResults"):
            put(operation, "path", narrow + part)
            return


def _primaries(user: Document) -> set[str]:
    addresses = objects(user.get("addresses"))
    return {text_of(each, "streetAddress") for each in addresses if each.get("primary") is True}
