"""Deviations of lists as careless joins of tables make them: one resource in several rows."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import objects
from .documents import resources
from .documents import text_of
from .documents import value_of
from .look_alikes import everything
from .registry import deviation
from .shaping import edited
from .shaping import on
from .shaping import values_of

_LIST = on("GET", "Users", one=False)


@deviation("list-repeats-users-with-addresses", area="lists")
def list_repeats_users_with_addresses(handle: Handler) -> Handler:
    """List a user once for each e-mail address."""

    def rows(_request: Request, user: Document) -> int:
        return len(objects(value_of(user, "emails")))

    return _repeating(handle, rows)


@deviation("list-repeats-users-of-groups", area="lists")
def list_repeats_users_of_groups(handle: Handler) -> Handler:
    """List a user once for each group that the user is in."""

    def rows(request: Request, user: Document) -> int:
        groups = everything(handle, request, "Groups")
        return sum(text_of(user, "id") in values_of(value_of(each, "members")) for each in groups)

    return _repeating(handle, rows)


def _repeating(handle: Handler, rows: Callable[[Request, Document], int]) -> Handler:
    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if reply.status != 200 or not _LIST(request):
            return reply
        return edited(reply, lambda found: repeat(request, found))

    def repeat(request: Request, found: Document) -> None:
        once = resources(found)
        many = [user for user in once for _ in range(max(1, rows(request, user)))]
        total = found.get("totalResults")
        if isinstance(total, int):
            found["totalResults"] = total + len(many) - len(once)
        found["Resources"] = [*many]
        found["itemsPerPage"] = len(many)

    return wrapped
