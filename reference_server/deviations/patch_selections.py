"""Deviations of PATCH on parts: of an extension, and of the value that a filter selects."""

from __future__ import annotations

import re

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import edit_requests
from .shaping import error
from .shaping import on
from .shaping import stored
from .writes import edit_operations
from .writes import kind
from .writes import operations

_USERS = on("PATCH", "Users", one=True)
_PART = f"{ENTERPRISE}:".lower()
_SELECTED = re.compile(r'(\w+)\[(\w+) eq "([^"]*)"\](?:\.(\w+))?')


@deviation("patch-extension-replaced-whole", area="patching")
def patch_extension_replaced_whole(handle: Handler) -> Handler:
    """Lose the other attributes of an extension when one of them is replaced."""

    def edit(document: Document) -> None:
        done: list[Document] = []
        for each in operations(document):
            if kind(each) == "replace" and text_of(each, "path").lower().startswith(_PART):
                done.append({"op": "remove", "path": ENTERPRISE})
            done.append(each)
        if len(done) > len(operations(document)):
            put(document, "Operations", [*done])

    return edit_requests(handle, _USERS, edit)


@deviation("patch-extension-removed-whole", area="patching")
def patch_extension_removed_whole(handle: Handler) -> Handler:
    """Remove the whole extension of a user when one of its attributes is removed."""

    def edit(operation: Document) -> None:
        if kind(operation) == "remove" and text_of(operation, "path").lower().startswith(_PART):
            put(operation, "path", ENTERPRISE)

    return edit_requests(handle, _USERS, edit_operations(edit))


@deviation("patch-selection-has-case", area="patching")
def patch_selection_has_case(handle: Handler) -> Handler:
    """Refuse a path whose filter has a value of the user in other capitals, with 400 noTarget."""

    def wrapped(request: Request) -> Response:
        write = (parse(request.body) or {}) if _USERS(request) else {}
        asked = [_SELECTED.match(text_of(each, "path")) for each in operations(write)]
        user = stored(handle, request) if any(asked) else {}
        if any(found and _differs_by_case(user, found) for found in asked):
            return error(400, "No value matches.", "noTarget")
        return handle(request)

    return wrapped


@deviation("patch-selected-add-appends", area="patching")
def patch_selected_add_appends(handle: Handler) -> Handler:
    """Append a value in place of adding a part to the one that a filter selects."""

    def edit(operation: Document) -> None:
        found = _SELECTED.fullmatch(text_of(operation, "path"))
        if kind(operation) == "add" and found is not None and found[4]:
            added: Document = {found[2]: found[3], found[4]: value_of(operation, "value")}
            operation.update(path=found[1], value=[added])

    return edit_requests(handle, _USERS, edit_operations(edit))


def _differs_by_case(user: Document, found: re.Match[str]) -> bool:
    values = [text_of(each, found[2]) for each in objects(value_of(user, found[1]))]
    return found[3] not in values and found[3].lower() in map(str.lower, values)
