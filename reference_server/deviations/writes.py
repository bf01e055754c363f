"""What a write asks for, in whatever form it comes: attributes set, operations, members.

POST and PUT carry the resource itself, PATCH a list of operations; with a path, or without one and
the attributes in the value. A deviation about an attribute should not have to know which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import TypeAlias

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_GROUP
from .documents import CORE_USER
from .documents import PATCH_OP
from .documents import Document
from .documents import Edit
from .documents import edit_each
from .documents import has
from .documents import key_of
from .documents import objects
from .documents import parse
from .documents import put
from .documents import text_of
from .documents import value_of
from .shaping import SUCCESS
from .shaping import When
from .shaping import error
from .shaping import place
from .shaping import read
from .shaping import stored
from .shaping import values_of
from .shaping import with_document

# Where an attribute's new value stands: the object that holds it and the key.
Slot: TypeAlias = tuple[Document, str]
Against: TypeAlias = Callable[[Document, Document], object]
React: TypeAlias = Callable[[Request, Document, Document], Response | None]

_ONE_MEMBER = re.compile(r'members\[\s*value\s+eq\s+"([^"\\]*)"\s*\]', re.IGNORECASE)


def operations(document: Document) -> list[Document]:
    """Return the operations of a PATCH body, none for other bodies."""
    return objects(value_of(document, "Operations")) if has(document, "Operations") else []


def kind(operation: Document) -> str:
    """Return an operation's `op` in lower case; clients differ in its spelling."""
    return text_of(operation, "op").lower()


def path(operation: Document) -> str:
    """Return an operation's path in lower case without the core schema's URN."""
    found = text_of(operation, "path").lower()
    for urn in (CORE_USER, CORE_GROUP):
        found = found.removeprefix(f"{urn.lower()}:")
    return found


def pathless(operation: Document) -> bool:
    """Tell whether an operation is an add or a replace whose value names the attributes."""
    return kind(operation) in ("add", "replace") and not path(operation)


def slots(document: Document, attribute: str) -> list[Slot]:
    """Return the places where a write, or one operation of it, gives an attribute a value."""
    if has(document, "Operations"):
        return [slot for each in operations(document) for slot in slots(each, attribute)]
    if not has(document, "op"):
        return _slot(document, attribute)
    if path(document) == attribute.lower():
        return _slot(document, "value")
    return [
        slot
        for value in objects(value_of(document, "value"))
        for slot in _slot(value, attribute)
        if pathless(document)
    ]


def given(document: Document, attribute: str) -> list[Json]:
    """Return the values that a write gives to an attribute."""
    return [holder[key] for holder, key in slots(document, attribute)]


def give(document: Document, attribute: str, value: Json) -> None:
    """Make a write that gives an attribute a value give it another one."""
    for holder, key in slots(document, attribute):
        holder[key] = value


def gives(attribute: str) -> Callable[[Document], bool]:
    """Return the test whether a write gives an attribute a value."""
    return lambda document: bool(slots(document, attribute))


def deactivates(document: Document) -> bool:
    """Tell whether a write sets `active` to false, as a boolean or as a word."""
    return any(_word(value) == "false" for value in given(document, "active"))


def activates(document: Document) -> bool:
    """Tell whether a write sets `active` to true, as a boolean or as a word."""
    return any(_word(value) == "true" for value in given(document, "active"))


def renames(document: Document, before: Document, attribute: str) -> bool:
    """Tell whether a write gives a naming attribute another value than the stored one."""
    return any(value != before.get(attribute) for value in given(document, attribute))


def set_too(document: Document, attribute: str, value: Json) -> None:
    """Make a PUT or PATCH set one attribute more."""
    if has(document, "Operations"):
        extra: Document = {"op": "replace", "path": attribute, "value": value}
        put(document, "Operations", [*operations(document), extra])
    else:
        put(document, attribute, value)


def members(document: Document) -> list[Document]:
    """Return the members that a group write, or one operation of it, carries."""
    return [each for value in given(document, "members") for each in objects(value)]


def adds_members(operation: Document) -> bool:
    """Tell whether an operation adds members."""
    return kind(operation) == "add" and bool(slots(operation, "members"))


def replaces_members(operation: Document) -> bool:
    """Tell whether an operation replaces the members."""
    return kind(operation) == "replace" and bool(slots(operation, "members"))


def removes_members(operation: Document) -> bool:
    """Tell whether an operation removes members, all or some."""
    return kind(operation) == "remove" and re.match(r"members\b", path(operation)) is not None


def added(document: Document) -> list[str]:
    """Return the ids of the members that the operations of a PATCH add."""
    return [
        identifier
        for each in operations(document)
        if adds_members(each)
        for value in given(each, "members")
        for identifier in values_of(value)
    ]


def removed(document: Document) -> list[str]:
    """Return the ids of the members that the operations of a PATCH name for removal."""
    return [
        identifier
        for each in operations(document)
        if removes_members(each)
        for identifier in _named(each)
    ]


def any_operation(test: Callable[[Document], bool]) -> Callable[[Document], bool]:
    """Return the test whether one operation of a PATCH passes a test."""
    return lambda document: any(test(each) for each in operations(document))


def edit_operations(edit: Edit) -> Edit:
    """Return the edit of a PATCH that edits each of its operations."""
    return lambda document: edit_each(operations(document), edit)


def skip_operations(handle: Handler, when: When, skip: Callable[[Document], bool]) -> Handler:
    """Leave operations out; a PATCH of which nothing is left succeeds without a change."""

    def wrapped(request: Request) -> Response:
        document = parse(request.body) if when(request) else None
        kept = [each for each in operations(document or {}) if not skip(each)]
        if document is None or len(kept) == len(operations(document)):
            return handle(request)
        put(document, "Operations", [*kept] or [_nothing(request)])
        return handle(with_document(request, document))

    return wrapped


def edit_against(handle: Handler, when: When, edit: Against) -> Handler:
    """Edit the body of a write on a resource, knowing what is stored."""

    def wrapped(request: Request) -> Response:
        document = parse(request.body) if when(request) else None
        before = stored(handle, request) if document is not None else {}
        if document is None or not before:
            return handle(request)
        edit(document, before)
        return handle(with_document(request, document))

    return wrapped


def refuse_against(
    handle: Handler, when: When, test: Against, status: int, detail: str, scim_type: str = ""
) -> Handler:
    """Refuse a write on a resource for what is stored."""

    def wrapped(request: Request) -> Response:
        document = parse(request.body) if when(request) else None
        before = stored(handle, request) if document is not None else {}
        if document is None or not before or not test(document, before):
            return handle(request)
        return error(status, detail, scim_type)

    return wrapped


def after_change(handle: Handler, when: When, react: React) -> Handler:
    """Do more after a write on a resource, knowing it before and after; may answer otherwise."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if when(request) else {}
        reply = handle(request)
        if not before or reply.status not in SUCCESS:
            return reply
        where = place(request)
        return react(request, before, read(handle, request, where.endpoint, where.id)) or reply

    return wrapped


def patch_body(*wanted: Document) -> Document:
    """Return the body of a PATCH with the operations."""
    return {"schemas": [PATCH_OP], "Operations": [*wanted]}


def _nothing(request: Request) -> Document:
    # Setting `id` to itself changes nothing on any resource and is no error (RFC 7644 3.5.2).
    return {"op": "replace", "value": {"id": place(request).id}}


def _slot(holder: Document, name: str) -> list[Slot]:
    key = key_of(holder, name)
    return [] if key is None else [(holder, key)]


def _word(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool | str) else ""


def _named(operation: Document) -> Iterator[str]:
    yield from _ONE_MEMBER.findall(text_of(operation, "path"))
    yield from values_of(value_of(operation, "value"))
