"""Deviations of what PATCH operations do to attributes, and of which targets they find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

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
from .shaping import SUCCESS
from .shaping import ask
from .shaping import edit_requests
from .shaping import edit_resources
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .shaping import stored
from .shaping import with_document
from .shaping import without_sent
from .writes import after_change
from .writes import any_operation
from .writes import edit_operations
from .writes import given
from .writes import kind
from .writes import operations
from .writes import path
from .writes import pathless
from .writes import refuse_against
from .writes import skip_operations

_PATCH = on("PATCH", "Users Groups", one=True)
_USERS = on("PATCH", "Users", one=True)
_SHOWN = on("GET POST PUT PATCH", "Users")
_SPELLINGS = {
    name.lower(): name
    for name in ("active", "displayName", "emails", "members", "name", "nickName", "title")
} | {"username": "userName", "externalid": "externalId"}
_MANY_VALUED = ("emails", "phonenumbers", "addresses")


@deviation("patch-not-atomic", area="patching")
def patch_not_atomic(handle: Handler) -> Handler:
    """Keep what the operations of a PATCH did before one of them failed."""

    def wrapped(request: Request) -> Response:
        document = parse(request.body) if _PATCH(request) else None
        if document is None or len(operations(document)) < 2:
            return handle(request)
        for each in operations(document):
            put(document, "Operations", [each])
            reply = handle(with_document(request, document))
            if reply.status not in SUCCESS:
                return reply
            request = without_sent(request, "If-Match")
        return reply

    return wrapped


@deviation("patch-no-match-creates", area="patching")
def patch_no_match_creates(handle: Handler) -> Handler:
    """Create the value if the filter of a replace matches none."""

    def add_instead(operation: Document) -> None:
        if kind(operation) == "replace" and "[" in path(operation):
            put(operation, "op", "add")

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if not _misses(request, reply):
            return reply
        return edit_requests(handle, _PATCH, edit_operations(add_instead))(request)

    return wrapped


@deviation("patch-no-match-ignored", area="patching")
def patch_no_match_ignored(handle: Handler) -> Handler:
    """Answer a replace whose filter matches nothing as if done."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if not _misses(request, reply):
            return reply
        where = place(request)
        return ask(handle, request, "GET", resource_path(where.endpoint, where.id))

    return wrapped


@deviation("patch-pathless-remove-ignored", area="patching")
def patch_pathless_remove_ignored(handle: Handler) -> Handler:
    """Answer a remove without a path as if done."""
    return skip_operations(handle, _PATCH, lambda each: kind(each) == "remove" and not path(each))


@deviation("patch-required-remove-ignored", area="patching")
def patch_required_remove_ignored(handle: Handler) -> Handler:
    """Answer the removal of a userName as if done."""
    return skip_operations(
        handle, _PATCH, lambda each: (kind(each), path(each)) == ("remove", "username")
    )


@deviation("patch-read-only-ignored", area="patching")
def patch_read_only_ignored(handle: Handler) -> Handler:
    """Answer a change of a read-only attribute as if done."""

    def read_only(operation: Document) -> bool:
        return path(operation).partition(".")[0] in ("id", "meta", "groups")

    return skip_operations(handle, _PATCH, read_only)


@deviation("patch-unknown-path-ignored", area="patching")
def patch_unknown_path_ignored(handle: Handler) -> Handler:
    """Answer an operation whose path leads nowhere as if done."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        wrong = _scim_type(reply) in ("invalidPath", "noTarget") and _PATCH(request)
        if not wrong or any(not path(each) for each in _operations(request)):
            return reply
        where = place(request)
        return ask(handle, request, "GET", resource_path(where.endpoint, where.id))

    return wrapped


@deviation("patch-no-change-refused", area="patching")
def patch_no_change_refused(handle: Handler) -> Handler:
    """Refuse a PATCH on a user that gives an attribute the value it has, with 400."""

    def idle(write: Document, before: Document) -> bool:
        return any(
            bool(path(each)) and value_of(before, path(each)) == value_of(each, "value")
            for each in operations(write)
            if kind(each) in ("add", "replace")
        )

    return refuse_against(handle, _USERS, idle, 400, "Nothing would change.", "invalidValue")


@deviation("patch-two-primaries", area="patching")
def patch_two_primaries(handle: Handler) -> Handler:
    """Keep the old primary e-mail beside the one that a PATCH makes primary."""
    kept: defaultdict[str, set[str]] = defaultdict(set)

    def remember(request: Request, before: Document, after: Document) -> None:
        if _primaries(after) - _primaries(before):
            kept[place(request).id] |= _primaries(before)

    def show(user: Document) -> None:
        for each in objects(user.get("emails")):
            if each.get("value") in kept[str(user.get("id"))]:
                each["primary"] = True

    return edit_resources(after_change(handle, _USERS, remember), _SHOWN, show)


@deviation("patch-complex-replaced-whole", area="patching")
def patch_complex_replaced_whole(handle: Handler) -> Handler:
    """Lose the parts of a name that a replace of the name does not give."""

    def lose(write: Document) -> None:
        changed: list[Json] = []
        for each in operations(write):
            if (kind(each), path(each)) == ("replace", "name"):
                changed.append({"op": "remove", "path": "name"})
            changed.append(each)
        put(write, "Operations", changed)

    return edit_requests(handle, _USERS, lose)


@deviation("patch-add-replaces-values", area="patching")
def patch_add_replaces_values(handle: Handler) -> Handler:
    """Drop the other e-mails, numbers or addresses when one is added."""

    def replace_them(operation: Document) -> None:
        if kind(operation) == "add" and path(operation) in _MANY_VALUED:
            put(operation, "op", "replace")

    return edit_requests(handle, _USERS, edit_operations(replace_them))


@deviation("patch-remove-drops-all-values", area="patching")
def patch_remove_drops_all_values(handle: Handler) -> Handler:
    """Remove every value of a user's attribute, whatever the filter of a remove selects."""

    def widen(operation: Document) -> None:
        target = text_of(operation, "path")
        if kind(operation) == "remove" and "[" in target:
            put(operation, "path", target.partition("[")[0])

    return edit_requests(handle, _USERS, edit_operations(widen))


@deviation("patch-remove-drops-whole-complex", area="patching")
def patch_remove_drops_whole_complex(handle: Handler) -> Handler:
    """Remove the whole of a complex attribute when a part of it is removed."""

    def widen(operation: Document) -> None:
        target = text_of(operation, "path")
        if kind(operation) == "remove" and ":" not in target and "[" not in target:
            put(operation, "path", target.partition(".")[0])

    return edit_requests(handle, _USERS, edit_operations(widen))


@deviation("patch-replace-needs-old-value", area="patching")
def patch_replace_needs_old_value(handle: Handler) -> Handler:
    """Refuse to replace an attribute of a user that has no value, with 400."""

    def absent(write: Document, before: Document) -> bool:
        return any(
            path(each).isalpha() and not has(before, path(each))
            for each in operations(write)
            if kind(each) == "replace" and path(each) != "password"
        )

    return refuse_against(handle, _USERS, absent, 400, "There is no such value.", "noTarget")


@deviation("patch-paths-have-case", area="patching")
def patch_paths_have_case(handle: Handler) -> Handler:
    """Refuse a path that is not spelled as in the schema, with 400."""

    def misspelled(operation: Document) -> bool:
        name = text_of(operation, "path").partition("[")[0].partition(".")[0]
        return _SPELLINGS.get(name.lower(), name) != name

    return _refusing(handle, misspelled)


@deviation("patch-urn-path-refused", area="patching")
def patch_urn_path_refused(handle: Handler) -> Handler:
    """Refuse a path that begins with a schema, with 400."""
    return _refusing(handle, lambda each: text_of(each, "path").lower().startswith("urn:"))


@deviation("patch-urn-path-split-at-dot", area="patching")
def patch_urn_path_split_at_dot(handle: Handler) -> Handler:
    """Take the dot in the 2.0 of a schema for the one before a sub-attribute, and find nothing."""

    def dotted(operation: Document) -> bool:
        target = text_of(operation, "path").lower()
        return target.startswith("urn:") and "." in target

    return _refusing(handle, dotted, "noTarget")


@deviation("patch-urn-key-refused", area="patching")
def patch_urn_key_refused(handle: Handler) -> Handler:
    """Refuse a value without a path that holds an extension under its URN, with 400."""

    def nested(operation: Document) -> bool:
        values = objects(value_of(operation, "value"))
        return pathless(operation) and any(
            key.lower().startswith("urn:") and isinstance(found, dict)
            for each in values
            for key, found in each.items()
        )

    return _refusing(handle, nested)


@deviation("patch-urn-key-ignored", area="patching")
def patch_urn_key_ignored(handle: Handler) -> Handler:
    """Overlook an extension that stands under its URN in a value without a path."""

    def lose(operation: Document) -> None:
        for each in objects(value_of(operation, "value")) if pathless(operation) else ():
            for key in [key for key, found in each.items() if isinstance(found, dict)]:
                if key.lower().startswith("urn:"):
                    del each[key]

    return edit_requests(handle, _USERS, edit_operations(lose))


@deviation("patch-boolean-kept-as-text", area="patching")
def patch_boolean_kept_as_text(handle: Handler) -> Handler:
    """Keep the text that a PATCH gives for `active`, and show it as a text."""
    texts: dict[str, str] = {}

    def wrapped(request: Request) -> Response:
        write = (parse(request.body) or {}) if _USERS(request) else {}
        reply = handle(request)
        for value in given(write, "active") if reply.status in SUCCESS else ():
            texts.pop(place(request).id, None)
            if isinstance(value, str):
                texts[place(request).id] = value
        return reply

    def show(user: Document) -> None:
        if str(user.get("id")) in texts and "active" in user:
            user["active"] = texts[str(user.get("id"))]

    return edit_resources(wrapped, _SHOWN, show)


@deviation("patch-schemas-not-extended", area="patching")
def patch_schemas_not_extended(handle: Handler) -> Handler:
    """Leave the URN of an extension that a PATCH adds out of the schemas of the user."""
    hidden: defaultdict[str, set[str]] = defaultdict(set)

    def remember(request: Request, before: Document, after: Document) -> None:
        fresh = set(map(str, _array(after))) - set(map(str, _array(before)))
        hidden[place(request).id] |= fresh

    def show(user: Document) -> None:
        lost = hidden[str(user.get("id"))]
        if lost:
            user["schemas"] = [each for each in _array(user) if each not in lost]

    return edit_resources(after_change(handle, _USERS, remember), _SHOWN, show)


@deviation("patch-without-operations-accepted", area="patching")
def patch_without_operations_accepted(handle: Handler) -> Handler:
    """Answer a PATCH without operations as if done."""

    def wrapped(request: Request) -> Response:
        document = parse(request.body) if _PATCH(request) else None
        if document is None or operations(document) or not stored(handle, request):
            return handle(request)
        where = place(request)
        return ask(handle, request, "GET", resource_path(where.endpoint, where.id))

    return wrapped


@deviation("patch-unknown-op-ignored", area="patching")
def patch_unknown_op_ignored(handle: Handler) -> Handler:
    """Answer an operation that is no add, remove or replace as if done."""
    return skip_operations(
        handle, _PATCH, lambda each: kind(each) not in ("add", "remove", "replace")
    )


def _operations(request: Request) -> list[Document]:
    return operations(parse(request.body) or {})


def _scim_type(reply: Response) -> str:
    return text_of(parse(reply.body) or {}, "scimType") if reply.status == 400 else ""


def _misses(request: Request, reply: Response) -> bool:
    """Tell whether a replace was refused because its filter matches nothing."""
    selecting = any_operation(lambda each: kind(each) == "replace" and "[" in path(each))
    return (
        _scim_type(reply) == "noTarget" and _PATCH(request) and selecting(parse(request.body) or {})
    )


def _refusing(
    handle: Handler, test: Callable[[Document], bool], scim_type: str = "invalidPath"
) -> Handler:
    when = on("PATCH", "Users Groups", one=True, body=any_operation(test))
    return refuse(handle, when, 400, "There is no such attribute.", scim_type)


def _primaries(user: Document) -> set[str]:
    emails = objects(user.get("emails"))
    return {str(each.get("value")) for each in emails if each.get("primary") is True}


def _array(user: Document) -> list[Json]:
    found = user.get("schemas")
    return found if isinstance(found, list) else []
