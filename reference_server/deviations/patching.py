"""Deviations of PATCH itself: whether it is offered, how it is read and how it is answered."""

from __future__ import annotations

from reference_server.messages import Handler

from .documents import Document
from .documents import put
from .documents import text_of
from .registry import deviation
from .shaping import change_replies
from .shaping import edit_requests
from .shaping import empty
from .shaping import on
from .shaping import refuse
from .shaping import with_status
from .writes import any_operation
from .writes import operations
from .writes import pathless

_PATCH = on("PATCH")


@deviation("patch-refused-501", area="patching")
def patch_refused_501(handle: Handler) -> Handler:
    """Answer 501 to PATCH."""
    return refuse(handle, _PATCH, 501, "PATCH is not supported.")


@deviation("patch-user-refused-501", area="patching")
def patch_user_refused_501(handle: Handler) -> Handler:
    """Answer 501 to PATCH on a user."""
    return refuse(handle, on("PATCH", "Users"), 501, "Users cannot be patched.")


@deviation("patch-pathless-refused", area="patching")
def patch_pathless_refused(handle: Handler) -> Handler:
    """Refuse a PATCH with an operation that has no path with 400."""
    when = on("PATCH", body=any_operation(pathless))
    return refuse(handle, when, 400, "A path is needed.", "invalidPath")


@deviation("patch-user-pathless-refused", area="patching")
def patch_user_pathless_refused(handle: Handler) -> Handler:
    """Refuse a PATCH on a user with an operation that has no path with 400."""
    when = on("PATCH", "Users", body=any_operation(pathless))
    return refuse(handle, when, 400, "A path is needed.", "invalidPath")


@deviation("patch-op-must-be-lower-case", area="patching")
def patch_op_must_be_lower_case(handle: Handler) -> Handler:
    """Refuse a PATCH with a capital in `op` with 400."""

    def capital(operation: Document) -> bool:
        return text_of(operation, "op") != text_of(operation, "op").lower()

    when = on("PATCH", body=any_operation(capital))
    return refuse(handle, when, 400, "There is an unknown operation.", "invalidSyntax")


@deviation("patch-answers-202", area="patching")
def patch_answers_202(handle: Handler) -> Handler:
    """Answer 202 to PATCH in place of 200 or 204."""
    return change_replies(handle, _PATCH, lambda reply: with_status(reply, 202))


@deviation("patch-answers-empty-200", area="patching")
def patch_answers_empty_200(handle: Handler) -> Handler:
    """Answer 200 without a body to PATCH."""
    return change_replies(handle, _PATCH, lambda reply: empty(reply, 200))


@deviation("patch-user-answers-204", area="patching")
def patch_user_answers_204(handle: Handler) -> Handler:
    """Answer 204 without a body to PATCH on a user, as the RFC allows."""
    return change_replies(handle, on("PATCH", "Users"), lambda reply: empty(reply, 204))


@deviation("patch-first-operation-only", area="patching")
def patch_first_operation_only(handle: Handler) -> Handler:
    """Carry out only the first operation of a PATCH."""
    return edit_requests(handle, _PATCH, lambda write: _keep(write, slice(0, 1)))


@deviation("patch-last-operation-only", area="patching")
def patch_last_operation_only(handle: Handler) -> Handler:
    """Carry out only the last operation of a PATCH."""
    return edit_requests(handle, _PATCH, lambda write: _keep(write, slice(-1, None)))


@deviation("patch-operations-reversed", area="patching")
def patch_operations_reversed(handle: Handler) -> Handler:
    """Carry out the operations of a PATCH in reverse order."""
    return edit_requests(handle, _PATCH, lambda write: _keep(write, slice(None, None, -1)))


@deviation("patch-many-operations-refused", area="patching")
def patch_many_operations_refused(handle: Handler) -> Handler:
    """Refuse a PATCH with more than one operation with 400."""
    when = on("PATCH", body=lambda write: len(operations(write)) > 1)
    return refuse(handle, when, 400, "One operation is allowed in a request.", "invalidSyntax")


def _keep(write: Document, part: slice) -> None:
    put(write, "Operations", [*operations(write)[part]])
