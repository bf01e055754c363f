"""Deviations of reading requests: media types, headers and values that are refused or not read."""

from __future__ import annotations

from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request

from .documents import leaves
from .registry import deviation
from .shaping import change_requests
from .shaping import on
from .shaping import refuse

_WRITE = "POST PUT PATCH"
_BOTH = "Users Groups"


@deviation("scim-json-refused", area="requests")
def scim_json_refused(handle: Handler) -> Handler:
    """Refuse a body sent as application/scim+json with 415."""
    return _media_type_refused(handle, "application/scim+json")


@deviation("plain-json-refused", area="requests")
def plain_json_refused(handle: Handler) -> Handler:
    """Refuse a body sent as application/json with 415."""
    return _media_type_refused(handle, "application/json")


@deviation("array-body-500", area="requests")
def array_body_500(handle: Handler) -> Handler:
    """Answer 500 to a body that is a JSON array."""
    return refuse(
        handle,
        lambda request: request.method in _WRITE and request.body.lstrip().startswith(b"["),
        500,
        "The list has no attributes.",
    )


@deviation("scim-json-not-read", area="requests")
def scim_json_not_read(handle: Handler) -> Handler:
    """Take a body sent as application/scim+json for an empty object."""

    def when(request: Request) -> bool:
        return bool(request.body) and _media_type(request) == "application/scim+json"

    return change_requests(handle, when, lambda request: replace(request, body=b"{}"))


@deviation("accept-charset-refused", area="requests")
def accept_charset_refused(handle: Handler) -> Handler:
    """Refuse a request with the Accept-Charset header with 406."""

    def when(request: Request) -> bool:
        return request.header("Accept-Charset") is not None

    return refuse(handle, when, 406, "The character set is not available.")


@deviation("empty-string-refused", area="requests")
def empty_string_refused(handle: Handler) -> Handler:
    """Refuse an empty string anywhere in a write with 400."""
    when = on(_WRITE, _BOTH, body=lambda body: "" in leaves(body))
    return refuse(handle, when, 400, "A value is empty.", "invalidValue")


@deviation("null-refused", area="requests")
def null_refused(handle: Handler) -> Handler:
    """Refuse a null anywhere in a write with 400."""
    when = on(_WRITE, _BOTH, body=lambda body: any(leaf is None for leaf in leaves(body)))
    return refuse(handle, when, 400, "A value is null.", "invalidValue")


@deviation("create-null-refused", area="users")
def create_null_refused(handle: Handler) -> Handler:
    """Refuse a new user with null for an attribute with 400."""
    when = on("POST", "Users", one=False, body=lambda user: None in user.values())
    return refuse(handle, when, 400, "A value is null.", "invalidValue")


def _media_type(request: Request) -> str:
    return (request.header("Content-Type") or "").partition(";")[0].strip().lower()


def _media_type_refused(handle: Handler, media_type: str) -> Handler:
    def when(request: Request) -> bool:
        return bool(request.body) and _media_type(request) == media_type

    return refuse(handle, when, 415, f"Bodies of type {media_type} are not supported.")
