"""Deviations of writes on what is not there any more."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Response

from .registry import deviation
from .shaping import change_replies
from .shaping import error
from .shaping import on

_NOT_FOUND = range(404, 405)


@deviation("put-missing-as-500", area="users")
def put_missing_as_500(handle: Handler) -> Handler:
    """Answer 500 to PUT on a user who does not exist."""
    return change_replies(handle, on("PUT", "Users", one=True), _crash, _NOT_FOUND)


@deviation("group-write-missing-500", area="groups")
def group_write_missing_500(handle: Handler) -> Handler:
    """Answer 500 to PUT or PATCH on a group that does not exist."""
    return change_replies(handle, on("PUT PATCH", "Groups", one=True), _crash, _NOT_FOUND)


@deviation("group-delete-missing-500", area="groups")
def group_delete_missing_500(handle: Handler) -> Handler:
    """Answer 500 to the deletion of a group that does not exist."""
    return change_replies(handle, on("DELETE", "Groups", one=True), _crash, _NOT_FOUND)


def _crash(_reply: Response) -> Response:
    return error(500, "What is to be changed could not be read.")
