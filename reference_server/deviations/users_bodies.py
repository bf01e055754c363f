"""Deviations of what a server takes in the body of a user, and of where it looks for users."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import CORE_USER
from .documents import Document
from .documents import drop
from .documents import has
from .documents import value_of
from .registry import deviation
from .shaping import as_html
from .shaping import change_replies
from .shaping import edit_requests
from .shaping import on
from .shaping import refuse
from .shaping import with_status

_NOT_FOUND = range(404, 405)


@deviation("create-refuses-addresses", area="users")
def create_refuses_addresses(handle: Handler) -> Handler:
    """Refuse a new user with a mailing address with 400."""
    when = on("POST", "Users", one=False, body=lambda user: value_of(user, "addresses"))
    return refuse(handle, when, 400, "Addresses are kept elsewhere.", "invalidValue")


@deviation("doubled-slash-as-page", area="errors")
def doubled_slash_as_page(handle: Handler) -> Handler:
    """Answer a path with two slashes in a row with 200 and the page of a web application."""

    def meant(request: Request) -> bool:
        return "//" in request.path

    def page(reply: Response) -> Response:
        return as_html(with_status(reply, 200))

    return change_replies(handle, meant, page, _NOT_FOUND)


@deviation("put-drops-photos", area="users")
def put_drops_photos(handle: Handler) -> Handler:
    """Lose the photos in a PUT on a user."""
    return edit_requests(handle, on("PUT", "Users", one=True), lambda user: drop(user, "photos"))


@deviation("put-refuses-empty-arrays", area="users")
def put_refuses_empty_arrays(handle: Handler) -> Handler:
    """Refuse a PUT on a user with an empty array for an attribute with 400."""

    def emptied(user: Document) -> bool:
        return any(value == [] for value in user.values())

    when = on("PUT", "Users", one=True, body=emptied)
    return refuse(handle, when, 400, "A list must not be empty.", "invalidValue")


@deviation("put-schemas-order-matters", area="users")
def put_schemas_order_matters(handle: Handler) -> Handler:
    """Refuse a PUT on a user whose first schema is not the one of users, with 400."""

    def other(user: Document) -> bool:
        given = value_of(user, "schemas") if has(user, "schemas") else None
        return isinstance(given, list) and given[:1] != [CORE_USER]

    when = on("PUT", "Users", one=True, body=other)
    return refuse(handle, when, 400, "This is no user.", "invalidSyntax")
