"""Deviations of the version of the protocol in URLs, and of conditions that cannot be met."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import edit_each
from .documents import objects
from .documents import text_of
from .registry import deviation
from .shaping import answer_json
from .shaping import edit_resources
from .shaping import on
from .shaping import refuse

_ANY = on("GET POST PUT PATCH", "Users Groups")
_CHANGE = on("PUT PATCH DELETE", "Users Groups", one=True)
_VERSION = re.compile(r"/v[0-9]+(?=/)")
_BEFORE_ENDPOINT = re.compile(r"((?:https?://[^/]+)?)(/.*)(/v[0-9]+)(?=/(?:Users|Groups)/)")


@deviation("any-version-served", area="versions")
def any_version_served(handle: Handler) -> Handler:
    """Serve a request of a version that does not exist as if it were of version 2."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        path = _VERSION.sub("/v2", request.path, count=1)
        return handle(replace(request, path=path)) if _strange(request, reply, path) else reply

    return wrapped


def _strange(request: Request, reply: Response, path: str) -> bool:
    return reply.status in (400, 404) and path != request.path


@deviation("unversioned-as-1-1", area="versions")
def unversioned_as_1_1(handle: Handler) -> Handler:
    """Answer a list that is asked for without a version in the form of SCIM 1.1."""
    old: Document = {"schemas": ["urn:scim:schemas:core:1.0"], "totalResults": 0, "Resources": []}

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        plain = request.path.endswith("/Users") and not _VERSION.search(request.path)
        return answer_json(200, old) if plain and reply.status == 404 else reply

    return wrapped


@deviation("location-version-first", area="metadata")
def location_version_first(handle: Handler) -> Handler:
    """Put the version at the beginning of the path in locations, away from the endpoint."""
    return _relocated(handle, lambda place: _BEFORE_ENDPOINT.sub(r"\1\3\2", place))


@deviation("location-version-spelled-out", area="metadata")
def location_version_spelled_out(handle: Handler) -> Handler:
    """Write the version in locations with its second number, as in v2.0."""
    return _relocated(handle, lambda place: _BEFORE_ENDPOINT.sub(r"\1\2\3.0", place))


@deviation("if-match-current-refused", area="versions")
def if_match_current_refused(handle: Handler) -> Handler:
    """Answer 412 to every If-Match that names a version, the current one as well."""

    def when(request: Request) -> bool:
        return _CHANGE(request) and (request.header("If-Match") or "*").strip() != "*"

    return refuse(handle, when, 412, "The version does not match.")


def _relocated(handle: Handler, change: Callable[[str], str]) -> Handler:
    def move(resource: Document) -> None:
        edit_each(
            objects(resource.get("meta")),
            lambda meta: meta.update(location=change(text_of(meta, "location"))),
        )

    return edit_resources(handle, _ANY, move)
