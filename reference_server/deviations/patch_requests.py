"""Deviations of PATCH requests as a whole: which bodies are taken, and what answers them."""

from __future__ import annotations

import re
from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import dump
from .documents import has
from .documents import put
from .documents import text_of
from .documents import value_of
from .registry import deviation
from .shaping import ask
from .shaping import change_replies
from .shaping import edit_replies
from .shaping import edit_requests
from .shaping import empty
from .shaping import on
from .shaping import place
from .shaping import refuse
from .shaping import resource_path
from .shaping import stored
from .writes import any_operation
from .writes import kind
from .writes import operations
from .writes import path
from .writes import skip_operations

_INDEX = re.compile(r"\[\d+\]")
_PATCH = on("PATCH", "Users Groups", one=True)
_USERS = on("PATCH", "Users", one=True)


@deviation("config-denies-patch", area="discovery")
def config_denies_patch(handle: Handler) -> Handler:
    """Say in ServiceProviderConfig that there is no PATCH."""
    return edit_replies(
        handle, on("GET", "ServiceProviderConfig"), lambda body: put(body, "patch", _no())
    )


@deviation("patch-without-schemas-500", area="patching")
def patch_without_schemas_500(handle: Handler) -> Handler:
    """Answer 500 to a PATCH whose body does not say that it is one."""
    return _unless_said(handle, 500, "The message has no type.")


@deviation("patch-without-schemas-refused", area="patching")
def patch_without_schemas_refused(handle: Handler) -> Handler:
    """Refuse a PATCH whose body does not say that it is one, with 400, as the RFC allows."""
    return _unless_said(handle, 400, "The message has no schemas.", "invalidSyntax")


@deviation("patch-operations-object-accepted", area="patching")
def patch_operations_object_accepted(handle: Handler) -> Handler:
    """Take one operation of a PATCH without an array around it."""
    return edit_requests(
        handle, _PATCH, lambda write: put(write, "Operations", [*operations(write)])
    )


@deviation("patch-capital-op-ignored", area="patching")
def patch_capital_op_ignored(handle: Handler) -> Handler:
    """Answer an operation with a capital in `op` as if done."""
    return skip_operations(handle, _USERS, lambda each: text_of(each, "op") != kind(each))


@deviation("patch-wrong-type-ignored", area="patching")
def patch_wrong_type_ignored(handle: Handler) -> Handler:
    """Answer an operation that gives an object for `active` as if done."""

    def wrong(operation: Document) -> bool:
        return path(operation) == "active" and isinstance(value_of(operation, "value"), dict)

    return skip_operations(handle, _USERS, wrong)


@deviation("patch-part-path-refused", area="patching")
def patch_part_path_refused(handle: Handler) -> Handler:
    """Refuse a path such as `name.familyName` with 400."""
    when = on("PATCH", "Users", one=True, body=any_operation(lambda each: "name." in path(each)))
    return refuse(handle, when, 400, "There is no such attribute.", "invalidPath")


@deviation("patch-index-ignored", area="patching")
def patch_index_ignored(handle: Handler) -> Handler:
    """Answer an operation whose path has the index of a value as if done."""
    return skip_operations(handle, _USERS, lambda each: bool(_INDEX.search(path(each))))


@deviation("member-value-changed", area="members")
def member_value_changed(handle: Handler) -> Handler:
    """Let a PATCH put another user in the place of a member, though `value` is immutable."""

    def exchange(write: Document) -> None:
        changed: list[Json] = []
        for each in operations(write):
            entry, bracket, part = text_of(each, "path").rpartition("].")
            if kind(each) == "replace" and bracket and part.lower() == "value":
                member: Document = {"value": value_of(each, "value")}
                changed.append({"op": "remove", "path": f"{entry}]"})
                changed.append({"op": "add", "path": "members", "value": [member]})
            else:
                changed.append(each)
        put(write, "Operations", changed)

    return edit_requests(handle, on("PATCH", "Groups", one=True), exchange)


@deviation("patch-undefined-part-500", area="patching")
def patch_undefined_part_500(handle: Handler) -> Handler:
    """Answer 500 to a path such as `members[value eq "id"].displayName`."""
    undefined = any_operation(lambda each: path(each).endswith("].displayname"))
    when = on("PATCH", "Groups", one=True, body=undefined)
    return refuse(handle, when, 500, "Something went wrong.")


@deviation("patch-ends-at-schemas", area="patching")
def patch_ends_at_schemas(handle: Handler) -> Handler:
    """Overlook the operations that come after one on `schemas`."""

    def cut(write: Document) -> None:
        every = operations(write)
        at = [number for number, each in enumerate(every) if path(each) == "schemas"]
        if at:
            put(write, "Operations", [*every[: at[0] + 1]])

    return edit_requests(handle, _USERS, cut)


@deviation("patch-answers-old-state", area="patching")
def patch_answers_old_state(handle: Handler) -> Handler:
    """Answer PATCH with the resource as it was before."""

    def wrapped(request: Request) -> Response:
        before = stored(handle, request) if _PATCH(request) else {}
        reply = handle(request)
        return replace(reply, body=dump(before)) if before and reply.status == 200 else reply

    return wrapped


@deviation("patch-missing-204", area="patching")
def patch_missing_204(handle: Handler) -> Handler:
    """Answer a PATCH on a user who does not exist with 204."""
    missing = range(404, 405)
    return change_replies(handle, _USERS, lambda reply: empty(reply, 204), missing)


@deviation("patch-taken-name-ignored", area="patching")
def patch_taken_name_ignored(handle: Handler) -> Handler:
    """Answer a PATCH that gives a user the userName of another as if done."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status != 409 or not _USERS(request):
            return reply
        where = place(request)
        return ask(handle, request, "GET", resource_path(where.endpoint, where.id))

    return wrapped


def _no() -> Document:
    return {"supported": False}


def _unless_said(handle: Handler, status: int, detail: str, kind_of_error: str = "") -> Handler:
    when = on("PATCH", "Users Groups", one=True, body=lambda write: not has(write, "schemas"))
    return refuse(handle, when, status, detail, kind_of_error)
