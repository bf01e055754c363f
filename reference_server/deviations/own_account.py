"""Deviations of /Me, the name for the user that a credential stands for."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import listing
from .documents import parse
from .registry import deviation
from .shaping import When
from .shaping import answer_json
from .shaping import ask
from .shaping import change_replies
from .shaping import error
from .shaping import instead
from .shaping import refuse
from .shaping import with_header
from .shaping import without_header


def _me(*methods: str) -> When:
    return lambda request: request.path.endswith("/Me") and request.method in methods


_READ = _me("GET")


@deviation("me-404", area="users")
def me_404(handle: Handler) -> Handler:
    """Answer 404 to /Me in place of 501."""
    return change_replies(handle, _READ, lambda _reply: error(404, "There is no such endpoint."))


@deviation("me-as-list", area="users")
def me_as_list(handle: Handler) -> Handler:
    """Answer /Me with a list that has the user as its one resource."""

    def wrap(reply: Response) -> Response:
        return answer_json(200, {**listing([parse(reply.body) or {}])})

    return change_replies(handle, _READ, wrap)


@deviation("me-redirects-astray", area="users")
def me_redirects_astray(handle: Handler) -> Handler:
    """Redirect /Me to a place where nobody is."""

    def away(reply: Response) -> Response:
        place = f"{reply.header('Location') or ''}-moved"
        return Response(308, (("Location", place),))

    return change_replies(handle, _READ, away)


@deviation("me-without-location", area="users")
def me_without_location(handle: Handler) -> Handler:
    """Leave the Location header out of what /Me answers."""
    return change_replies(handle, _READ, lambda reply: without_header(reply, "Location"))


@deviation("me-location-is-alias", area="users")
def me_location_is_alias(handle: Handler) -> Handler:
    """Give /Me itself as the location of the user."""

    def alias(reply: Response) -> Response:
        place = (reply.header("Location") or "").rpartition("/Users/")[0]
        return with_header(reply, "Location", f"{place}/Me")

    return change_replies(handle, _READ, alias)


@deviation("me-patch-ignored", area="users")
def me_patch_ignored(handle: Handler) -> Handler:
    """Answer a PATCH of /Me as if done, and change nothing."""

    def wrapped(request: Request) -> Response:
        return ask(handle, request, "GET", "/Me") if _me("PATCH")(request) else handle(request)

    return wrapped


@deviation("me-put-ignored", area="users")
def me_put_ignored(handle: Handler) -> Handler:
    """Answer a PUT of /Me as if done, and change nothing."""

    def wrapped(request: Request) -> Response:
        return ask(handle, request, "GET", "/Me") if _me("PUT")(request) else handle(request)

    return wrapped


@deviation("me-delete-ignored", area="users")
def me_delete_ignored(handle: Handler) -> Handler:
    """Answer a DELETE of /Me as if done, and keep the user."""
    return instead(handle, _me("DELETE"), lambda _request: Response(204))


@deviation("me-post-500", area="users")
def me_post_500(handle: Handler) -> Handler:
    """Answer 500 to a POST to /Me."""
    return refuse(handle, _me("POST"), 500, "Internal server error.")


@deviation("me-writes-without-location", area="users")
def me_writes_without_location(handle: Handler) -> Handler:
    """Leave the Location header out of the answer to a change of /Me."""
    return change_replies(
        handle, _me("PUT", "PATCH"), lambda reply: without_header(reply, "Location")
    )
