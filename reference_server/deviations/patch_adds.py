"""Deviations of the PATCH operation `add`, and of what a value without a path says."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from datetime import datetime
from datetime import timedelta

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
from .shaping import SUCCESS
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import values_of
from .shaping import with_document
from .writes import after_change
from .writes import any_operation
from .writes import edit_operations
from .writes import kind
from .writes import operations
from .writes import path
from .writes import pathless
from .writes import skip_operations

_USERS = on("PATCH", "Users", one=True)
_SHOWN = on("GET POST PUT PATCH", "Users")
_ANY = on("GET POST PUT PATCH", "Users Groups")
_ARRAYS = ("emails", "phonenumbers", "addresses")
_WRITES = ("add", "replace")
_SPELLINGS = {"nickname": "nickName", "displayname": "displayName", "username": "userName"}


@deviation("patch-add-ignored", area="patching")
def patch_add_ignored(handle: Handler) -> Handler:
    """Answer every add on a user as if done, and change nothing."""
    return skip_operations(handle, _USERS, lambda each: kind(each) == "add")


@deviation("patch-add-object-refused", area="patching")
def patch_add_object_refused(handle: Handler) -> Handler:
    """Refuse to add one value to a user's array without an array around it, with 400."""

    def bare(operation: Document) -> bool:
        value = value_of(operation, "value")
        return kind(operation) == "add" and path(operation) in _ARRAYS and isinstance(value, dict)

    when = on("PATCH", "Users", one=True, body=any_operation(bare))
    return refuse(handle, when, 400, "An array is needed.", "invalidValue")


@deviation("patch-add-doubles-value", area="patching")
def patch_add_doubles_value(handle: Handler) -> Handler:
    """List an e-mail twice that is added again."""
    doubled: defaultdict[str, set[str]] = defaultdict(set)

    def remember(request: Request, before: Document, _after: Document) -> None:
        known = set(values_of(before.get("emails")))
        for each in operations(parse(request.body) or {}):
            if (kind(each), path(each)) == ("add", "emails"):
                doubled[place(request).id] |= known & set(values_of(value_of(each, "value")))

    def show(user: Document) -> None:
        emails = objects(user.get("emails"))
        again = doubled[str(user.get("id"))]
        if emails and again:
            user["emails"] = [*emails, *(each for each in emails if each.get("value") in again)]

    return edit_resources(after_change(handle, _USERS, remember), _SHOWN, show)


@deviation("patch-add-no-match-hits-all", area="patching")
def patch_add_no_match_hits_all(handle: Handler) -> Handler:
    """Change every value of a user's attribute if the filter of an add matches none."""

    def probing(operation: Document) -> None:
        put(operation, "op", "replace")

    def widen(operation: Document) -> None:
        put(operation, "path", _without_filter(text_of(operation, "path")))

    def wrapped(request: Request) -> Response:
        write = parse(request.body) if _USERS(request) else None
        if write is None or not any_operation(_adds_selected)(write):
            return handle(request)
        edit_operations(probing)(write)
        reply = handle(with_document(request, write))
        if reply.status in SUCCESS:
            return reply
        edit_operations(widen)(write)
        return handle(with_document(request, write))

    return wrapped


@deviation("patch-filter-hits-all", area="patching")
def patch_filter_hits_all(handle: Handler) -> Handler:
    """Change a part of every value of a user's attribute, whatever the filter selects."""

    def widen(operation: Document) -> None:
        target = text_of(operation, "path")
        if kind(operation) in _WRITES and "]." in target:
            put(operation, "path", _without_filter(target))

    return edit_requests(handle, _USERS, edit_operations(widen))


@deviation("patch-no-change-touches", area="patching")
def patch_no_change_touches(handle: Handler) -> Handler:
    """Move `meta.lastModified` by a PATCH that changes nothing."""
    idle: Counter[str] = Counter()

    def remember(request: Request, before: Document, after: Document) -> None:
        idle[place(request).id] += before == after

    def show(resource: Document) -> None:
        meta = resource.get("meta")
        late = idle[str(resource.get("id"))]
        if late and isinstance(meta, dict) and "lastModified" in meta:
            shown = datetime.fromisoformat(str(meta["lastModified"]))
            meta["lastModified"] = (shown + timedelta(seconds=late)).isoformat()

    patched = on("PATCH", "Users Groups", one=True)
    return edit_resources(after_change(handle, patched, remember), _ANY, show)


@deviation("patch-keys-have-case", area="patching")
def patch_keys_have_case(handle: Handler) -> Handler:
    """Overlook a name in a value without a path that is not spelled as in the schema."""

    def lose(operation: Document) -> None:
        for each in objects(value_of(operation, "value")) if pathless(operation) else ():
            for key in [key for key in each if _SPELLINGS.get(key.lower(), key) != key]:
                del each[key]

    return edit_requests(handle, _USERS, edit_operations(lose))


@deviation("patch-complex-text-ignored", area="patching")
def patch_complex_text_ignored(handle: Handler) -> Handler:
    """Answer an operation that gives a text for the name of a user as if done."""

    def text_for_name(operation: Document) -> bool:
        return path(operation) == "name" and isinstance(value_of(operation, "value"), str)

    return skip_operations(handle, _USERS, text_for_name)


@deviation("patch-value-missing-ignored", area="patching")
def patch_value_missing_ignored(handle: Handler) -> Handler:
    """Answer an add or a replace without a value as if done."""
    return skip_operations(
        handle, _USERS, lambda each: kind(each) in _WRITES and not has(each, "value")
    )


def _adds_selected(operation: Document) -> bool:
    return kind(operation) == "add" and "]." in path(operation)


def _without_filter(target: str) -> str:
    before, _, rest = target.partition("[")
    return before + rest.rpartition("]")[2]
